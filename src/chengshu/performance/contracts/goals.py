"""What crosses a boundary of goals: the sheet as one content, and what a comparison of contents says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType


class Mark(StrEnum):
    """Why a row that was copied from last year has to be looked at before it is handed in."""

    DATES = "dates"  # a year or date in the text is past
    SAME_TARGET = "same_target"  # the target is last year's
    FAILED = "failed"  # it was not reached last year


@dataclass(frozen=True, slots=True)
class GoalRow:
    """One indicator. `key` tells rows apart: the id of a kept one, any other text for a new one.

    `marks` are what a copy from last year has to change first.
    """

    key: str
    level1: str
    level2: str
    name: str = ""
    target: str = ""
    weight: Decimal | None = None
    measured_by: str = ""
    scope: str = ""
    library_id: int | None = None
    marks: tuple[Mark, ...] = ()

    @property
    def kept_id(self) -> int | None:
        """The row's id in the database; None for a new one."""
        return int(self.key) if self.key.isascii() and self.key.isdecimal() else None


@dataclass(frozen=True, slots=True)
class GoalContent:
    """The whole sheet: the goal in words, and the indicators in the order of the paper."""

    expected: str = ""
    rows: tuple[GoalRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two contents. `row` is the row's key ("" for the sheet), `name` what people call it.

    `field` is a column of GoalRow, or "row" for a row that came or went, "expected", "order".
    """

    row: str
    name: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that two people changed in different ways: what both saw, what the first saved, what the second typed."""

    row: str
    name: str
    field: str
    was: str
    theirs: str
    mine: str


@dataclass(frozen=True, slots=True)
class Merged:
    """Two edits of one content put together. Where they clash the content holds mine; `theirs` is what the other changed."""

    content: GoalContent
    clashes: tuple[Clash, ...]
    theirs: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class PastValue:
    """What an indicator of the same name promised and reached before. `source` is "own" or "form" (an imported one)."""

    year: int
    source: str
    target: str
    actual: str


@dataclass(frozen=True, slots=True)
class Background:
    """What live checks hold a content against; read once a request.

    `past` has the values of earlier years by compact name, newest first; `last_expected` is last year's goal in words.
    """

    past: Mapping[str, tuple[PastValue, ...]] = field(default_factory=lambda: MappingProxyType({}))
    last_expected: str = ""


@dataclass(frozen=True, slots=True)
class Category:
    """One category of the tree with its rows and their weights."""

    level1: str
    level2: str
    rows: tuple[GoalRow, ...]
    weight: Decimal


@dataclass(frozen=True, slots=True)
class GoalClass:
    """One class of the tree with its categories and their weights."""

    level1: str
    categories: tuple[Category, ...]
    weight: Decimal


@dataclass(frozen=True, slots=True)
class LibraryEntry:
    """A library indicator as people enter it; `sign` empty = the target is in words."""

    level1: str
    level2: str
    name: str
    domain: str = ""
    sign: str = ""
    target: str = ""
    unit: str = ""
    measured_by: str = ""
    basis: str = ""
