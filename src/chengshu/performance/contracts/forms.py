"""The structured form: plain values in the shape of the published JSON, and beside them where each came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from chengshu.documents.contracts import Place


@dataclass(frozen=True, slots=True)
class Source:
    """Which form of which file: base name, number within the file from 1, line of the title from 1 (text files)."""

    file: str
    form: int
    line: int | None = None


@dataclass(frozen=True, slots=True)
class FormRef:
    """Points at another form of the same reading."""

    file: str
    form: int


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """One row of the money block. Amounts in the form's own unit, rate in per cent, all as printed; None = absent."""

    initial: Decimal | None = None
    budget: Decimal | None = None
    executed: Decimal | None = None
    weight: Decimal | None = None
    rate: Decimal | None = None
    score: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Money:
    """年度资金总额, 当年财政拨款, 上年结转资金, 其他资金."""

    total: MoneyRow = MoneyRow()
    fiscal: MoneyRow = MoneyRow()
    carried_over: MoneyRow = MoneyRow()
    other: MoneyRow = MoneyRow()


@dataclass(frozen=True, slots=True)
class Goal:
    """年度总体目标: what was expected and what was reached."""

    expected: str | None = None
    actual: str | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator row. `level1`/`level2` carry the merged class and category down to every row they cover.

    `target` and `actual` are the printed text without blanks, signs normalised to ≥ ≤ > < =. `confidence` in [0, 1].
    """

    level1: str | None = None
    level2: str | None = None
    level3: str | None = None
    target: str | None = None
    actual: str | None = None
    weight: Decimal | None = None
    score: Decimal | None = None
    reason: str | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Total:
    """The 总分 row."""

    weight: Decimal | None = None
    score: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A value that is on the paper but could not be read; `field` is its JSON pointer."""

    field: str
    raw: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one value came from: the raw cell text, its place in the file, and how sure the reading is, in [0, 1]."""

    raw: str
    place: Place
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Form:
    """A self-evaluation form as read.

    `origins` maps JSON pointers (RFC 6901, into the published record: "/money/total/budget") to where the value came
    from; a value that was filled in from a merged cell above shares that cell's origin. Empty for forms that come
    from data, not paper.
    """

    source: Source
    template: str
    duplicate_of: FormRef | None = None
    year: int | None = None
    project: str | None = None
    department: str | None = None
    unit: str | None = None
    money_unit: str | None = None
    money: Money = Money()
    goal: Goal = Goal()
    indicators: tuple[Indicator, ...] = ()
    total: Total = Total()
    grade: str | None = None
    unreadable: tuple[Unreadable, ...] = ()
    origins: Mapping[str, Origin] = field(default_factory=lambda: MappingProxyType({}))
