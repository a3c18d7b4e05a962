"""What is to be mended: the list with its rates, and raising something from a line or a review."""

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.listing.facade import open_listing, respond_with_listing
from chengshu.performance.facade import publications, reviews
from chengshu.performance.facade.reviews import ReasonMissing
from chengshu.performance.ui.access import PersonRequest, for_people
from chengshu.performance.ui.lists.reviews import rectifications_spec


@require_http_methods(["GET", "POST"])
@for_people
def list_rectifications(request: PersonRequest) -> HttpResponseBase:
    """Show what is to be mended in sight, and how much of it is, by unit and year."""
    now, today = timezone.now(), localdate()
    rows = reviews.list_rectifications(request.user, on=today)
    listing = open_listing(rectifications_spec(), rows, request)
    context = {
        "by_unit": reviews.count_rectified_by_unit(request.user, on=today, now=now),
        "by_year": reviews.count_rectified_by_year(request.user, on=today, now=now),
    }
    return respond_with_listing(request, listing, "performance/reviews/rectifications.html", context)


@require_http_methods(["GET", "POST"])
@for_people
def raise_rectification(request: PersonRequest, evaluation_id: int) -> HttpResponseBase:
    """Ask what the unit has to mend; on POST open its ticket."""
    today = localdate()
    paper = publications.get_publishable(evaluation_id, viewer=request.user, on=today)
    year = paper.project_year
    grants.require(request.user, reviews.RECTIFY, year.unit_id, on=today, scope=f"project:{year.project_id}")
    given = request.POST if request.method == "POST" else request.GET
    lines = [line for line in reviews.read_lines(paper) if line.key.isdecimal()]
    context = {
        "paper": paper,
        "year": year,
        "lines": lines,
        "line": given.get("indicator", ""),
        "review": given.get("review", ""),
        "problem": given.get("problem", ""),
        "is_serious": "serious" in given,
        "length": reviews.PROBLEM_LENGTH,
    }
    if request.method == "POST":
        try:
            raised = reviews.raise_rectification(
                evaluation_id,
                context["problem"],
                actor=request.user,
                now=timezone.now(),
                indicator_id=_read_id(context["line"]),
                review_id=_read_id(context["review"]),
                is_serious=context["is_serious"],
            )
        except ReasonMissing as fault:
            return render(request, "performance/reviews/rectify.html", context | {"error": fault.message}, status=422)
        messages.success(request, _("已下达整改，单位的工单已经开始计时。"))
        return redirect("tickets:record", raised.ticket_id)
    return render(request, "performance/reviews/rectify.html", context)


def _read_id(text: str) -> int | None:
    """Read an id that may be left out; what is none is no line of anything."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise Http404
    return int(text)
