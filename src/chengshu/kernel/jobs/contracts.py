"""What crosses the boundary of jobs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class State(StrEnum):
    """Where a job stands. `done`, `failed` and `cancelled` are final until it is tried again."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


STATE_LABELS = {
    State.QUEUED: _("排队中"),
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
class JobKind:
    """One kind of work that a domain offers.

    `key` is stable, `domain.verb_noun`. `label` is what people read. `run` does the work in the worker and returns
    plain JSON values as the result; what it raises is kept as the failure. `result_url` gives the page that shows
    the result of a finished job that left one.
    """

    key: str
    label: str | Promise
    run: Run
    result_url: Callable[[Mapping[str, Any]], str] | None = None


Chore = Callable[[datetime], None]
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

    @property
    def state_label(self) -> str | Promise:
        """The state in words."""
        return _("正在停止") if self.is_stopping else STATE_LABELS[self.state]

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.state in FINAL_STATES
