"""What crosses the boundary of quality: rules as drafts, states, and the figures of departments."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

Definition = Mapping[str, Any]
"""A rule in the form of rule files (dataplane.checks), without key, name, severity and threshold."""


class RuleOrigin(StrEnum):
    """Who wrote a rule; one that a person changed stays as he left it."""

    CATALOGUE = "catalogue"
    PERSON = "person"


class RuleSeverity(StrEnum):
    """How much a failing row matters; decides how many working days there are."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


class RunKind(StrEnum):
    """Whether all rules were asked of all rows, or only of the rows that are owed."""

    FULL = "full"
    RECHECK = "recheck"


class RunState(StrEnum):
    """How a check stands; `interrupted` ended with its process and left nothing."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class PlanState(StrEnum):
    """How a planned check stands: done in its month, not yet, or its month passed without."""

    DONE = "done"
    MISSING = "missing"
    LATE = "late"


class IssueState(StrEnum):
    """How an issue stands; its ticket says more."""

    OPEN = "open"
    RECTIFIED = "rectified"
    VOID = "void"


class DueState(StrEnum):
    """How an open issue stands to its due time: over it, within three days of it, later, or its clock stands."""

    OVER = "over"
    SOON = "soon"
    LATER = "later"
    PAUSED = "paused"


class RowFate(StrEnum):
    """What became of a failing row: still owed, right now, no longer there, or never wrong."""

    OWED = "owed"
    FIXED = "fixed"
    GONE = "gone"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class FieldFacts:
    """What the catalogue says of a field that rules follow from; `codes` are those of its value domain.

    `least` and `most` are its element's bounds; `not_before` is code and name of the field that it may not be earlier
    than, `refers_to` the codes of the entry and the field in which its values stand.
    """

    code: str
    name: str
    type: str
    length: int | None = None
    is_key: bool = False
    is_nullable: bool = True
    format: str = ""
    check: str = ""
    codes: tuple[str, ...] = ()
    is_element: bool = False
    least: str = ""
    most: str = ""
    not_before: tuple[str, str] | None = None
    refers_to: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """A rule as it is to be kept."""

    key: str
    name: str
    definition: Definition
    severity: RuleSeverity = RuleSeverity.MAJOR
    threshold: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class RulesMade:
    """What making rules from the catalogue did: numbers of rules."""

    created: int
    changed: int
    retired: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class SheetAnswer:
    """What the re-check made of the rows of a corrected sheet: numbers of rows, the check, and why none was made.

    `waiting` rows have no answer yet. A sheet of old, of which no rows were kept, is not `is_kept`.
    """

    held: int
    failing: int
    void: int
    waiting: int
    run: Any = None
    fault: str = ""
    is_kept: bool = True

    @property
    def is_waiting(self) -> bool:
        """Whether a re-check is to be awaited."""
        return self.waiting > 0 and not self.fault


@dataclass(frozen=True, slots=True)
class Standing:
    """How a department, or a month, stands: rows without those that were never wrong, and issues."""

    name: str
    rows: int
    verified: int
    issues: int
    overdue: int = 0
    recurrences: int = 0
    id: int | None = None

    @property
    def owed(self) -> int:
        """Rows that still fail."""
        return self.rows - self.verified

    @property
    def rate_pct(self) -> Decimal | None:
        """整改率: verified among all rows, in per cent; None when there is none."""
        return (Decimal(100) * self.verified / self.rows).quantize(Decimal("0.01")) if self.rows else None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far a month's plan of checks is: resources planned, and those of them that were checked."""

    planned: int
    checked: int

    @property
    def rate_pct(self) -> Decimal | None:
        """Checked among planned, in per cent; None when nothing was planned."""
        return (Decimal(100) * self.checked / self.planned).quantize(Decimal("0.01")) if self.planned else None
