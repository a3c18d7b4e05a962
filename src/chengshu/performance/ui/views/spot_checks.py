"""Spot checks: the list, setting one up with a look at its strata, drawing it, and what was drawn."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.listing.facade import open_listing, respond_with_listing
from chengshu.performance.facade import reviews
from chengshu.performance.facade.reviews import SpotCheckInvalid, StratumBy
from chengshu.performance.ui.access import PersonRequest, for_people
from chengshu.performance.ui.forms.reviews import SpotCheckForm
from chengshu.performance.ui.lists.reviews import reviews_spec, spot_checks_spec
from chengshu.performance.ui.review_words import DIVISIONS

_SEEDS = 10**9  # offered seeds have at most nine digits, so that people can read them out
_SET_UP = "performance/reviews/spot_check_new.html"


@require_http_methods(["GET", "POST"])
@for_people
def list_spot_checks(request: PersonRequest) -> HttpResponseBase:
    """Show the spot checks."""
    today = localdate()
    grants.require_anywhere(request.user, reviews.SEE_REVIEW, on=today)
    listing = open_listing(spot_checks_spec(), reviews.list_spot_checks(), request)
    may_draw = grants.is_permitted_anywhere(request.user, reviews.SPOT_CHECK, on=today)
    return respond_with_listing(request, listing, "performance/reviews/spot_checks.html", {"may_draw": may_draw})


@require_http_methods(["GET", "POST"])
@for_people
def set_up(request: PersonRequest) -> HttpResponseBase:
    """Ask what to draw; `preview` shows the strata, `draw` draws."""
    today = localdate()
    grants.require_anywhere(request.user, reviews.SPOT_CHECK, on=today)
    if request.method != "POST":
        return render(request, _SET_UP, _context(SpotCheckForm(None, today=today, seed=secrets.randbelow(_SEEDS))))
    form = SpotCheckForm(request.POST, today=today, seed=0)
    if not form.is_valid():
        return render(request, _SET_UP, _context(form), status=422)
    if "draw" not in request.POST:
        return render(request, _SET_UP, _context(form) | _preview(request, form))
    try:
        drawn = reviews.draw_spot_check(form.asked(), actor=request.user, now=timezone.now())
    except SpotCheckInvalid as fault:
        form.add_error(str(fault.details.get("field", "")) or None, fault.message)
        return render(request, _SET_UP, _context(form), status=422)
    messages.success(request, _("已抽取。每一份都开了复核，由复核人逐行评分。"))
    return redirect("performance:spot-check", drawn.pk)


@require_http_methods(["GET", "POST"])
@for_people
def show_spot_check(request: PersonRequest, spot_check_id: int) -> HttpResponseBase:
    """Show what was drawn from which strata, that drawing once more gives the same, and the reviews."""
    today = localdate()
    grants.require_anywhere(request.user, reviews.SEE_REVIEW, on=today)
    spot_check = reviews.get_spot_check(spot_check_id)
    drawing, is_same = reviews.draw_again(spot_check)
    rows = reviews.list_reviews(request.user, on=today).filter(spot_check=spot_check)
    listing = open_listing(reviews_spec(request.user, on=today, key="spot-check-reviews"), rows, request)
    context = {
        "spot_check": spot_check,
        "drawing": drawing,
        "is_same": is_same,
        "papers": len(spot_check.frame["papers"]),
        "divisions": "、".join(str(DIVISIONS[StratumBy(by)]) for by in spot_check.frame["by"]),
    }
    return respond_with_listing(request, listing, "performance/reviews/spot_check.html", context)


def _context(form: SpotCheckForm) -> dict[str, Any]:
    return {"form": form, "divisions": DIVISIONS.items()}


def _preview(request: PersonRequest, form: SpotCheckForm) -> dict[str, Any]:
    asked = form.asked()
    papers = reviews.list_papers(asked.year, viewer=request.user, on=localdate())
    strata = reviews.preview_strata(papers, asked.by, asked.size)
    return {"strata": strata, "papers": len(papers), "has_preview": True}
