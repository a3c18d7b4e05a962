"""The form that opens a ticket."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.organisations.facade import OrganisationNotFound
from chengshu.kernel.tickets.contracts import NewTicket, TicketKind
from chengshu.kernel.tickets.errors import InputMissing
from chengshu.kernel.tickets.models import Ticket
from chengshu.kernel.tickets.operations.opening import open_ticket
from chengshu.kernel.tickets.registry import list_kinds
from chengshu.kernel.tickets.views.parts import Visit, read_number
from chengshu.kernel.tickets.wording import describe_limit

_FIELDS = ("title", "description", "organisation", "priority", "category")


@require_http_methods(["GET", "HEAD", "POST"])
def open_form(request: HttpRequest) -> HttpResponse:
    """Show the form of one kind; open the ticket and show it when all is there, else say what is missing."""
    visit = Visit.of(request)
    today = localdate(visit.now)
    by_hand = [kind for kind in list_kinds() if kind.is_opened_by_hand]
    kinds = [k for k in by_hand if grants.is_permitted_anywhere(visit.viewer, k.open_permission, on=today)]
    if not kinds:
        grants.require_anywhere(visit.viewer, "tickets.open", on=today)
    asked = request.POST.get("kind") or request.GET.get("kind", "")
    kind = next((kind for kind in kinds if kind.key == asked), kinds[0])
    values = {name: request.POST.get(name, "") for name in _FIELDS}
    errors: dict[str, str] = {}
    if request.method == "POST":
        ticket = _try(kind, values, visit, errors)
        if ticket is not None:
            messages.success(request, gettext("已开单，编号 %(number)s。") % {"number": ticket.number})
            return HttpResponseRedirect(reverse("tickets:record", args=[ticket.pk]))
    places = grants.list_permitted_organisations(visit.viewer, kind.open_permission, on=today)
    context = {
        "kinds": kinds,
        "kind": kind,
        "clocks": [(clock.label, _limits(kind, clock.limits)) for clock in kind.clocks],
        "organisations": places.existing_on(today).order_by("code"),
        "values": values,
        "errors": errors,
    }
    return render(request, "tickets/open.html", context, status=422 if errors else 200)


def _limits(kind: TicketKind, limits: Any) -> list[tuple[str, str]]:
    """Return each priority with its limit, as people read them."""
    return [
        (str(choice.label), describe_limit(limits[choice.key] if choice.key in limits else limits[""]))
        for choice in kind.priorities
    ]


def _try(kind: TicketKind, values: dict[str, str], visit: Visit, errors: dict[str, str]) -> Ticket | None:
    """Open the ticket, or put what is missing at its field."""
    place = read_number(values["organisation"])
    if place is None:
        errors["organisation"] = gettext("请选择负责单位。")
        return None
    new = NewTicket(kind.key, values["title"], place, values["description"], values["priority"], values["category"])
    try:
        return open_ticket(new, actor=visit.viewer, now=visit.now)
    except InputMissing as fault:
        errors[str(fault.details["field"])] = fault.message
    except OrganisationNotFound as fault:
        errors["organisation"] = fault.message
    return None
