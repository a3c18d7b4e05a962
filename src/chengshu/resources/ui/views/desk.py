"""What waits for people: entries to approve, and entries that do not meet their profile."""

from django.http import HttpResponseBase
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.listing.facade import Kind as ColumnKind
from chengshu.kernel.listing.facade import format_value, open_listing, respond_with_listing
from chengshu.resources.facade import catalogue
from chengshu.resources.ui.access import PersonRequest, for_people
from chengshu.resources.ui.lists.fields import lacking_spec, waiting_spec


@require_http_methods(["GET", "POST"])
@for_people
def list_waiting(request: PersonRequest) -> HttpResponseBase:
    """Show the entries that wait for the person's approval, the oldest first."""
    today = localdate()
    grants.require_anywhere(request.user, catalogue.APPROVE, on=today)
    rows = catalogue.list_waiting(request.user, on=today)
    listing = open_listing(waiting_spec(request.user, today=today), rows, request)
    return respond_with_listing(request, listing, "resources/waiting.html")


@require_http_methods(["GET", "POST"])
@for_people
def list_lacking(request: PersonRequest) -> HttpResponseBase:
    """Show the entries that lack something, each with where and what to do, under the rate of those that do not."""
    today = localdate()
    grants.require_anywhere(request.user, catalogue.SEE, on=today)
    rows = catalogue.list_lacking(request.user, on=today)
    listing = open_listing(lacking_spec(request.user, today=today), rows, request)
    good, whole, share = catalogue.measure_compliance(request.user, on=today)
    context = {"good": good, "whole": whole, "share": format_value(share, ColumnKind.PERCENT) if whole else ""}
    return respond_with_listing(request, listing, "resources/lacking.html", context)
