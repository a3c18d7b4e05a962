"""Synthetic tickets laid down in bulk: the facts that lists, inbox and figures read, without the steps between."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from chengshu.kernel.calendars.facade import load_calendar
from chengshu.kernel.tickets.models import ClockSegment, Forecast, Settlement, Ticket, TicketStanding
from chengshu.synthetic.tickets import SyntheticTicket, generate_tickets

_STATES = {
    "accept": "repairing",
    "wait": "waiting",
    "go_on": "repairing",
    "finish": "follow_up",
    "send_back": "repairing",
    "confirm": "rating",
    "rate": "closed",
    "close_unrated": "closed",
}
_STOPS = {"accept": ("response", 30), "finish": ("repair", 240)}
_BATCH = 5_000
_MINUTE = timedelta(minutes=1)


def lay_down(count: int, *, since: datetime, days: int, units: Sequence[int], handlers: Sequence[int]) -> None:
    """Keep so many tickets of these units, each handled by the person of its unit."""
    source = generate_tickets(count, seed=20, since=since, days=days, units=len(units))
    digest, number = load_calendar().digest, 0
    while batch := list(islice(source, _BATCH)):
        rows = [_ticket(ticket, number + at, units, handlers) for at, ticket in enumerate(batch)]
        number += len(rows)
        Ticket.objects.bulk_create(rows)
        pairs = list(zip(batch, rows, strict=True))
        Settlement.objects.bulk_create(row for pair in pairs for row in _settlements(*pair, digest))
        TicketStanding.objects.bulk_create(row for pair in pairs for row in _standings(*pair))
        still_open = [row for row in rows if row.closed_at is None]
        ClockSegment.objects.bulk_create(_segment(row) for row in still_open)
        Forecast.objects.bulk_create(_forecast(row, digest) for row in still_open)


def _ticket(ticket: SyntheticTicket, number: int, units: Sequence[int], handlers: Sequence[int]) -> Ticket:
    at = {step.action: ticket.opened_at + _MINUTE * step.after_minutes for step in ticket.steps}
    last = ticket.steps[-1].action if ticket.steps else ""
    state = _STATES.get(last, "new")
    closed_at = at[last] if state == "closed" else None
    return Ticket(
        kind="repair",
        number=f"BX-{ticket.opened_at.year}-{number:06d}",
        title=ticket.title,
        organisation_id=units[ticket.unit],
        assignee_id=handlers[ticket.unit] if ticket.steps else None,
        priority=ticket.priority,
        category=ticket.category,
        state=state,
        opened_at=ticket.opened_at,
        work_done_at=at.get("finish"),
        followed_up_at=at.get("confirm"),
        rating=next((step.rating for step in ticket.steps if step.rating), None),
        rated_at=at.get("rate"),
        closed_at=closed_at,
        due_at=None if closed_at else ticket.opened_at + timedelta(hours=4),
    )


def _settlements(ticket: SyntheticTicket, row: Ticket, digest: str) -> Iterator[Settlement]:
    seen = set()
    for step in ticket.steps:
        clock, limit = _STOPS.get(step.action, ("", 0))
        if not clock or clock in seen:
            continue
        seen.add(clock)
        yield Settlement(
            ticket=row,
            kind=row.kind,
            category=row.category,
            priority=row.priority,
            organisation_id=row.organisation_id,
            clock=clock,
            round=1,
            mode="minutes",
            limit=limit,
            elapsed_seconds=step.after_minutes * 60,
            is_met=step.after_minutes <= limit,
            started_at=ticket.opened_at,
            stopped_at=ticket.opened_at + _MINUTE * step.after_minutes,
            due_at=ticket.opened_at + _MINUTE * limit,
            is_provisional=False,
            calendar_digest=digest,
        )


def _standings(ticket: SyntheticTicket, row: Ticket) -> Iterator[TicketStanding]:
    """Give how it stood after each step: done, called back, rated, or back at work."""
    told: TicketStanding | None = None
    for step in ticket.steps:
        if step.action not in {"finish", "send_back", "confirm", "rate"}:
            continue
        at = ticket.opened_at + _MINUTE * step.after_minutes
        if told is not None:
            told.ended_at = at
            yield told
        was, told = told, None
        if step.action != "send_back":
            told = TicketStanding(ticket=row, kind=row.kind, category=row.category, organisation_id=row.organisation_id)
            told.since_at = at
            told.work_done_at = at if was is None else was.work_done_at
            told.followed_up_at = at if step.action == "confirm" else getattr(was, "followed_up_at", None)
            told.rating, told.rated_at = (step.rating, at) if step.action == "rate" else (None, None)
    if told is not None:
        yield told


def _segment(row: Ticket) -> ClockSegment:
    return ClockSegment(
        ticket=row, clock="repair", sequence=1, round=1, state="run", started_at=row.opened_at, mode="hours", limit=4
    )


def _forecast(row: Ticket, digest: str) -> Forecast:
    due_at = row.opened_at + timedelta(hours=4)
    facts = {"round": 1, "due_at": due_at, "alert_at": due_at, "is_provisional": False, "calendar_digest": digest}
    return Forecast(ticket=row, clock="repair", **facts)
