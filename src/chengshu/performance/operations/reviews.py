"""Writes of spot checks and reviews: drawn, scored again beside the unit's own score, issued, objected to, settled."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.base.texts import drop_controls
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.grants import facade as grants
from chengshu.performance.contracts.reviews import (
    LineScore,
    ReviewEdit,
    ReviewedLine,
    ReviewStep,
    ReviewStepAsked,
    SpotCheckAsked,
)
from chengshu.performance.contracts.year import SheetState
from chengshu.performance.errors import (
    ReasonMissing,
    ReviewInvalid,
    ReviewNotFound,
    ReviewStale,
    SheetNotFound,
    SpotCheckInvalid,
    StepNotOpen,
)
from chengshu.performance.models import Evaluation, Objection, Review, ReviewedScore, ReviewState, SpotCheck
from chengshu.performance.queries.reviews import SPOT_CHECK, get_review, list_papers, read_lines, read_scores
from chengshu.performance.rules.rulesets import get_rule_set
from chengshu.performance.rules.year.reviews import (
    EXECUTION,
    apply_scores,
    changed_keys,
    find_review_step,
    reviewed_grade,
    reviewed_total,
)
from chengshu.performance.rules.year.sampling import digest_frame, draw, weigh

NAME_LENGTH, REASON_LENGTH, OPINION_LENGTH, WORDS_LENGTH = 120, 500, 5000, 2000
MOST_DRAWN = 2000
_SEED_BITS = 63


@transaction.atomic
def draw_spot_check(asked: SpotCheckAsked, *, actor: User, now: datetime) -> SpotCheck:
    """Draw a spot check, keep what it was drawn from, and open a review for every drawn paper.

    Raises:
        PermissionRefused: the actor may draw nowhere.
        SpotCheckInvalid: no name, no sensible size or seed, or nothing to draw from.
    """
    today = localdate(now)
    grants.require_anywhere(actor, SPOT_CHECK, on=today)
    name = _check(asked)
    candidates = [weigh(paper, asked.by) for paper in list_papers(asked.year, viewer=actor, on=today)]
    if not candidates:
        raise SpotCheckInvalid(_("这一年没有可以抽查的自评：须已审核通过，且不在复核中。"), field="year")
    drawing = draw(candidates, size=asked.size, seed=asked.seed)
    frame: dict[str, Any] = {
        "by": [str(one) for one in asked.by],
        "papers": [[one.key, one.stratum, one.weight, list(one.reasons)] for one in candidates],
        "strata": [[one.name, one.papers, str(one.share), one.drawn] for one in drawing.strata],
        "drawn": list(drawing.drawn),
    }
    spot_check = SpotCheck.objects.create(
        year=asked.year,
        name=name,
        seed=asked.seed,
        size=asked.size,
        frame=frame,
        frame_digest=digest_frame(candidates),
        drawn_by=actor,
        drawn_at=now,
    )
    strata = {one.key: one.stratum for one in candidates}
    _open_reviews(spot_check, drawing.drawn, strata, now)
    facts = {"year": asked.year, "seed": asked.seed, "drawn": len(drawing.drawn), "frame": spot_check.frame_digest}
    record(actor, "performance.draw_spot_check", f"spot_check:{spot_check.pk}", now=now, details=facts)
    return spot_check


def _check(asked: SpotCheckAsked) -> str:
    name = drop_controls(asked.name).strip()
    if not 0 < len(name) <= NAME_LENGTH:
        raise SpotCheckInvalid(_("请用 1 至 %(most)s 个字写明抽查名称。") % {"most": NAME_LENGTH}, field="name")
    if not 1 <= asked.size <= MOST_DRAWN:
        raise SpotCheckInvalid(_("抽取份数应在 1 至 %(most)s 之间。") % {"most": MOST_DRAWN}, field="size")
    if asked.seed.bit_length() > _SEED_BITS:
        raise SpotCheckInvalid(_("随机种子太大，最多 18 位。"), field="seed")
    return name


def _open_reviews(spot_check: SpotCheck, drawn: tuple[int, ...], strata: dict[int, str], now: datetime) -> None:
    papers = Evaluation.objects.in_bulk(drawn)
    Review.objects.bulk_create(
        Review(
            evaluation=papers[key],
            spot_check=spot_check,
            stratum=strata[key][:120],
            total=papers[key].total,
            grade=papers[key].grade,
            own_total=papers[key].total,
            own_grade=papers[key].grade,
            evaluation_version=papers[key].version,
            edited_at=now,
        )
        for key in drawn
    )


@transaction.atomic
def open_review(evaluation_id: int, *, actor: User, now: datetime) -> Review:
    """Open a review of one approved self-evaluation by choice; give the one that is not settled where there is one.

    Raises:
        SheetNotFound: there is none in sight.
        PermissionRefused: the actor may not review it.
        StepNotOpen: it is not approved.
    """
    seen = Evaluation.objects.visible_to(actor, on=localdate(now)).filter(pk=evaluation_id).values("pk")
    paper = Evaluation.objects.select_for_update(of=("self",)).filter(pk__in=seen).first()
    if paper is None:
        raise SheetNotFound(_("没有这份自评，或您无权查看。"), sheet=evaluation_id)
    _require(paper, SPOT_CHECK, actor=actor, now=now)
    standing: Review | None = Review.objects.filter(evaluation=paper).exclude(state=ReviewState.SETTLED).first()
    if standing is not None:
        return standing
    if paper.state != SheetState.APPROVED:
        raise StepNotOpen(_("自评审核通过之后才能复核。"), state=paper.state)
    review = Review.objects.create(
        evaluation=paper,
        reviewer=actor,
        total=paper.total,
        grade=paper.grade,
        own_total=paper.total,
        own_grade=paper.grade,
        evaluation_version=paper.version,
        edited_at=now,
    )
    record(actor, "performance.open_review", f"review:{review.pk}", now=now, details={"evaluation": paper.pk})
    return review


@transaction.atomic
def save_review(edit: ReviewEdit, *, actor: User, now: datetime) -> Review:
    """Keep the reviewer's scores, reasons and opinion; the unit's scores stay as they are.

    Raises:
        ReviewNotFound: there is none in sight.
        PermissionRefused: the actor may not review it.
        StepNotOpen: it was issued already.
        ReviewStale: somebody else saved it meanwhile.
        ReviewInvalid: naming every line that cannot be kept.
    """
    review = _lock(edit.review_id, edit.version, SPOT_CHECK, actor=actor, now=now)
    if review.state != ReviewState.OPEN:
        raise StepNotOpen(_("复核已经下达，不能再改。需要改分时请先收回。"), state=review.state)
    before = {score.key: (score.score, score.reason) for score in read_scores(review)}
    was = {"total": review.total, "grade": review.grade}
    lines = apply_scores(read_lines(review.evaluation), [_shape(score) for score in edit.scores])
    opinion = drop_controls(edit.opinion.replace("\r\n", "\n")).strip()
    if len(opinion) > OPINION_LENGTH:
        raise ReviewInvalid(_("复核意见最多 %(most)s 字。") % {"most": OPINION_LENGTH}, {"opinion": _("太长")})
    _write_scores(review, lines)
    paper = review.evaluation
    review.total = reviewed_total(lines)
    review.grade = reviewed_grade(review.total, get_rule_set(paper.rules))
    review.own_total, review.own_grade, review.evaluation_version = paper.total, paper.grade, paper.version
    review.opinion = opinion
    review.reviewer = review.reviewer or actor
    _keep(review, actor=actor, now=now)
    after = {"total": review.total, "grade": review.grade}
    facts = {"version": review.version, "lines": len(changed_keys(before, lines))}
    record(actor, "performance.save_review", f"review:{review.pk}", now=now, details=facts, before=was, after=after)
    return review


def _shape(score: LineScore) -> LineScore:
    reason = drop_controls(score.reason).strip()
    if len(reason) > REASON_LENGTH:
        message = _("理由最多 %(most)s 字。") % {"most": REASON_LENGTH}
        raise ReviewInvalid(message, {score.key: message})
    return LineScore(score.key, score.score.quantize(Decimal("0.0001")), reason)


def _write_scores(review: Review, lines: tuple[ReviewedLine, ...]) -> None:
    ReviewedScore.objects.filter(review=review).delete()
    ReviewedScore.objects.bulk_create(
        ReviewedScore(
            review=review,
            indicator_id=None if line.key == EXECUTION else int(line.key),
            score=line.reviewed,
            own_score=line.own,
            rule_score=line.by_rule,
            reason=line.reason,
        )
        for line in lines
        if line.reviewed is not None
    )


@transaction.atomic
def take_review_step(asked: ReviewStepAsked, *, actor: User, now: datetime) -> Review:
    """Lead a review on by a step of its way; an objection and its answer are kept with it.

    Raises:
        ReviewNotFound, PermissionRefused, ReviewStale: as `save_review`.
        StepNotOpen: the review does not stand where this step begins.
        ReasonMissing: the step needs words.
    """
    seen = get_review(asked.review_id, viewer=actor, on=localdate(now))
    step = find_review_step(seen.state, asked.action)
    review = _lock(asked.review_id, asked.version, step.permission, actor=actor, now=now)
    find_review_step(review.state, asked.action)
    words = drop_controls(asked.words.replace("\r\n", "\n")).strip()[:WORDS_LENGTH]
    if step.needs_words and not words:
        raise ReasonMissing(_("请写明理由，对方要据此答复。"), action=asked.action)
    _note_objection(review, step, words, actor=actor, now=now)
    before = {"state": review.state}
    review.state = ReviewState(step.target)
    _keep(review, actor=actor, now=now)
    record(
        actor,
        f"performance.{step.action}_review",
        f"review:{review.pk}",
        now=now,
        reason=words[:256],
        details={"version": review.version},
        before=before,
        after={"state": review.state},
    )
    return review


def _note_objection(review: Review, step: ReviewStep, words: str, *, actor: User, now: datetime) -> None:
    if step.action == "object":
        Objection.objects.create(review=review, text=words, author=actor, raised_at=now)
    elif step.source == ReviewState.OBJECTED:
        Objection.objects.filter(review=review, is_upheld__isnull=True).update(
            is_upheld=step.action == "uphold", answer=words, answered_by=actor, answered_at=now
        )


def _lock(review_id: int, version: int, permission: str, *, actor: User, now: datetime) -> Review:
    get_review(review_id, viewer=actor, on=localdate(now))
    rows = Review.objects.select_for_update(of=("self",)).select_related("evaluation__project_year__project")
    review: Review | None = rows.filter(pk=review_id).first()
    if review is None:
        raise ReviewNotFound(_("没有这份复核，或您无权查看。"), review=review_id)
    _require(review.evaluation, permission, actor=actor, now=now)
    if review.version != version:
        editor = review.edited_by.display_name if review.edited_by else _("别人")
        raise ReviewStale(
            _("%(editor)s 已先改动了这份复核。您填的内容还在，请对照后再保存。") % {"editor": editor},
            editor=editor,
            seen=version,
            version=review.version,
        )
    return review


def _require(paper: Evaluation, permission: str, *, actor: User, now: datetime) -> None:
    year = paper.project_year
    grants.require(actor, permission, year.unit_id, on=localdate(now), scope=f"project:{year.project_id}")


def _keep(review: Review, *, actor: User, now: datetime) -> None:
    review.version += 1
    review.edited_by = actor
    review.edited_at = now
    review.save()
