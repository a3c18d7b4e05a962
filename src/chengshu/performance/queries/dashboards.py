"""What a dashboard says: figures that each open a list, and the series of its charts.

They add up what every check counted of its batch, so they cost the same for ten forms and for a million.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Q, Sum

from chengshu.performance.models import (
    Axis,
    BatchCode,
    BatchFigures,
    BatchMoney,
    FormRecord,
    SourceFile,
    Verdict,
    Viewer,
    batch_filter,
)

_MOST_UNITS = 15
_MOST_POINTS = 200
_COUNTS = (
    "forms",
    "repeated",
    "with_errors",
    "with_breaches",
    "without_reason",
    "grade_changed",
    "doubtful",
)


@dataclass(frozen=True, slots=True)
class Figures:
    """The counts of a dashboard; `forms` leaves repeated printings out, the others count forms among them."""

    forms: int
    repeated: int
    with_errors: int
    with_breaches: int
    without_reason: int
    grade_changed: int
    doubtful: int
    unread_files: int
    budget_yuan: Decimal | None
    executed_yuan: Decimal | None


@dataclass(frozen=True, slots=True)
class CodeCount:
    """How many findings of a class there are, by level, and on how many forms."""

    code: str
    errors: int
    breaches: int
    hints: int
    forms: int


@dataclass(frozen=True, slots=True)
class ScorePair:
    """The printed total of a form beside the one by rule."""

    form_id: int
    project: str
    printed: Decimal
    rescored: Decimal


@dataclass(frozen=True, slots=True)
class ScoreComparison:
    """How many forms have both totals, how many of them differ, and at most 200 of them, the most overrated first."""

    forms: int
    differing: int
    pairs: tuple[ScorePair, ...]


@dataclass(frozen=True, slots=True)
class MoneySum:
    """Money of a year or a unit, in 元; None where no form says anything."""

    name: str
    forms: int
    initial_yuan: Decimal | None
    budget_yuan: Decimal | None
    executed_yuan: Decimal | None


def count_figures(viewer: Viewer, batch_id: int | None = None, *, on: date) -> Figures:
    """Add up what the figures of the dashboard say."""
    kept = BatchFigures.objects.filter(_in_scope(viewer, batch_id, on))
    counts = kept.aggregate(**{name: Sum(name, default=0) for name in _COUNTS})
    money = kept.aggregate(budget_yuan=Sum("budget_yuan"), executed_yuan=Sum("executed_yuan"))
    unread = SourceFile.objects.filter(_in_scope(viewer, batch_id, on), verdict=Verdict.ERROR).count()
    return Figures(**counts, **money, unread_files=unread)


def count_by_code(viewer: Viewer, batch_id: int | None = None, *, on: date) -> list[CodeCount]:
    """Count findings by class, most frequent first."""
    kept = BatchCode.objects.filter(_in_scope(viewer, batch_id, on)).values("code")
    rows = kept.annotate(
        all_errors=Sum("errors"), all_breaches=Sum("breaches"), all_hints=Sum("hints"), all_forms=Sum("forms")
    ).annotate(all=F("all_errors") + F("all_breaches") + F("all_hints"))
    return [
        CodeCount(row["code"], row["all_errors"], row["all_breaches"], row["all_hints"], row["all_forms"])
        for row in rows.order_by("-all", "code")
    ]


def compare_scores(viewer: Viewer, batch_id: int | None = None, *, on: date) -> ScoreComparison:
    """Compare printed and re-scored totals where both are known."""
    scope = _in_scope(viewer, batch_id, on)
    counts = BatchFigures.objects.filter(scope).aggregate(
        all_scored=Sum("scored", default=0), all_differing=Sum("differing", default=0)
    )
    scored = FormRecord.objects.filter(scope, overrated__isnull=False).unique().order_by("-overrated", "pk")
    rows = scored.values_list("pk", "project", "score", "overrated")[:_MOST_POINTS]
    pairs = tuple(
        ScorePair(form_id, project, printed, printed - overrated)
        for form_id, project, printed, overrated in rows
        if printed is not None and overrated is not None
    )
    return ScoreComparison(counts["all_scored"], counts["all_differing"], pairs)


def sum_money_by_year(viewer: Viewer, batch_id: int | None = None, *, on: date) -> list[MoneySum]:
    """Sum the money of each year, earliest first."""
    return sorted(_sum_money(viewer, batch_id, on, Axis.YEAR), key=lambda item: item.name)


def sum_money_by_unit(viewer: Viewer, batch_id: int | None = None, *, on: date) -> list[MoneySum]:
    """Sum the money of the 15 units with the largest budgets."""
    return _sum_money(viewer, batch_id, on, Axis.UNIT, most=_MOST_UNITS)


def _sum_money(
    viewer: Viewer, batch_id: int | None, on: date, axis: Axis, *, most: int | None = None
) -> list[MoneySum]:
    rows = (
        BatchMoney.objects.filter(_in_scope(viewer, batch_id, on), axis=axis)
        .values("name")
        .annotate(
            all_forms=Sum("forms"),
            initial=Sum("initial_yuan"),
            budget=Sum("budget_yuan"),
            executed=Sum("executed_yuan"),
        )
        .order_by(F("budget").desc(nulls_last=True), "name")
    )
    return [
        MoneySum(row["name"], row["all_forms"], row["initial"], row["budget"], row["executed"]) for row in rows[:most]
    ]


def _in_scope(viewer: Viewer, batch_id: int | None, on: date) -> Q:
    """Give the condition that leaves what belongs to the visible batches, or to the one that is named."""
    visible = batch_filter(viewer, on=on, prefix="batch__")
    return visible if batch_id is None else visible & Q(batch_id=batch_id)
