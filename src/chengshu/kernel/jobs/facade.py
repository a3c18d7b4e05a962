"""The door of jobs."""

from chengshu.kernel.jobs.contracts import FINAL_STATES, STATE_LABELS, JobKind, Progress, State
from chengshu.kernel.jobs.errors import (
    JobCancelled,
    JobError,
    JobKindTwice,
    JobKindUnknown,
    JobNotFound,
    JobStillRunning,
)
from chengshu.kernel.jobs.models import Job
from chengshu.kernel.jobs.operations import enqueue_job, request_cancel, retry_job
from chengshu.kernel.jobs.queries import get_job, is_cancelled, list_jobs
from chengshu.kernel.jobs.registry import get_kind, register_kind

__all__ = [
    "FINAL_STATES",
    "STATE_LABELS",
    "Job",
    "JobCancelled",
    "JobError",
    "JobKind",
    "JobKindTwice",
    "JobKindUnknown",
    "JobNotFound",
    "JobStillRunning",
    "Progress",
    "State",
    "enqueue_job",
    "get_job",
    "get_kind",
    "is_cancelled",
    "list_jobs",
    "register_kind",
    "request_cancel",
    "retry_job",
]
