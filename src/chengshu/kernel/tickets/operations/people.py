"""Who handles a ticket, how urgent it is, and what people say about it."""

from datetime import datetime
from typing import BinaryIO

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext

from chengshu.base.texts import drop_controls
from chengshu.kernel.accounts.models import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.calendars import facade as calendars
from chengshu.kernel.files import facade as files
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.tickets.errors import ActionNotOffered, InputMissing
from chengshu.kernel.tickets.models import Attachment, Ticket, TicketEvent
from chengshu.kernel.tickets.models.tickets import NOTE_LENGTH
from chengshu.kernel.tickets.operations.acting import keep, lock_ticket, refuse_assignee, snapshot
from chengshu.kernel.tickets.operations.clocks import change_limits, open_clockwork, write_forecasts
from chengshu.kernel.tickets.queries.tickets import ASSIGN, HANDLE, list_held, refuse_stale
from chengshu.kernel.tickets.registry import get_kind

ASSIGN_TICKET, RECLASSIFY = "tickets.assign", "tickets.reclassify"
COMMENT, ATTACH = "tickets.comment", "tickets.attach"


def assign(
    ticket_id: int, assignee_id: int, *, actor: User, now: datetime, expected_version: int | None, note: str = ""
) -> Ticket:
    """Give the ticket to somebody who may handle tickets at its organisation.

    Raises:
        TicketNotFound, TicketChanged, PermissionRefused: as for every step.
        ActionNotOffered: the ticket is closed.
        InputMissing: the person cannot handle it.
    """
    with transaction.atomic():
        ticket = _lock_open(ticket_id, actor, now, expected_version)
        grants.require(actor, ASSIGN, ticket.organisation_id, on=localdate(now))
        refuse_assignee(ticket, assignee_id, now=now)
        before = snapshot(ticket)
        ticket.assignee_id = assignee_id
        data = {"clocks": [], "assignee": assignee_id}
        keep(ticket, "assign", before, actor=actor, now=now, note=note, data=data)
        details = {"before": before["assignee_id"], "after": assignee_id}
        audit.record(actor, ASSIGN_TICKET, f"ticket:{ticket.pk}", now=now, reason=note[:256], details=details)
    return ticket


def reclassify(
    ticket_id: int, priority: str, *, actor: User, now: datetime, expected_version: int | None, reason: str
) -> Ticket:
    """Change the priority: running clocks keep what they counted and take the new limit; the old one stays in history.

    Raises:
        TicketNotFound, TicketChanged, PermissionRefused: as for every step.
        ActionNotOffered: the ticket is closed.
        InputMissing: the kind has no such priority, or the reason is missing.
    """
    calendar = calendars.load_calendar()
    with transaction.atomic():
        ticket = _lock_open(ticket_id, actor, now, expected_version)
        grants.require(actor, ASSIGN, ticket.organisation_id, on=localdate(now))
        kind = get_kind(ticket.kind)
        if priority not in {choice.key for choice in kind.priorities}:
            raise InputMissing(gettext("请选择优先级。"), field="priority")
        why = _clean(reason, gettext("请写明为什么改变优先级。"))
        before = snapshot(ticket)
        ticket.priority = priority
        work = open_clockwork(ticket, kind, calendar, now=now)
        change_limits(work, reason=why)
        write_forecasts(work)
        data = {"clocks": work.written, "priority": priority}
        keep(ticket, "reclassify", before, actor=actor, now=now, note=why, data=data)
        details = {"before": before["priority"], "after": priority}
        audit.record(actor, RECLASSIFY, f"ticket:{ticket.pk}", now=now, reason=why[:256], details=details)
    return ticket


def comment(ticket_id: int, text: str, *, actor: User, now: datetime) -> TicketEvent:
    """Add a remark; it changes nothing that somebody else may be deciding on.

    Raises:
        TicketNotFound, PermissionRefused: as for every step.
        InputMissing: there is no text, or too much.
    """
    with transaction.atomic():
        ticket = lock_ticket(ticket_id, actor=actor, now=now)
        _require_part(ticket, actor, now)
        note = _clean(text, gettext("请写下留言。"))
        event = _tell(ticket, "comment", actor, now, note)
        audit.record(actor, COMMENT, f"ticket:{ticket.pk}", now=now, details={"event": event.pk})
    return event


def attach(
    ticket_id: int, source: bytes | BinaryIO, name: str, *, actor: User, now: datetime, note: str = ""
) -> Attachment:
    """Keep a file with the ticket.

    Raises:
        TicketNotFound, PermissionRefused: as for every step.
        FileError: the file store does not take it.
    """
    with transaction.atomic():
        ticket = lock_ticket(ticket_id, actor=actor, now=now)
        _require_part(ticket, actor, now)
        stored = files.store_file(source, name=name, owner=actor, now=now, accepted=files.EVIDENCE)
        event = _tell(ticket, "attach", actor, now, drop_controls(note).strip()[:NOTE_LENGTH])
        attachment: Attachment = Attachment.objects.create(ticket=ticket, event=event, file=stored)
        details = {"file": str(stored.uuid), "name": stored.name}
        audit.record(actor, ATTACH, f"ticket:{ticket.pk}", now=now, details=details)
    return attachment


def _lock_open(ticket_id: int, actor: User, now: datetime, expected_version: int | None) -> Ticket:
    ticket = lock_ticket(ticket_id, actor=actor, now=now)
    refuse_stale(ticket, expected_version)
    if ticket.closed_at is not None:
        raise ActionNotOffered(gettext("工单已经办结，不能再改。"), state=ticket.state)
    return ticket


def _require_part(ticket: Ticket, actor: User, now: datetime) -> None:
    """Let those speak who opened or handle the ticket, or may take some step with tickets there."""
    place, today = ticket.organisation_id, localdate(now)
    if actor.pk in {ticket.opened_by_id, ticket.assignee_id} or list_held(actor, [place], on=today)[place]:
        return
    grants.require(actor, HANDLE, place, on=today)


def _tell(ticket: Ticket, action: str, actor: User, now: datetime, note: str) -> TicketEvent:
    event: TicketEvent = TicketEvent.objects.create(
        ticket=ticket,
        version=ticket.version,
        action=action,
        from_state=ticket.state,
        to_state=ticket.state,
        actor=actor,
        at=now,
        note=note,
    )
    return event


def _clean(text: str, missing: str) -> str:
    cleaned = drop_controls(text).strip()
    if not cleaned:
        raise InputMissing(missing, field="note")
    if len(cleaned) > NOTE_LENGTH:
        raise InputMissing(gettext("说明最多 %(most)s 个字。") % {"most": NOTE_LENGTH}, field="note")
    return cleaned
