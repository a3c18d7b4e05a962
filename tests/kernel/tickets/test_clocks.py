"""Clocks against a counter of single minutes, an independent library, and what must hold for any life of a clock."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import businesstimedelta
import pytest
import pytz
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from kernel.tickets.clocklike import CALENDAR, FIRST, MINUTE, MOMENTS, count_minutes, lives, spec

from chengshu.base.calendars import CITY_ZONE, NoticeCalendar
from chengshu.kernel.tickets.contracts import ClockSpec, ClockState, Level, Limit, Mode, Segment, SegmentState
from chengshu.kernel.tickets.rules.clocks import read_clock
from chengshu.kernel.tickets.rules.spans import Counter

RUN, PAUSE, STOP, VOID = SegmentState.RUN, SegmentState.PAUSE, SegmentState.STOP, SegmentState.VOID
COUNTERS = st.builds(Counter, mode=st.sampled_from(Mode), in_office_hours=st.booleans(), calendar=st.just(CALENDAR))
SPECS = st.builds(spec, in_office_hours=st.booleans(), counts_first_day=st.booleans(), ends_with_office=st.booleans())


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=CITY_ZONE)  # type: ignore[arg-type, misc]


class TestCounter:
    @given(counter=COUNTERS, moments=st.lists(MOMENTS, min_size=2, max_size=5))
    def test_counts_parts_as_it_counts_the_whole(self, counter: Counter, moments: list[datetime]) -> None:
        moments.sort()
        parts = sum((counter.measure(start, end) for start, end in pairwise(moments)), timedelta())
        assert counter.measure(moments[0], moments[-1]) == parts

    @given(counter=COUNTERS, start=MOMENTS, minutes=st.integers(1, 20_000))
    def test_advances_to_where_the_amount_is_full_and_not_before(
        self, counter: Counter, start: datetime, minutes: int
    ) -> None:
        end = counter.advance(start, MINUTE * minutes)
        assert counter.measure(start, end) == MINUTE * minutes
        assert counter.measure(start, end - MINUTE) < MINUTE * minutes

    @given(start=MOMENTS, end=MOMENTS)
    @settings(max_examples=40, deadline=None)
    def test_counts_office_hours_as_an_independent_library_does(self, start: datetime, end: datetime) -> None:
        start, end = sorted((start, end))
        zone = pytz.timezone("Asia/Shanghai")
        ordinary = NoticeCalendar({}, frozenset())
        rules = businesstimedelta.Rules(
            [
                businesstimedelta.WorkDayRule(time(9), time(12), [0, 1, 2, 3, 4], tz=zone),
                businesstimedelta.WorkDayRule(time(13, 30), time(17, 30), [0, 1, 2, 3, 4], tz=zone),
            ]
        )
        theirs = rules.difference(start, end).timedelta
        assert Counter(Mode.MINUTES, True, ordinary).measure(start, end) == theirs  # noqa: FBT003 - a dataclass

    def test_counts_nothing_backwards(self) -> None:
        counter = Counter(Mode.MINUTES, in_office_hours=False, calendar=CALENDAR)
        assert counter.measure(FIRST + MINUTE, FIRST) == timedelta()


class TestAnyLife:
    @given(segments=lives(), clock=SPECS, now=MOMENTS)
    @settings(max_examples=40, deadline=None)
    def test_counts_the_minutes_that_a_patient_clerk_would(
        self, segments: list[Segment], clock: ClockSpec, now: datetime
    ) -> None:
        now = max(now, segments[-1].started_at)
        reading = read_clock(clock, segments, CALENDAR, now=now)
        end = segments[-1].started_at if reading.state is ClockState.STOPPED else now
        slow = count_minutes(segments, end, clock, CALENDAR)
        assert reading.elapsed == MINUTE * slow

    @given(segments=lives(), clock=SPECS, first=MOMENTS, later=MOMENTS)
    def test_never_runs_backwards(
        self, segments: list[Segment], clock: ClockSpec, first: datetime, later: datetime
    ) -> None:
        first, later = sorted((first, later))
        early = read_clock(clock, segments, CALENDAR, now=first)
        late = read_clock(clock, segments, CALENDAR, now=later)
        assert early.elapsed <= late.elapsed

    @given(segments=lives(), clock=SPECS, split=MOMENTS, now=MOMENTS)
    def test_is_the_same_however_a_segment_is_split(
        self, segments: list[Segment], clock: ClockSpec, split: datetime, now: datetime
    ) -> None:
        index = max((i for i, segment in enumerate(segments) if segment.started_at <= split), default=None)
        assume(index is not None)
        assert index is not None
        now = max(now, split)
        again = Segment(segments[index].state, split, segments[index].limit)
        parted = [*segments[: index + 1], again, *segments[index + 1 :]]
        whole = read_clock(clock, segments, CALENDAR, now=now)
        split_reading = read_clock(clock, parted, CALENDAR, now=now)
        assert split_reading.elapsed == whole.elapsed

    @given(segments=lives(), clock=SPECS, at=MOMENTS, minutes=st.integers(0, 5_000), now=MOMENTS)
    def test_counts_nothing_of_a_pause(
        self, segments: list[Segment], clock: ClockSpec, at: datetime, minutes: int, now: datetime
    ) -> None:
        started = segments[0]
        at = max(at, started.started_at)
        back = at + MINUTE * minutes
        now = max(now, back)
        paused = [started, Segment(PAUSE, at, started.limit), Segment(RUN, back, started.limit)]
        whole = read_clock(clock, [started], CALENDAR, now=now)
        parted = read_clock(clock, paused, CALENDAR, now=now)
        until = read_clock(clock, [started], CALENDAR, now=at)
        then = read_clock(clock, [started], CALENDAR, now=back)
        assert whole.elapsed - parted.elapsed == then.elapsed - until.elapsed

    @given(segments=lives(), clock=SPECS, first=MOMENTS, later=MOMENTS)
    def test_keeps_its_due_moment_while_it_runs(
        self, segments: list[Segment], clock: ClockSpec, first: datetime, later: datetime
    ) -> None:
        last = segments[-1].started_at
        first, later = max(first, last), max(later, last)
        one = read_clock(clock, segments, CALENDAR, now=first)
        two = read_clock(clock, segments, CALENDAR, now=later)
        assert (one.due_at, one.yellow_at, one.red_at) == (two.due_at, two.yellow_at, two.red_at)

    @given(segments=lives(), clock=SPECS, now=MOMENTS)
    def test_warns_before_it_is_over(self, segments: list[Segment], clock: ClockSpec, now: datetime) -> None:
        reading = read_clock(clock, segments, CALENDAR, now=now)
        if reading.yellow_at is not None and reading.due_at is not None:
            assert reading.yellow_at <= reading.due_at


DAYS_10 = Limit(Mode.WORKING_DAYS, 10)


class TestWorkingDays:
    def test_begin_the_day_after_and_end_at_midnight_of_the_last(self) -> None:
        # Started on Friday 20 December: Monday 23 is the first day, and Saturday 28 is made up for.
        reading = read_clock(spec(), [Segment(RUN, local(2024, 12, 20, 15), DAYS_10)], CALENDAR, now=FIRST)
        assert reading.due_at == local(2025, 1, 4)

    def test_may_end_when_offices_close(self) -> None:
        clock = spec(ends_with_office=True)
        reading = read_clock(clock, [Segment(RUN, local(2024, 12, 20, 15), DAYS_10)], CALENDAR, now=FIRST)
        assert reading.due_at == local(2025, 1, 3, 17, 30)

    def test_may_count_the_first_day(self) -> None:
        clock = spec(counts_first_day=True)
        reading = read_clock(clock, [Segment(RUN, local(2024, 12, 20, 15), DAYS_10)], CALENDAR, now=FIRST)
        assert reading.due_at == local(2025, 1, 3)

    def test_are_provisional_into_a_year_without_notice(self) -> None:
        calendar = NoticeCalendar(CALENDAR.exceptions, frozenset({2024}))
        reading = read_clock(spec(), [Segment(RUN, local(2024, 12, 20, 15), DAYS_10)], calendar, now=FIRST)
        assert reading.is_provisional
        assert not read_clock(
            spec(), [Segment(RUN, local(2024, 12, 2, 9), DAYS_10)], calendar, now=FIRST
        ).is_provisional

    def test_lose_nothing_to_a_pause_over_days_off(self) -> None:
        limit = Limit(Mode.WORKING_DAYS, 3)
        segments = [
            Segment(RUN, local(2025, 1, 27, 10), limit),
            Segment(PAUSE, local(2025, 1, 28), limit, reason="等待材料"),
            Segment(RUN, local(2025, 2, 5), limit),
        ]
        assert read_clock(spec(), segments, CALENDAR, now=local(2025, 2, 5)).due_at == local(2025, 2, 8)

    def test_end_with_the_day_on_which_a_paused_term_becomes_full(self) -> None:
        limit = Limit(Mode.WORKING_DAYS, 2)
        segments = [
            Segment(RUN, local(2025, 1, 6, 9), limit),
            Segment(PAUSE, local(2025, 1, 7, 10), limit),
            Segment(RUN, local(2025, 1, 8, 10), limit),
        ]
        # 10 hours of the 7th, 14 of the 8th, the 9th: full at 10:00 ... of no day but by the end of the 9th.
        assert read_clock(spec(), segments, CALENDAR, now=local(2025, 1, 8, 12)).due_at == local(2025, 1, 10)


class TestReading:
    LIMIT = Limit(Mode.MINUTES, 100)

    def test_of_a_clock_that_never_started_is_idle(self) -> None:
        assert read_clock(spec(), [], CALENDAR, now=FIRST).state is ClockState.IDLE

    @pytest.mark.parametrize(
        ("minutes", "level"), [(74, Level.CALM), (75, Level.YELLOW), (100, Level.YELLOW), (101, Level.RED)]
    )
    def test_turns_yellow_then_red(self, minutes: int, level: Level) -> None:
        now = FIRST + MINUTE * minutes
        assert read_clock(spec(), [Segment(RUN, FIRST, self.LIMIT)], CALENDAR, now=now).level is level

    def test_of_a_paused_clock_says_why_and_promises_no_moment(self) -> None:
        segments = [Segment(RUN, FIRST, self.LIMIT), Segment(PAUSE, FIRST + MINUTE * 30, self.LIMIT, reason="等用户")]
        reading = read_clock(spec(), segments, CALENDAR, now=FIRST + MINUTE * 500)
        assert (reading.state, reading.reason, reading.due_at) == (ClockState.PAUSED, "等用户", None)
        assert reading.remaining == MINUTE * 70

    def test_takes_the_limit_of_the_last_segment_for_all_of_the_round(self) -> None:
        six_hours, ten_days = Limit(Mode.HOURS, 6), Limit(Mode.WORKING_DAYS, 10)
        start = local(2024, 12, 20, 15)
        segments = [Segment(RUN, start, six_hours), Segment(RUN, start + MINUTE * 120, ten_days)]
        before = read_clock(spec(), segments[:1], CALENDAR, now=start + MINUTE * 60)
        after = read_clock(spec(), segments, CALENDAR, now=start + MINUTE * 180)
        assert before.due_at == local(2024, 12, 20, 21)
        assert after.due_at == local(2025, 1, 4)

    def test_turns_to_a_new_round_when_work_begins_again(self) -> None:
        segments = [
            Segment(RUN, FIRST, self.LIMIT),
            Segment(STOP, FIRST + MINUTE * 90, self.LIMIT),
            Segment(RUN, FIRST + MINUTE * 600, self.LIMIT, round=2),
        ]
        reading = read_clock(spec(), segments, CALENDAR, now=FIRST + MINUTE * 610)
        assert (reading.round, reading.elapsed) == (2, MINUTE * 10)

    def test_forgets_a_round_that_was_taken_back(self) -> None:
        segments = [
            Segment(RUN, FIRST, self.LIMIT),
            Segment(STOP, FIRST + MINUTE * 90, self.LIMIT),
            Segment(RUN, FIRST + MINUTE * 95, self.LIMIT, round=2),
            Segment(VOID, FIRST + MINUTE * 95, self.LIMIT, round=2),
        ]
        reading = read_clock(spec(), segments, CALENDAR, now=FIRST + MINUTE * 610)
        assert (reading.state, reading.round, reading.elapsed) == (ClockState.STOPPED, 1, MINUTE * 90)

    def test_of_a_stopped_clock_stays_as_it_was(self) -> None:
        segments = [Segment(RUN, FIRST, self.LIMIT), Segment(STOP, FIRST + MINUTE * 90, self.LIMIT)]
        one = read_clock(spec(), segments, CALENDAR, now=FIRST + MINUTE * 100)
        two = read_clock(spec(), segments, CALENDAR, now=datetime(2030, 1, 1, tzinfo=UTC))
        assert one == two
