"""By when duties are done: terms as data, and the days that follow from them."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from chengshu.base.calendars import WorkCalendar, add_working_days
from chengshu.performance.contracts.duties import DueOn, DutyKind, Term


@cache
def list_terms() -> Mapping[DutyKind, Term]:
    """Read the terms, by kind; monitoring and tickets have days of their own."""
    data = tomllib.loads((Path(__file__).parent / "duties.toml").read_text("utf-8"))
    return {
        DutyKind(key): Term(
            DutyKind(key),
            entry.get("month", 0),
            entry.get("day", 0),
            entry.get("years", 0),
            entry.get("working_days", 0),
            entry["source"],
        )
        for key, entry in data.items()
    }


def due_of_year(kind: DutyKind, year: int, calendar: WorkCalendar) -> DueOn:
    """Give the last day of a duty that is due once for a budget year."""
    term = list_terms()[kind]
    day = date(year + term.years, term.month, term.day)
    return DueOn(day, is_provisional=not calendar.is_final(day))


def due_after(kind: DutyKind, began: date, calendar: WorkCalendar) -> DueOn:
    """Give the last day of a duty that came up on a day."""
    due = add_working_days(began, list_terms()[kind].working_days, calendar)
    return DueOn(due.day, is_provisional=due.is_provisional)
