"""Errors of jobs.

JobError
├── JobCancelled      somebody asked the running work to stop
├── JobKindUnknown    no domain registered this kind
├── JobKindTwice      two registrations of one kind
├── JobNotFound       no such job, or not this person's
└── JobStillRunning   tried again before it ended
"""

from chengshu.base.errors import ChengshuError


class JobError(ChengshuError):
    """The root of the errors of jobs."""

    code = "JOB_ERROR"


class JobCancelled(JobError):
    """The work was asked to stop."""

    code = "JOB_CANCELLED"


class JobKindUnknown(JobError):
    """No domain registered this kind of job."""

    code = "JOB_KIND_UNKNOWN"


class JobKindTwice(JobError):
    """A kind of job was registered twice."""

    code = "JOB_KIND_TWICE"


class JobNotFound(JobError):
    """There is no such job, or it belongs to somebody else."""

    code = "JOB_NOT_FOUND"


class JobStillRunning(JobError):
    """The job has not ended, so it cannot be tried again."""

    code = "JOB_STILL_RUNNING"
