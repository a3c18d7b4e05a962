"""Everybody's jobs, and those that failed for good."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from chengshu.kernel.accounts.facade import User, authenticated_user
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.jobs import facade as jobs
from chengshu.kernel.listing.facade import (
    Choice,
    Column,
    Filter,
    Kind,
    ListingSpec,
    open_listing,
    respond_with_listing,
)


def _owner(job: Any) -> str:
    return job.owner.display_name if job.owner else _("系统")


_NAME = Column(
    "kind",
    gettext_lazy("任务"),
    lambda job: jobs.name_kind(job.kind),
    order_by=("kind",),
    url=lambda job: reverse("jobs:record", args=[job.uuid]),
)
_OWNER = Column("owner", gettext_lazy("发起人"), _owner, order_by=("owner__display_name",))
_ATTEMPT = Column("attempt", gettext_lazy("第几次"), lambda job: job.attempt, Kind.NUMBER, ("attempt",))
_CREATED = Column("created", gettext_lazy("提交时间"), lambda job: job.created_at, Kind.MOMENT, ("created_at",))
_FINISHED = Column("finished", gettext_lazy("结束时间"), lambda job: job.finished_at, Kind.MOMENT, ("finished_at",))
_MESSAGE = Column("message", gettext_lazy("说明"), lambda job: job.message)
_KINDS = Filter(
    "kind",
    gettext_lazy("任务"),
    lambda: [Choice(kind.key, kind.label) for kind in jobs.list_kinds()],
    lambda rows, kinds: rows.filter(kind__in=kinds),
)
_STATES = Filter(
    "state",
    gettext_lazy("状态"),
    lambda: [Choice(state.value, label) for state, label in jobs.STATE_LABELS.items()],
    lambda rows, states: rows.filter(state__in=states),
)
_STATE = Column(
    "state",
    gettext_lazy("状态"),
    lambda job: jobs.STATE_LABELS[jobs.State(job.state)],
    order_by=("state",),
    template="web/job_state.html",
)
ALL_JOBS = ListingSpec(
    key="all-jobs",
    columns=(_NAME, _STATE, _OWNER, _ATTEMPT, _CREATED, _FINISHED, _MESSAGE),
    default_sort="-created",
    filters=(_STATES, _KINDS),
    search=("owner__display_name__icontains", "owner__login_name__icontains", "message__icontains"),
    search_hint=gettext_lazy("发起人或说明"),
    empty=gettext_lazy("还没有后台任务。"),
    file_name="全部任务",
)
DEAD_JOBS = ListingSpec(
    key="dead-jobs",
    columns=(_NAME, _OWNER, _ATTEMPT, _FINISHED, _MESSAGE),
    default_sort="-finished",
    filters=(_KINDS,),
    empty=gettext_lazy("没有等待处理的失败任务。"),
    file_name="失败任务",
)


@require_http_methods(["GET", "POST"])
def show_all(request: HttpRequest) -> HttpResponseBase:
    """Show everybody's jobs."""
    require_manager(request)
    return respond_with_listing(request, open_listing(ALL_JOBS, jobs.list_all_jobs(), request), "jobs/all.html")


@require_http_methods(["GET", "POST"])
def show_dead(request: HttpRequest) -> HttpResponseBase:
    """Show the jobs that failed for good and that nobody has dealt with."""
    require_manager(request)
    return respond_with_listing(request, open_listing(DEAD_JOBS, jobs.list_dead(), request), "jobs/dead.html")


def require_manager(request: HttpRequest) -> User:
    """Return the viewer if he manages the jobs of the house.

    Raises:
        PermissionRefused: he does not.
    """
    viewer = authenticated_user(request)
    grants.require_in_city(viewer, jobs.MANAGE, on=localdate())
    return viewer
