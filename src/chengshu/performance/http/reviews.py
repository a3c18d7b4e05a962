"""Reviews of self-evaluations over HTTP."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema
from pydantic import Field

from chengshu.kernel.http.facade import Id, Page, PageAsked, narrow_to_words, person_of, read_page
from chengshu.performance.facade import reviews
from chengshu.performance.facade.reviews import Review, ReviewState
from chengshu.performance.http.records import plain

router = Router(tags=["reviews"])


class ReviewRow(Schema):
    """A review with the unit's own total beside the reviewed one."""

    id: int
    evaluation_id: int
    project_id: int
    project_name: str
    unit_id: int
    unit_name: str
    year: int
    state: str
    version: int
    own_total: str | None
    own_grade: str
    total: str | None
    grade: str
    edited_at: datetime


class ReviewedLineRecord(Schema):
    """The reviewed score of one line and why; `line` is `execution` or the id of the result."""

    line: str
    score: str | None
    reason: str


class ReviewRecord(ReviewRow):
    """A review with its opinion and the lines that it scored."""

    opinion: str
    lines: list[ReviewedLineRecord]


class ReviewPage(Page[ReviewRow]):
    """One page of reviews."""


class ReviewsAsked(PageAsked):
    """Which reviews are asked for."""

    state: list[ReviewState] = Field(default_factory=list, description="状态，可多选")
    year: int | None = Field(None, ge=1990, le=2100, description="年度")


@router.get("", response=ReviewPage, summary=_("复核列表"))
def list_reviews(request: HttpRequest, asked: Query[ReviewsAsked]) -> dict[str, Any]:
    """List the reviews in sight, those edited last first."""
    rows = reviews.list_reviews(person_of(request), on=localdate())
    chosen = {"state__in": asked.state, "evaluation__project_year__year": asked.year}
    rows = rows.filter(**{lookup: value for lookup, value in chosen.items() if value})
    found = narrow_to_words(rows, asked, ("evaluation__project_year__project__name__icontains",))
    return read_page(found, asked, _write_row, order=["-edited_at"])


@router.get("/{review_id}", response=ReviewRecord, summary=_("一份复核"))
def get_review(request: HttpRequest, review_id: Id) -> ReviewRecord:
    """Give a review in sight with the lines that it scored."""
    found = reviews.get_review(review_id, viewer=person_of(request), on=localdate())
    lines = [
        ReviewedLineRecord(line=score.key, score=plain(score.score), reason=score.reason)
        for score in reviews.read_scores(found)
    ]
    return ReviewRecord(**_write_row(found).model_dump(), opinion=found.opinion, lines=lines)


def _write_row(review: Review) -> ReviewRow:
    year = review.evaluation.project_year
    return ReviewRow(
        id=review.pk,
        evaluation_id=review.evaluation_id,
        project_id=year.project_id,
        project_name=year.project.name,
        unit_id=year.unit_id,
        unit_name=getattr(review, "unit_name", "") or "",
        year=year.year,
        state=review.state,
        version=review.version,
        own_total=plain(review.own_total),
        own_grade=review.own_grade,
        total=plain(review.total),
        grade=review.grade,
        edited_at=review.edited_at,
    )
