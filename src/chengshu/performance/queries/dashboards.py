"""What a dashboard says: figures that each open a list, and the series of its charts."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from chengshu.performance.models import FindingRecord, FormQuerySet, FormRecord, SourceFile, Verdict, Viewer
from chengshu.performance.queries.remembering import remember

_MOST_UNITS = 15
_MOST_POINTS = 200


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


def forms_in_scope(viewer: Viewer, batch_id: int | None = None) -> FormQuerySet:
    """Give the visible forms, of one batch where it is named."""
    forms = FormRecord.objects.visible_to(viewer)
    return forms if batch_id is None else forms.filter(batch_id=batch_id)


def count_figures(viewer: Viewer, batch_id: int | None = None) -> Figures:
    """Count what the figures of the dashboard say."""
    return remember("figures", viewer, lambda: _count_figures(viewer, batch_id), batch_id=batch_id)


def _count_figures(viewer: Viewer, batch_id: int | None) -> Figures:
    unexplained = FindingRecord.objects.filter(form=OuterRef("pk"), code="REASON_MISSING")
    own = Q(duplicate_of__isnull=True)
    counts = (
        forms_in_scope(viewer, batch_id)
        .annotate(unexplained=Exists(unexplained))
        .aggregate(
            forms=Count("pk", filter=own),
            repeated=Count("pk", filter=~own),
            with_errors=Count("pk", filter=own & Q(error_count__gt=0)),
            with_breaches=Count("pk", filter=own & Q(breach_count__gt=0)),
            without_reason=Count("pk", filter=own & Q(unexplained=True)),
            grade_changed=Count("pk", filter=own & Q(rescoring__changed=True)),
            doubtful=Count("pk", filter=own & Q(unreadable_count__gt=0)),
            budget_yuan=Sum("budget_yuan", filter=own),
            executed_yuan=Sum("executed_yuan", filter=own),
        )
    )
    files = SourceFile.objects.visible_to(viewer).filter(verdict=Verdict.ERROR)
    unread = files.count() if batch_id is None else files.filter(batch_id=batch_id).count()
    return Figures(**counts, unread_files=unread)


def count_by_code(viewer: Viewer, batch_id: int | None = None) -> list[CodeCount]:
    """Count findings by class, most frequent first."""
    return remember("codes-counted", viewer, lambda: _count_by_code(viewer, batch_id), batch_id=batch_id)


def _count_by_code(viewer: Viewer, batch_id: int | None) -> list[CodeCount]:
    findings = FindingRecord.objects.filter(form__in=forms_in_scope(viewer, batch_id).unique())
    rows = findings.values("code").annotate(
        errors=Count("pk", filter=Q(level="error")),
        breaches=Count("pk", filter=Q(level="breach")),
        hints=Count("pk", filter=Q(level="hint")),
        forms=Count("form", distinct=True),
        all=Count("pk"),
    )
    return [
        CodeCount(row["code"], row["errors"], row["breaches"], row["hints"], row["forms"])
        for row in rows.order_by("-all", "code")
    ]


def compare_scores(viewer: Viewer, batch_id: int | None = None) -> ScoreComparison:
    """Compare printed and re-scored totals where both are known."""
    return remember("scores", viewer, lambda: _compare_scores(viewer, batch_id), batch_id=batch_id)


def _compare_scores(viewer: Viewer, batch_id: int | None) -> ScoreComparison:
    scored = forms_in_scope(viewer, batch_id).unique().filter(score__isnull=False, rescoring__total__isnull=False)
    gap = F("score") - F("rescoring__total")
    rows = scored.annotate(gap=gap).order_by("-gap", "pk").values_list("pk", "project", "score", "rescoring__total")
    pairs = tuple(
        ScorePair(form_id, project, printed, rescored)
        for form_id, project, printed, rescored in rows[:_MOST_POINTS]
        if printed is not None and rescored is not None
    )
    differing = scored.exclude(score=F("rescoring__total")).count()
    return ScoreComparison(scored.count(), differing, pairs)


def sum_money_by_year(viewer: Viewer, batch_id: int | None = None) -> list[MoneySum]:
    """Sum the money of each year, earliest first."""
    forms = forms_in_scope(viewer, batch_id).exclude(year__isnull=True)
    return remember("years", viewer, lambda: _sum_money(forms, "year", ("year",)), batch_id=batch_id)


def sum_money_by_unit(viewer: Viewer, batch_id: int | None = None) -> Sequence[MoneySum]:
    """Sum the money of the 15 units with the largest budgets."""
    forms = forms_in_scope(viewer, batch_id).exclude(unit="")
    order = (F("budget").desc(nulls_last=True), "unit")
    return remember("units", viewer, lambda: _sum_money(forms, "unit", order)[:_MOST_UNITS], batch_id=batch_id)


def _sum_money(forms: QuerySet[FormRecord], column: str, order: Sequence[str | object]) -> list[MoneySum]:
    rows = (
        forms.filter(duplicate_of__isnull=True)
        .values(column)
        .annotate(
            forms=Count("pk"), initial=Sum("initial_yuan"), budget=Sum("budget_yuan"), executed=Sum("executed_yuan")
        )
        .order_by(*order)
    )
    return [MoneySum(str(row[column]), row["forms"], row["initial"], row["budget"], row["executed"]) for row in rows]
