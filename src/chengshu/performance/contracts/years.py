"""What the dashboard of the year says: one row of sums for each unit, project or year, and the counts beside them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import ROUND_HALF_UP, Decimal

from chengshu.performance.contracts.reviews import RectificationRate

_HUNDREDTH = Decimal("0.01")
_ZERO = Decimal(0)
GRADES = ("优", "良", "中", "差")


@dataclass(frozen=True, slots=True)
class YearScope:
    """What a dashboard speaks of: one budget year, and all units in sight or one."""

    year: int
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class YearSums:
    """Sums over project years; money in 元, scores and points as on the forms. `imported` counts published forms."""

    years: int = 0
    imported: int = 0
    initial_yuan: Decimal = _ZERO
    budget_yuan: Decimal = _ZERO
    executed_yuan: Decimal = _ZERO
    scored: int = 0
    points: Decimal = _ZERO
    excellent: int = 0
    good: int = 0
    fair: int = 0
    poor: int = 0
    errors: int = 0
    breaches: int = 0
    faulty: int = 0
    approved: int = 0
    indicators: int = 0
    measured: int = 0
    weight: Decimal = _ZERO
    measured_weight: Decimal = _ZERO

    def __add__(self, other: "YearSums") -> "YearSums":
        """Add two rows up."""
        return YearSums(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(YearSums)))

    @property
    def rate_pct(self) -> Decimal | None:
        """Executed of budget, in per cent with two decimals; None without a budget."""
        return _pct(self.executed_yuan, self.budget_yuan)

    @property
    def average(self) -> Decimal | None:
        """Average total score with two decimals; None where nothing is scored."""
        return (self.points / self.scored).quantize(_HUNDREDTH, ROUND_HALF_UP) if self.scored else None

    @property
    def covered_pct(self) -> Decimal | None:
        """Indicators that rest on a measurement, in per cent of all; None without indicators."""
        return _pct(Decimal(self.measured), Decimal(self.indicators))

    @property
    def covered_weight_pct(self) -> Decimal | None:
        """Points that rest on a measurement, in per cent of all; None without points."""
        return _pct(self.measured_weight, self.weight)

    @property
    def by_grade(self) -> tuple[int, int, int, int]:
        """How many have each grade, in the order of GRADES."""
        return self.excellent, self.good, self.fair, self.poor


@dataclass(frozen=True, slots=True)
class YearRow:
    """The sums of one unit, project or year. `key` is its id or the year as the lists' filters know it."""

    key: str
    name: str
    sums: YearSums


@dataclass(frozen=True, slots=True)
class YearCounts:
    """What is counted beside the sums: goals by state, lamps of the last point, warnings; mending rates of all years."""

    goals: Mapping[str, int]
    point_id: int | None
    point: str
    lamps: Mapping[str, int]
    warnings: int
    rates: tuple[RectificationRate, ...]


@dataclass(frozen=True, slots=True)
class EarlierYear:
    """A year of a project as a published form that was imported tells it; money in 元, None where it says nothing."""

    year: int
    form_id: int
    budget_yuan: Decimal | None
    executed_yuan: Decimal | None
    score: Decimal | None
    grade: str


def _pct(part: Decimal, whole: Decimal) -> Decimal | None:
    return (part / whole * 100).quantize(_HUNDREDTH, ROUND_HALF_UP) if whole else None
