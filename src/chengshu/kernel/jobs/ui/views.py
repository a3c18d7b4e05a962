"""One job with its attempts, tried again or put aside; and the schedules."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from chengshu.kernel.jobs import facade as jobs
from chengshu.kernel.jobs.facade import ENDING_LABELS, Attempt, Ending, Job
from chengshu.kernel.jobs.ui.lists import require_manager

_PAUSES_SHOWN = 50


@require_GET
@never_cache
def show_record(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show anybody's job with its attempts."""
    require_manager(request)
    return _show(request, _find(uuid))


@require_POST
def retry(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Queue a job that failed for good again."""
    viewer = require_manager(request)
    job = _find(uuid)
    try:
        jobs.retry_dead_job(uuid, actor=viewer, now=timezone.now())
    except jobs.JobNotDead as fault:
        return _show(request, job, error=fault.message, status=409)
    messages.success(request, _("已重新排队。"))
    return redirect("jobs:record", uuid=uuid)


@require_POST
def dismiss(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Put a job that failed for good aside."""
    viewer = require_manager(request)
    job, reason = _find(uuid), request.POST.get("reason", "")
    try:
        jobs.dismiss_dead_job(uuid, actor=viewer, now=timezone.now(), reason=reason)
    except jobs.JobNotDead as fault:
        return _show(request, job, error=fault.message, status=409)
    except jobs.ReasonMissing as fault:
        return _show(request, job, reason_error=fault.message, status=422)
    messages.success(request, _("已搁置，不再列在失败任务里。"))
    return redirect("jobs:dead")


@require_GET
@never_cache
def show_schedules(request: HttpRequest) -> HttpResponse:
    """Show what is due when, and what became of it last."""
    require_manager(request)
    now = timezone.now()
    context = {"statuses": jobs.list_schedule_statuses(now), "zone": jobs.house_zone().key}
    return render(request, "jobs/schedules.html", context)


@require_GET
@never_cache
def show_schedule(request: HttpRequest, key: str) -> HttpResponse:
    """Show one schedule with the times that it was paused."""
    require_manager(request)
    return _show_schedule(request, key)


@require_POST
def pause_schedule(request: HttpRequest, key: str) -> HttpResponse:
    """Let a schedule queue nothing by itself."""
    return _switch(request, key, jobs.pause_schedule, _("已暂停。"))


@require_POST
def resume_schedule(request: HttpRequest, key: str) -> HttpResponse:
    """Let a schedule queue its jobs again."""
    return _switch(request, key, jobs.resume_schedule, _("已恢复，从下一次起照常执行。"))


@require_POST
def run_schedule(request: HttpRequest, key: str) -> HttpResponse:
    """Queue a schedule's job now."""
    viewer = require_manager(request)
    try:
        job = jobs.run_schedule(key, actor=viewer, now=timezone.now())
    except jobs.ScheduleUnknown as fault:
        raise Http404(fault.message) from fault
    return redirect("job", uuid=job.uuid)


def _switch(request: HttpRequest, key: str, switch: Callable[..., object], told: str) -> HttpResponse:
    viewer = require_manager(request)
    try:
        switch(key, actor=viewer, now=timezone.now(), reason=request.POST.get("reason", ""))
    except jobs.ScheduleUnknown as fault:
        raise Http404(fault.message) from fault
    except (jobs.SchedulePaused, jobs.ScheduleRunning) as fault:
        return _show_schedule(request, key, error=fault.message, status=409)
    except jobs.ReasonMissing as fault:
        return _show_schedule(request, key, reason_error=fault.message, status=422)
    messages.success(request, told)
    return redirect("jobs:schedule", key=key)


def _show_schedule(
    request: HttpRequest, key: str, *, error: str = "", reason_error: str = "", status: int = 200
) -> HttpResponse:
    try:
        found = jobs.describe_schedule(key, timezone.now())
    except jobs.ScheduleUnknown as fault:
        raise Http404(fault.message) from fault
    context = {
        "status": found,
        "zone": jobs.house_zone().key,
        "pauses": jobs.list_pauses(key)[:_PAUSES_SHOWN],
        "error": error,
        "reason_error": reason_error,
    }
    return render(request, "jobs/schedule.html", context, status=status)


def _find(uuid: UUID) -> Job:
    try:
        return jobs.find_job(uuid)
    except jobs.JobNotFound as fault:
        raise Http404(fault.message) from fault


def _show(
    request: HttpRequest, job: Job, *, error: str = "", reason_error: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "job": job,
        "job_status": jobs.describe_job(job, timezone.now()),
        "is_dead": job.state == jobs.State.FAILED and job.dismissed_at is None,
        "attempts": [(attempt, _label(attempt)) for attempt in jobs.list_attempts(job)],
        "error": error,
        "reason_error": reason_error,
    }
    return render(request, "jobs/record.html", context, status=status)


def _label(attempt: Attempt) -> str:
    return str(ENDING_LABELS[Ending(attempt.ending)])
