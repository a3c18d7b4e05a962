"""Figures of the service's tickets tell of a past month what stood at its end; voiding and finishing later alter nothing."""

from datetime import UTC, date, datetime, timedelta

import pytest
from resources.catalogue.town import Town, found_town
from resources.indicators.test_edges import MIDNIGHT, WHOLE_MARCH, hire_for_tickets

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.grants.facade import HouseRole, NewGrant
from chengshu.kernel.indicators.facade import Measurement, Window, get_spec, measure, verify_measurement
from chengshu.kernel.tickets import facade as tickets
from chengshu.kernel.tickets.facade import Given, NewTicket, Ticket

pytestmark = pytest.mark.django_db

KEYS = ("work_on_time_rate", "trouble_on_time_rate", "service_fault_rate", "security_checks")
FIRST, LATER = datetime(2024, 3, 18, 1, tzinfo=UTC), datetime(2024, 11, 5, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
SPRING = Window(date(2024, 3, 1), date(2024, 5, 31))


def _measured(window: Window = WHOLE_MARCH) -> dict[str, Measurement]:
    return {key: measure(f"resources.{key}", window, "", actor=None, now=LATER) for key in KEYS}


def _told(window: Window = WHOLE_MARCH) -> dict[str, tuple[int | None, int]]:
    return {
        key: (None if kept.value is None else int(kept.value), kept.counted) for key, kept in _measured(window).items()
    }


@pytest.fixture
def town() -> Town:
    return found_town()


@pytest.fixture
def handler(town: Town) -> User:
    return hire_for_tickets(town, "handler")


@pytest.fixture
def leader(town: Town) -> User:
    account = hire_for_tickets(town, "leader")
    new = NewGrant(account.pk, HouseRole.DEPARTMENT_REVIEWER, town.civil.pk, FIRST.date(), "分工")
    grants.give_grant(new, actor=None, now=FIRST)
    return account


def _open(town: Town, kind: str, category: str, at: datetime = FIRST) -> Ticket:
    return tickets.open_ticket(NewTicket(kind, category, town.civil.pk, category=category), actor=None, now=at)


def _act(ticket: Ticket, actor: User, at: datetime, step: str, **given: object) -> None:
    parts = Given(note="办好了", **given)  # type: ignore[arg-type]
    tickets.act(ticket.pk, step, actor=actor, now=at, expected_version=None, given=parts)


def _do(ticket: Ticket, handler: User, at: datetime) -> None:
    _act(ticket, handler, at - HOUR, "accept")
    _act(ticket, handler, at, "finish")


def test_what_becomes_of_tickets_later_leaves_a_month_that_is_over_as_it_was(
    town: Town, handler: User, leader: User
) -> None:
    check, hanging = _open(town, "data_work", "security_check"), _open(town, "data_trouble", "platform")
    unseen, source = _open(town, "data_trouble", "platform"), _open(town, "data_trouble", "source")
    _do(check, handler, FIRST + HOUR * 3)
    _do(source, handler, FIRST + HOUR * 3)
    _act(check, leader, FIRST + HOUR * 4, "confirm", outcome=tickets.Outcome.SOLVED)
    _act(check, leader, FIRST + HOUR * 5, "rate", rating=5)
    tickets.sweep_escalations(now=MIDNIGHT)
    before = _measured()
    assert _told() == {
        "work_on_time_rate": (100, 1),
        "trouble_on_time_rate": (33, 3),
        "service_fault_rate": (50, 4),
        "security_checks": (1, 1),
    }
    _act(unseen, leader, LATER, "void")
    _do(hanging, handler, LATER)
    _act(check, leader, LATER, "reopen")
    after = _measured()
    assert {key: kept.digest for key, kept in after.items()} == {key: kept.digest for key, kept in before.items()}
    assert all(verify_measurement(kept).same for kept in before.values())


def test_a_void_of_the_window_takes_a_fault_out_and_no_overdue_limit(town: Town, leader: User) -> None:
    early, late = _open(town, "data_trouble", "platform"), _open(town, "data_trouble", "platform")
    _act(early, leader, FIRST + HOUR, "void")
    tickets.sweep_escalations(now=FIRST + HOUR * 9)
    _act(late, leader, FIRST + HOUR * 10, "void")
    assert (_told()["trouble_on_time_rate"], _told()["service_fault_rate"]) == ((0, 1), (None, 0))


def test_a_limit_of_which_nobody_was_told_counts_as_overdue_once_it_has_stopped(town: Town, handler: User) -> None:
    ticket = _open(town, "data_trouble", "platform")
    assert _told()["trouble_on_time_rate"] == (None, 0)  # no worker looked
    _do(ticket, handler, MIDNIGHT + HOUR)
    assert _told()["trouble_on_time_rate"] == (0, 1)
    assert _told(SPRING)["trouble_on_time_rate"] == (0, 1)


def test_work_that_is_taken_back_after_midnight_was_done_the_day_before(town: Town, handler: User) -> None:
    ticket = _open(town, "data_work", "security_check", MIDNIGHT - HOUR * 4)
    _do(ticket, handler, MIDNIGHT - timedelta(minutes=4))
    tickets.undo(ticket.pk, actor=handler, now=MIDNIGHT + timedelta(minutes=4))
    assert (_told()["work_on_time_rate"], _told()["security_checks"]) == ((100, 1), (1, 1))
    assert (_told(SPRING)["work_on_time_rate"], _told(SPRING)["security_checks"]) == ((None, 0), (0, 0))
    _act(ticket, handler, MIDNIGHT + HOUR, "finish")
    assert (_told(SPRING)["work_on_time_rate"], _told(SPRING)["security_checks"]) == ((100, 1), (1, 1))


@pytest.mark.parametrize("key", KEYS)
def test_definitions_say_that_the_end_of_the_window_holds(key: str) -> None:
    assert "期末" in str(get_spec(f"resources.{key}").definition)
