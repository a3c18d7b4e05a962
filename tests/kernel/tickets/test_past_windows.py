"""Figures of tickets tell of a past month what stood at its end, whenever they are measured; nothing later changes them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from kernel.tickets.conftest import Open

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.indicators import facade as indicators
from chengshu.kernel.indicators.facade import Measurement, Window
from chengshu.kernel.organisations.facade import Organisation
from chengshu.kernel.tickets import facade
from chengshu.kernel.tickets.facade import FIGURES, Given, Outcome, RoundCount, Settlement, Ticket
from chengshu.kernel.tickets.models import TicketStanding

pytestmark = pytest.mark.django_db

MARCH, APRIL = Window(date(2024, 3, 1), date(2024, 3, 31)), Window(date(2024, 4, 1), date(2024, 4, 30))
NOVEMBER = Window(date(2024, 11, 1), date(2024, 11, 30))
MIDNIGHT = datetime(2024, 3, 31, 16, tzinfo=UTC)  # of 1 April in the city
LATER = datetime(2024, 11, 5, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DONE, SOLVED = Given(note="好了"), Given(outcome=Outcome.SOLVED)


def _act(ticket: Ticket, actor: User, at: datetime, step: str, given: Given = DONE) -> None:
    facade.act(ticket.pk, step, actor=actor, now=at, expected_version=None, given=given)


def _measured(window: Window, keys: Iterable[str] = ()) -> dict[str, Measurement]:
    told = [key for figure in FIGURES if (key := figure.key.removeprefix("tickets.")) in keys or not keys]
    return {
        key: indicators.measure(f"tickets.{key}", window, "", actor=None, now=LATER + timedelta(days=99))
        for key in told
    }


def _told(window: Window, key: str) -> tuple[int | None, int]:
    kept = _measured(window, [key])[key]
    return (None if kept.value is None else round(kept.value), kept.counted)


@pytest.fixture
def repaired(open_one: Open, handler: User, leader: User) -> Ticket:
    """A repair of March that was late, called back and rated two stars."""
    ticket = open_one()
    _act(ticket, handler, ticket.opened_at + MINUTE, "accept", Given())
    _act(ticket, handler, ticket.opened_at + MINUTE * 300, "finish")
    _act(ticket, leader, ticket.opened_at + MINUTE * 310, "confirm", SOLVED)
    _act(ticket, leader, ticket.opened_at + MINUTE * 320, "rate", Given(rating=2))
    return ticket


def test_a_ticket_that_is_opened_again_stays_in_the_month_that_is_over(
    repaired: Ticket, handler: User, leader: User
) -> None:
    window = Window(date(2024, 1, 1), date(2024, 10, 31))
    before = _measured(window)
    assert before["rating_mean"].value == 2
    assert before["follow_up_rate"].value == 100
    _act(repaired, leader, LATER, "reopen")
    _act(repaired, handler, LATER + MINUTE, "finish")
    _act(repaired, leader, LATER + MINUTE * 2, "confirm", Given(outcome=Outcome.UNREACHED))
    _act(repaired, leader, LATER + MINUTE * 3, "rate", Given(rating=5))
    after = _measured(window)
    assert {key: kept.digest for key, kept in after.items()} == {key: kept.digest for key, kept in before.items()}
    assert all(indicators.verify_measurement(kept).same for kept in before.values())
    assert (_told(NOVEMBER, "rating_mean"), _told(NOVEMBER, "follow_up_rate")) == ((5, 1), (0, 1))


def test_a_step_that_is_taken_back_after_midnight_stands_in_the_day_before(
    open_one: Open, handler: User, leader: User
) -> None:
    ticket = open_one()
    _act(ticket, handler, ticket.opened_at + MINUTE, "accept", Given())
    _act(ticket, handler, MIDNIGHT - MINUTE * 5, "finish")
    facade.undo(ticket.pk, actor=handler, now=MIDNIGHT + MINUTE * 3)
    _act(ticket, handler, MIDNIGHT + MINUTE * 60, "finish")
    _act(ticket, leader, MIDNIGHT + MINUTE * 70, "confirm", SOLVED)
    for window, called_back in ((MARCH, 0), (APRIL, 100)):
        assert _told(window, "follow_up_rate") == (called_back, 1)
        assert _told(window, "repair_minutes_mean")[1] == 1
    assert _told(Window(MARCH.first, APRIL.last), "repair_minutes_mean")[1] == 1  # of both months, what stood last


def test_a_call_back_of_the_next_month_comes_too_late_for_this_one(open_one: Open, handler: User, leader: User) -> None:
    ticket = open_one()
    _act(ticket, handler, ticket.opened_at + MINUTE, "accept", Given())
    _act(ticket, handler, ticket.opened_at + MINUTE * 2, "finish")
    _act(ticket, leader, MIDNIGHT, "confirm", SOLVED)
    assert _told(MARCH, "follow_up_rate") == (0, 1)
    assert _told(Window(MARCH.first, APRIL.last), "follow_up_rate") == (100, 1)


def test_voiding_neither_fills_up_the_rate_nor_takes_away_what_was_late(open_one: Open, leader: User) -> None:
    early, late = open_one("开错了"), open_one("没人管")
    _act(early, leader, early.opened_at + MINUTE, "void")
    _act(late, leader, late.opened_at + MINUTE * 300, "void")
    assert _told(MARCH, "on_time_rate") == (0, 2)  # response and repair of the one that was overdue
    assert _told(MARCH, "response_minutes_mean") == (None, 0)
    assert set(Settlement.objects.values_list("is_void", flat=True)) == {True}


def _rounds(window: tuple[datetime, datetime]) -> list[RoundCount]:
    return facade.count_rounds("repair", ["repair"], since=window[0], until=window[1])


def test_rounds_of_a_month_stay_as_they_were_at_its_end(open_one: Open, handler: User, unit: Organisation) -> None:
    month = (datetime(2024, 2, 29, 16, tzinfo=UTC), MIDNIGHT)
    ticket, other = open_one("拖着的"), open_one("没人提醒的")
    _act(ticket, handler, ticket.opened_at + MINUTE, "accept", Given())
    _act(other, handler, other.opened_at + MINUTE, "accept", Given())
    _act(other, handler, MIDNIGHT + MINUTE, "finish")
    facade.sweep_escalations(now=MIDNIGHT)
    before = _rounds(month)
    assert before == [RoundCount(unit.pk, rounds=2, met=0, escalated=1)]
    _act(ticket, handler, LATER, "finish")
    assert _rounds(month) == before


def _rows() -> list[tuple[object, ...]]:
    names = ("ticket", "since_at", "ended_at", "work_done_at", "followed_up_at", "rating", "rated_at", "is_void")
    return list(TicketStanding.objects.order_by("ticket", "since_at").values_list(*names, "kind", "organisation"))


def test_what_stood_before_standings_were_kept_is_told_by_the_steps(
    repaired: Ticket, open_one: Open, handler: User, leader: User
) -> None:
    _act(repaired, leader, LATER, "reopen")
    _act(repaired, handler, LATER + MINUTE, "finish")
    void = open_one("开错了")
    _act(void, leader, void.opened_at + MINUTE, "void")
    facade.comment(void.pk, "确实开错了", actor=leader, now=void.opened_at + MINUTE * 2)
    open_one("还没有人看")
    kept, digests = _rows(), {key: one.digest for key, one in _measured(MARCH).items()}
    taken_back = open_one("撤回过的")
    _act(taken_back, leader, taken_back.opened_at + MINUTE, "void")
    facade.undo(taken_back.pk, actor=leader, now=taken_back.opened_at + MINUTE * 2)
    with connection.cursor() as cursor:  # as it was before the upgrade
        cursor.execute("DELETE FROM tickets_ticketstanding")
    Settlement.objects.update(is_void=False)
    migration = import_module("chengshu.kernel.tickets.migrations.0006_earlier_standings")
    for _again in range(2):
        migration.keep_tickets(apps, _Editor())
        migration.mark_void(apps, _Editor())
    assert _rows() == kept
    assert {key: one.digest for key, one in _measured(MARCH).items()} == digests
    assert Settlement.objects.filter(is_void=True, revoked_at=None).count() == 2


class _Editor:
    """What the functions of a migration ask of an editor: the connection that they work on."""

    connection = connection
