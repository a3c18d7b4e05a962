"""The door of the official calendar."""

from chengshu.kernel.calendars.contracts import CalendarYear, DayKind, DayRun, NoticeDay, YearNotice
from chengshu.kernel.calendars.errors import CalendarError, NoticeInvalid
from chengshu.kernel.calendars.operations import load_notices
from chengshu.kernel.calendars.queries import list_years, load_calendar
from chengshu.kernel.calendars.registry import register_listener

__all__ = [
    "CalendarError",
    "CalendarYear",
    "DayKind",
    "DayRun",
    "NoticeDay",
    "NoticeInvalid",
    "YearNotice",
    "list_years",
    "load_calendar",
    "load_notices",
    "register_listener",
]
