"""Rounds of clocks whose outcome stood within a stretch of time, by the organisation that owed them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from chengshu.kernel.tickets.contracts import Level
from chengshu.kernel.tickets.models import RaisedLevel, Settlement, TicketStanding


@dataclass(frozen=True, slots=True)
class RoundCount:
    """How many rounds an organisation owed, how many were met, and of those that were not, how many were escalated."""

    organisation_id: int
    rounds: int
    met: int
    escalated: int


def count_rounds(kind: str, clocks: Sequence[str], *, since: datetime, until: datetime) -> list[RoundCount]:
    """Count the rounds of a kind's clocks whose outcome stood in `[since, until)`, by organisation, as it was at its end.

    An outcome stands when the clock stops in time, or at the moment when it was due; a round that is overdue and still
    runs counts once it was escalated, or once it has stopped. Tickets that were void by `until` do not count.
    """
    own = Q(kind=kind, clock__in=clocks)
    red = RaisedLevel.objects.filter(**_SAME_ROUND, level=Level.RED.value)
    stood = Q(stopped_at__lt=until) & (Q(revoked_at=None) | Q(revoked_at__gte=until))
    in_window = Q(due_at__gte=since, due_at__lt=until)
    nothing_stood = ~Exists(Settlement.objects.filter(stood, **_SAME_ROUND))
    not_void = ~Exists(_void_by(until))
    settled = Settlement.objects.filter(not_void, own).annotate(raised=Exists(red))
    outcome = Q(is_met=True, stopped_at__gte=since, stopped_at__lt=until) | Q(is_met=False) & in_window
    found = Counter(settled.filter(stood, outcome).values_list("organisation", "is_met", "raised").iterator())
    late = settled.filter(in_window, nothing_stood, is_met=False, stopped_at__gte=until, revoked_at=None, raised=False)
    found.update((owing, False, False) for owing in late.values_list("organisation", flat=True))
    running = RaisedLevel.objects.filter(
        in_window, nothing_stood, not_void, ticket__kind=kind, clock__in=clocks, level=Level.RED.value
    )
    found.update((owing, False, True) for owing in running.values_list(F("ticket__organisation"), flat=True))
    return [_add_up(owing, found) for owing in sorted({one[0] for one in found})]


_SAME_ROUND = {"ticket": OuterRef("ticket"), "clock": OuterRef("clock"), "round": OuterRef("round")}


def _void_by(until: datetime) -> QuerySet[TicketStanding]:
    """Give what says that the ticket of a row was void when the window ended."""
    standing = TicketStanding.objects.filter(ticket=OuterRef("ticket"), is_void=True, since_at__lt=until)
    return standing.filter(Q(ended_at=None) | Q(ended_at__gte=until))


def _add_up(owing: int, found: Counter[tuple[int, bool, bool]]) -> RoundCount:
    told = {(is_met, raised): found[owing, is_met, raised] for is_met in (True, False) for raised in (True, False)}
    met = told[True, True] + told[True, False]
    return RoundCount(owing, rounds=sum(told.values()), met=met, escalated=told[False, True])
