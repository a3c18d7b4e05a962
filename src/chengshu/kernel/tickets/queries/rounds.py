"""Rounds of clocks whose outcome stood within a stretch of time, by the organisation that owed them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q

from chengshu.kernel.tickets.contracts import Level
from chengshu.kernel.tickets.models import RaisedLevel, Settlement


@dataclass(frozen=True, slots=True)
class RoundCount:
    """How many rounds an organisation owed, how many were met, and of those that were not, how many were escalated."""

    organisation_id: int
    rounds: int
    met: int
    escalated: int


def count_rounds(
    kind: str, clocks: Sequence[str], *, since: datetime, until: datetime, void_states: Sequence[str] = ()
) -> list[RoundCount]:
    """Count the rounds of a kind's clocks whose outcome stood in `[since, until)`, by organisation.

    An outcome stands when the clock stops in time, or at the moment when it was due; a round that is overdue and still
    runs counts once it was escalated. Tickets that were in one of `void_states` by `until` do not count.
    """
    voided = Q(ticket__state__in=void_states, ticket__closed_at__lt=until)
    red = RaisedLevel.objects.filter(clock=OuterRef("clock"), round=OuterRef("round"), level=Level.RED.value)
    settled = Settlement.objects.filter(kind=kind, clock__in=clocks, revoked_at=None).exclude(voided)
    stood = Q(is_met=True, stopped_at__gte=since, stopped_at__lt=until)
    stood |= Q(is_met=False, due_at__gte=since, due_at__lt=until)
    told = settled.filter(stood).annotate(raised=Exists(red.filter(ticket=OuterRef("ticket"))))
    found = Counter(told.values_list("organisation", "is_met", "raised").iterator())
    standing = Settlement.objects.filter(
        ticket=OuterRef("ticket"), clock=OuterRef("clock"), round=OuterRef("round"), revoked_at=None
    )
    running = RaisedLevel.objects.filter(
        ~Exists(standing),
        ticket__kind=kind,
        clock__in=clocks,
        level=Level.RED.value,
        due_at__gte=since,
        due_at__lt=until,
    ).exclude(voided)
    found.update((owing, False, True) for owing in running.values_list(F("ticket__organisation"), flat=True))
    return [_add_up(owing, found) for owing in sorted({one[0] for one in found})]


def _add_up(owing: int, found: Counter[tuple[int, bool, bool]]) -> RoundCount:
    told = {(is_met, raised): found[owing, is_met, raised] for is_met in (True, False) for raised in (True, False)}
    met = told[True, True] + told[True, False]
    return RoundCount(owing, rounds=sum(told.values()), met=met, escalated=told[False, True])
