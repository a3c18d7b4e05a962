"""What crosses the boundary of today's work (今日待办): what departments owe, across all kinds of work with data."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class WorkKind(StrEnum):
    """What is owed: where it is done, and what it is called, follow from it."""

    ISSUE = "issue"
    RETURNED = "returned"
    DISPUTE = "dispute"
    HELD = "held"
    FAILED = "failed"
    DUE = "due"
    DEMAND = "demand"
    SERVICE = "service"
    LEFT_OUT = "left_out"


class WorkDue(StrEnum):
    """How a work item stands to its due time: over it, within three days of it, later, or there is none."""

    OVER = "over"
    SOON = "soon"
    LATER = "later"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class WorkCounts:
    """How many items wait of each kind, and of these how many are over their due time."""

    waiting: Mapping[WorkKind, int]
    late: Mapping[WorkKind, int]
    soon: int

    @property
    def all_waiting(self) -> int:
        """How many there are."""
        return sum(self.waiting.values())

    @property
    def all_late(self) -> int:
        """How many are over their due time."""
        return sum(self.late.values())
