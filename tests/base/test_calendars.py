"""Working days as the law counts them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengshu.base.calendars import (
    NoticeCalendar,
    add_working_days,
    count_working_days,
    is_span_final,
    local_day,
    start_of_day,
)

# The National Day of 2024 with its adjusted workdays, and nothing else of that year.
AUTUMN = NoticeCalendar(
    {date(2024, 10, day): False for day in range(1, 8)} | {date(2024, 9, 29): True, date(2024, 10, 12): True},
    frozenset({2024}),
)
DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))


class TestWorkdays:
    def test_follow_the_week(self) -> None:
        assert AUTUMN.is_workday(date(2024, 9, 27))
        assert not AUTUMN.is_workday(date(2024, 9, 28))

    def test_leave_out_holidays_and_take_in_adjusted_workdays(self) -> None:
        assert AUTUMN.is_workday(date(2024, 9, 29))
        assert not AUTUMN.is_workday(date(2024, 10, 1))

    def test_have_seven_office_hours(self) -> None:
        assert AUTUMN.count_working_minutes(date(2024, 9, 29)) == 420
        assert AUTUMN.count_working_minutes(date(2024, 10, 1)) == 0


class TestTerms:
    def test_do_not_count_the_first_day(self) -> None:
        assert add_working_days(date(2024, 9, 26), 1, AUTUMN).day == date(2024, 9, 27)

    def test_may_count_the_first_day_where_a_place_wants_it(self) -> None:
        assert add_working_days(date(2024, 9, 26), 1, AUTUMN, counts_first_day=True).day == date(2024, 9, 26)

    def test_begun_on_a_day_off_count_from_the_next_workday(self) -> None:
        assert add_working_days(date(2024, 10, 3), 1, AUTUMN).day == date(2024, 10, 8)

    def test_pass_over_a_long_holiday_by_its_adjusted_workdays(self) -> None:
        # 27, 29 (Sunday, adjusted), 30 September, 8, 9 October
        assert add_working_days(date(2024, 9, 26), 5, AUTUMN).day == date(2024, 10, 9)

    def test_into_a_year_not_announced_are_provisional(self) -> None:
        due = add_working_days(date(2024, 11, 25), 30, AUTUMN)
        assert due.day == date(2025, 1, 6)
        assert due.is_provisional

    def test_within_an_announced_year_are_final(self) -> None:
        assert not add_working_days(date(2024, 9, 26), 5, AUTUMN).is_provisional

    def test_at_the_end_of_a_year_wait_for_the_next_notice(self) -> None:
        assert add_working_days(date(2024, 12, 25), 2, AUTUMN).is_provisional
        both = NoticeCalendar(AUTUMN.exceptions, frozenset({2024, 2025}))
        assert not add_working_days(date(2024, 12, 25), 2, both).is_provisional

    def test_over_a_year_not_announced_in_between_are_provisional(self) -> None:
        gap = NoticeCalendar({}, frozenset({2024, 2026}))
        assert not is_span_final(date(2024, 6, 1), date(2026, 6, 1), gap)

    @pytest.mark.parametrize("count", [0, -1])
    def test_without_a_day_are_refused(self, count: int) -> None:
        with pytest.raises(ValueError, match="at least one"):
            add_working_days(date(2024, 9, 26), count, AUTUMN)

    @given(start=DAYS, first=st.integers(1, 60), second=st.integers(1, 60))
    def test_follow_each_other_without_loss(self, start: date, first: int, second: int) -> None:
        halfway = add_working_days(start, first, AUTUMN).day
        assert add_working_days(halfway, second, AUTUMN).day == add_working_days(start, first + second, AUTUMN).day

    @given(start=DAYS, count=st.integers(1, 120))
    def test_are_counted_back_to_their_length(self, start: date, count: int) -> None:
        due = add_working_days(start, count, AUTUMN).day
        assert count_working_days(start, due, AUTUMN) == count
        assert AUTUMN.is_workday(due)


class TestMoments:
    def test_belong_to_the_day_in_the_city(self) -> None:
        assert local_day(datetime(2024, 9, 26, 16, 0, tzinfo=UTC)) == date(2024, 9, 27)

    @given(day=DAYS)
    def test_have_days_of_24_hours_all_year(self, day: date) -> None:
        assert start_of_day(day + timedelta(days=1)) - start_of_day(day) == timedelta(hours=24)
        assert start_of_day(day).utcoffset() == timedelta(hours=8)


class TestDigest:
    def test_changes_with_a_day_and_not_with_the_order(self) -> None:
        turned = NoticeCalendar(dict(reversed(list(AUTUMN.exceptions.items()))), AUTUMN.announced)
        other = NoticeCalendar({**AUTUMN.exceptions, date(2024, 10, 8): False}, AUTUMN.announced)
        assert turned.digest == AUTUMN.digest
        assert other.digest != AUTUMN.digest
