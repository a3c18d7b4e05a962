"""Resources: the list, and one with all that is known of it."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET, require_http_methods

from chengshu.kernel.listing.facade import open_listing, respond_with_listing
from chengshu.resources.facade import catalogue
from chengshu.resources.ui.access import PersonRequest, for_people
from chengshu.resources.ui.lists.resources import resources_spec


@require_http_methods(["GET", "POST"])
@for_people
def list_resources(request: PersonRequest) -> HttpResponseBase:
    """Show the catalogue."""
    today = localdate()
    rows = catalogue.list_resources(request.user, on=today)
    listing = open_listing(resources_spec(request.user, today=today), rows, request)
    return respond_with_listing(request, listing, "resources/catalogue.html")


@require_GET
@for_people
def show_resource(request: PersonRequest, resource_id: int) -> HttpResponseBase:
    """Show a resource."""
    resource = catalogue.get_resource(resource_id, viewer=request.user, on=localdate())
    return render(request, "resources/resource.html", {"resource": resource})
