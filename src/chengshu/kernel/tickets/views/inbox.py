"""My work: what waits for this person, by due time."""

from dataclasses import dataclass

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from chengshu.base.calendars import last_day, local_day
from chengshu.kernel.tickets.contracts import ClockState
from chengshu.kernel.tickets.models import Ticket
from chengshu.kernel.tickets.operations.acting import find_undoable
from chengshu.kernel.tickets.queries.tickets import label_action, list_owed, list_tickets
from chengshu.kernel.tickets.views.parts import Failure, TicketCard, Visit, build_cards, read_number

_MOST = 50


@dataclass(frozen=True, slots=True)
class Group:
    """Tickets that are due in one span of time."""

    key: str
    label: str
    cards: list[TicketCard]


@require_safe
def show_inbox(request: HttpRequest) -> HttpResponse:
    """Show what waits for the person; `done` names the ticket whose step may be taken back."""
    return render_inbox(request, Visit.of(request))


def render_inbox(request: HttpRequest, visit: Visit, failure: Failure | None = None) -> HttpResponse:
    """Show the inbox, with what was not done and why if there is such."""
    owed = list_owed(visit.viewer, on=localdate(visit.now))
    rows = owed.select_related("assignee").order_by(F("due_at").asc(nulls_last=True), "pk")[: _MOST + 1]
    tickets = list(rows)
    total = len(tickets) if len(tickets) <= _MOST else owed.count()
    cards = build_cards(tickets[:_MOST], visit, failure)
    context = {
        "groups": _group(cards, visit),
        "total": total,
        "shown": len(cards),
        "failure": failure,
        "done": _find_done(request, visit),
        "inbox_address": reverse("tickets:inbox"),
    }
    return render(request, "tickets/inbox.html", context, status=failure.status if failure else 200)


def _group(cards: list[TicketCard], visit: Visit) -> list[Group]:
    """Put the cards into spans of time, the most pressing first; empty spans are left out."""
    groups = [
        Group("over", gettext("已超时"), []),
        Group("today", gettext("今天到期"), []),
        Group("later", gettext("以后到期"), []),
        Group("paused", gettext("暂停中"), []),
    ]
    by_key = {group.key: group.cards for group in groups}
    for card in cards:
        by_key[_span(card, visit)].append(card)
    return [group for group in groups if group.cards]


def _span(card: TicketCard, visit: Visit) -> str:
    if card.is_over:
        return "over"
    if card.leading is None or card.leading.reading.state is ClockState.PAUSED:
        return "paused"
    due_at = card.leading.reading.due_at
    return "today" if due_at is not None and last_day(due_at) <= local_day(visit.now) else "later"


def _find_done(request: HttpRequest, visit: Visit) -> dict[str, object] | None:
    """Return the step that was just taken, when it may still be taken back."""
    ticket_id = read_number(request.GET.get("done", ""))
    if ticket_id is None:
        return None
    ticket: Ticket | None = list_tickets(visit.viewer, on=localdate(visit.now)).filter(pk=ticket_id).first()
    event = find_undoable(ticket, actor=visit.viewer, now=visit.now) if ticket else None
    return {"ticket": ticket, "step": label_action(ticket.kind, event.action)} if ticket and event else None
