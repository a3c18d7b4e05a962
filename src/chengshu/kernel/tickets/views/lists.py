"""The list of tickets, and one step with many of them."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.listing.facade import (
    BatchAction,
    Choice,
    Column,
    Filter,
    Kind,
    ListingSpec,
    open_listing,
    respond_with_listing,
)
from chengshu.kernel.organisations.facade import name_expression
from chengshu.kernel.tickets.contracts import Input, Role
from chengshu.kernel.tickets.errors import InputMissing
from chengshu.kernel.tickets.models import Ticket
from chengshu.kernel.tickets.operations.batches import ASSIGN_ACTION, MAX_BATCH, batch_act
from chengshu.kernel.tickets.queries.tickets import ASSIGN, list_handlers, list_tickets, states_with_role
from chengshu.kernel.tickets.registry import list_kinds
from chengshu.kernel.tickets.views.parts import Visit, build_cards, read_given, read_number

_ROLES = {
    "work": (_("办理中"), (Role.WORK,)),
    "asking": (_("待回访、待评价"), (Role.FOLLOW_UP, Role.RATING)),
    "ended": (_("已办结、已作废"), (Role.END, Role.VOID)),
}


@require_http_methods(["GET", "HEAD", "POST"])
def show_tickets(request: HttpRequest) -> HttpResponseBase:
    """Show the tickets that the person may see."""
    visit = Visit.of(request)
    today = localdate(visit.now)
    named: dict[str, Any] = {"organisation_name": name_expression(today, of="organisation_id")}
    rows = list_tickets(visit.viewer, on=today).select_related("assignee").annotate(**named)
    actions = [BatchAction(gettext("批量办理"), reverse("tickets:batch"))]
    listing = open_listing(tickets_spec(visit), rows, request, batch_actions=actions)
    may_open = grants.is_permitted_anywhere(visit.viewer, "tickets.open", on=today)
    return respond_with_listing(request, listing, "tickets/list.html", {"may_open": may_open})


def tickets_spec(visit: Visit) -> ListingSpec:
    """Give the list of tickets as this person sees it now."""
    kinds = {kind.key: kind for kind in list_kinds()}

    def state_of(ticket: Ticket) -> str:
        kind = kinds.get(ticket.kind)
        return next((str(s.label) for s in kind.states if s.key == ticket.state), "") if kind else ticket.state

    def kind_of(ticket: Ticket) -> str:
        return str(kinds[ticket.kind].label) if ticket.kind in kinds else ticket.kind

    return ListingSpec(
        key="tickets",
        columns=(
            Column("number", _("编号"), lambda t: t.number, order_by=("number",), url=_record),
            Column("title", _("标题"), lambda t: t.title, url=_record),
            Column("kind", _("种类"), kind_of),
            Column("state", _("状态"), state_of),
            Column("organisation", _("负责单位"), lambda t: t.organisation_name),
            Column("assignee", _("承办人"), lambda t: t.assignee.display_name if t.assignee else ""),
            Column(
                "due",
                _("最近到期"),
                lambda t: t.due_at,
                Kind.DEADLINE,
                ("due_at",),
                template="tickets/due_cell.html",
            ),
            Column("opened", _("开单时间"), lambda t: t.opened_at, Kind.MOMENT, ("opened_at",)),
            Column("closed", _("办结时间"), lambda t: t.closed_at, Kind.MOMENT, is_shown=False),
            Column("rating", _("评价"), lambda t: t.rating, Kind.NUMBER, is_shown=False),
        ),
        default_sort="-opened",
        filters=_filters(visit),
        search=("number__icontains", "title__icontains"),
        search_hint=_("编号或标题"),
        empty=_("还没有工单。"),
        file_name="工单",
    )


def _filters(visit: Visit) -> tuple[Filter, ...]:
    due = {
        "over": (_("已超时"), Q(due_at__lt=visit.now)),
        "open": (_("未超时"), Q(due_at__gte=visit.now)),
        "paused": (_("暂停中"), Q(closed_at__isnull=True, due_at__isnull=True)),
    }
    mine = {"mine": (_("我承办的"), Q(assignee=visit.viewer.pk)), "free": (_("无人承办"), Q(assignee__isnull=True))}
    roles = {
        key: (label, states_with_role(wanted) & Q(closed_at__isnull=key != "ended"))
        for key, (label, wanted) in _ROLES.items()
    }
    of_kind = {kind.key: (kind.label, Q(kind=kind.key)) for kind in list_kinds()}
    return (
        _filter("role", _("状态"), roles),
        _filter("kind", _("种类"), of_kind),
        _filter("due", _("时限"), due),
        _filter("person", _("承办"), mine),
    )


def _record(ticket: Ticket) -> str:
    return reverse("tickets:record", args=[ticket.pk])


def _filter(key: str, label: Any, conditions: dict[str, tuple[Any, Q]]) -> Filter:
    choices = [Choice(value, text) for value, (text, _condition) in conditions.items()]

    def narrow(rows: QuerySet[Any], values: Sequence[str]) -> QuerySet[Any]:
        wanted = Q()
        for value in values:
            wanted |= conditions[value][1]
        return rows.filter(wanted)

    ask: Callable[[], Sequence[Choice]] = lambda: choices  # noqa: E731 - a constant in the shape that filters want
    return Filter(key, label, ask, narrow)


@require_POST
def take_batch_step(request: HttpRequest) -> HttpResponse:
    """Ask which step to take with the selected tickets; when told, take it and say what became of each."""
    visit = Visit.of(request)
    selected = [number for text in request.POST.getlist("selected") if (number := read_number(text)) is not None]
    action, error, outcomes = request.POST.get("action", ""), "", None
    if action:
        try:
            given = read_given(request)
            outcomes = batch_act(selected, action, actor=visit.viewer, now=visit.now, given=given)
        except InputMissing as fault:
            error = fault.message
    rows = list_tickets(visit.viewer, on=localdate(visit.now)).filter(pk__in=selected[:MAX_BATCH])
    tickets = list(rows.select_related("assignee").order_by(F("due_at").asc(nulls_last=True), "pk"))
    context = {
        "error": error or ("" if selected else gettext("请先在列表里选择工单。")),
        "outcomes": outcomes,
        "failed": [outcome.ticket_id for outcome in outcomes or () if outcome.error],
        "done_count": sum(not outcome.error for outcome in outcomes or ()),
        **_offer(tickets, visit),
    }
    return render(request, "tickets/batch.html", context, status=422 if context["error"] else 200)


def _offer(tickets: list[Ticket], visit: Visit) -> dict[str, Any]:
    """Give the tickets with the steps that at least one of them offers, and that ask for no more than a note."""
    cards = build_cards(tickets, visit)
    steps: dict[str, tuple[str, int]] = {}
    for step in (step for card in cards for step in card.steps if not step.action.requires - {Input.NOTE}):
        label, count = steps.get(step.action.key, (str(step.action.label), 0))
        steps[step.action.key] = (label, count + 1)
    places = {ticket.organisation_id for ticket in tickets}
    today = localdate(visit.now)
    place = next(iter(places)) if len(places) == 1 else None
    may_assign = place is not None and grants.is_permitted(visit.viewer, ASSIGN, place, on=today)
    handlers = list(list_handlers(place, on=today)) if may_assign and place is not None else []
    return {
        "cards": cards,
        "steps": [(key, label, count) for key, (label, count) in steps.items()],
        "assign_action": ASSIGN_ACTION,
        "handlers": handlers,
    }
