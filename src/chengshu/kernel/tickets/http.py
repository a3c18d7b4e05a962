"""Tickets over HTTP: lists, one with its clocks and what happened, and every step that the pages can take."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema, Status
from pydantic import Field

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.calendars import facade as calendars
from chengshu.kernel.http.facade import (
    Asked,
    Id,
    Line,
    Page,
    PageAsked,
    Prose,
    Version,
    narrow_to_words,
    person_of,
    read_page,
)
from chengshu.kernel.tickets import facade as tickets
from chengshu.kernel.tickets.facade import ClockState, Given, Level, NewTicket, Outcome, Reading, Ticket, TicketEvent

router = Router(tags=["tickets"])


class TicketRow(Schema):
    """A ticket; `due_at` is when the first of its running clocks is over."""

    id: int
    number: str
    kind: str
    title: str
    state: str
    priority: str
    category: str
    organisation_id: int
    assignee_id: int | None
    version: int
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None


class ClockReading(Schema):
    """A clock as it reads now; seconds are counted time, 24 hours of which are one working day."""

    key: str
    label: str
    state: ClockState
    level: Level
    elapsed_seconds: float
    remaining_seconds: float
    due_at: datetime | None
    is_provisional: bool


class TicketRecord(TicketRow):
    """A ticket with its clocks and the steps that the caller may take now."""

    description: str
    subject: str
    rating: int | None
    clocks: list[ClockReading]
    offered: list[str] = Field(description="您现在可以做的操作")


class Event(Schema):
    """One thing that happened to a ticket."""

    id: int
    action: str
    from_state: str
    to_state: str
    version: int
    actor_id: int | None
    at: datetime
    note: str


class TicketPage(Page[TicketRow]):
    """One page of tickets."""


class EventPage(Page[Event]):
    """One page of what happened to a ticket, newest first."""


class TicketsAsked(PageAsked):
    """Which tickets are asked for."""

    kind: list[Line] = Field(default_factory=list, max_length=20, description="种类，可多选")
    state: list[Line] = Field(default_factory=list, max_length=50, description="状态，可多选")
    organisation: list[Id] = Field(default_factory=list, max_length=200, description="负责单位的编号，可多选")
    open: bool = Field(default=False, description="只要没有办结的")
    mine: bool = Field(default=False, description="只要我承办的")


class NewTicketAsked(Asked):
    """What a new ticket is about."""

    kind: str = Field(max_length=32)
    title: Line
    organisation_id: Id
    description: Prose = ""
    priority: str = Field("", max_length=32)
    category: str = Field("", max_length=32)


class ActionAsked(Asked):
    """A step with what it asks for."""

    action: str = Field(max_length=32)
    version: Version
    note: Prose = ""
    outcome: Outcome | None = None
    rating: int | None = Field(None, ge=1, le=5)
    assignee_id: Id | None = None
    priority: str = Field("", max_length=32)


class AssignmentAsked(Asked):
    """Who is to handle the ticket."""

    assignee_id: Id
    version: Version
    note: Prose = ""


class PriorityAsked(Asked):
    """How urgent the ticket is to be, and why."""

    priority: str = Field(max_length=32)
    version: Version
    reason: Prose


class RemarkAsked(Asked):
    """Something to say about the ticket."""

    text: Prose


@router.get("", response=TicketPage, summary=_("工单列表"))
def list_tickets(request: HttpRequest, asked: Query[TicketsAsked]) -> dict[str, Any]:
    """List the tickets in sight, newest first."""
    viewer = person_of(request)
    rows = tickets.list_tickets(viewer, on=localdate())
    if asked.kind:
        rows = rows.filter(kind__in=asked.kind)
    if asked.state:
        rows = rows.filter(state__in=asked.state)
    if asked.organisation:
        rows = rows.filter(organisation__in=asked.organisation)
    if asked.open:
        rows = rows.still_open()
    if asked.mine:
        rows = rows.filter(assignee=viewer.pk)
    found = narrow_to_words(rows, asked, ("number__icontains", "title__icontains"))
    return read_page(found, asked, _write_row, order=["-opened_at"])


@router.post("", response={201: TicketRecord}, summary=_("开一张工单"))
def open_ticket(request: HttpRequest, asked: NewTicketAsked) -> Status[TicketRecord]:
    """Open a ticket; its first clocks start."""
    viewer, now = person_of(request), timezone.now()
    opened = tickets.open_ticket(NewTicket(**asked.model_dump()), actor=viewer, now=now)
    return Status(201, _write(opened.pk, viewer, now))


@router.get("/{ticket_id}", response=TicketRecord, summary=_("一张工单"))
def get_ticket(request: HttpRequest, ticket_id: Id) -> TicketRecord:
    """Give a ticket in sight with its clocks as they read now."""
    return _write(ticket_id, person_of(request), timezone.now())


@router.get("/{ticket_id}/events", response=EventPage, summary=_("工单的经过"))
def list_events(request: HttpRequest, ticket_id: Id, asked: Query[PageAsked]) -> dict[str, Any]:
    """List what happened to a ticket in sight, newest first."""
    ticket = tickets.get_ticket(ticket_id, viewer=person_of(request), on=localdate())
    rows = narrow_to_words(tickets.list_events(ticket), asked, ("note__icontains",))
    return read_page(rows, asked, _write_event, order=["-at"])


@router.post("/{ticket_id}/actions", response=TicketRecord, summary=_("办理一步"))
def take_action(request: HttpRequest, ticket_id: Id, asked: ActionAsked) -> TicketRecord:
    """Take a step: state, clocks and facts change together."""
    viewer, now = person_of(request), timezone.now()
    given = Given(asked.note, asked.outcome, asked.rating, asked.assignee_id, asked.priority)
    tickets.act(ticket_id, asked.action, actor=viewer, now=now, expected_version=asked.version, given=given)
    return _write(ticket_id, viewer, now)


@router.post("/{ticket_id}/undo", response=TicketRecord, summary=_("撤回自己的上一步"))
def undo_action(request: HttpRequest, ticket_id: Id) -> TicketRecord:
    """Take back the caller's own last step, within ten minutes."""
    viewer, now = person_of(request), timezone.now()
    tickets.undo(ticket_id, actor=viewer, now=now)
    return _write(ticket_id, viewer, now)


@router.post("/{ticket_id}/assignment", response=TicketRecord, summary=_("指派承办人"))
def assign_ticket(request: HttpRequest, ticket_id: Id, asked: AssignmentAsked) -> TicketRecord:
    """Give the ticket to somebody who may handle tickets at its organisation."""
    viewer, now = person_of(request), timezone.now()
    tickets.assign(ticket_id, asked.assignee_id, actor=viewer, now=now, expected_version=asked.version, note=asked.note)
    return _write(ticket_id, viewer, now)


@router.post("/{ticket_id}/priority", response=TicketRecord, summary=_("改变优先级"))
def reclassify_ticket(request: HttpRequest, ticket_id: Id, asked: PriorityAsked) -> TicketRecord:
    """Change the priority: running clocks keep what they counted and take the new limit."""
    viewer, now = person_of(request), timezone.now()
    tickets.reclassify(
        ticket_id, asked.priority, actor=viewer, now=now, expected_version=asked.version, reason=asked.reason
    )
    return _write(ticket_id, viewer, now)


@router.post("/{ticket_id}/remarks", response={201: Event}, summary=_("留言"))
def add_remark(request: HttpRequest, ticket_id: Id, asked: RemarkAsked) -> Status[Event]:
    """Add a remark; it changes nothing that somebody else may be deciding on."""
    return Status(
        201, _write_event(tickets.comment(ticket_id, asked.text, actor=person_of(request), now=timezone.now()))
    )


def _write_row(ticket: Ticket) -> TicketRow:
    return TicketRow.from_orm(ticket)


def _write(ticket_id: int, viewer: User, now: datetime) -> TicketRecord:
    """Write a ticket as it stands now; one of a kind that nobody registers any more has no clocks and no steps."""
    ticket = tickets.get_ticket(ticket_id, viewer=viewer, on=localdate(now))
    readings = tickets.read_clocks([ticket], calendars.load_calendar(), now=now).get(ticket.pk, ())
    return TicketRecord(
        **_write_row(ticket).model_dump(),
        description=ticket.description,
        subject=ticket.subject,
        rating=ticket.rating,
        clocks=[_write_clock(reading) for reading in readings],
        offered=tickets.list_offered_keys(ticket, viewer, on=localdate(now)),
    )


def _write_clock(reading: Reading) -> ClockReading:
    return ClockReading(
        key=reading.key,
        label=str(reading.label),
        state=reading.state,
        level=reading.level,
        elapsed_seconds=reading.elapsed.total_seconds(),
        remaining_seconds=reading.remaining.total_seconds(),
        due_at=reading.due_at,
        is_provisional=reading.is_provisional,
    )


def _write_event(event: TicketEvent) -> Event:
    return Event.from_orm(event)
