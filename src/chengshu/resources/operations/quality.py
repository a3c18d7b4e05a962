"""The port of quality: news of tables come in here, and jobs do the checks."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.jobs.facade import Job, JobKind, Progress, enqueue_job, register_schedule
from chengshu.kernel.jobs.facade import register_kind as register_job
from chengshu.kernel.notifications.facade import register_template
from chengshu.kernel.tickets.facade import register_escalation_listener, register_guard, register_kind
from chengshu.resources.contracts.quality import RowFate
from chengshu.resources.contracts.sections import SectionKey
from chengshu.resources.errors import CheckOvertaken
from chengshu.resources.models import CheckRun, IssueRow
from chengshu.resources.operations.quality_following import BEHIND, FOLLOWED
from chengshu.resources.operations.quality_following import JOB as FOLLOWING_JOB
from chengshu.resources.operations.quality_plans import JOBS as PLAN_JOBS
from chengshu.resources.operations.quality_plans import SCHEDULE
from chengshu.resources.operations.quality_profiles import profile_resource
from chengshu.resources.operations.quality_rules import lock_resource
from chengshu.resources.operations.quality_runs import check_resource, recheck_resource
from chengshu.resources.operations.quality_tickets import (
    FOUND,
    FOUND_WHOLE,
    GUARDS,
    LATE,
    OVER,
    QUALITY_KIND,
    tell_late,
)
from chengshu.resources.queries.quality import tell_quality
from chengshu.resources.queries.sections import register_section

CHECK_JOB, RECHECK_JOB = "resources.check_quality", "resources.recheck_quality"
PROFILE_JOB = "resources.profile_table"


def note_new_version(resource_id: int, version: int, *, now: datetime, actor: User | None = None) -> UUID | None:
    """Hear that a resource's table in the lake has a new version: rows that are owed are looked at again by a job.

    The job takes the table as it is when it runs, so news may come twice or late. Returns the job, None when nothing
    is owed. To be called in the transaction that keeps the delivery.
    """
    if not IssueRow.objects.filter(issue__resource=resource_id, fate=RowFate.OWED).exists():
        return None
    payload = {"resource": resource_id, "version": version}
    return enqueue_job(RECHECK_JOB, payload=payload, owner=actor, now=now).uuid


@transaction.atomic
def order_check(resource_id: int, *, actor: User, now: datetime) -> Job:
    """Have a resource's table checked by a job.

    Raises:
        ResourceNotFound, PermissionRefused: not in sight, or not the actor's to check.
    """
    lock_resource(resource_id, actor=actor, now=now)
    return enqueue_job(CHECK_JOB, payload={"resource": resource_id}, owner=actor, now=now)


def order_profile(run: CheckRun, *, now: datetime) -> Job:
    """Have the table that was checked profiled by a job."""
    return enqueue_job(PROFILE_JOB, payload={"resource": run.resource_id, "run": run.pk}, owner=None, now=now)


def _run_check(progress: Progress) -> Mapping[str, Any]:
    run = check_resource(progress.payload["resource"], actor=None, now=timezone.now(), tell=_teller(progress))
    order_profile(run, now=timezone.now())
    return {"run": run.pk, "resource": run.resource_id}


def _run_profile(progress: Progress) -> Mapping[str, Any]:
    run = CheckRun.objects.filter(pk=progress.payload["run"]).first()
    profile = profile_resource(progress.payload["resource"], now=timezone.now(), run=run)
    return {"resource": profile.resource_id, "version": profile.version}


def _run_recheck(progress: Progress) -> Mapping[str, Any]:
    try:
        run = recheck_resource(progress.payload["resource"], actor=None, now=timezone.now(), tell=_teller(progress))
    except CheckOvertaken:  # the later one looks at the newer table
        run = None
    return {"run": None if run is None else run.pk, "resource": progress.payload["resource"]}


def _teller(progress: Progress) -> Any:
    def tell(stage: str, done: int, total: int) -> None:
        progress.report(stage, done=done, total=total)

    return tell


_JOBS = (
    JobKind(CHECK_JOB, gettext_lazy("质量检查"), _run_check),
    JobKind(RECHECK_JOB, gettext_lazy("复检待整改的行"), _run_recheck),
    JobKind(PROFILE_JOB, gettext_lazy("统计数据概况"), _run_profile),
)


def register_quality() -> None:
    """Offer jobs, the kind of tickets with its guards, and the notification; called once while Django starts."""
    for job in (*_JOBS, FOLLOWING_JOB, *PLAN_JOBS):
        register_job(job)
    register_schedule(SCHEDULE)
    for key, guard in GUARDS.items():
        register_guard(key, guard)
    register_kind(QUALITY_KIND)
    for template in (FOUND, FOUND_WHOLE, LATE, OVER, FOLLOWED, BEHIND):
        register_template(template)
    register_escalation_listener(tell_late)
    register_section(SectionKey.QUALITY, tell_quality)
