"""The one background task of the house: run a job by its kind's function."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from chengshu.base.errors import ChengshuError
from chengshu.kernel.jobs.contracts import Ending, State
from chengshu.kernel.jobs.errors import JobCancelled, JobPostponed
from chengshu.kernel.jobs.heartbeat import repeat
from chengshu.kernel.jobs.models import Attempt, Job
from chengshu.kernel.jobs.registry import find_kind, get_kind
from chengshu.kernel.jobs.rules.waits import reckon_wait

log = structlog.get_logger(__name__)

_MESSAGE_LENGTH = 500
_SECONDS_BETWEEN_REPORTS = 0.25
_chance = secrets.SystemRandom()


class JobProgress:
    """The running function's side of one job; satisfies `contracts.Progress`."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._stage = ""
        self._kept_at = float("-inf")

    @property
    def uuid(self) -> UUID:
        """The job's outward id."""
        return self._job.uuid

    @property
    def owner_id(self) -> int | None:
        """Who asked for the work."""
        return self._job.owner_id

    @property
    def payload(self) -> Mapping[str, Any]:
        """What the work needs."""
        payload: Mapping[str, Any] = self._job.payload
        return payload

    @property
    def attempt(self) -> int:
        """1 the first time."""
        return self._job.attempt

    def report(self, stage: str, *, done: int, total: int, message: str = "") -> None:
        """Keep how far the work is; calls that follow each other closely are kept now and then.

        Raises:
            JobCancelled: somebody asked to stop.
        """
        is_new_stage = stage != self._stage
        if not is_new_stage and done < total and time.monotonic() - self._kept_at < _SECONDS_BETWEEN_REPORTS:
            return
        now = timezone.now()
        columns = {"stage": stage, "done": done, "total": total, "message": message[:_MESSAGE_LENGTH]}
        if is_new_stage:
            columns["stage_started_at"] = now
        running = Job.objects.filter(pk=self._job.pk, attempt=self._job.attempt, cancel_requested_at=None)
        if not running.update(heartbeat_at=now, **columns):
            if (
                not is_new_stage
            ):  # what was done by then is done: the stopped job says so, though reports are thinned out
                Job.objects.filter(pk=self._job.pk, attempt=self._job.attempt).update(done=done, total=total)
            raise JobCancelled("任务已按要求停止", uuid=str(self.uuid))
        self._stage, self._kept_at = stage, time.monotonic()


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How one attempt ended; `fault` names a program error, `may_return` tells whether time could mend it."""

    ending: Ending
    message: str = ""
    result: Mapping[str, Any] | None = None
    fault: str = ""
    may_return: bool = False


@task()
def run_job(uuid: str) -> None:
    """Run the queued job to its end and keep the outcome; never raises what the job's function raises."""
    started = timezone.now()
    claimed = Job.objects.filter(uuid=uuid, state=State.QUEUED).update(
        state=State.RUNNING, started_at=started, heartbeat_at=started
    )
    if not claimed:
        log.info("job_skipped", job=uuid)
        return
    job = Job.objects.get(uuid=uuid)
    log.info("job_started", job=uuid, kind=job.kind, attempt=job.attempt)
    outcome = _run(job)
    state = _keep_outcome(job, outcome, timezone.now())
    log.info("job_ended", job=uuid, kind=job.kind, state=state, seconds=_seconds_since(started))


def _run(job: Job) -> _Outcome:
    """Call the kind's function and tell how it ended."""
    try:
        with repeat(lambda: _beat(job), every=settings.JOB_HEARTBEAT_TIMEOUT / 4):
            result = get_kind(job.kind).run(JobProgress(job))
    except JobCancelled as error:
        return _Outcome(Ending.CANCELLED, error.message)
    except ChengshuError as error:
        postponed = isinstance(error, JobPostponed)
        return _Outcome(Ending.FAILED, error.message[:_MESSAGE_LENGTH], fault=error.code, may_return=postponed)
    except Exception as error:
        log.exception("job_failed", job=str(job.uuid), kind=job.kind)
        told = "程序出错，任务没有完成；可以重试，或把任务编号告诉管理员"
        return _Outcome(Ending.FAILED, told, fault=type(error).__name__, may_return=True)
    return _Outcome(Ending.DONE, result=dict(result or {}))


def _keep_outcome(job: Job, outcome: _Outcome, now: datetime) -> str:
    """Keep how the attempt ended, unless the job was given to another worker meanwhile; return the job's new state."""
    columns: dict[str, Any] = {"state": State(outcome.ending.value), "finished_at": now}
    if outcome.ending is Ending.DONE:
        columns |= {"result": outcome.result}
    else:
        columns |= {"message": outcome.message}
    if outcome.ending is Ending.FAILED:
        columns |= _next_attempt(job, outcome, now)
    with transaction.atomic():
        own = Job.objects.filter(pk=job.pk, attempt=job.attempt, state=State.RUNNING)
        if not own.update(**columns):
            return "left"
        Attempt.objects.create(
            job=job,
            number=job.attempt,
            started_at=job.started_at or now,
            ended_at=now,
            ending=outcome.ending,
            message=outcome.message,
            fault=outcome.fault,
        )
    return str(columns["state"])


def _next_attempt(job: Job, outcome: _Outcome, now: datetime) -> dict[str, Any]:
    """Return the columns that let a failed job be tried again by itself, if its kind says so and time could mend it."""
    kind = find_kind(job.kind)
    backoff = kind.backoff if kind and outcome.may_return else None
    failures = job.failures + 1
    wait = reckon_wait(backoff, failures, chance=_chance.random()) if backoff else None
    if wait is None:
        return {"failures": failures}
    return {"failures": failures, "state": State.WAITING, "next_attempt_at": now + wait}


def _beat(job: Job) -> None:
    Job.objects.filter(pk=job.pk, attempt=job.attempt).update(heartbeat_at=timezone.now())


def _seconds_since(started: datetime) -> float:
    return round((timezone.now() - started).total_seconds(), 3)
