"""What was handed in and refused as a whole: looked at, and taken away to be mended."""

from django.http import HttpResponseBase
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.listing.facade import open_listing, respond_with_listing
from chengshu.resources.facade import arrivals
from chengshu.resources.ui.access import PersonRequest, for_people
from chengshu.resources.ui.lists.arrivals import arrivals_spec


@require_http_methods(["GET", "POST"])
@for_people
def list_arrivals(request: PersonRequest) -> HttpResponseBase:
    """Show the refused arrivals of the organisations that the person collects for, the newest first."""
    today = localdate()
    grants.require_anywhere(request.user, arrivals.COLLECT, on=today)
    spec = arrivals_spec(arrivals.list_arrival_places(request.user, on=today))
    listing = open_listing(spec, arrivals.list_arrivals(request.user, on=today), request)
    return respond_with_listing(request, listing, "resources/arrivals.html")
