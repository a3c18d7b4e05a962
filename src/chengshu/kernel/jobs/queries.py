"""Reads of jobs."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise

from chengshu.kernel.accounts.models import User
from chengshu.kernel.jobs.contracts import JobStatus, State
from chengshu.kernel.jobs.errors import JobNotFound
from chengshu.kernel.jobs.models import Job, WorkerBeat
from chengshu.kernel.jobs.registry import find_kind


def get_job(uuid: UUID, *, actor: User) -> Job:
    """Return the job if the actor started it or administers the house.

    Raises:
        JobNotFound: there is none, or it is somebody else's.
    """
    visible = Job.objects.select_related("owner")
    if not actor.is_superuser:
        visible = visible.filter(owner=actor)
    try:
        return visible.get(uuid=uuid)
    except Job.DoesNotExist as error:
        raise JobNotFound("没有这个任务，或者它不是您发起的", uuid=str(uuid)) from error


def list_jobs(actor: User) -> QuerySet[Job]:
    """Return the actor's jobs, newest first."""
    return Job.objects.filter(owner=actor).order_by("-created_at", "-id")


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
