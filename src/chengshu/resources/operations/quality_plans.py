"""检查计划: which resources are checked in a month, made by hand or by schedule; what is missing is checked by one job."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.jobs.facade import Job, JobKind, Progress, Schedule, enqueue_job
from chengshu.resources.errors import CheckFailed, CheckOvertaken, StepNotOpen
from chengshu.resources.models import CHECK, DataResource, PlannedCheck
from chengshu.resources.operations.quality_runs import check_resource
from chengshu.resources.queries.quality_plans import list_missing, plan_page

MISSING_JOB, PLAN_JOB = "resources.check_plan", "resources.plan_checks"


@transaction.atomic
def plan_checks(month: date, resource_ids: Sequence[int] | None, *, actor: User, now: datetime) -> int:
    """Plan that resources are checked in the month of a day; None plans every published one with a rule in use.

    Returns how many were added; those planned already stay.

    Raises:
        PermissionRefused: the actor may have nothing checked.
    """
    today = localdate(now)
    grants.require_anywhere(actor, CHECK, on=today)
    resources = DataResource.objects.permitted_to(actor, CHECK, on=today).filter(state="published")
    if resource_ids is None:
        resources = resources.filter(quality_rules__is_active=True).distinct()
    else:
        resources = resources.filter(pk__in=resource_ids)
    return _plan(month, resources, actor=actor, now=now)


@transaction.atomic
def plan_by_schedule(month: date, *, now: datetime) -> int:
    """Plan the month of a day for every published resource with a rule in use, as the system; returns how many."""
    resources = DataResource.objects.filter(state="published", quality_rules__is_active=True).distinct()
    return _plan(month, resources, actor=None, now=now)


@transaction.atomic
def order_missing(month: date, *, actor: User, now: datetime) -> Job:
    """Have what is planned for the month of a day and not checked yet checked by one job.

    Raises:
        PermissionRefused: the actor may have nothing checked.
        StepNotOpen: the month is not the present one, for checks count for the month in which they begin.
    """
    today = localdate(now)
    grants.require_anywhere(actor, CHECK, on=today)
    if (month.year, month.month) != (today.year, today.month):
        raise StepNotOpen(_("检查计入开始的那个月，只能补做本月计划里的检查。"))
    record(actor, "resources.check_plan", f"month:{month:%Y-%m}", now=now)
    return enqueue_job(MISSING_JOB, payload={"month": month.replace(day=1).isoformat()}, owner=actor, now=now)


def _plan(month: date, resources: Any, *, actor: User | None, now: datetime) -> int:
    first = month.replace(day=1)
    waiting = resources.exclude(planned_checks__month_on=first)
    moment = make_aware(datetime(first.year, first.month, 1))  # noqa: DTZ001 - made aware in the zone of the house
    added = PlannedCheck.objects.bulk_create(
        [
            PlannedCheck(resource=resource, month_on=first, month_at=moment, planned_at=now, planned_by=actor)
            for resource in waiting
        ],
        batch_size=500,
    )
    details = {"month": first.isoformat(), "added": len(added)}
    record(actor, "resources.plan_checks", f"month:{first:%Y-%m}", now=now, details=details)
    return len(added)


def check_missing(progress: Progress) -> Mapping[str, Any]:
    """Check one after another what the month lacks; what cannot be checked is counted and leaves its reason as a check.

    Begun again, it goes on with what is still missing.
    """
    from chengshu.resources.operations.quality import order_profile  # noqa: PLC0415 - it registers this job

    month = date.fromisoformat(progress.payload["month"])
    owner = User.objects.get(pk=progress.owner_id or 0)
    missing = list_missing(owner, month, on=localdate())
    checked = failed = 0
    for done, resource in enumerate(missing):
        progress.report(resource.name, done=done, total=len(missing))
        try:
            run = check_resource(resource.pk, actor=None, now=timezone.now())
        except (CheckFailed, CheckOvertaken):
            failed += 1
        else:
            order_profile(run, now=timezone.now())
            checked += 1
    progress.report(_("完成"), done=len(missing), total=len(missing))
    return {"month": month.isoformat(), "checked": checked, "failed": failed}


def _plan_next(progress: Progress) -> Mapping[str, Any]:
    due = localdate(datetime.fromisoformat(progress.payload["due_at"]))
    following = due.replace(day=28) + timedelta(days=7)
    return {"month": f"{following:%Y-%m}", "added": plan_by_schedule(following, now=timezone.now())}


def _page(result: Mapping[str, Any]) -> str:
    return plan_page(date.fromisoformat(result["month"]))


JOBS = (
    JobKind(MISSING_JOB, gettext_lazy("补做本月的质量检查"), check_missing, _page),
    JobKind(PLAN_JOB, gettext_lazy("安排下月的质量检查"), _plan_next),
)
SCHEDULE = Schedule("resources.plan_checks", gettext_lazy("安排下月的质量检查"), "20 5 25 * *", PLAN_JOB)
