"""Synthetic tickets are the same for the same seed, and pass through the steps that people take."""

from datetime import datetime, timedelta

import pytest

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.organisations.facade import Organisation
from chengshu.kernel.tickets.facade import Crew, Scope, Settlement, Ticket, find_figure, measure_figure, replay_tickets
from chengshu.synthetic.tickets import SyntheticTicket, generate_tickets


def _generate(now: datetime, count: int = 40, seed: int = 7) -> list[SyntheticTicket]:
    return list(generate_tickets(count, seed=seed, since=now, days=30, units=3))


def test_the_same_seed_gives_the_same_tickets(now: datetime) -> None:
    assert _generate(now) == _generate(now)
    assert _generate(now) != _generate(now, seed=8)


def test_steps_follow_each_other_within_the_span(now: datetime) -> None:
    for ticket in _generate(now, 500):
        moments = [step.after_minutes for step in ticket.steps]
        assert moments == sorted(moments)
        assert all(ticket.opened_at + timedelta(minutes=at) < now + timedelta(days=30) for at in moments)


@pytest.mark.django_db
def test_replayed_ones_are_counted(unit: Organisation, handler: User, leader: User, now: datetime) -> None:
    tickets = _generate(now)
    assert replay_tickets(tickets, [Crew(unit.pk, handler, leader)]) == 40
    rated = sum(step.rating is not None for ticket in tickets for step in ticket.steps)
    assert Ticket.objects.filter(rating__isnull=False).count() == rated
    accepted = sum(step.action == "accept" for ticket in tickets for step in ticket.steps)
    assert Settlement.objects.filter(clock="response").count() == accepted
    mean = measure_figure(find_figure("tickets.response_minutes_mean"), Scope(now, now + timedelta(days=31)))
    waits = [s.after_minutes for t in tickets for s in t.steps if s.action == "accept"]
    assert mean.numerator == sum(waits)
