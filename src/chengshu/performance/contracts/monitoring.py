"""What crosses a boundary of monitoring: what is entered at a point, what the rules make of it, who is warned of what."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from chengshu.performance.contracts.year import Lamp


@dataclass(frozen=True, slots=True)
class MonitoredRow:
    """One indicator at a point as entered. `forecast` empty = reckoned by the rules; `lamp` counts only where they cannot tell."""

    goal_id: int
    name: str = ""
    target: str = ""
    value: str = ""
    forecast: str = ""
    lamp: Lamp | None = None
    deviation: str = ""
    measure: str = ""
    measurement_id: int | None = None


@dataclass(frozen=True, slots=True)
class MonitoringContent:
    """A whole report: the money expected by the year's end in 元 (None = reckoned), words on the money, the indicators."""

    forecast_yuan: Decimal | None = None
    deviation: str = ""
    measure: str = ""
    rows: tuple[MonitoredRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Money:
    """Money up to a point, in 元."""

    budget_yuan: Decimal
    executed_yuan: Decimal


@dataclass(frozen=True, slots=True)
class RowReading:
    """What the rules make of one indicator: share of the target in per cent, forecast as printed, lamp (None = cannot tell)."""

    share: Decimal | None
    forecast: str
    lamp: Lamp | None


@dataclass(frozen=True, slots=True)
class MoneyReading:
    """What the rules make of the money: rate and time elapsed in per cent, expected sum in 元, lamp (None = no budget)."""

    rate: Decimal | None
    elapsed: Decimal
    forecast_yuan: Decimal | None
    lamp: Lamp | None


@dataclass(frozen=True, slots=True)
class Threshold:
    """One limit of the lamps, with where it comes from."""

    key: str
    value: Decimal
    label: str
    label_en: str
    source: str


class Need(StrEnum):
    """What can be missing before a report is handed in; the pages have the words."""

    VALUE = "value"
    MEASUREMENT = "measurement"
    LAMP = "lamp"
    DEVIATION = "deviation"
    MEASURE = "measure"


@dataclass(frozen=True, slots=True)
class LastValue:
    """What the last point of the year said of an indicator, to stand beside the year's result."""

    point: str
    until_on: date
    value: str
    share: Decimal | None
    forecast: str
    lamp: str
    deviation: str


class Behind(StrEnum):
    """Why a project's year counts as behind."""

    OVERDUE = "overdue"  # a point is past its day and was not handed in
    RED_LAMP = "red_lamp"  # the last report has a red lamp
    SLOW_MONEY = "slow_money"  # far less was paid than the time that has passed


@dataclass(frozen=True, slots=True)
class Warned:
    """One project's year that fell behind, and whom it concerns."""

    project_year_id: int
    project: str
    year: int
    reason: Behind
    officer_ids: tuple[int, ...]


class Notifier(Protocol):
    """What tells people; registered by whoever can send."""

    def __call__(self, account_ids: Collection[int], warned: Warned, now: datetime) -> None:
        """Tell these accounts that a project is behind; called once for each beginning of a warning."""
