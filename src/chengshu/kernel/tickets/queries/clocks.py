"""Reading the clocks of many tickets: one query for all their segments."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from chengshu.base.calendars import WorkCalendar
from chengshu.kernel.tickets.contracts import Limit, Mode, Reading, Segment, SegmentState, TicketKind
from chengshu.kernel.tickets.models import ClockSegment, Ticket
from chengshu.kernel.tickets.registry import list_kinds
from chengshu.kernel.tickets.rules import clocks

Segments = Mapping[str, list[Segment]]


def load_segments(ticket_ids: Iterable[int]) -> dict[int, dict[str, list[Segment]]]:
    """Return the segments of each ticket by clock, in order; one query."""
    found: dict[int, dict[str, list[Segment]]] = {}
    rows = ClockSegment.objects.filter(ticket__in=list(ticket_ids)).order_by("ticket", "clock", "sequence")
    for row in rows.values_list("ticket", "clock", "state", "started_at", "mode", "limit", "round", "reason"):
        ticket, clock, state, started_at, mode, limit, number, reason = row
        segment = Segment(SegmentState(state), started_at, Limit(Mode(mode), limit), number, reason)
        found.setdefault(ticket, {}).setdefault(clock, []).append(segment)
    return found


def read_segments(
    kind: TicketKind, segments: Segments, calendar: WorkCalendar, *, now: datetime
) -> tuple[Reading, ...]:
    """Read every clock of a kind from a ticket's segments."""
    return tuple(clocks.read_clock(spec, segments.get(spec.key, ()), calendar, now=now) for spec in kind.clocks)


def read_clocks(tickets: Iterable[Ticket], calendar: WorkCalendar, *, now: datetime) -> dict[int, tuple[Reading, ...]]:
    """Return the readings of each ticket's clocks that ever started, in the order of its kind; one query."""
    listed = list(tickets)
    kinds = {kind.key: kind for kind in list_kinds()}
    segments = load_segments(ticket.pk for ticket in listed)
    return {
        ticket.pk: tuple(
            reading
            for reading in read_segments(kinds[ticket.kind], segments.get(ticket.pk, {}), calendar, now=now)
            if reading.started_at is not None
        )
        for ticket in listed
        if ticket.kind in kinds
    }


def leading_clock(readings: Iterable[Reading]) -> Reading | None:
    """Return the clock that a list shows for a ticket: the running one that is due first, else a standing one."""
    active = [reading for reading in readings if reading.is_active]
    running = [reading for reading in active if reading.due_at is not None]
    if running:
        return min(running, key=lambda reading: (reading.due_at, reading.key))
    return active[0] if active else None
