"""Reading a clock from its segments. Nothing is stored but the segments; every figure is computed from them.

A term in working days begins with the day after the one on which the clock starts (民法典 art. 201; 行政许可法 art. 82
leaves days off out) and ends with its last day (民法典 art. 203). A pause takes its counted time out of the term to the
second; the day on which the term then becomes full still counts to its end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chengshu.base.calendars import CITY_ZONE, WorkCalendar, is_span_final, last_day, local_day, start_of_day
from chengshu.kernel.tickets.contracts import (
    ClockSpec,
    ClockState,
    Level,
    Limit,
    Mode,
    Reading,
    Segment,
    SegmentState,
)
from chengshu.kernel.tickets.rules.spans import UNITS, Counter

_ONE_DAY = timedelta(days=1)
_STATES = {
    SegmentState.RUN: ClockState.RUNNING,
    SegmentState.PAUSE: ClockState.PAUSED,
    SegmentState.STOP: ClockState.STOPPED,
}
Run = tuple[datetime, datetime]


def read_clock(spec: ClockSpec, segments: Sequence[Segment], calendar: WorkCalendar, *, now: datetime) -> Reading:
    """Read a clock at a moment; its segments are in the order in which they were written.

    Of several rounds the last one is read that was not taken back.
    """
    current = last_round(segments)
    if not current:
        return Reading(spec.key, spec.label, ClockState.IDLE)
    last = current[-1]
    state = _STATES[last.state]
    count = _Count(spec, last.limit, calendar, current[0].started_at)
    end = last.started_at if state is ClockState.STOPPED else max(now, last.started_at)
    runs = count.clip(_list_runs(current, end))
    elapsed = sum((count.counter.measure(*run) for run in runs), timedelta())
    shares = (spec.yellow_pct, spec.red_pct, 100)
    marks = [count.reach(runs, end, share, is_open=state is not ClockState.PAUSED) for share in shares]
    due_at = marks[2]
    # A term that ends with office hours may be over before its share of the day is.
    yellow_at, red_at = (
        _not_after(due_at, mark) if share <= 100 else mark for mark, share in zip(marks, shares[:2], strict=False)
    )
    return Reading(
        key=spec.key,
        label=spec.label,
        state=state,
        round=last.round,
        limit=last.limit,
        elapsed=elapsed,
        remaining=count.full - elapsed,
        started_at=current[0].started_at,
        since=last.started_at,
        due_at=due_at,
        yellow_at=yellow_at,
        red_at=red_at,
        is_provisional=due_at is not None and count.is_provisional(due_at),
        level=_level(yellow_at, red_at, end),
        reason=last.reason,
    )


def last_round(segments: Sequence[Segment]) -> list[Segment]:
    """Return the segments of the last round that counts; empty when the clock never started."""
    void = {segment.round for segment in segments if segment.state is SegmentState.VOID}
    rounds = [segment.round for segment in segments if segment.round not in void]
    return [segment for segment in segments if rounds and segment.round == rounds[-1]]


def _list_runs(segments: Sequence[Segment], end: datetime) -> list[Run]:
    """Return when the clock ran: each running segment lasts until the next segment, the last one until `end`."""
    starts = [segment.started_at for segment in segments]
    ends = [*starts[1:], end]
    pairs = zip(segments, ends, strict=True)
    return [(segment.started_at, until) for segment, until in pairs if segment.state is SegmentState.RUN]


def _not_after(due_at: datetime | None, mark: datetime | None) -> datetime | None:
    return min(mark, due_at) if mark is not None and due_at is not None else mark


def _level(yellow_at: datetime | None, red_at: datetime | None, at: datetime) -> Level:
    if red_at is not None and at > red_at:
        return Level.RED
    return Level.YELLOW if yellow_at is not None and at >= yellow_at else Level.CALM


@dataclass(frozen=True, slots=True)
class _Count:
    """One round's way of counting: from `origin` on, towards `limit`."""

    spec: ClockSpec
    limit: Limit
    calendar: WorkCalendar
    origin: datetime

    @property
    def counter(self) -> Counter:
        return Counter(self.limit.mode, self.spec.in_office_hours, self.calendar)

    @property
    def full(self) -> timedelta:
        return UNITS[self.limit.mode] * self.limit.amount

    @property
    def begin(self) -> datetime:
        """The moment before which nothing counts: terms in working days begin with a whole day."""
        if self.limit.mode is not Mode.WORKING_DAYS:
            return self.origin
        today = local_day(self.origin)
        return start_of_day(today if self.spec.counts_first_day else today + _ONE_DAY)

    def clip(self, runs: list[Run]) -> list[Run]:
        """Let the count begin where it may: later than the clock's start, or with the whole of its first day."""
        later = [(max(start, self.begin), end) for start, end in runs[1:]]
        return [(self.begin, runs[0][1]), *later] if runs else []

    def reach(self, runs: list[Run], end: datetime, share: int, *, is_open: bool) -> datetime | None:
        """Return when this share (per cent) of the limit was reached or, running on from `end`, will be.

        None when it was not and the clock stands still.
        """
        left = self.full * share / 100
        for start, until in runs:
            counted = self.counter.measure(start, until)
            if counted >= left:
                return self._round(self.counter.advance(start, left), share)
            left -= counted
        return self._round(self.counter.advance(max(end, self.begin), left), share) if is_open else None

    def _round(self, moment: datetime, share: int) -> datetime:
        """Let the term end with its last day; warnings before it come at their own moment."""
        if self.limit.mode is not Mode.WORKING_DAYS or share < 100:
            return moment
        day = last_day(moment)
        if self.spec.ends_with_office and (spans := self.calendar.list_office_spans(day)):
            return datetime.combine(day, spans[-1][1], CITY_ZONE)
        return start_of_day(day + _ONE_DAY)

    def is_provisional(self, due_at: datetime) -> bool:
        """Tell whether a notice still to come may move the term's end."""
        if not self.counter.is_by_calendar:
            return False
        last = last_day(due_at)
        return not is_span_final(local_day(self.origin), last, self.calendar)
