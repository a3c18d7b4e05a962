"""What can be asked of rows: one frozen dataclass a kind of test, and the rule around it.

Three families. A row test is true or false of every row, all of a table together cost one scan. A group test looks at
rows together (unique, references) and is planned apart. A table test judges the table as a whole (timeliness, drift).

Missing values: a null passes every test but `not_null` and `completeness`. A row whose `where` is not true is not
looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

Bound = int | float | Decimal | date | datetime
"""A limit that a value is compared with; a moment is naive and in the data's own zone."""


class Severity(StrEnum):
    """How much a failing row matters to whoever uses the table."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


class Type(StrEnum):
    """What a value must be readable as. Texts are read in ISO 8601 form, plain digits and a decimal point."""

    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"


class Family(StrEnum):
    """How a kind of test is planned."""

    ROW = "row"
    GROUP = "group"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class NotNull:
    """There is a value; with `blank`, a text of nothing but spaces of any width is none."""

    kind: ClassVar[str] = "not_null"
    family: ClassVar[Family] = Family.ROW
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Castable:
    """The value can be read as the type."""

    kind: ClassVar[str] = "type"
    family: ClassVar[Family] = Family.ROW
    type: Type


@dataclass(frozen=True, slots=True)
class Matches:
    """The whole text matches a pattern in RE2's syntax."""

    kind: ClassVar[str] = "matches"
    family: ClassVar[Family] = Family.ROW
    pattern: str


@dataclass(frozen=True, slots=True)
class Length:
    """The text has so many characters, ends included."""

    kind: ClassVar[str] = "length"
    family: ClassVar[Family] = Family.ROW
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class OneOf:
    """The value, as text, is in the value domain."""

    kind: ClassVar[str] = "one_of"
    family: ClassVar[Family] = Family.ROW
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """The value lies within the bounds, ends included. What cannot be read as the bounds' type fails."""

    kind: ClassVar[str] = "between"
    family: ClassVar[Family] = Family.ROW
    minimum: Bound | None = None
    maximum: Bound | None = None


@dataclass(frozen=True, slots=True)
class CheckDigit:
    """The number has the form and the check digit of its scheme; schemes: chengshu.dataplane.checks.digits."""

    kind: ClassVar[str] = "check_digit"
    family: ClassVar[Family] = Family.ROW
    scheme: str


@dataclass(frozen=True, slots=True)
class Holds:
    """The expression over the row's columns is true; a row where it is null passes."""

    kind: ClassVar[str] = "expression"
    family: ClassVar[Family] = Family.ROW
    expression: str


@dataclass(frozen=True, slots=True)
class Ordered:
    """The days or moments of the columns do not go back from one to the next; with `strict`, none equals the next.

    A null is left out of the comparison with its neighbours. What cannot be read as a moment fails.
    """

    kind: ClassVar[str] = "date_order"
    family: ClassVar[Family] = Family.ROW
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Completeness:
    """The share of cells that have a value, over all columns of the rule, is at least `minimum` (0 to 1).

    Looks at rows times columns cells; the keys kept are those of rows with a missing cell.
    """

    kind: ClassVar[str] = "completeness"
    family: ClassVar[Family] = Family.ROW
    minimum: Decimal


@dataclass(frozen=True, slots=True)
class Unique:
    """No two rows have the same values in the columns; every row of a repeated value fails."""

    kind: ClassVar[str] = "unique"
    family: ClassVar[Family] = Family.GROUP


@dataclass(frozen=True, slots=True)
class References:
    """The values stand in the columns of another relation, in the same order. Compared as text."""

    kind: ClassVar[str] = "references"
    family: ClassVar[Family] = Family.GROUP
    relation: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Timeliness:
    """The latest moment of the column is at most `within` before now; a table without any moment fails."""

    kind: ClassVar[str] = "timeliness"
    family: ClassVar[Family] = Family.TABLE
    within: timedelta


@dataclass(frozen=True, slots=True)
class RowCountDrift:
    """The number of rows differs from the median of earlier counts by at most `tolerance`, a share of that median."""

    kind: ClassVar[str] = "row_count_drift"
    family: ClassVar[Family] = Family.TABLE
    history: tuple[int, ...]
    tolerance: Decimal


@dataclass(frozen=True, slots=True)
class DistributionDrift:
    """The population stability index against an earlier distribution is at most `limit`.

    Give `edges` (ascending; n edges make n + 1 bins, an edge belongs to the bin above it) for numbers, or `values`
    for codes (whatever is none of them makes one bin more). `shares` are the earlier shares of the bins, in order.
    By convention an index up to 0.1 is no change, up to 0.25 a moderate one, above it a large one.
    """

    kind: ClassVar[str] = "distribution_drift"
    family: ClassVar[Family] = Family.TABLE
    shares: tuple[Decimal, ...]
    edges: tuple[Decimal, ...] = ()
    values: tuple[str, ...] = ()
    limit: Decimal = Decimal("0.25")


Test = (
    NotNull
    | Castable
    | Matches
    | Length
    | OneOf
    | Between
    | CheckDigit
    | Holds
    | Ordered
    | Completeness
    | Unique
    | References
    | Timeliness
    | RowCountDrift
    | DistributionDrift
)

KINDS: Mapping[str, type[Test]] = {
    test.kind: test
    for test in (
        NotNull,
        Castable,
        Matches,
        Length,
        OneOf,
        Between,
        CheckDigit,
        Holds,
        Ordered,
        Completeness,
        Unique,
        References,
        Timeliness,
        RowCountDrift,
        DistributionDrift,
    )
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One question to a table. Whether it makes sense is said by chengshu.dataplane.checks.validity."""

    key: str
    """Stable and human, names the rule in results and its folder of failing keys."""
    columns: tuple[str, ...]
    test: Test
    name: str = ""
    """What people read; the key when empty."""
    severity: Severity = Severity.MAJOR
    threshold: Decimal = field(default=Decimal(0))
    """Share of what was looked at that may fail, 0 to 1."""
    where: str = ""
    """An expression; only rows for which it is true are looked at."""

    @property
    def kind(self) -> str:
        """The kind of its test, as it stands in rule files."""
        return self.test.kind

    @property
    def title(self) -> str:
        """What people read."""
        return self.name or self.key

    @property
    def permitted(self) -> Decimal:
        """The share that may fail: the threshold, or what completeness leaves."""
        return 1 - self.test.minimum if isinstance(self.test, Completeness) else self.threshold
