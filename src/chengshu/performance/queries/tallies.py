"""Counts one batch for the dashboards, from its forms and findings as the last check left them."""

from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.db.models.fields import CharField
from django.db.models.functions import Cast

from chengshu.performance.models import Axis, BatchCode, BatchFigures, BatchMoney, FindingRecord, FormRecord


def count_figures(batch_id: int) -> BatchFigures:
    """Count the forms of a batch; unsaved."""
    unexplained = FindingRecord.objects.filter(form=OuterRef("pk"), code="REASON_MISSING")
    own = Q(duplicate_of__isnull=True)
    scored = own & Q(score__isnull=False, rescoring__total__isnull=False)
    counts = (
        FormRecord.objects.filter(batch_id=batch_id)
        .annotate(unexplained=Exists(unexplained))
        .aggregate(
            forms=Count("pk", filter=own),
            repeated=Count("pk", filter=~own),
            with_errors=Count("pk", filter=own & Q(error_count__gt=0)),
            with_breaches=Count("pk", filter=own & Q(breach_count__gt=0)),
            without_reason=Count("pk", filter=own & Q(unexplained=True)),
            grade_changed=Count("pk", filter=own & Q(rescoring__changed=True)),
            doubtful=Count("pk", filter=own & Q(unreadable_count__gt=0)),
            scored=Count("pk", filter=scored),
            differing=Count("pk", filter=scored & ~Q(score=F("rescoring__total"))),
            budget_yuan=Sum("budget_yuan", filter=own),
            executed_yuan=Sum("executed_yuan", filter=own),
        )
    )
    return BatchFigures(batch_id=batch_id, **counts)


def count_codes(batch_id: int) -> list[BatchCode]:
    """Count the findings of a batch by class; unsaved."""
    findings = FindingRecord.objects.filter(form__batch_id=batch_id, form__duplicate_of__isnull=True)
    rows = (
        findings.order_by()
        .values("code")
        .annotate(
            errors=Count("pk", filter=Q(level="error")),
            breaches=Count("pk", filter=Q(level="breach")),
            hints=Count("pk", filter=Q(level="hint")),
            forms=Count("form", distinct=True),
        )
    )
    return [BatchCode(batch_id=batch_id, **row) for row in rows]


def sum_money(batch_id: int, axis: Axis) -> list[BatchMoney]:
    """Add up the money of a batch by year or by unit; unsaved. Forms without one are left out."""
    forms = FormRecord.objects.filter(batch_id=batch_id).unique().exclude(**{f"{axis.value}__isnull": True})
    rows = (
        forms.order_by()
        .annotate(name=Cast(axis.value, CharField()))
        .exclude(name="")
        .values("name")
        .annotate(
            forms=Count("pk"), initial=Sum("initial_yuan"), budget=Sum("budget_yuan"), executed=Sum("executed_yuan")
        )
    )
    return [
        BatchMoney(
            batch_id=batch_id,
            axis=axis,
            name=row["name"],
            forms=row["forms"],
            initial_yuan=row["initial"],
            budget_yuan=row["budget"],
            executed_yuan=row["executed"],
        )
        for row in rows
    ]
