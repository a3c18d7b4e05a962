"""Queueing jobs: for the first time, again, again by themselves, and after the death of their worker."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from chengshu.kernel.accounts.models import User
from chengshu.kernel.jobs.contracts import FINAL_STATES, Ending, State
from chengshu.kernel.jobs.errors import JobStillRunning
from chengshu.kernel.jobs.models import Attempt, Job, WorkerBeat
from chengshu.kernel.jobs.queries import get_job, list_interrupted, list_waiting
from chengshu.kernel.jobs.registry import get_kind
from chengshu.kernel.jobs.tasks import run_job

MAX_ATTEMPTS = 3


def enqueue_job(kind: str, *, payload: Mapping[str, Any], owner: User | None, now: datetime) -> Job:
    """Queue long work and return its job; the worker starts it once the caller's transaction is committed.

    Args:
        kind: the key of a registered kind.
        payload: plain JSON values that the work needs.
        owner: who asked; None when the system does by itself.
        now: the moment, aware.

    Raises:
        JobKindUnknown: nobody registered the kind.
    """
    get_kind(kind)
    with transaction.atomic():
        job = Job.objects.create(kind=kind, payload=dict(payload), owner=owner, created_at=now)
        run_job.enqueue(str(job.uuid))
    return job


def request_cancel(uuid: UUID, *, actor: User, now: datetime) -> Job:
    """Ask the job to stop: a queued or waiting one ends at once, a running one at its next report, an ended one stays.

    Raises:
        JobNotFound: there is none, or it is somebody else's.
    """
    job = get_job(uuid, actor=actor)
    Job.objects.filter(pk=job.pk, state__in=[State.QUEUED, State.WAITING]).update(
        state=State.CANCELLED, cancel_requested_at=now, finished_at=now, message="开始之前已取消"
    )
    Job.objects.filter(pk=job.pk, state=State.RUNNING, cancel_requested_at=None).update(cancel_requested_at=now)
    job.refresh_from_db()
    return job


def retry_job(uuid: UUID, *, actor: User, now: datetime) -> Job:
    """Queue an ended or waiting job again under the same id; its function skips what it has done before.

    Raises:
        JobNotFound: there is none, or it is somebody else's.
        JobStillRunning: it has not ended.
    """
    job = get_job(uuid, actor=actor)
    if not requeue(Job.objects.filter(pk=job.pk, state__in=[*FINAL_STATES, State.WAITING]), uuid, now=now):
        raise JobStillRunning("任务还没有结束，不能重试", uuid=str(uuid))
    job.refresh_from_db()
    return job


def wake_waiting(*, now: datetime) -> int:
    """Queue the failed jobs whose next attempt is due, and return how many."""
    due = list_waiting(now)
    uuids = list(due.values_list("uuid", flat=True))
    return sum(requeue(due.filter(uuid=uuid), uuid, now=now, by_itself=True) for uuid in uuids)


def recover_interrupted(*, now: datetime, timeout: timedelta) -> int:
    """Queue again what a dead worker left running, and return how many; after `MAX_ATTEMPTS` a job has failed."""
    return sum(_recover(job, now=now, timeout=timeout) for job in list_interrupted(now, timeout=timeout))


def record_beat(worker: str, *, now: datetime, forget_after: timedelta) -> None:
    """Keep that this worker lives, and forget those that have been silent for long."""
    WorkerBeat.objects.update_or_create(worker=worker, defaults={"beat_at": now})
    WorkerBeat.objects.filter(beat_at__lt=now - forget_after).delete()


@transaction.atomic
def _recover(job: Job, *, now: datetime, timeout: timedelta) -> bool:
    """Queue one job again whose worker died; tell whether it was. Of several workers that see it one does."""
    left = list_interrupted(now, timeout=timeout).filter(pk=job.pk, attempt=job.attempt)
    told = "处理程序多次中断，任务没有完成"
    if job.attempt < MAX_ATTEMPTS:
        changed = again = requeue(left, job.uuid, now=now)
    else:
        changed, again = bool(left.update(state=State.FAILED, finished_at=now, message=told)), False
    if changed:
        Attempt.objects.create(
            job=job, number=job.attempt, started_at=job.started_at or now, ended_at=now, ending=Ending.INTERRUPTED
        )
    return again


def requeue(jobs: QuerySet[Job], uuid: UUID, *, now: datetime, by_itself: bool = False) -> bool:
    """Queue the one job that `jobs` still selects; tell whether there was one.

    When somebody asked for it, the count of failures begins anew, and with it the attempts that it makes by itself.
    """
    with transaction.atomic():
        changed = jobs.update(
            state=State.QUEUED,
            attempt=F("attempt") + 1,
            **({} if by_itself else {"failures": 0}),
            stage="",
            done=0,
            total=0,
            message="",
            created_at=now,
            started_at=None,
            stage_started_at=None,
            finished_at=None,
            heartbeat_at=None,
            cancel_requested_at=None,
            next_attempt_at=None,
            dismissed_at=None,
            dismissed_by=None,
            dismiss_reason="",
        )
        if changed:
            run_job.enqueue(str(uuid))
    return bool(changed)
