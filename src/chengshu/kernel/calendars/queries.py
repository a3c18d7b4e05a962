"""Reads of the official calendar: what was loaded stands before what came with the program."""

from datetime import date
from functools import lru_cache

from chengshu.base.calendars import NoticeCalendar, count_working_days
from chengshu.kernel.calendars.contracts import CalendarYear, DayKind, NoticeDay, YearNotice, join_days
from chengshu.kernel.calendars.models import ExceptionalDay, Notice
from chengshu.kernel.calendars.registry import shipped_notices


def load_calendar() -> NoticeCalendar:
    """Return the calendar as it stands: one small query, two when a notice has changed since it was asked last."""
    return _build_calendar(tuple(Notice.objects.order_by("year").values_list("year", "digest")))


@lru_cache(maxsize=8)
def _build_calendar(loaded: tuple[tuple[int, str], ...]) -> NoticeCalendar:
    """Build the calendar; the digests name the loaded days wholly, so that the result may be kept."""
    years = {year for year, _digest in loaded}
    shipped = [notice for year, notice in shipped_notices().items() if year not in years]
    exceptions = {day.day: day.kind is DayKind.WORKDAY for notice in shipped for day in notice.days}
    rows = ExceptionalDay.objects.filter(notice__year__in=years).values_list("day", "kind") if years else ()
    exceptions |= {day: kind == DayKind.WORKDAY for day, kind in rows}
    return NoticeCalendar(exceptions, frozenset(years | {notice.year for notice in shipped}))


def list_years(*, ahead: int) -> list[CalendarYear]:
    """Return every announced year and the first `ahead` ones that are not, newest first."""
    notices = shipped_notices() | (loaded := _list_loaded())
    last = max(notices)
    calendar = load_calendar()
    return [
        _describe_year(year, notices.get(year), calendar, is_loaded=year in loaded)
        for year in sorted({*notices, *range(last + 1, last + 1 + ahead)}, reverse=True)
    ]


def _list_loaded() -> dict[int, YearNotice]:
    days: dict[int, list[NoticeDay]] = {}
    for row in ExceptionalDay.objects.select_related("notice").order_by("day"):
        days.setdefault(row.notice.year, []).append(NoticeDay(row.day, DayKind(row.kind), row.name))
    return {
        notice.year: YearNotice(notice.year, notice.title, notice.reference, tuple(days.get(notice.year, ())))
        for notice in Notice.objects.all()
    }


def _describe_year(year: int, notice: YearNotice | None, calendar: NoticeCalendar, *, is_loaded: bool) -> CalendarYear:
    workdays = count_working_days(date(year - 1, 12, 31), date(year, 12, 31), calendar)
    return CalendarYear(year, notice, join_days(notice.days) if notice else (), workdays, is_loaded)
