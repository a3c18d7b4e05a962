"""By when duties are done."""

from datetime import date

import pytest

from chengshu.base.calendars import NoticeCalendar
from chengshu.performance.contracts.duties import DutyKind
from chengshu.performance.rules.year.duties import due_after, due_of_year, list_terms

# The National Day week of 2024 as announced, with its two adjusted workdays.
CALENDAR = NoticeCalendar(
    {date(2024, 9, 29): True, date(2024, 10, 12): True} | {date(2024, 10, day): False for day in range(1, 8)},
    frozenset({2024}),
)


class TestTerms:
    def test_every_kind_has_a_term_but_those_with_days_of_their_own(self) -> None:
        assert set(DutyKind) - set(list_terms()) == {DutyKind.MONITOR, DutyKind.TICKET}

    def test_every_term_says_where_it_comes_from(self) -> None:
        assert all(term.source for term in list_terms().values())

    def test_goals_are_written_before_the_year_and_evaluations_after_it(self) -> None:
        assert due_of_year(DutyKind.WRITE_GOALS, 2025, CALENDAR).day == date(2024, 10, 31)
        assert due_of_year(DutyKind.EVALUATE, 2023, CALENDAR).day == date(2024, 3, 31)


class TestReviewing:
    def test_counts_working_days_over_the_holidays(self) -> None:
        # From 26 September: 27, 29 (adjusted), 30, 8 October, 9 October.
        assert due_after(DutyKind.REVIEW_MONITORING, date(2024, 9, 26), CALENDAR).day == date(2024, 10, 9)

    @pytest.mark.parametrize(("began", "is_provisional"), [(date(2024, 9, 2), False), (date(2025, 9, 1), True)])
    def test_is_provisional_where_a_notice_is_still_to_come(self, began: date, *, is_provisional: bool) -> None:
        assert due_after(DutyKind.REVIEW_GOALS, began, CALENDAR).is_provisional is is_provisional
