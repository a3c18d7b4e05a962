"""What failed for good: tried again by an administrator, or put aside with a reason."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.base.texts import drop_controls
from chengshu.kernel.accounts.models import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.jobs.errors import JobNotDead, ReasonMissing
from chengshu.kernel.jobs.models import REASON_LENGTH, Job
from chengshu.kernel.jobs.operations.queueing import requeue
from chengshu.kernel.jobs.queries import MANAGE, list_dead

RETRY, DISMISS = "jobs.retry_dead", "jobs.dismiss"


@transaction.atomic
def retry_dead_job(uuid: UUID, *, actor: User, now: datetime) -> Job:
    """Queue a job that failed for good again, whoever started it.

    Raises:
        PermissionRefused: the actor does not manage jobs.
        JobNotDead: it did not fail, or is being dealt with.
    """
    grants.require_in_city(actor, MANAGE, on=localdate(now))
    job = _lock_dead(uuid)
    requeue(Job.objects.filter(pk=job.pk), uuid, now=now)
    audit.record(actor, RETRY, f"job:{job.pk}", now=now, details={"kind": job.kind, "attempt": job.attempt})
    job.refresh_from_db()
    return job


@transaction.atomic
def dismiss_dead_job(uuid: UUID, *, actor: User, now: datetime, reason: str) -> Job:
    """Put aside a job that failed for good; it stays in the list of all jobs and can still be tried again there.

    Raises:
        PermissionRefused: the actor does not manage jobs.
        JobNotDead: it did not fail, or was put aside before.
        ReasonMissing: there is no reason.
    """
    grants.require_in_city(actor, MANAGE, on=localdate(now))
    told = drop_controls(reason).strip()[:REASON_LENGTH]
    if not told:
        raise ReasonMissing(_("请写明为什么不再重试。"))
    job = _lock_dead(uuid)
    job.dismissed_at, job.dismissed_by, job.dismiss_reason = now, actor, told
    job.save(update_fields=["dismissed_at", "dismissed_by", "dismiss_reason"])
    audit.record(actor, DISMISS, f"job:{job.pk}", now=now, reason=told, details={"kind": job.kind})
    return job


def _lock_dead(uuid: UUID) -> Job:
    job = list_dead().select_for_update(of=("self",)).filter(uuid=uuid).first()
    if job is None:
        raise JobNotDead(_("这个任务没有失败，或者已经有人处理。"), uuid=str(uuid))
    return job
