"""Kinds of jobs, schedules, and the worker's chores, filled by domains in their `apps.py` while Django starts."""

from datetime import timedelta

from chengshu.kernel.jobs.contracts import Chore, JobKind, Schedule
from chengshu.kernel.jobs.errors import JobKindTwice, JobKindUnknown, ScheduleTwice, ScheduleUnknown, ScheduleWrong
from chengshu.kernel.jobs.rules.times import check_times

_kinds: dict[str, JobKind] = {}
_schedules: dict[str, Schedule] = {}
_chores: dict[str, tuple[Chore, timedelta | None]] = {}


def register_kind(kind: JobKind) -> None:
    """Offer a kind of job.

    Raises:
        JobKindTwice: another kind has the same key.
    """
    if _kinds.get(kind.key, kind) != kind:
        raise JobKindTwice(f"任务种类 {kind.key} 登记了两次", key=kind.key)
    _kinds[kind.key] = kind


def get_kind(key: str) -> JobKind:
    """Return the kind with this key.

    Raises:
        JobKindUnknown: nobody registered it.
    """
    try:
        return _kinds[key]
    except KeyError as error:
        raise JobKindUnknown(f"没有名为 {key} 的任务种类", key=key) from error


def find_kind(key: str) -> JobKind | None:
    """Return the kind with this key, or None: old jobs may outlive their kind."""
    return _kinds.get(key)


def list_kinds() -> list[JobKind]:
    """Return the kinds in the order of their keys."""
    return [_kinds[key] for key in sorted(_kinds)]


def register_schedule(schedule: Schedule) -> None:
    """Let a job be queued at set times. Its kind must be registered before.

    Raises:
        ScheduleTwice: another schedule has the same key.
        ScheduleWrong: the times cannot be read, or the kind is unknown.
    """
    if _schedules.get(schedule.key, schedule) != schedule:
        raise ScheduleTwice(f"计划 {schedule.key} 登记了两次", key=schedule.key)
    if schedule.kind not in _kinds:
        raise ScheduleWrong(f"计划 {schedule.key} 的任务种类没有登记", key=schedule.key, kind=schedule.kind)
    check_times(schedule.cron)
    _schedules[schedule.key] = schedule


def get_schedule(key: str) -> Schedule:
    """Return the schedule with this key.

    Raises:
        ScheduleUnknown: nobody registered it.
    """
    try:
        return _schedules[key]
    except KeyError as error:
        raise ScheduleUnknown(f"没有名为 {key} 的计划", key=key) from error


def list_schedules() -> list[Schedule]:
    """Return the schedules in the order of their keys."""
    return [_schedules[key] for key in sorted(_schedules)]


def register_chore(key: str, chore: Chore, *, every: timedelta | None = None) -> None:
    """Let every worker do this when it starts and then every ten seconds or so, beside the jobs.

    With `every` it is done in a thread of its own at that pace: what may take long, or has to come sooner, keeps no
    other chore waiting.

    Raises:
        JobKindTwice: another chore has the same key.
    """
    if _chores.get(key, (chore, every)) != (chore, every):
        raise JobKindTwice(f"例行工作 {key} 登记了两次", key=key)
    _chores[key] = (chore, every)


def list_chores() -> list[tuple[str, Chore]]:
    """Return the chores that are done one after the other, with their keys, in the order of the keys."""
    return [(key, chore) for key, (chore, every) in sorted(_chores.items()) if every is None]


def list_paced_chores() -> list[tuple[str, Chore, timedelta]]:
    """Return the chores that have a thread of their own, with their keys and paces, in the order of the keys."""
    return [(key, chore, every) for key, (chore, every) in sorted(_chores.items()) if every is not None]
