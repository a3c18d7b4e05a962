"""What is due at set times: one job for each moment, however many workers look at the clock."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.timezone import localdate

from chengshu.kernel.accounts.models import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.jobs.contracts import Schedule
from chengshu.kernel.jobs.models import Job, Slot
from chengshu.kernel.jobs.operations.queueing import enqueue_job
from chengshu.kernel.jobs.queries import MANAGE, house_zone, map_last_slots
from chengshu.kernel.jobs.registry import get_schedule, list_schedules
from chengshu.kernel.jobs.rules.times import last_due

RUN_NOW = "jobs.run_schedule"


def queue_due(*, now: datetime) -> int:
    """Queue a job for each schedule whose last moment nobody has taken yet; return how many.

    Moments missed while no worker ran are made up for by one job for the last of them.
    """
    schedules = list_schedules()
    taken = map_last_slots(schedules)
    count = 0
    for schedule in schedules:
        due_at = last_due(schedule.cron, now, house_zone())
        last = taken.get(schedule.key)
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
