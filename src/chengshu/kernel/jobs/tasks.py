"""The one background task of the house: run a job by its kind's function."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.utils import timezone
from django_tasks import task

from chengshu.base.errors import ChengshuError
from chengshu.kernel.jobs.contracts import State
from chengshu.kernel.jobs.errors import JobCancelled
from chengshu.kernel.jobs.models import Job
from chengshu.kernel.jobs.registry import get_kind

log = structlog.get_logger(__name__)

_MESSAGE_LENGTH = 500


class JobProgress:
    """The running function's side of one job; satisfies `contracts.Progress`."""

    def __init__(self, job: Job) -> None:
        self._job = job

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
        """Keep how far the work is.

        Raises:
            JobCancelled: somebody asked to stop.
        """
        alive = Job.objects.filter(pk=self._job.pk, cancel_requested_at=None).update(
            stage=stage, done=done, total=total, message=message[:_MESSAGE_LENGTH], heartbeat_at=timezone.now()
        )
        if not alive:
            raise JobCancelled("任务已按要求停止", uuid=str(self.uuid))


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
        result = get_kind(job.kind).run(JobProgress(job))
    except JobCancelled as error:
        return {"state": State.CANCELLED, "message": error.message}
    except ChengshuError as error:
        return {"state": State.FAILED, "message": error.message[:_MESSAGE_LENGTH]}
    except Exception:
        log.exception("job_failed", job=str(job.uuid), kind=job.kind)
        return {"state": State.FAILED, "message": "程序出错，任务没有完成；可以重试，或把任务编号告诉管理员"}
    return {"state": State.DONE, "result": dict(result or {})}


def _seconds_since(started: datetime) -> float:
    return round((timezone.now() - started).total_seconds(), 3)
