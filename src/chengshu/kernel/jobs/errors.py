"""Errors of jobs.

JobError
├── JobCancelled      somebody asked the running work to stop
├── JobKindUnknown    no domain registered this kind
├── JobKindTwice      two registrations of one kind
├── JobNotFound       no such job, or not this person's
├── JobStillRunning   tried again before it ended
├── JobPostponed      the work cannot be done now, but may be later
├── JobNotDead        neither failed for good nor waiting for somebody's look
├── ReasonMissing     a failed job is put aside without a reason
├── ScheduleWrong     a schedule whose times cannot be read
├── SchedulePaused    it is paused already
├── ScheduleRunning   resumed without being paused
├── ScheduleTwice     two registrations of one schedule
└── ScheduleUnknown   nobody registered this schedule
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


class JobPostponed(JobError):
    """Raised by a job's function: not now, but perhaps later; its kind's back-off says when."""

    code = "JOB_POSTPONED"


class JobNotDead(JobError):
    """The job did not fail for good, or somebody has dealt with it."""

    code = "JOB_NOT_DEAD"


class ReasonMissing(JobError):
    """There is no reason where one has to be."""

    code = "JOB_REASON_MISSING"


class ScheduleWrong(JobError):
    """The times of a schedule cannot be read, or its kind of job is unknown."""

    code = "SCHEDULE_WRONG"


class SchedulePaused(JobError):
    """A schedule is paused that is paused already."""

    code = "SCHEDULE_PAUSED"


class ScheduleRunning(JobError):
    """A schedule is resumed that is not paused."""

    code = "SCHEDULE_RUNNING"


class ScheduleTwice(JobError):
    """A schedule was registered twice."""

    code = "SCHEDULE_TWICE"


class ScheduleUnknown(JobError):
    """Nobody registered this schedule."""

    code = "SCHEDULE_UNKNOWN"
