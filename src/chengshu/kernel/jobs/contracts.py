"""What crosses the boundary of jobs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class State(StrEnum):
    """Where a job stands. `done`, `failed` and `cancelled` are final until it is tried again.

    `waiting` is a failed one that will be tried again by itself at its moment.
    """

    QUEUED = "queued"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


STATE_LABELS = {
    State.QUEUED: _("排队中"),
    State.WAITING: _("等待重试"),
    State.RUNNING: _("进行中"),
    State.DONE: _("已完成"),
    State.FAILED: _("未完成"),
    State.CANCELLED: _("已取消"),
}
FINAL_STATES = frozenset({State.DONE, State.FAILED, State.CANCELLED})


class Progress(Protocol):
    """The running job's side: what its function may ask and tell."""

    @property
    def uuid(self) -> UUID:
        """The job's outward id."""

    @property
    def owner_id(self) -> int | None:
        """Who asked for the work; None for the system itself."""

    @property
    def payload(self) -> Mapping[str, Any]:
        """What the work needs, as given to `enqueue_job`."""

    @property
    def attempt(self) -> int:
        """1 the first time; higher after `retry_job`. Work done before is for the function to skip."""

    def report(self, stage: str, *, done: int, total: int, message: str = "") -> None:
        """Keep how far the work is, and prove that it lives.

        Raises:
            JobCancelled: somebody asked to stop; let it pass through after tidying up.
        """


Run = Callable[[Progress], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Backoff:
    """How often something that failed is tried again by itself, and how long it waits before.

    `attempts` counts the first one. The wait begins with `first`, is `factor` times as long after each further failure,
    never above `most`, and is spread by a quarter to both sides, so that what failed together does not return together.
    """

    attempts: int
    first: timedelta
    factor: int = 2
    most: timedelta = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class JobKind:
    """One kind of work that a domain offers.

    `key` is stable, `domain.verb_noun`. `label` is what people read. `run` does the work in the worker and returns
    plain JSON values as the result; what it raises is kept as the failure. `result_url` gives the page that shows
    the result of a finished job that left one. `backoff` lets it be tried again by itself; without one a person does.
    A fault that the house expects (ChengshuError) lies in what was given and is tried again only as JobPostponed.
    """

    key: str
    label: str | Promise
    run: Run
    result_url: Callable[[Mapping[str, Any]], str] | None = None
    backoff: Backoff | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """Work that is due at set times: a job of `kind` for each of them, exactly one however many workers there are.

    `key` is stable, `domain.noun`. `cron` has the five fields of cron, in the time zone of the house. The job gets
    `payload` and, as `due_at`, the moment it was due (ISO 8601). When no worker ran at that moment it is made up for
    later, but only for the last moment missed.
    """

    key: str
    label: str | Promise
    cron: str
    kind: str
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ScheduleStatus:
    """A schedule as pages show it; `last_at` and `last_job` None as long as it was never due.

    A paused one tells since when, and `next_at` is None.
    """

    schedule: Schedule
    next_at: datetime | None
    last_at: datetime | None
    last_job: UUID | None
    last_state: State | None
    paused_at: datetime | None = None

    @property
    def last_state_label(self) -> str | Promise:
        """The state of the last job in words."""
        return STATE_LABELS[self.last_state] if self.last_state else ""


class Ending(StrEnum):
    """How one attempt ended."""

    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


ENDING_LABELS = {
    Ending.DONE: _("已完成"),
    Ending.FAILED: _("未完成"),
    Ending.CANCELLED: _("已取消"),
    Ending.INTERRUPTED: _("处理程序中断"),
}


Chore = Callable[[datetime], object]
"""Something short that is due again and again; takes the moment. It is asked often and does nothing when nothing is due."""


@dataclass(frozen=True, slots=True)
class JobStatus:
    """How a job stands, as pages show it. `None` where it cannot be said yet."""

    uuid: UUID
    label: str | Promise
    state: State
    stage: str
    done: int
    total: int
    message: str
    rate_per_second: float | None
    seconds_left: int | None
    seconds_taken: float | None
    is_stopping: bool
    result_url: str
    next_attempt_at: datetime | None = None

    @property
    def state_label(self) -> str | Promise:
        """The state in words."""
        return _("正在停止") if self.is_stopping else STATE_LABELS[self.state]

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.state in FINAL_STATES
