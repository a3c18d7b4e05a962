"""Finding data."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from chengshu.resources.ui.access import PersonRequest, for_people


@require_GET
@for_people
def search(request: PersonRequest) -> HttpResponseBase:
    """Ask what is looked for."""
    return render(request, "resources/search.html")
