"""Counted time: which parts of real time a clock counts, how much lies between two moments, and when an amount is full."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chengshu.base.calendars import CITY_ZONE, WorkCalendar, local_day, start_of_day
from chengshu.kernel.tickets.contracts import Mode

_ONE_DAY = timedelta(days=1)
UNITS = {Mode.MINUTES: timedelta(minutes=1), Mode.HOURS: timedelta(hours=1), Mode.WORKING_DAYS: _ONE_DAY}
"""What one unit of a mode is in counted time: a working day counts its 24 hours."""


@dataclass(frozen=True, slots=True)
class Counter:
    """Counts time by one rule: always, in office hours, or in whole working days."""

    mode: Mode
    in_office_hours: bool
    calendar: WorkCalendar

    @property
    def is_by_calendar(self) -> bool:
        """Whether days off matter."""
        return self.in_office_hours or self.mode is Mode.WORKING_DAYS

    def measure(self, start: datetime, end: datetime) -> timedelta:
        """Return how much counted time lies between two moments; nothing when they are the wrong way round."""
        if end <= start:
            return timedelta()
        if not self.is_by_calendar:
            return end - start
        total = timedelta()
        day, last = local_day(start), local_day(end)
        while day <= last:
            for opens, closes in self._spans(day):
                total += max(timedelta(), min(closes, end) - max(opens, start))
            day += _ONE_DAY
        return total

    def advance(self, start: datetime, amount: timedelta) -> datetime:
        """Return the first moment, not before `start`, by which `amount` of counted time has passed."""
        if amount <= timedelta():
            return start
        if not self.is_by_calendar:
            return start + amount
        day = local_day(start)
        while True:
            for opens, closes in self._spans(day):
                begins = max(opens, start)
                available = max(timedelta(), closes - begins)
                if available >= amount:
                    return begins + amount
                amount -= available
            day += _ONE_DAY

    def _spans(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """Give the counted spans of a day."""
        if self.mode is Mode.WORKING_DAYS:
            if self.calendar.is_workday(day):
                yield start_of_day(day), start_of_day(day + _ONE_DAY)
            return
        for opens, closes in self.calendar.list_office_spans(day):
            yield datetime.combine(day, opens, CITY_ZONE), datetime.combine(day, closes, CITY_ZONE)
