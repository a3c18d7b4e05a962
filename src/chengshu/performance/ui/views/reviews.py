"""Reviews: the list, one paper scored again beside the unit's own scores, its steps, and how far reviews differ."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.listing.facade import open_listing, respond_with_listing
from chengshu.performance.facade import reviews
from chengshu.performance.facade.reviews import (
    ReasonMissing,
    Review,
    ReviewEdit,
    ReviewInvalid,
    ReviewStale,
    ReviewState,
    ReviewStepAsked,
    StepNotOpen,
)
from chengshu.performance.ui.access import PersonRequest, for_people
from chengshu.performance.ui.forms.reviews import TypedReview, draw_fields, read_review
from chengshu.performance.ui.lists.reviews import reviews_spec
from chengshu.performance.ui.review_words import DONE, STEPS, look_of_state, name_state, word_outlook

_PAGE = "performance/reviews/review.html"


@require_http_methods(["GET", "POST"])
@for_people
def list_reviews(request: PersonRequest) -> HttpResponseBase:
    """Show the reviews in sight."""
    today = localdate()
    rows = reviews.list_reviews(request.user, on=today)
    listing = open_listing(reviews_spec(request.user, on=today), rows, request)
    context = {
        "may_see_checks": grants.is_permitted_anywhere(request.user, reviews.SEE_REVIEW, on=today),
        "may_draw": grants.is_permitted_anywhere(request.user, reviews.SPOT_CHECK, on=today),
    }
    return respond_with_listing(request, listing, "performance/reviews/list.html", context)


@require_GET
@for_people
def show_review(request: PersonRequest, review_id: int) -> HttpResponseBase:
    """Show a review: to its reviewer with fields to write on, to others to read."""
    review = reviews.get_review(review_id, viewer=request.user, on=localdate())
    return render(request, _PAGE, _context(request, review))


@require_POST
@for_people
def save_review(request: PersonRequest, review_id: int) -> HttpResponseBase:
    """Keep scores and opinion; what cannot be kept comes back as typed, with what stands beside it."""
    review = reviews.get_review(review_id, viewer=request.user, on=localdate())
    scores, faults = read_review(request.POST, reviews.read_lines(review.evaluation))
    if faults:
        error = _("有 %(n)s 行没有填好，没有保存。") % {"n": len(faults)}
        return _again(request, review_id, error, TypedReview(request.POST, faults))
    edit = ReviewEdit(review_id, _version(request), scores, request.POST.get("opinion", ""))
    try:
        reviews.save_review(edit, actor=request.user, now=timezone.now())
    except ReviewInvalid as fault:
        return _again(request, review_id, fault.message, TypedReview(request.POST, fault.lines))
    except (ReviewStale, StepNotOpen) as fault:
        typed = TypedReview(request.POST, {}, is_stale=True)
        return _again(request, review_id, fault.message, typed, status=409)
    messages.success(request, _("已保存。单位的自评分没有改动。"))
    return redirect("performance:review", review_id)


@require_POST
@for_people
def check_typed(request: PersonRequest, review_id: int) -> HttpResponse:
    """Show the total that the typed scores would give; nothing is kept."""
    review = reviews.get_review(review_id, viewer=request.user, on=localdate())
    lines = reviews.read_lines(review.evaluation)
    scores, faults = read_review(request.POST, lines)
    outlook = reviews.preview_review(review, lines, scores)
    context = {"review": review, "outlook": word_outlook(outlook, open_lines=len(faults | outlook.faults))}
    return render(request, "performance/reviews/total.html", context)


@require_POST
@for_people
def take_step(request: PersonRequest, review_id: int) -> HttpResponseBase:
    """Lead the review on."""
    action = request.POST.get("action", "")
    asked = ReviewStepAsked(review_id, action, _version(request), request.POST.get("words", ""))
    try:
        reviews.take_review_step(asked, actor=request.user, now=timezone.now())
    except ReasonMissing as fault:
        return _step_again(request, review_id, fault.message)
    except (ReviewStale, StepNotOpen) as fault:
        return _step_again(request, review_id, fault.message, status=409)
    messages.success(request, DONE[action])
    return redirect("performance:review", review_id)


@require_POST
@for_people
def open_review(request: PersonRequest, evaluation_id: int) -> HttpResponseBase:
    """Open a review of a paper by choice, or go to the one that stands."""
    try:
        review = reviews.open_review(evaluation_id, actor=request.user, now=timezone.now())
    except StepNotOpen as fault:
        messages.error(request, fault.message)
        return redirect("performance:reviews")
    return redirect("performance:review", review.pk)


@require_GET
@for_people
def show_differences(request: PersonRequest) -> HttpResponseBase:
    """Show how far issued reviews moved the scores: by unit, by class, and against the rules."""
    today = localdate()
    chosen = request.GET.get("year", "")
    years = reviews.list_review_years(request.user, on=today)
    year = int(chosen) if chosen in {str(known) for known in years} else None
    context = {
        "years": years,
        "year": year,
        "tables": (
            (_("按单位"), _("单位"), reviews.count_by_unit(request.user, on=today, year=year)),
            (_("按指标类别"), _("类别"), reviews.count_by_class(request.user, on=today, year=year)),
            (_("按规则"), _("改分的依据"), reviews.count_by_rule(request.user, on=today, year=year)),
        ),
    }
    return render(request, "performance/reviews/differences.html", context)


def _version(request: PersonRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _again(
    request: PersonRequest, review_id: int, error: str, typed: TypedReview, *, status: int = 422
) -> HttpResponse:
    """Show the review as it stands now, with the scores that were typed."""
    review = reviews.get_review(review_id, viewer=request.user, on=localdate())
    told = {"error": error, "opinion": typed.given.get("opinion", "")}
    return render(request, _PAGE, _context(request, review, typed) | told, status=status)


def _step_again(request: PersonRequest, review_id: int, error: str, *, status: int = 422) -> HttpResponse:
    """Show the review as it stands now, with the words that were typed for a step."""
    review = reviews.get_review(review_id, viewer=request.user, on=localdate())
    told = {"error": error, "words_for": request.POST.get("action", ""), "words": request.POST.get("words", "")}
    return render(request, _PAGE, _context(request, review) | told, status=status)


def _context(request: PersonRequest, review: Review, typed: TypedReview | None = None) -> dict[str, Any]:
    today = localdate()
    paper = review.evaluation
    kept = reviews.read_scores(review)
    bare = reviews.read_lines(paper)
    lines = reviews.place_scores(bare, kept)
    scores = kept if typed is None else read_review(typed.given, bare)[0]
    steps = reviews.list_open_steps(review, viewer=request.user, on=today)
    may_write = review.state == ReviewState.OPEN and reviews.may_on(review, reviews.SPOT_CHECK, request.user, on=today)
    return {
        "review": review,
        "year": paper.project_year,
        "state": name_state(review.state),
        "look": look_of_state(review.state),
        "fields": draw_fields(lines, typed),
        "changed": sum(line.reviewed is not None for line in lines),
        "opinion": review.opinion,
        "outlook": word_outlook(reviews.preview_review(review, bare, scores)),
        "may_write": may_write,
        "steps": [(step, STEPS[step.action]) for step in steps],
        "objections": reviews.list_objections(review),
        "rectifications": [
            (row, reviews.name_ticket_state(row.ticket_state or ""))
            for row in reviews.list_rectifications_of(paper.pk, request.user, on=today)
        ],
        "may_rectify": reviews.may_on(review, reviews.RECTIFY, request.user, on=today),
        "is_outdated": paper.version != review.evaluation_version,
        "reason_length": reviews.REASON_LENGTH,
        "words_length": reviews.WORDS_LENGTH,
        "sees_checks": grants.is_permitted_anywhere(request.user, reviews.SEE_REVIEW, on=today),
    }
