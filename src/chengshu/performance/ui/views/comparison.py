"""Forms side by side."""

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET

from chengshu.performance import facade
from chengshu.performance.ui.access import PersonRequest, for_people
from chengshu.performance.ui.comparisons import draw_comparison


@require_GET
@for_people
def compare_related(request: PersonRequest, form_id: int) -> HttpResponseBase:
    """Go to the comparison of a form with the same project in other years."""
    stored = facade.get_form(form_id, viewer=request.user, on=localdate())
    related = facade.list_related_forms(stored, viewer=request.user, on=localdate())
    query = urlencode([("form", other.pk) for other in related])
    return redirect(f"{reverse('performance:compare')}?{query}")


@require_GET
@for_people
def compare(request: PersonRequest) -> HttpResponseBase:
    """Lay the forms named in the address side by side; `only=differences` leaves out what is the same."""
    ids = [int(text) for text in request.GET.getlist("form") if text.isascii() and text.isdigit() and len(text) < 18]
    comparison = facade.compare_forms(ids, viewer=request.user, on=localdate())
    only = request.GET.get("only") == "differences"
    query = urlencode([("form", form.pk) for form in comparison.forms])
    context = {"table": draw_comparison(comparison, only_differences=only), "only": only, "query": query}
    return render(request, "performance/compare.html", context)
