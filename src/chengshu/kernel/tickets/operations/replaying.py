"""Replaying synthetic tickets by the very steps that people take: for demonstration and tests."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from chengshu.kernel.accounts.models import User
from chengshu.kernel.tickets.contracts import Given, NewTicket, Outcome
from chengshu.kernel.tickets.operations.acting import act
from chengshu.kernel.tickets.operations.escalation import sweep_escalations
from chengshu.kernel.tickets.operations.opening import open_ticket
from chengshu.synthetic.tickets import SyntheticStep, SyntheticTicket

_OUTCOMES = {"confirm": Outcome.SOLVED, "send_back": Outcome.UNSOLVED}
_ASKING = frozenset({"confirm", "send_back", "rate", "close_unrated"})


@dataclass(frozen=True, slots=True)
class Crew:
    """A unit with somebody who handles its tickets and somebody else who calls back."""

    organisation_id: int
    handler: User
    caller: User


def replay_tickets(tickets: Iterable[SyntheticTicket], crews: Sequence[Crew], *, is_watched: bool = False) -> int:
    """Open each ticket at its moment and take its steps at theirs; return how many there were.

    The crews need the rights to handle and to call back on the days of the tickets. `is_watched` has what comes to its
    marks raised before each step, as the worker would.
    """
    count = 0
    for ticket in tickets:
        _replay(ticket, crews[ticket.unit % len(crews)], is_watched=is_watched)
        count += 1
    return count


def _replay(ticket: SyntheticTicket, crew: Crew, *, is_watched: bool) -> None:
    new = NewTicket(ticket.kind, ticket.title, crew.organisation_id, "", ticket.priority, ticket.category)
    opened = open_ticket(new, actor=None, now=ticket.opened_at)
    for step in ticket.steps:
        actor = crew.caller if step.action in _ASKING else crew.handler
        now = ticket.opened_at + timedelta(minutes=step.after_minutes)
        if is_watched:
            sweep_escalations(now=now)
        act(opened.pk, step.action, actor=actor, now=now, expected_version=None, given=_given(step))


def _given(step: SyntheticStep) -> Given:
    return Given(note=step.note, outcome=_OUTCOMES.get(step.action), rating=step.rating)
