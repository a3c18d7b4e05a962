"""The one background task of the house: run a job by its kind's function."""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.utils import timezone
from django_tasks import task

from chengshu.base.errors import ChengshuError
from chengshu.kernel.jobs.contracts import State
from chengshu.kernel.jobs.errors import JobCancelled
from chengshu.kernel.jobs.heartbeat import repeat
from chengshu.kernel.jobs.models import Job
from chengshu.kernel.jobs.registry import get_kind

log = structlog.get_logger(__name__)

_MESSAGE_LENGTH = 500
_SECONDS_BETWEEN_REPORTS = 0.25


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
        running = Job.objects.filter(pk=self._job.pk, cancel_requested_at=None)
        if not running.update(heartbeat_at=now, **columns):
            if (
                not is_new_stage
            ):  # what was done by then is done: the stopped job says so, though reports are thinned out
                Job.objects.filter(pk=self._job.pk).update(done=done, total=total)
            raise JobCancelled("任务已按要求停止", uuid=str(self.uuid))
        self._stage, self._kept_at = stage, time.monotonic()


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
    Job.objects.filter(pk=job.pk).update(finished_at=timezone.now(), **outcome)
    log.info("job_ended", job=uuid, kind=job.kind, state=outcome["state"], seconds=_seconds_since(started))


def _run(job: Job) -> dict[str, Any]:
    """Call the kind's function and return the columns that say how it ended."""
    try:
        with repeat(lambda: _beat(job), every=settings.JOB_HEARTBEAT_TIMEOUT / 4):
            result = get_kind(job.kind).run(JobProgress(job))
    except JobCancelled as error:
        return {"state": State.CANCELLED, "message": error.message}
    except ChengshuError as error:
        return {"state": State.FAILED, "message": error.message[:_MESSAGE_LENGTH]}
    except Exception:
        log.exception("job_failed", job=str(job.uuid), kind=job.kind)
        return {"state": State.FAILED, "message": "程序出错，任务没有完成；可以重试，或把任务编号告诉管理员"}
    return {"state": State.DONE, "result": dict(result or {})}


def _beat(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now())


def _seconds_since(started: datetime) -> float:
    return round((timezone.now() - started).total_seconds(), 3)
