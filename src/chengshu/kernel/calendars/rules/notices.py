"""From a file of notices to their days, and what makes a notice impossible."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from chengshu.kernel.calendars.contracts import DayKind, NoticeDay, YearNotice
from chengshu.kernel.calendars.errors import NoticeInvalid

_SATURDAY = 5
_LONGEST_RUN = timedelta(days=31)
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


def read_notices(text: str) -> tuple[YearNotice, ...]:
    """Read notices in the form of `notices.toml`, in the order of the years.

    Raises:
        NoticeInvalid: the text is no such file, or a notice contradicts itself, the week or another one.
    """
    try:
        tables = tomllib.loads(text)["notices"]
        notices = [_read_notice(table) for table in tables]
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise NoticeInvalid(f"读不懂这份节假日文件：{error}", cause=str(error)) from error
    years = [notice.year for notice in notices]
    if not years or len(set(years)) < len(years):
        raise NoticeInvalid("文件里没有通知，或同一年份出现两次")
    return tuple(sorted(notices, key=lambda notice: notice.year))


def _read_notice(table: Mapping[str, Any]) -> YearNotice:
    year = int(table["year"])
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise NoticeInvalid(f"年份 {year} 不对", year=year)
    days = sorted(_read_days(table), key=lambda day: day.day)
    _refuse_contradictions(year, days)
    return YearNotice(year, str(table["title"]).strip(), str(table["reference"]).strip(), tuple(days))


def _read_days(table: Mapping[str, Any]) -> Iterator[NoticeDay]:
    for run in table["holidays"]:
        first, last = _as_date(run["from"]), _as_date(run["to"])
        if not timedelta() <= last - first < _LONGEST_RUN:
            raise NoticeInvalid(f"{run['name']}的起止日期 {first} 至 {last} 不对", first=str(first), last=str(last))
        for number in range((last - first).days + 1):
            yield NoticeDay(first + timedelta(days=number), DayKind.HOLIDAY, str(run["name"]))
    for day in table["workdays"]:
        yield NoticeDay(_as_date(day), DayKind.WORKDAY)


def _as_date(value: object) -> date:
    if type(value) is not date:
        raise NoticeInvalid(f"{value} 不是日期，应写作 2027-01-01", value=str(value))
    return value


def _refuse_contradictions(year: int, days: Iterable[NoticeDay]) -> None:
    """Refuse a day named twice, a day far from the year, and an adjusted workday that is one anyway.

    Raises:
        NoticeInvalid: one of these; the message names the day.
    """
    seen: set[date] = set()
    for day in days:
        if day.day in seen:
            raise NoticeInvalid(f"{day.day} 写了两次", day=str(day.day))
        seen.add(day.day)
        leads_in = day.day.year == year - 1 and day.day.month == 12
        if day.day.year != year and not leads_in:
            raise NoticeInvalid(f"{day.day} 不属于 {year} 年的通知", day=str(day.day), year=year)
        if day.kind is DayKind.WORKDAY and day.day.weekday() < _SATURDAY:
            raise NoticeInvalid(f"{day.day} 本来就是工作日，不是调休上班", day=str(day.day))
