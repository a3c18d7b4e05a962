"""Working days: weekends, public holidays and adjusted workdays (调休), and counting in them.

A year is announced when the State Council's notice on its holidays is known. Days of other years follow the week alone;
what was counted over them is provisional and may change.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Protocol
from zoneinfo import ZoneInfo

CITY_ZONE = ZoneInfo("Asia/Shanghai")
"""The wall clock by which offices work; it has had no summer time since 1991."""

_SATURDAY = 5
_ONE_DAY = timedelta(days=1)
# A notice may also move days at the end of the year before: the earliest that one ever did is 12-29.
_REACH_OF_NEXT_NOTICE = (12, 26)

Span = tuple[time, time]


class WorkCalendar(Protocol):
    """What counting in working time needs to know."""

    @property
    def digest(self) -> str:
        """A fingerprint of all that the calendar says."""

    def is_workday(self, day: date) -> bool:
        """Tell whether offices work on this day, as far as is known."""

    def is_announced(self, year: int) -> bool:
        """Tell whether the notice of this year is known."""

    def is_final(self, day: date) -> bool:
        """Tell whether no notice still to come can change this day."""

    def list_office_spans(self, day: date) -> tuple[Span, ...]:
        """Return when offices are open on this day, by the wall clock, in order; none on a day off."""

    def count_working_minutes(self, day: date) -> int:
        """Return how many minutes offices are open on this day."""


@dataclass(frozen=True)
class NoticeCalendar:
    """The week, changed by notices.

    Args:
        exceptions: the days that differ from the week or that a notice names: True for a workday, False for a day off.
        announced: the years whose notices are in `exceptions`.
        office_hours: when offices are open on a working day; spans in order that do not overlap.
    """

    exceptions: Mapping[date, bool]
    announced: frozenset[int]
    office_hours: tuple[Span, ...] = field(default=((time(9), time(12)), (time(13, 30), time(17, 30))))

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) over years, days and hours in a fixed order."""
        lines = [f"year {year}" for year in sorted(self.announced)]
        lines += [f"{day.isoformat()} {int(is_work)}" for day, is_work in sorted(self.exceptions.items())]
        lines += [f"{start.isoformat()}-{end.isoformat()}" for start, end in self.office_hours]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def is_workday(self, day: date) -> bool:
        """Tell whether offices work on this day, as far as is known."""
        return self.exceptions.get(day, day.weekday() < _SATURDAY)

    def is_announced(self, year: int) -> bool:
        """Tell whether the notice of this year is known."""
        return year in self.announced

    def is_final(self, day: date) -> bool:
        """Tell whether no notice still to come can change this day; its last days wait for next year's notice too."""
        if (day.month, day.day) >= _REACH_OF_NEXT_NOTICE and day.year + 1 not in self.announced:
            return False
        return day.year in self.announced

    def list_office_spans(self, day: date) -> tuple[Span, ...]:
        """Return when offices are open on this day; none on a day off."""
        return self.office_hours if self.is_workday(day) else ()

    def count_working_minutes(self, day: date) -> int:
        """Return how many minutes offices are open on this day."""
        spans = self.list_office_spans(day)
        return sum((end.hour - start.hour) * 60 + end.minute - start.minute for start, end in spans)


@dataclass(frozen=True, slots=True)
class DueDay:
    """The last day of a term, and whether a notice still to come may move it."""

    day: date
    is_provisional: bool


def add_working_days(start: date, count: int, calendar: WorkCalendar, *, counts_first_day: bool = False) -> DueDay:
    """Return the last day of a term of `count` working days (at least 1) that begins on `start`.

    The day on which a term begins does not count (Civil Code 民法典 art. 201); working days leave out statutory
    holidays and days off (Administrative Licensing Law 行政许可法 art. 82). With `counts_first_day` the first day
    counts when it is a working day, as some local rules want.

    Raises:
        ValueError: `count` is below 1.
    """
    if count < 1:
        raise ValueError("a term has at least one working day")
    day = start if counts_first_day else start + _ONE_DAY
    while True:
        count -= calendar.is_workday(day)
        if count == 0:
            return DueDay(day, is_provisional=not is_span_final(start, day, calendar))
        day += _ONE_DAY


def count_working_days(after: date, until: date, calendar: WorkCalendar) -> int:
    """Return how many working days lie after the first day, up to and with the last one."""
    days = (after + _ONE_DAY * number for number in range(1, (until - after).days + 1))
    return sum(calendar.is_workday(day) for day in days)


def is_span_final(first: date, last: date, calendar: WorkCalendar) -> bool:
    """Tell whether no notice still to come can change a day of this span."""
    ends_of_years = (date(year, 12, 31) for year in range(first.year, last.year))
    return all(calendar.is_final(day) for day in (first, last, *ends_of_years))


def local_day(moment: datetime) -> date:
    """Return the day on which an aware moment falls by the wall clock of the city."""
    return moment.astimezone(CITY_ZONE).date()


def last_day(due_at: datetime) -> date:
    """Return the last day on which what is due at this moment is in time: midnight ends the day before it."""
    return local_day(due_at - timedelta(microseconds=1))


def start_of_day(day: date) -> datetime:
    """Return the first moment of the day in the city."""
    return datetime.combine(day, time.min, CITY_ZONE)
