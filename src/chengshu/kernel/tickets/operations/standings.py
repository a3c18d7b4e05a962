"""Keeping how a ticket stands whenever something that figures tell of it changes. Within the caller's transaction."""

from datetime import datetime
from typing import Any

from chengshu.kernel.tickets.contracts import Role
from chengshu.kernel.tickets.models import Ticket, TicketStanding
from chengshu.kernel.tickets.registry import get_kind

_TOLD = ("work_done_at", "followed_up_at", "rating", "rated_at")


def keep_standing(ticket: Ticket, *, now: datetime) -> None:
    """End what was kept of the ticket and keep how it stands now, where that differs; the ticket is locked."""
    before = TicketStanding.objects.filter(ticket=ticket, ended_at=None).first()
    told = _tell(ticket)
    if _of(before) == told:
        return
    since_at = now
    if before is not None:
        since_at = before.ended_at = max(now, before.since_at)
        before.save(update_fields=["ended_at"])
    if any(told.values()):
        TicketStanding.objects.create(
            ticket=ticket,
            kind=ticket.kind,
            category=ticket.category,
            organisation_id=ticket.organisation_id,
            since_at=since_at,
            **told,
        )


def _tell(ticket: Ticket) -> dict[str, Any]:
    is_void = get_kind(ticket.kind).state(ticket.state).role is Role.VOID
    return {name: getattr(ticket, name) for name in _TOLD} | {"is_void": is_void}


def _of(standing: TicketStanding | None) -> dict[str, Any]:
    if standing is None:
        return dict.fromkeys(_TOLD) | {"is_void": False}
    return {name: getattr(standing, name) for name in (*_TOLD, "is_void")}
