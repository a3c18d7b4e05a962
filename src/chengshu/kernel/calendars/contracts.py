"""What crosses the boundary of the official calendar."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class DayKind(StrEnum):
    """How a day of a notice stands out."""

    HOLIDAY = "holiday"
    WORKDAY = "workday"


KIND_LABELS = {DayKind.HOLIDAY: _("放假"), DayKind.WORKDAY: _("上班")}


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """One day that a notice names. `name` is the festival; empty for an adjusted workday."""

    day: date
    kind: DayKind
    name: str = ""


@dataclass(frozen=True, slots=True)
class YearNotice:
    """What the State Council announced for one year; days in order, each once."""

    year: int
    title: str
    reference: str
    days: tuple[NoticeDay, ...]


@dataclass(frozen=True, slots=True)
class DayRun:
    """Days of one kind and name that follow each other, as a clerk reads a notice."""

    first: date
    last: date
    kind: DayKind
    name: str

    @property
    def length(self) -> int:
        """How many days there are."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """A year as its page shows it; without a notice it follows the week alone."""

    year: int
    notice: YearNotice | None
    runs: tuple[DayRun, ...]
    workday_count: int
    is_loaded: bool


def join_days(days: tuple[NoticeDay, ...]) -> tuple[DayRun, ...]:
    """Return the days as runs, in order."""
    runs: list[DayRun] = []
    for day in days:
        last = runs[-1] if runs else None
        joins = last is not None and (last.last + timedelta(days=1), last.kind, last.name) == (
            day.day,
            day.kind,
            day.name,
        )
        if last is not None and joins and day.kind is DayKind.HOLIDAY:
            runs[-1] = DayRun(last.first, day.day, day.kind, day.name)
        else:
            runs.append(DayRun(day.day, day.day, day.kind, day.name))
    return tuple(runs)
