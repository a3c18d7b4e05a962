"""Calendars and lives of clocks for the tests, and a slow counter that looks at every minute."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import strategies as st

from chengshu.base.calendars import CITY_ZONE, NoticeCalendar
from chengshu.kernel.tickets.contracts import ClockSpec, Limit, Mode, Segment, SegmentState

MINUTE = timedelta(minutes=1)
# Over the end of 2024 with New Year off and a Saturday made up for, and the Spring Festival with two made up.
HOLIDAYS = [date(2025, 1, 1), *(date(2025, 1, day) for day in range(28, 32)), *(date(2025, 2, d) for d in range(1, 5))]
CALENDAR = NoticeCalendar(
    dict.fromkeys(HOLIDAYS, False) | {date(2025, 1, 26): True, date(2025, 2, 8): True, date(2024, 12, 28): True},
    frozenset({2024, 2025}),
)
FIRST = datetime(2024, 12, 20, tzinfo=UTC)
MOMENTS = st.integers(0, 60 * 24 * 60).map(lambda minutes: FIRST + MINUTE * minutes)
MODES = st.sampled_from(Mode)


def spec(**changes: object) -> ClockSpec:
    facts: dict[str, object] = {"key": "clock", "label": "时限", "limits": {}}
    return ClockSpec(**{**facts, **changes})  # type: ignore[arg-type]


@st.composite
def lives(draw: st.DrawFn, mode: Mode | None = None) -> list[Segment]:
    """A clock's life: a start, then pauses and goings-on in turn, perhaps a stop."""
    limit = Limit(mode or draw(MODES), draw(st.integers(1, 40)))
    moments = sorted(draw(st.lists(MOMENTS, min_size=1, max_size=6)))
    states = [SegmentState.RUN if index % 2 == 0 else SegmentState.PAUSE for index in range(len(moments))]
    if len(moments) > 1 and draw(st.booleans()):
        states[-1] = SegmentState.STOP
    return [Segment(state, at, limit) for state, at in zip(states, moments, strict=True)]


def count_minutes(segments: list[Segment], end: datetime, clock: ClockSpec, calendar: NoticeCalendar) -> int:
    """Look at each minute from the start on: does the clock run, and does the minute count?"""
    ends = [*(segment.started_at for segment in segments), max(end, segments[-1].started_at)]
    mode, origin = segments[-1].limit.mode, segments[0].started_at.astimezone(CITY_ZONE).date()
    counted = 0
    for segment, (start, until) in zip(segments, pairwise(ends), strict=True):
        if segment.state is not SegmentState.RUN:
            continue
        at = start
        if at == segments[0].started_at and mode is Mode.WORKING_DAYS and clock.counts_first_day:
            at = datetime.combine(origin, datetime.min.time(), CITY_ZONE)
        while at < until:
            counted += _counts(at.astimezone(CITY_ZONE), mode, clock, calendar, origin)
            at += MINUTE
    return counted


def _counts(at: datetime, mode: Mode, clock: ClockSpec, calendar: NoticeCalendar, origin: date) -> bool:
    day = at.date()
    is_workday = calendar.exceptions.get(day, day.weekday() < 5)
    if mode is Mode.WORKING_DAYS:
        return is_workday and (day > origin or clock.counts_first_day)
    if clock.in_office_hours:
        minute = at.hour * 60 + at.minute
        return is_workday and (540 <= minute < 720 or 810 <= minute < 1050)
    return True
