"""The list of findings."""

from django.http import HttpResponseBase
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from chengshu.kernel.listing.facade import open_listing, respond_with_listing
from chengshu.performance import facade
from chengshu.performance.ui.access import PersonRequest, for_people
from chengshu.performance.ui.lists.findings import findings_spec


@require_http_methods(["GET", "POST"])
@for_people
def list_findings(request: PersonRequest) -> HttpResponseBase:
    """Show the findings."""
    listing = open_listing(findings_spec(request.user), facade.list_findings(request.user, on=localdate()), request)
    return respond_with_listing(request, listing, "performance/findings.html")
