"""Who told lineage: the list, scripts and reports handed in, versions, and what could not be read."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.listing.facade import open_listing, respond_with_listing
from chengshu.resources.facade import arrivals, lineage
from chengshu.resources.facade.arrivals import Arrival, ArrivalKind, Sender
from chengshu.resources.facade.lineage import KEEP_LINEAGE, LineageRefused
from chengshu.resources.ui.access import PersonRequest, for_people
from chengshu.resources.ui.forms.lineage import ScriptsForm
from chengshu.resources.ui.lists.lineage import TELLERS, faults_spec, tellers_spec


@require_http_methods(["GET", "POST"])
@for_people
def list_tellers(request: PersonRequest) -> HttpResponseBase:
    """Show who told lineage."""
    today = localdate()
    lineage.require_sight(request.user, on=today)
    listing = open_listing(tellers_spec(), lineage.list_tellers(on=today), request)
    may_keep = grants.is_permitted_anywhere(request.user, KEEP_LINEAGE, on=today)
    return respond_with_listing(request, listing, "resources/lineage/tellers.html", {"may_keep": may_keep})


@require_http_methods(["GET", "POST"])
@for_people
def hand_in(request: PersonRequest) -> HttpResponseBase:
    """Ask for scripts; on POST keep and trace them, and show what could not be read."""
    from chengshu.resources.facade import lineage_work  # noqa: PLC0415 - heavy: imported where it runs

    today = localdate()
    grants.require_anywhere(request.user, KEEP_LINEAGE, on=today)
    form = ScriptsForm(
        request.POST or None, request.FILES or None, viewer=request.user, today=today, initial=request.GET.dict()
    )
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            edition, is_new = lineage_work.take_scripts(form.content(), actor=request.user, now=now)
        except LineageRefused as fault:
            field = str(fault.details.get("field"))
            form.add_error(field if field in form.fields else None, fault.message)
        else:
            if is_new:
                lineage_work.ask_build(actor=request.user, now=now)
            else:
                messages.info(request, _("和现在的版本一样，没有重复收下。"))
            return redirect("resources:lineage-teller", edition.teller_id)
    elif form.unread is not None:
        arrival = Arrival(ArrivalKind.SCRIPTS, *form.unread)
        reason = "".join(str(fault) for fault in form.errors["scripts"])
        arrivals.keep_refused(arrival, reason, Sender(request.user, KEEP_LINEAGE, timezone.now()))
    return render(request, "resources/lineage/hand_in.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_people
def show_teller(request: PersonRequest, teller_id: int) -> HttpResponseBase:
    """Show a teller with its versions, and what could not be read of its statements."""
    today = localdate()
    lineage.require_sight(request.user, on=today)
    teller: Any = lineage.get_teller(teller_id, on=today)
    listing = open_listing(faults_spec(), lineage.list_faults(teller), request)
    may_keep = teller.department_id is not None and grants.is_permitted(
        request.user, KEEP_LINEAGE, teller.department_id, on=today
    )
    context = {
        "teller": teller,
        "kind": TELLERS[teller.kind],
        "editions": lineage.list_editions(teller)[:20],
        "may_keep": may_keep,
        "department_code": teller.department.code if teller.department_id else "",
        "state": lineage.get_state(),
    }
    return respond_with_listing(request, listing, "resources/lineage/teller.html", context)


@require_GET
@for_people
def show_edition(request: PersonRequest, teller_id: int, number: int) -> HttpResponseBase:
    """Show the scripts of a version as they were handed in."""
    today = localdate()
    lineage.require_sight(request.user, on=today)
    teller = lineage.get_teller(teller_id, on=today)
    edition = lineage.get_edition(teller, number)
    return render(request, "resources/lineage/edition.html", {"teller": teller, "edition": edition})
