"""Clocks that come to yellow or red are found, once each, whatever becomes of other tickets."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kernel.tickets.conftest import Open

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import list_entries
from chengshu.kernel.calendars.facade import load_calendar, load_notices
from chengshu.kernel.tickets import facade, registry
from chengshu.kernel.tickets.facade import Escalation, Given, Settlement, Ticket, sweep_escalations
from chengshu.kernel.tickets.models import Forecast, RaisedLevel, TicketEvent

MINUTE = timedelta(minutes=1)
NOTICE = """
[[notices]]
year = 2024
title = "试验用的通知"
reference = "试验"
holidays = [ { name = "某节", from = 2024-03-18, to = 2024-03-19 } ]
workdays = []
"""
Listeners = list[registry.Listener]


class TestSweep:
    def test_raises_yellow_and_then_red_once_each(self, ticket: Ticket, now: datetime) -> None:
        assert sweep_escalations(now=now + 22 * MINUTE) == facade.SweepResult()
        assert sweep_escalations(now=now + 23 * MINUTE).yellow == 1
        assert sweep_escalations(now=now + 24 * MINUTE) == facade.SweepResult()
        assert sweep_escalations(now=now + 31 * MINUTE).red == 1
        assert sweep_escalations(now=now + 32 * MINUTE) == facade.SweepResult()
        raised = RaisedLevel.objects.filter(ticket=ticket, clock="response").order_by("pk")
        assert list(raised.values_list("level", flat=True)) == ["yellow", "red"]

    def test_that_comes_late_raises_both(self, ticket: Ticket, now: datetime) -> None:
        result = sweep_escalations(now=now + 10 * 60 * MINUTE)
        assert (result.yellow, result.red) == (2, 2)
        events = TicketEvent.objects.filter(ticket=ticket, action="escalate")
        assert events.count() == 4
        assert [e.action for e in list_entries(f"ticket:{ticket.pk}")].count("tickets.escalate") == 4

    def test_lets_standing_and_stopped_clocks_be(self, ticket: Ticket, handler: User, now: datetime) -> None:
        facade.act(ticket.pk, "accept", actor=handler, now=now, expected_version=1)
        given = Given(note="等用户")
        facade.act(ticket.pk, "wait", actor=handler, now=now, expected_version=2, given=given)
        assert sweep_escalations(now=now + 1000 * 60 * MINUTE) == facade.SweepResult()

    def test_goes_on_past_a_ticket_that_fails(self, open_one: Open, now: datetime, listeners: Listeners) -> None:
        bad, good = open_one("坏的", after=-1), open_one("好的")
        heard: list[str] = []

        def listen(news: Escalation) -> None:
            if news.ticket_id == bad.pk:
                raise RuntimeError("the mail server is gone")
            heard.append(f"{news.number} {news.level}")

        listeners.append(listen)
        result = sweep_escalations(now=now + 25 * MINUTE)
        assert heard == [f"{good.number} yellow"]
        assert list(result.failed) == [f"ticket:{bad.pk}"]
        assert not RaisedLevel.objects.filter(ticket=bad).exists()
        listeners.remove(listen)
        assert sweep_escalations(now=now + 26 * MINUTE).yellow == 1

    def test_goes_on_past_a_kind_that_is_gone(self, open_one: Open, now: datetime) -> None:
        lost, good = open_one("种类没了", after=-1), open_one("好的")
        Ticket.objects.filter(pk=lost.pk).update(kind="gone")
        result = sweep_escalations(now=now + 25 * MINUTE)
        assert list(result.failed) == [f"ticket:{lost.pk}"]
        assert RaisedLevel.objects.filter(ticket=good).exists()

    def test_raises_again_in_a_new_round(self, ticket: Ticket, handler: User, leader: User, now: datetime) -> None:
        facade.act(ticket.pk, "accept", actor=handler, now=now, expected_version=1)
        sweep_escalations(now=now + 300 * MINUTE)
        later, done = now + 301 * MINUTE, Given(note="好了")
        facade.act(ticket.pk, "finish", actor=handler, now=later, expected_version=2, given=done)
        again = Given(note="没好", outcome=facade.Outcome.UNSOLVED)
        facade.act(ticket.pk, "send_back", actor=leader, now=later, expected_version=3, given=again)
        assert sweep_escalations(now=later + 200 * MINUTE).yellow == 1


class TestCalendarChange:
    def test_moves_what_is_open_and_leaves_what_is_settled(self, ticket: Ticket, handler: User, now: datetime) -> None:
        facade.act(ticket.pk, "accept", actor=handler, now=now, expected_version=1)
        done = Given(note="好了")
        finished = facade.act(ticket.pk, "finish", actor=handler, now=now, expected_version=2, given=done)
        before = list(Settlement.objects.order_by("pk").values())
        assert finished.due_at == datetime.fromisoformat("2024-03-20T00:00+08:00")
        load_notices(NOTICE, actor=None, now=now)
        assert facade.renew_forecasts(now) == 1
        ticket.refresh_from_db()
        assert ticket.due_at == datetime.fromisoformat("2024-03-22T00:00+08:00")
        assert list(Settlement.objects.order_by("pk").values()) == before
        assert Forecast.objects.get().calendar_digest == load_calendar().digest

    def test_is_caught_up_by_the_sweep(self, ticket: Ticket, now: datetime) -> None:
        Forecast.objects.filter(ticket=ticket).update(calendar_digest="of another calendar", alert_at=now - MINUTE)
        assert sweep_escalations(now=now + MINUTE) == facade.SweepResult()
        assert set(Forecast.objects.values_list("calendar_digest", flat=True)) == {load_calendar().digest}


STEPS = st.lists(
    st.tuples(st.sampled_from(["accept", "wait", "go_on", "finish", "undo", "urgent"]), st.integers(0, 200)),
    max_size=8,
)


@pytest.mark.django_db
@given(steps=STEPS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_forecasts_say_what_the_clocks_say_after_any_steps(
    steps: list[tuple[str, int]], open_one: Open, handler: User, leader: User, now: datetime
) -> None:
    ticket = open_one()
    at = now
    for action, minutes in steps:
        at += MINUTE * minutes
        try:
            if action == "undo":
                facade.undo(ticket.pk, actor=handler, now=at)
            elif action == "urgent":
                facade.reclassify(ticket.pk, "urgent", actor=leader, now=at, expected_version=None, reason="急")
            else:
                given = Given(note="说明")
                facade.act(ticket.pk, action, actor=handler, now=at, expected_version=None, given=given)
        except facade.TicketError:
            continue
    ticket.refresh_from_db()
    readings = facade.read_clocks([ticket], load_calendar(), now=at)[ticket.pk]
    running = {r.key: r.due_at for r in readings if r.state is facade.ClockState.RUNNING}
    assert dict(Forecast.objects.filter(ticket=ticket).values_list("clock", "due_at")) == running
    assert ticket.due_at == min((due for due in running.values() if due), default=None)
