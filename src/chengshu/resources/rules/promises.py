"""When a promised delivery is due, and whether it came in time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chengshu.resources.contracts.catalogue import Cycle
from chengshu.resources.contracts.collection import Lateness, PromiseContent

_MONTHS = {Cycle.MONTHLY: 1, Cycle.QUARTERLY: 3, Cycle.HALF_YEARLY: 6, Cycle.YEARLY: 12}
PROMISED = (Cycle.DAILY, Cycle.WEEKLY, *_MONTHS)
"""Cycles with an end at which something is owed."""


def last_due(promise: PromiseContent, *, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """Return the last due moment and the end of the cycle that it belongs to; None before the first.

    Cycles end at midnight of the house: a day, a week from Monday, a calendar month, quarter, half or whole year. The
    first one is that which `since` lies in.
    """
    due = timedelta(hours=promise.due_hours)
    end = _start_of_day(promise.cycle, (now - due).astimezone(zone).date())
    if end <= promise.since:
        return None
    ended_at = datetime.combine(end, time(), zone)
    return ended_at + due, ended_at


def last_ended(promise: PromiseContent, *, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """Return when the delivery for the last cycle that is over is due, and that cycle's end; None before the first."""
    found = last_due(replace(promise, due_hours=0), now=now, zone=zone)
    return None if found is None else (found[1] + timedelta(hours=promise.due_hours), found[1])


def list_dues(
    promise: PromiseContent, *, after: datetime | None, now: datetime, zone: ZoneInfo
) -> Iterator[tuple[datetime, datetime]]:
    """Give every due moment that is over with the end of its cycle, the newest first.

    Cycles that ended at `after` or before are left out; None begins with the promise's first.
    """
    while (found := last_due(promise, now=now, zone=zone)) is not None:
        due_at, ended_at = found
        if after is not None and ended_at <= after:
            return
        yield due_at, ended_at
        now = due_at - timedelta(microseconds=1)


def judge(due_at: datetime, taken_at: datetime | None, *, now: datetime) -> tuple[Lateness, int]:
    """Tell how a delivery stands to its due moment, and how many full hours it is over."""
    if taken_at is not None and taken_at <= due_at:
        return Lateness.ON_TIME, 0
    over = (taken_at or now) - due_at
    return (Lateness.MISSING if taken_at is None else Lateness.LATE), int(over.total_seconds() // 3600)


def _start_of_day(cycle: Cycle, day: date) -> date:
    """The first day of the cycle that a day lies in; where the cycle before it ended."""
    if cycle is Cycle.DAILY:
        return day
    if cycle is Cycle.WEEKLY:
        return day - timedelta(days=day.weekday())
    months = _MONTHS[cycle]
    return date(day.year, (day.month - 1) // months * months + 1, 1)
