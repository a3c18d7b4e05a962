"""What the evidence annex says, without a database behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

Cell = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Counting:
    """How the counted rows become one value; `aggregation` is count, ratio or percentile.

    The value is factor ÷ divisor times the aggregate, rounded half up to `digits` decimals; `percentile` is p in (0, 1).
    """

    definition: str
    aggregation: str
    factor: int
    divisor: int
    percentile: Decimal | None


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that is kept as evidence: its name, its size in bytes and the SHA-256 of its bytes."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Measured:
    """A measurement under a figure.

    `sample` are rows in canonical form below `titles`; `lines` are all counted rows as they enter the digest, None
    where they are too many to be printed or were not kept. `counting` is None for an indicator nobody registers now.
    """

    key: str
    counting: Counting | None
    first_day: date
    last_day: date
    scope: str
    value: Decimal | None
    digits: int
    unit: str
    numerator: Decimal
    denominator: Decimal | None
    counted: int
    query: str
    parameters: Mapping[str, Cell]
    digest: str
    titles: Sequence[str]
    sample: Sequence[Sequence[Cell]]
    rows_file: KeptFile | None
    lines: Sequence[str] | None
    measured_at: datetime
    measured_by: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document under a figure, and where in it the figure stands."""

    file: KeptFile
    place: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator's result with what it rests on; at most one of `measured` and `document` counts, the first first.

    `waiting` says what has to be there before it can be counted at all; "" where nothing is waited for.
    """

    number: int
    category: str
    name: str
    target: str
    actual: str
    weight: Decimal | None
    rule_score: Decimal | None
    score: Decimal | None
    measured: Measured | None
    document: Document | None
    waiting: str = ""

    @property
    def evidence(self) -> str:
        """What the figure rests on: measured, document or none; waiting where there can be no figure yet."""
        if self.waiting:
            return "waiting"
        return "measured" if self.measured else "document" if self.document else "none"


@dataclass(frozen=True, slots=True)
class Annex:
    """The annex of one self-evaluation; `version` is the one that was printed, `made_at` an aware moment."""

    project: str
    code: str
    unit: str
    year: int
    version: int
    state: str
    rules: str
    total: Decimal | None
    grade: str
    made_at: datetime
    figures: Sequence[Figure]

    @property
    def measured_count(self) -> int:
        """How many figures rest on measurement."""
        return sum(figure.measured is not None for figure in self.figures)
