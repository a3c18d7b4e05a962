"""What is due at set times: one job for each moment, however many workers look at the clock; paused and resumed."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.base.texts import drop_controls
from chengshu.kernel.accounts.models import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.jobs.contracts import Schedule
from chengshu.kernel.jobs.errors import ReasonMissing, SchedulePaused, ScheduleRunning
from chengshu.kernel.jobs.models import REASON_LENGTH, Job, Pause, Slot
from chengshu.kernel.jobs.operations.queueing import enqueue_job
from chengshu.kernel.jobs.queries import MANAGE, house_zone, map_last_pauses, map_last_slots
from chengshu.kernel.jobs.registry import get_schedule, list_schedules
from chengshu.kernel.jobs.rules.times import last_due

RUN_NOW, PAUSE, RESUME = "jobs.run_schedule", "jobs.pause_schedule", "jobs.resume_schedule"


def queue_due(*, now: datetime) -> int:
    """Queue a job for each schedule whose last moment nobody has taken yet; return how many.

    Moments missed while no worker ran are made up for by one job for the last of them. Those of a pause are not.
    """
    schedules = list_schedules()
    taken, pauses = map_last_slots(schedules), map_last_pauses(schedules)
    count = 0
    for schedule in schedules:
        due_at = last_due(schedule.cron, now, house_zone())
        last, pause = taken.get(schedule.key), pauses.get(schedule.key)
        if pause and (pause.resumed_at is None or due_at <= pause.resumed_at):
            continue
        if last is None or last.due_at < due_at:
            count += _take(schedule, due_at, now)
    return count


def run_schedule(key: str, *, actor: User, now: datetime) -> Job:
    """Queue the schedule's job now, beside its times.

    Raises:
        PermissionRefused: the actor does not manage jobs.
        ScheduleUnknown: nobody registered it.
    """
    grants.require_in_city(actor, MANAGE, on=localdate(now))
    schedule = get_schedule(key)
    with transaction.atomic():
        job = enqueue_job(schedule.kind, payload=_payload(schedule, now), owner=actor, now=now)
        audit.record(actor, RUN_NOW, f"schedule:{key}", now=now, details={"job": str(job.uuid)})
    return job


def pause_schedule(key: str, *, actor: User, now: datetime, reason: str) -> Pause:
    """Let the schedule queue nothing by itself until it is resumed; what is queued already goes on.

    Raises:
        PermissionRefused: the actor does not manage jobs.
        ScheduleUnknown: nobody registered it.
        SchedulePaused: it is paused already.
        ReasonMissing: there is no reason.
    """
    told = _require_reason(key, reason, actor=actor, now=now)
    try:
        with transaction.atomic():
            pause = Pause.objects.create(schedule=key, paused_at=now, paused_by=actor, pause_reason=told)
            audit.record(actor, PAUSE, f"schedule:{key}", now=now, reason=told)
    except IntegrityError as error:
        if not Pause.objects.filter(schedule=key, resumed_at=None).exists():
            raise
        raise SchedulePaused(_("这项定时任务已经暂停。"), key=key) from error
    return pause


@transaction.atomic
def resume_schedule(key: str, *, actor: User, now: datetime, reason: str) -> None:
    """Let the schedule queue its jobs again, from the next moment on; what the pause left out is not made up for.

    Raises:
        PermissionRefused: the actor does not manage jobs.
        ScheduleUnknown: nobody registered it.
        ScheduleRunning: it is not paused.
        ReasonMissing: there is no reason.
    """
    told = _require_reason(key, reason, actor=actor, now=now)
    pauses = Pause.objects.filter(schedule=key, resumed_at=None)
    if not pauses.update(resumed_at=now, resumed_by=actor, resume_reason=told):
        raise ScheduleRunning(_("这项定时任务没有暂停。"), key=key)
    audit.record(actor, RESUME, f"schedule:{key}", now=now, reason=told)


def _require_reason(key: str, reason: str, *, actor: User, now: datetime) -> str:
    grants.require_in_city(actor, MANAGE, on=localdate(now))
    get_schedule(key)
    told = drop_controls(reason).strip()[:REASON_LENGTH]
    if not told:
        raise ReasonMissing(_("请写明事由。"))
    return told


def _take(schedule: Schedule, due_at: datetime, now: datetime) -> bool:
    """Take the moment and queue its job in one transaction; tell whether no other worker was quicker."""
    try:
        with transaction.atomic():
            job = enqueue_job(schedule.kind, payload=_payload(schedule, due_at), owner=None, now=now)
            Slot.objects.create(schedule=schedule.key, due_at=due_at, job=job)
    except IntegrityError:
        if not Slot.objects.filter(schedule=schedule.key, due_at=due_at).exists():
            raise
        return False
    return True


def _payload(schedule: Schedule, due_at: datetime) -> dict[str, object]:
    return {**schedule.payload, "due_at": due_at.astimezone(timezone.get_default_timezone()).isoformat()}
