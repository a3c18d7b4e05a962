"""Clocks and durations in the words of pages."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext

from chengshu.base.calendars import last_day
from chengshu.kernel.tickets.contracts import ClockState, Level, Limit, Mode, Reading

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ClockWords:
    """A clock as a page says it. `tone` is `done`, `running`, `soon` or `failed`, always beside the words."""

    label: str
    text: str
    due: str
    tone: str
    reading: Reading


def describe_clock(reading: Reading) -> ClockWords:
    """Say how a clock stands."""
    mode = reading.limit.mode if reading.limit else Mode.MINUTES
    due = describe_due(reading.due_at, mode, is_provisional=reading.is_provisional)
    return ClockWords(str(reading.label), _text(reading, mode), due, _tone(reading), reading)


def describe_span(span: timedelta, mode: Mode) -> str:
    """Say a length of counted time, rounded down to the unit that people count in."""
    if mode is Mode.WORKING_DAYS:
        days = span // _DAY
        if not days:
            return gettext("不到 1 个工作日")
        return ngettext("%(count)s 个工作日", "%(count)s 个工作日", days) % {"count": days}
    hours, minutes = span // _HOUR, span % _HOUR // _MINUTE
    if mode is Mode.MINUTES or not hours:
        return gettext("%(count)s 分钟") % {"count": span // _MINUTE}
    if not minutes:
        return gettext("%(count)s 小时") % {"count": hours}
    return gettext("%(hours)s 小时 %(minutes)s 分钟") % {"hours": hours, "minutes": minutes}


def describe_limit(limit: Limit) -> str:
    """Say how much a clock may count."""
    unit = {Mode.MINUTES: _MINUTE, Mode.HOURS: _HOUR, Mode.WORKING_DAYS: _DAY}[limit.mode]
    return describe_span(unit * limit.amount, limit.mode)


def describe_due(due_at: datetime | None, mode: Mode, *, is_provisional: bool) -> str:
    """Say when a clock is due: a day for working days, else day and time; empty when nobody knows."""
    if due_at is None:
        return ""
    text = last_day(due_at).isoformat() if mode is Mode.WORKING_DAYS else localtime(due_at).strftime("%Y-%m-%d %H:%M")
    return gettext("%(due)s（暂定）") % {"due": text} if is_provisional else text


def _text(reading: Reading, mode: Mode) -> str:
    over = reading.level is Level.RED
    facts = {
        "used": describe_span(reading.elapsed, mode),
        "left": describe_span(max(reading.remaining, timedelta()), mode),
        "over": describe_span(max(-reading.remaining, timedelta()), mode),
        "reason": reading.reason or gettext("未说明原因"),
    }
    if reading.state is ClockState.STOPPED:
        return (gettext("用时 %(used)s，超时") if over else gettext("用时 %(used)s，按时")) % facts
    if reading.state is ClockState.PAUSED:
        return (
            gettext("已暂停：%(reason)s。已超 %(over)s") if over else gettext("已暂停：%(reason)s。还剩 %(left)s")
        ) % facts
    return (gettext("已超时 %(over)s") if over else gettext("还剩 %(left)s")) % facts


def _tone(reading: Reading) -> str:
    if reading.level is Level.RED:
        return "failed"
    if reading.state is ClockState.STOPPED:
        return "done"
    if reading.state is ClockState.PAUSED:
        return "queued"
    return "soon" if reading.level is Level.YELLOW else "running"
