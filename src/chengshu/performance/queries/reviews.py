"""Reads of spot checks and reviews: what may be drawn, what was drawn, papers scored again, and how far they differ."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models import Max as Greatest
from django.db.models.functions import Abs, Coalesce
from django.utils.translation import gettext as _

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.organisations import facade as organisations
from chengshu.performance.contracts.reviews import (
    Candidate,
    DifferenceRow,
    Drawing,
    LineScore,
    Origin,
    Outlook,
    Paper,
    ReviewedLine,
    ReviewStep,
    Stratum,
    StratumBy,
)
from chengshu.performance.contracts.year import SheetState
from chengshu.performance.errors import ReviewNotFound
from chengshu.performance.models import (
    EvaluatedIndicator,
    Evaluation,
    Objection,
    Review,
    ReviewedScore,
    ReviewState,
    SpotCheck,
)
from chengshu.performance.queries.forms_of_years import form_of, plain
from chengshu.performance.rules.rulesets import get_rule_set
from chengshu.performance.rules.scoring import rescore
from chengshu.performance.rules.view import view_form
from chengshu.performance.rules.year.reviews import (
    EXECUTION,
    estimate_total,
    lay_out_lines,
    list_faults,
    list_review_steps,
    reviewed_grade,
)
from chengshu.performance.rules.year.sampling import digest_frame, draw, edge_of, list_shares, weigh

SEE_PROJECT, SEE_REVIEW = "performance.see_project", "performance.see_review"
SPOT_CHECK, OBJECT = "performance.spot_check", "performance.object"
_ZERO, _HUNDRED = Decimal(0), Decimal(100)
_POINTS: Any = DecimalField(max_digits=20, decimal_places=4)
_MOVED = ExpressionWrapper(F("total") - F("own_total"), output_field=_POINTS)
_MOVED_SCORE = ExpressionWrapper(F("score") - Coalesce(F("own_score"), _ZERO), output_field=_POINTS)


def list_reviews(viewer: grants.Viewer, *, on: date) -> QuerySet[Review]:
    """List the reviews in sight, unordered: all to who sees reviewing, to others of the unit once they are issued.

    Each has `unit_name` of that day and `moved`, the reviewed total less the unit's (null without totals).
    """
    added: dict[str, Any] = {
        "unit_name": organisations.name_expression(on, of="evaluation__project_year__unit_id"),
        "moved": _MOVED,
    }
    return _in_sight(viewer, on=on).select_related("evaluation__project_year__project", "reviewer").annotate(**added)


def _in_sight(viewer: grants.Viewer, *, on: date) -> QuerySet[Review]:
    inside: QuerySet[Review] = Review.objects.visible_to(viewer, on=on, permission=SEE_REVIEW)
    issued: QuerySet[Review] = Review.objects.visible_to(viewer, on=on, permission=SEE_PROJECT)
    issued = issued.exclude(state=ReviewState.OPEN)
    return Review.objects.filter(Q(pk__in=inside.values("pk")) | Q(pk__in=issued.values("pk")))


def get_review(review_id: int, *, viewer: grants.Viewer, on: date) -> Review:
    """Return a review in sight with evaluation, year, project and people.

    Raises:
        ReviewNotFound: there is none, or not for this person.
    """
    rows = list_reviews(viewer, on=on).select_related(
        "evaluation__project_year__project", "reviewer", "edited_by", "spot_check"
    )
    review = rows.filter(pk=review_id).first()
    if review is None:
        raise ReviewNotFound(_("没有这份复核，或您无权查看。"), review=review_id)
    return review


def list_review_years(viewer: grants.Viewer, *, on: date) -> list[int]:
    """List the budget years that reviews in sight have, newest first."""
    years = _in_sight(viewer, on=on).order_by().values_list("evaluation__project_year__year", flat=True).distinct()
    return sorted(years, reverse=True)


def list_review_units(viewer: grants.Viewer, *, on: date) -> list[tuple[int, str]]:
    """List the units that have reviews in sight, with their name, by name."""
    ids = _in_sight(viewer, on=on).order_by().values_list("evaluation__project_year__unit_id", flat=True).distinct()
    return sorted(organisations.names_on(list(ids), on).items(), key=lambda item: (item[1], item[0]))


def read_lines(evaluation: Evaluation) -> tuple[ReviewedLine, ...]:
    """Return the lines of a self-evaluation with the unit's scores and the rules', nothing reviewed yet."""
    form = form_of(evaluation)
    rescored = rescore(view_form(form, get_rule_set(evaluation.rules)))
    results = {result.goal_id: str(result.pk) for result in evaluation.indicators.all()}
    promised = sorted(evaluation.project_year.goal_sheet.indicators.all(), key=lambda row: row.number)
    return lay_out_lines(form, rescored, [results.get(row.pk, f"goal{row.pk}") for row in promised])


def read_scores(review: Review) -> tuple[LineScore, ...]:
    """Return the scores that a review has kept, by line."""
    return tuple(
        LineScore(
            EXECUTION if row.indicator_id is None else str(row.indicator_id), plain(row.score) or _ZERO, row.reason
        )
        for row in ReviewedScore.objects.filter(review=review).order_by("pk")
    )


def preview_review(review: Review, lines: Sequence[ReviewedLine], scores: Sequence[LineScore]) -> Outlook:
    """Return what scores would make of a review while they are typed."""
    total = estimate_total(lines, scores)
    grade = reviewed_grade(total, get_rule_set(review.evaluation.rules))
    own = review.evaluation.total
    moved = None if total is None or own is None else total - own
    return Outlook(total, grade, moved, list_faults(lines, scores))


def list_objections(review: Review) -> list[Objection]:
    """Return what was objected to a review, oldest first, with people."""
    rows = Objection.objects.filter(review=review).select_related("author", "answered_by")
    return list(rows.order_by("raised_at", "pk"))


def list_open_steps(review: Review, *, viewer: grants.Viewer, on: date) -> tuple[ReviewStep, ...]:
    """Return the steps that the viewer may take on a review now."""
    return tuple(step for step in list_review_steps(review.state) if may_on(review, step.permission, viewer, on=on))


def may_on(review: Review, permission: str, viewer: grants.Viewer, *, on: date) -> bool:
    """Tell whether the viewer may do this with the reviewed project."""
    year = review.evaluation.project_year
    return grants.is_permitted(viewer, permission, year.unit_id, on=on, scope=f"project:{year.project_id}")


def list_papers(year: int, *, viewer: grants.Viewer, on: date) -> tuple[Paper, ...]:
    """Return the approved self-evaluations of a year that the viewer may draw from: those not under review. Two queries."""
    rows = Evaluation.objects.visible_to(viewer, on=on, permission=SPOT_CHECK)
    rows = rows.filter(project_year__year=year, state=SheetState.APPROVED)
    pending = Review.objects.filter(evaluation=OuterRef("pk")).exclude(state=ReviewState.SETTLED)
    settled = Review.objects.filter(
        evaluation__project_year__project=OuterRef("project_year__project"), state=ReviewState.SETTLED
    )
    newest = settled.order_by("-edited_at", "-pk").annotate(moved=_MOVED).values("moved")[:1]
    facts = rows.annotate(is_pending=Subquery(pending.values("pk")[:1]), moved=Subquery(newest)).filter(is_pending=None)
    columns = (
        "pk", "project_year__project__department_id", "grade", "project_year__budget_yuan", "error_count",
        "breach_count", "evidence_weight", "total", "rules", "moved",
    )  # fmt: skip
    listed = list(facts.values_list(*columns))
    names = organisations.names_on({row[1] for row in listed}, on)
    return tuple(_paper(row, names) for row in listed)


def _paper(row: Sequence[Any], names: Mapping[int, str]) -> Paper:
    key, department, grade, budget, errors, breaches, evidence, total, rules_name, moved = row
    rules = get_rule_set(rules_name)
    points = rules.full_score - rules.execution_points
    return Paper(
        key=key,
        department=names.get(department, ""),
        grade=grade,
        budget_yuan=budget,
        errors=errors,
        breaches=breaches,
        evidence_pct=evidence / points * _HUNDRED if points else _ZERO,
        edge=edge_of(total, rules),
        difference=None if moved is None else abs(moved),
    )


def preview_strata(papers: Sequence[Paper], by: Sequence[StratumBy], size: int) -> tuple[Stratum, ...]:
    """Return the strata by name with their part of the sample; what is drawn is left open until there is a seed."""
    counts: dict[str, int] = {}
    for paper in papers:
        stratum = weigh(paper, by).stratum
        counts[stratum] = counts.get(stratum, 0) + 1
    shares = list_shares(counts, size) if counts else {}
    cent = Decimal("0.01")
    return tuple(
        Stratum(name, counts[name], (Decimal(share.numerator) / Decimal(share.denominator)).quantize(cent), 0)
        for name, share in sorted(shares.items())
    )


def list_spot_checks() -> QuerySet[SpotCheck]:
    """List the spot checks, unordered, each with `review_count` and `settled_count`; the frames stay in the database."""
    rows = SpotCheck.objects.select_related("drawn_by").defer("frame")
    settled = Count("reviews", filter=Q(reviews__state=ReviewState.SETTLED))
    return rows.annotate(review_count=Count("reviews"), settled_count=settled)


def get_spot_check(spot_check_id: int) -> SpotCheck:
    """Return one spot check.

    Raises:
        ReviewNotFound: there is none.
    """
    found = SpotCheck.objects.select_related("drawn_by").filter(pk=spot_check_id).first()
    if found is None:
        raise ReviewNotFound(_("没有这次抽查。"), spot_check=spot_check_id)
    return found


def draw_again(spot_check: SpotCheck) -> tuple[Drawing, bool]:
    """Draw once more from the kept frame; tell whether digest and drawn papers are those that were kept."""
    candidates = [Candidate(key, stratum, weight) for key, stratum, weight, _reasons in spot_check.frame["papers"]]
    drawing = draw(candidates, size=spot_check.size, seed=spot_check.seed)
    same = list(drawing.drawn) == spot_check.frame["drawn"] and digest_frame(candidates) == spot_check.frame_digest
    return drawing, same


def count_by_unit(viewer: grants.Viewer, *, on: date, year: int | None = None) -> tuple[DifferenceRow, ...]:
    """Return how reviews moved the totals of each unit, the unit with the greatest move first. Issued reviews count."""
    rows = _counted(viewer, on=on, year=year).order_by().values_list("evaluation__project_year__unit_id")
    figures = list(rows.annotate(**_tally(_MOVED, ~Q(total=F("own_total")))))
    names = organisations.names_on([row[0] for row in figures], on)
    return _rows((names.get(unit, ""), *rest) for unit, *rest in figures)


def count_by_class(viewer: grants.Viewer, *, on: date, year: int | None = None) -> tuple[DifferenceRow, ...]:
    """Return how reviews moved the scores of each class of indicators; the execution rate is a class of its own."""
    counted = _counted(viewer, on=on, year=year)
    scores = ReviewedScore.objects.filter(review__in=counted.values("pk"))
    moved = {
        name or "": rest
        for name, *rest in scores.order_by()
        .values_list("indicator__goal__level1")
        .annotate(**_tally(_MOVED_SCORE, Q(pk__isnull=False)))
    }
    lines = EvaluatedIndicator.objects.filter(evaluation__in=counted.values("evaluation_id"))
    totals = dict(lines.order_by().values_list("goal__level1").annotate(n=Count("pk")))
    totals[""] = counted.count()
    nothing = (0, 0, _ZERO, _ZERO)
    return _rows(
        (name or _("预算执行率"), count, *moved.get(name, nothing)[1:]) for name, count in totals.items() if count
    )


def count_by_rule(viewer: grants.Viewer, *, on: date, year: int | None = None) -> tuple[DifferenceRow, ...]:
    """Return how the moved scores stand to the rules: back to what the rules give, or another judgement."""
    scores = ReviewedScore.objects.filter(review__in=_counted(viewer, on=on, year=year).values("pk")).order_by()
    back = Q(rule_score__isnull=False, score=F("rule_score"))
    names = {Origin.RULE: _("改回按规则的得分"), Origin.JUDGEMENT: _("复核人另有判断")}
    found = []
    for origin, condition in ((Origin.RULE, back), (Origin.JUDGEMENT, ~back)):
        row = scores.filter(condition).aggregate(**_tally(_MOVED_SCORE, Q(pk__isnull=False)))
        if row["reviewed"]:
            found.append((names[origin], *row.values()))
    return _rows(found)


def _counted(viewer: grants.Viewer, *, on: date, year: int | None) -> QuerySet[Review]:
    rows = _in_sight(viewer, on=on).exclude(state=ReviewState.OPEN).filter(total__isnull=False)
    return rows if year is None else rows.filter(evaluation__project_year__year=year)


def _tally(moved: Any, condition: Q) -> dict[str, Any]:
    return {
        "reviewed": Count("pk"),
        "changed": Count("pk", filter=condition),
        "points": Coalesce(Sum(moved), _ZERO, output_field=_POINTS),
        "most": Coalesce(Greatest(Abs(moved)), _ZERO, output_field=_POINTS),
    }


def _rows(figures: Any) -> tuple[DifferenceRow, ...]:
    rows = (DifferenceRow(name, count, moved, points, most) for name, count, moved, points, most in figures)
    return tuple(sorted(rows, key=lambda row: (-abs(row.points), row.name)))
