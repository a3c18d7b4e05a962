"""The door of jobs."""

from chengshu.kernel.jobs.contracts import FINAL_STATES, STATE_LABELS, Chore, JobKind, JobStatus, Progress, State
from chengshu.kernel.jobs.errors import (
    JobCancelled,
    JobError,
    JobKindTwice,
    JobKindUnknown,
    JobNotFound,
    JobStillRunning,
)
from chengshu.kernel.jobs.models import Job
from chengshu.kernel.jobs.operations import (
    enqueue_job,
    record_beat,
    recover_interrupted,
    request_cancel,
    retry_job,
)
from chengshu.kernel.jobs.queries import describe_job, get_job, has_live_worker, is_cancelled, list_jobs, name_kind
from chengshu.kernel.jobs.registry import get_kind, list_chores, register_chore, register_kind

__all__ = [
    "FINAL_STATES",
    "STATE_LABELS",
    "Chore",
    "Job",
    "JobCancelled",
    "JobError",
    "JobKind",
    "JobKindTwice",
    "JobKindUnknown",
    "JobNotFound",
    "JobStatus",
    "JobStillRunning",
    "Progress",
    "State",
    "describe_job",
    "enqueue_job",
    "get_job",
    "get_kind",
    "has_live_worker",
    "is_cancelled",
    "list_chores",
    "list_jobs",
    "name_kind",
    "record_beat",
    "recover_interrupted",
    "register_chore",
    "register_kind",
    "request_cancel",
    "retry_job",
]
