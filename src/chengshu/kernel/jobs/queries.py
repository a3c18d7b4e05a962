"""Reads of jobs."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max, Min, QuerySet
from django.utils.functional import Promise

from chengshu.kernel.accounts.models import User
from chengshu.kernel.jobs.contracts import JobStatus, Schedule, ScheduleStatus, State
from chengshu.kernel.jobs.errors import JobNotFound
from chengshu.kernel.jobs.models import Attempt, Job, Pause, Slot, WorkerBeat
from chengshu.kernel.jobs.registry import find_kind, get_schedule, list_schedules
from chengshu.kernel.jobs.rules.times import next_due

MANAGE = "jobs.manage"


def get_job(uuid: UUID, *, actor: User) -> Job:
    """Return the job if the actor started it; who manages jobs looks at others' with `find_job`.

    Raises:
        JobNotFound: there is none, or it is somebody else's.
    """
    try:
        return Job.objects.select_related("owner").get(uuid=uuid, owner=actor)
    except Job.DoesNotExist as error:
        raise JobNotFound("没有这个任务，或者它不是您发起的", uuid=str(uuid)) from error


def list_jobs(actor: User) -> QuerySet[Job]:
    """Return the actor's jobs, newest first."""
    return Job.objects.filter(owner=actor).order_by("-created_at", "-id")


def list_all_jobs() -> QuerySet[Job]:
    """Return everybody's jobs with their owners, newest first; for who manages jobs."""
    return Job.objects.select_related("owner").order_by("-created_at", "-id")


def list_dead() -> QuerySet[Job]:
    """Return the jobs that failed for good and that nobody has dealt with, newest first; for who manages jobs."""
    return list_all_jobs().filter(state=State.FAILED, dismissed_at=None)


def find_job(uuid: UUID) -> Job:
    """Return anybody's job; for who manages jobs.

    Raises:
        JobNotFound: there is none.
    """
    job = Job.objects.select_related("owner", "dismissed_by").filter(uuid=uuid).first()
    if job is None:
        raise JobNotFound("没有这个任务", uuid=str(uuid))
    return job


def list_attempts(job: Job) -> QuerySet[Attempt]:
    """Return the attempts at the job that have ended, the last one first."""
    return Attempt.objects.filter(job=job).order_by("-number")


def list_waiting(now: datetime) -> QuerySet[Job]:
    """Return the failed jobs whose next attempt is due."""
    return Job.objects.filter(state=State.WAITING, next_attempt_at__lte=now)


def list_schedule_statuses(now: datetime) -> list[ScheduleStatus]:
    """Return every schedule with what became of it last and when it is due next, in three queries."""
    schedules = list_schedules()
    slots, pauses = map_last_slots(schedules), map_last_pauses(schedules)
    return [
        _schedule_status(schedule, slots.get(schedule.key), pauses.get(schedule.key), now) for schedule in schedules
    ]


def describe_schedule(key: str, now: datetime) -> ScheduleStatus:
    """Return one schedule with what became of it last and when it is due next.

    Raises:
        ScheduleUnknown: nobody registered it.
    """
    schedule = get_schedule(key)
    slots, pauses = map_last_slots([schedule]), map_last_pauses([schedule])
    return _schedule_status(schedule, slots.get(key), pauses.get(key), now)


def list_pauses(key: str) -> QuerySet[Pause]:
    """Return the times that the schedule was paused with who did so, the last one first."""
    return Pause.objects.filter(schedule=key).select_related("paused_by", "resumed_by").order_by("-id")


def map_last_pauses(schedules: Sequence[Schedule]) -> dict[str, Pause]:
    """Return the last pause of each schedule, over or not."""
    keys = [schedule.key for schedule in schedules]
    last = Pause.objects.filter(schedule__in=keys).values("schedule").annotate(last=Max("id")).values("last")
    return {pause.schedule: pause for pause in Pause.objects.filter(pk__in=last)}


def map_last_slots(schedules: Sequence[Schedule]) -> dict[str, Slot]:
    """Return the last moment that was taken of each schedule, with its job."""
    keys = [schedule.key for schedule in schedules]
    last = Slot.objects.filter(schedule__in=keys).values("schedule").annotate(last=Max("id")).values("last")
    return {slot.schedule: slot for slot in Slot.objects.filter(pk__in=last).select_related("job")}


def house_zone() -> ZoneInfo:
    """Return the time zone in which the times of schedules are meant."""
    return ZoneInfo(settings.TIME_ZONE)


def is_cancelled(uuid: UUID) -> bool:
    """Tell whether somebody asked the job to stop."""
    return Job.objects.filter(uuid=uuid, cancel_requested_at__isnull=False).exists()


def list_interrupted(now: datetime, *, timeout: timedelta) -> QuerySet[Job]:
    """Return the running jobs whose last sign of life is older than `timeout`: their worker died."""
    return Job.objects.filter(state=State.RUNNING, heartbeat_at__lt=now - timeout)


def has_live_worker(now: datetime, *, timeout: timedelta) -> bool:
    """Tell whether some worker gave a sign of life within `timeout`."""
    return WorkerBeat.objects.filter(beat_at__gte=now - timeout).exists()


def name_kind(key: str) -> str | Promise:
    """Return what people call this kind of job; a kind that is gone goes by its key."""
    kind = find_kind(key)
    return kind.label if kind else key


def describe_job(job: Job, now: datetime) -> JobStatus:
    """Return what a person wants to know of the job: how far, how fast, how long still."""
    rate, seconds_left = _speed(job, now)
    return JobStatus(
        uuid=job.uuid,
        label=name_kind(job.kind),
        state=State(job.state),
        stage=job.stage,
        done=job.done,
        total=job.total,
        message=job.message,
        rate_per_second=rate,
        seconds_left=seconds_left,
        seconds_taken=_seconds(job.started_at, job.finished_at or now),
        is_stopping=job.state == State.RUNNING and job.cancel_requested_at is not None,
        result_url=_result_url(job),
        next_attempt_at=job.next_attempt_at,
    )


def count_slots(schedules: Sequence[str], *, since: datetime, until: datetime) -> tuple[int, int]:
    """Give how many moments of schedules were due in `[since, until)`, and how many of their jobs are done."""
    due = Slot.objects.filter(schedule__in=schedules, due_at__gte=since, due_at__lt=until)
    return due.count(), due.filter(job__state=State.DONE.value).count()


def first_slot_at() -> datetime | None:
    """Give the first moment at which any schedule was due: since then a worker keeps this house; None before."""
    found: datetime | None = Slot.objects.aggregate(first=Min("due_at"))["first"]
    return found


def _schedule_status(schedule: Schedule, slot: Slot | None, pause: Pause | None, now: datetime) -> ScheduleStatus:
    paused_at = pause.paused_at if pause and pause.resumed_at is None else None
    return ScheduleStatus(
        schedule=schedule,
        next_at=None if paused_at else next_due(schedule.cron, now, house_zone()),
        last_at=slot.due_at if slot else None,
        last_job=slot.job.uuid if slot else None,
        last_state=State(slot.job.state) if slot else None,
        paused_at=paused_at,
    )


def _result_url(job: Job) -> str:
    kind = find_kind(job.kind)
    if job.state != State.DONE or not job.result or kind is None or kind.result_url is None:
        return ""
    return kind.result_url(job.result)


def _speed(job: Job, now: datetime) -> tuple[float | None, int | None]:
    """Return pieces a second in this stage and the seconds left; None where it cannot be said yet."""
    seconds = _seconds(job.stage_started_at, now)
    if job.state != State.RUNNING or not seconds or not job.done:
        return None, None
    rate = job.done / seconds
    return rate, round((job.total - job.done) / rate) if job.total >= job.done else None


def _seconds(start: datetime | None, end: datetime) -> float | None:
    return (end - start).total_seconds() if start else None
