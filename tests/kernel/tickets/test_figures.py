"""Figures against sums that anybody can do by hand."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kernel.tickets.conftest import Open

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.organisations.facade import Organisation
from chengshu.kernel.tickets import facade
from chengshu.kernel.tickets.facade import Given, Outcome, Settlement, Ticket
from chengshu.kernel.tickets.models import TicketStanding
from chengshu.kernel.tickets.queries.figures import (
    FIGURES,
    FigureSpec,
    GroupBy,
    Scope,
    break_down,
    find_figure,
    measure_figure,
    rows_sql,
    run_statement,
)

YEAR = Scope(datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC))
MEAN = find_figure("tickets.repair_minutes_mean")
MINUTE = timedelta(minutes=1)


def _settle(unit: Organisation, category: str, minutes: Iterable[int], *, start: int = 0, is_met: bool = True) -> None:
    """Keep repairs that took so many minutes, one a day from March on."""
    lengths = list(minutes)
    first = datetime(2024, 3, 1, tzinfo=UTC)
    tickets = Ticket.objects.bulk_create(
        Ticket(
            kind="repair",
            number=f"{category}-{start + number}",
            title="断网",
            organisation=unit,
            priority="normal",
            category=category,
            state="closed",
            opened_at=first,
        )
        for number in range(len(lengths))
    )
    Settlement.objects.bulk_create(
        Settlement(
            ticket=ticket,
            kind="repair",
            category=category,
            priority="normal",
            organisation=unit,
            clock="repair",
            round=1,
            mode="hours",
            limit=4,
            elapsed_seconds=length * 60,
            is_met=is_met,
            started_at=first + timedelta(days=number % 300),
            stopped_at=first + timedelta(days=number % 300, minutes=length),
            is_provisional=False,
            calendar_digest="",
        )
        for number, (ticket, length) in enumerate(zip(tickets, lengths, strict=True))
    )


def stand(ticket: Ticket, done_at: datetime, **told: Any) -> None:
    """Let a ticket have been done, and told of it what else is given, since it was done."""
    place = {"kind": ticket.kind, "category": ticket.category, "organisation_id": ticket.organisation_id}
    TicketStanding.objects.create(ticket=ticket, since_at=done_at, work_done_at=done_at, **place, **told)


@pytest.mark.django_db
class TestRepairs:
    def test_of_both_sides_together_have_the_mean_of_the_year(self, unit: Organisation) -> None:
        # 111 repairs at the network's side of 140 minutes in the mean, 404 at the user's of 67: 515 of 83.
        _settle(unit, "network", (140 + number - 55 for number in range(111)))
        _settle(unit, "user", (67 + (20 if number % 2 else -20) for number in range(404)))
        whole = measure_figure(MEAN, YEAR)
        assert whole.denominator == 515
        assert whole.value is not None
        assert round(whole.value) == 83
        sides = {figure.group: figure for figure in break_down(MEAN, YEAR, GroupBy.CATEGORY)}
        assert [(sides[key].denominator, sides[key].value) for key in ("network", "user")] == [
            (Decimal(111), Decimal(140)),
            (Decimal(404), Decimal(67)),
        ]

    def test_fall_into_the_window_by_the_moment_at_which_they_ended(self, unit: Organisation) -> None:
        _settle(unit, "user", [60])
        late = Scope(datetime(2024, 3, 1, 1, 0, 1, tzinfo=UTC), YEAR.until)
        exact = Scope(datetime(2024, 3, 1, 1, tzinfo=UTC), YEAR.until)
        assert measure_figure(MEAN, late).value is None
        assert measure_figure(MEAN, exact).value == 60

    def test_are_told_apart_by_month_of_the_city_and_by_unit(self, unit: Organisation, elsewhere: Organisation) -> None:
        _settle(unit, "user", [60] * 40)
        _settle(elsewhere, "user", [30], start=40)
        months = break_down(MEAN, YEAR, GroupBy.MONTH)
        assert [(figure.group, int(figure.denominator)) for figure in months] == [("2024-03", 32), ("2024-04", 9)]
        own = Scope(YEAR.since, YEAR.until, organisation_ids=[elsewhere.pk])
        assert measure_figure(MEAN, own).value == 30
        nobody = Scope(YEAR.since, YEAR.until, organisation_ids=[])
        assert measure_figure(MEAN, nobody).value is None

    def test_taken_back_do_not_count(self, unit: Organisation) -> None:
        _settle(unit, "user", [60, 90])
        revoked = Settlement.objects.order_by("pk").last()
        assert revoked is not None
        revoked.revoked_at = revoked.stopped_at + MINUTE
        revoked.save(update_fields=["revoked_at"])
        assert measure_figure(MEAN, YEAR).value == 60


@pytest.mark.django_db
@given(minutes=st.lists(st.integers(1, 500), min_size=1, max_size=30), percentile=st.sampled_from([50, 90]))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_percentiles_are_the_nearest_rank(unit: Organisation, minutes: list[int], percentile: int) -> None:
    Settlement.objects.all().delete()
    Ticket.objects.all().delete()
    _settle(unit, "user", minutes)
    rank = -(-len(minutes) * percentile // 100)
    figure = measure_figure(find_figure(f"tickets.repair_minutes_p{percentile}"), YEAR)
    assert figure.value == sorted(minutes)[rank - 1]


@pytest.mark.django_db
class TestWholeWay:
    def test_counts_what_people_did(self, open_one: Open, handler: User, leader: User, now: datetime) -> None:
        for number, rating in enumerate((5, 4, 2)):
            ticket = open_one(f"第{number}张", after=number)
            steps = (
                (handler, "accept", 20 * (number + 1), Given()),
                (handler, "finish", 100, Given(note="好了")),
                (leader, "confirm", 200, Given(outcome=Outcome.UNREACHED if number else Outcome.SOLVED)),
                (leader, "rate", 300, Given(rating=rating)),
            )
            for actor, action, after, parts in steps:
                at = now + MINUTE * after
                facade.act(ticket.pk, action, actor=actor, now=at, expected_version=None, given=parts)
        response = Scope(YEAR.since, YEAR.until, kind="repair", clock="response")
        assert self._value("on_time_rate", response) == Decimal("33.33")  # the second and third took over 30 minutes
        assert self._value("response_minutes_mean", YEAR) == 39
        assert self._value("follow_up_rate", YEAR) == Decimal("33.33")
        assert self._value("satisfaction_rate", YEAR) == Decimal("66.67")
        assert self._value("rating_mean", YEAR) == Decimal("3.67")

    def _value(self, key: str, scope: Scope) -> Decimal:
        value = measure_figure(find_figure(f"tickets.{key}"), scope).value
        assert value is not None
        return round(value, 2)

    @pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.key)
    def test_gives_the_rows_behind_each_figure(self, figure: FigureSpec, unit: Organisation) -> None:
        _settle(unit, "user", [60, 90, 30])
        for ticket in Ticket.objects.all():
            stand(ticket, YEAR.since, rating=5, rated_at=YEAR.since)
        rows = run_statement(rows_sql(figure, YEAR))
        whole = measure_figure(figure, YEAR)
        assert len(rows) == whole.denominator
        assert sum(Decimal(str(row[-2])) for row in rows) == whole.numerator
        assert [row[0] for row in rows] == sorted(row[0] for row in rows)

    @pytest.mark.parametrize("by", [None, *GroupBy])
    @pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.key)
    def test_of_nothing_is_nothing(self, figure: FigureSpec, by: GroupBy | None) -> None:
        assert break_down(figure, YEAR, by) == []
        assert measure_figure(figure, YEAR).value is None
