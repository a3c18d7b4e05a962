"""The calendar of duties: a month of weeks with working days and what falls due, and the same as a calendar file."""

import hashlib
from calendar import Calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext
from icalendar import Calendar as CalendarFile
from icalendar import Event

from chengshu.base.calendars import WorkCalendar
from chengshu.performance.facade.duties import DutyCount
from chengshu.performance.ui.duty_words import name_count

_WEEK = Calendar(firstweekday=0)
_SATURDAY = 5
_FIRST, _LAST = date(2000, 1, 1), date(2100, 12, 31)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line in a day: what falls due, and its list; `tone` is over, due, or mark for what is no duty."""

    text: str
    address: str
    tone: str
    is_provisional: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the page. `mark` says where it differs from the week: 休 or 班."""

    day: date
    is_in_month: bool
    is_today: bool
    is_workday: bool
    mark: str
    entries: tuple[Entry, ...]


def month_of(text: str, today: date) -> date:
    """Give the first day of the month that `2024-08` names, today's month for anything else."""
    try:
        first = datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC).date()
    except ValueError:
        return today.replace(day=1)
    return first if _FIRST <= first <= _LAST else today.replace(day=1)


def lay_month(
    first: date, counts: Iterable[DutyCount], marks: Iterable[tuple[date, Entry]], today: date, calendar: WorkCalendar
) -> list[list[Day]]:
    """Lay the weeks of a month, Monday first, with what falls due on each day."""
    entries: dict[date, list[Entry]] = {}
    for count in counts:
        if count.due.day is not None:
            tone = "over" if count.due.day < today else "due"
            entry = Entry(name_count(count), list_address(count), tone, count.due.is_provisional)
            entries.setdefault(count.due.day, []).append(entry)
    for day, mark in marks:
        entries.setdefault(day, []).append(mark)
    return [
        [_lay_day(day, first, entries.get(day, ()), today, calendar) for day in week]
        for week in _WEEK.monthdatescalendar(first.year, first.month)
    ]


def list_address(count: DutyCount) -> str:
    """Give the inbox narrowed to a kind."""
    return f"{reverse('performance:inbox')}?kind={count.kind.value}"


def write_calendar(counts: Iterable[DutyCount], *, site: str, owner: str, now: datetime) -> bytes:
    """Write what falls due as a calendar file (RFC 5545), one whole day for each count; `site` is the site's address."""
    file = CalendarFile()
    file.add("prodid", "-//Chengshu//Duties//ZH")
    file.add("version", "2.0")
    file.add("x-wr-calname", gettext("城枢待办"))
    for count in counts:
        if count.due.day is None:
            continue
        event = Event()
        mark = hashlib.sha256(f"{owner}:{count.kind}:{count.key}".encode()).hexdigest()[:32]
        event.add("uid", f"{mark}@chengshu")
        event.add("dtstamp", now.astimezone(UTC))
        event.add("dtstart", count.due.day)
        event.add("dtend", count.due.day + timedelta(days=1))
        event.add("summary", name_count(count))
        event.add("url", f"{site}{list_address(count)}")
        if count.due.is_provisional:
            event.add("description", gettext("放假通知还没有公布，日期可能变动。"))
        file.add_component(event)
    return bytes(file.to_ical())


def _lay_day(day: date, first: date, entries: Sequence[Entry], today: date, calendar: WorkCalendar) -> Day:
    is_workday = calendar.is_workday(day)
    is_week = day.weekday() < _SATURDAY
    mark = "" if is_workday is is_week else (gettext("班") if is_workday else gettext("休"))
    return Day(day, day.month == first.month, day == today, is_workday, mark, tuple(entries))
