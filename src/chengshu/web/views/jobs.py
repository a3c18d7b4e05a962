"""Long work: the list of one's jobs, one job, stop it, try it again."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chengshu.kernel.accounts.facade import authenticated_user
from chengshu.kernel.jobs import facade as jobs
from chengshu.kernel.jobs.facade import Job
from chengshu.kernel.listing.facade import (
    Choice,
    Column,
    Filter,
    Kind,
    ListingSpec,
    open_listing,
    respond_with_listing,
)

JOBS = ListingSpec(
    key="jobs",
    columns=(
        Column(
            "kind",
            _("任务"),
            lambda job: jobs.name_kind(job.kind),
            order_by=("kind",),
            url=lambda job: reverse("job", args=[job.uuid]),
        ),
        Column(
            "state",
            _("状态"),
            lambda job: jobs.STATE_LABELS[jobs.State(job.state)],
            order_by=("state",),
            template="web/job_state.html",
        ),
        Column("done", _("完成"), lambda job: job.done, Kind.NUMBER, ("done",)),
        Column("total", _("总数"), lambda job: job.total, Kind.NUMBER, ("total",)),
        Column("created", _("提交时间"), lambda job: job.created_at, Kind.MOMENT, ("created_at",)),
        Column("finished", _("结束时间"), lambda job: job.finished_at, Kind.MOMENT, ("finished_at",)),
        Column("message", _("说明"), lambda job: job.message),
    ),
    default_sort="-created",
    filters=(
        Filter(
            "state",
            _("状态"),
            lambda: [Choice(state.value, label) for state, label in jobs.STATE_LABELS.items()],
            lambda rows, states: rows.filter(state__in=states),
        ),
    ),
    empty=_("还没有后台任务。导入文件、重新核对等耗时的工作会列在这里。"),
    file_name="后台任务",
)


@require_http_methods(["GET", "POST"])
def list_jobs(request: HttpRequest) -> HttpResponseBase:
    """Show one's own jobs."""
    listing = open_listing(JOBS, jobs.list_jobs(authenticated_user(request)), request)
    return respond_with_listing(request, listing, "web/jobs.html")


@require_GET
@never_cache
def show_job(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one job."""
    return render(request, "web/job.html", {"job": _job(request, uuid)})


@require_GET
@never_cache
def show_status(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give the job's line alone, for pages that keep it up to date."""
    return _status(request, _job(request, uuid))


@require_POST
def cancel_job(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask the job to stop."""
    _job(request, uuid)
    return _status(request, jobs.request_cancel(uuid, actor=authenticated_user(request), now=timezone.now()))


@require_POST
def retry_job(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Queue an ended job again; one that has not ended goes on as it is."""
    job = _job(request, uuid)
    if job.is_final or job.state == jobs.State.WAITING:
        job = jobs.retry_job(uuid, actor=authenticated_user(request), now=timezone.now())
    return _status(request, job)


def _job(request: HttpRequest, uuid: UUID) -> Job:
    try:
        return jobs.get_job(uuid, actor=authenticated_user(request))
    except jobs.JobNotFound as error:
        raise Http404(error.message) from error


def _status(request: HttpRequest, job: Job) -> HttpResponse:
    """Answer HTMX with the line, a plain form with the page; the page hears of the end as the event `job-ended`."""
    if not request.headers.get("HX-Request"):
        return redirect("job", uuid=job.uuid)
    response = render(request, "web/job_status.html", {"job": job})
    if job.is_final:
        response["HX-Trigger-After-Swap"] = "job-ended"
    return response
