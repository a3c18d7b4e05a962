"""Count the batches that were checked before there were tallies."""

from typing import Any, ClassVar

from django.db import migrations
from django.db.models import CharField, Count, Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Cast

OWN = Q(duplicate_of__isnull=True)


def count_batches(apps: Any, _schema_editor: object) -> None:
    form, rescoring = apps.get_model("performance", "FormRecord"), apps.get_model("performance", "Rescoring")
    total = Subquery(rescoring.objects.filter(form=OuterRef("pk")).values("total")[:1])
    form.objects.filter(score__isnull=False, rescoring__total__isnull=False).update(overrated=F("score") - total)
    for batch in apps.get_model("performance", "Batch").objects.filter(checked_at__isnull=False):
        _count_figures(apps, batch)
        _count_codes(apps, batch)
        for axis in ("year", "unit"):
            _sum_money(apps, batch, axis)


def _count_figures(apps: Any, batch: Any) -> None:
    unexplained = apps.get_model("performance", "FindingRecord").objects.filter(
        form=OuterRef("pk"), code="REASON_MISSING"
    )
    counts = (
        apps.get_model("performance", "FormRecord")
        .objects.filter(batch=batch)
        .annotate(unexplained=Exists(unexplained))
        .aggregate(
            forms=Count("pk", filter=OWN),
            repeated=Count("pk", filter=~OWN),
            with_errors=Count("pk", filter=OWN & Q(error_count__gt=0)),
            with_breaches=Count("pk", filter=OWN & Q(breach_count__gt=0)),
            without_reason=Count("pk", filter=OWN & Q(unexplained=True)),
            grade_changed=Count("pk", filter=OWN & Q(rescoring__changed=True)),
            doubtful=Count("pk", filter=OWN & Q(unreadable_count__gt=0)),
            scored=Count("pk", filter=OWN & Q(overrated__isnull=False)),
            differing=Count("pk", filter=OWN & Q(overrated__isnull=False) & ~Q(overrated=0)),
            budget_yuan=Sum("budget_yuan", filter=OWN),
            executed_yuan=Sum("executed_yuan", filter=OWN),
        )
    )
    apps.get_model("performance", "BatchFigures").objects.create(batch=batch, **counts)


def _count_codes(apps: Any, batch: Any) -> None:
    findings = apps.get_model("performance", "FindingRecord").objects.filter(
        form__batch=batch, form__duplicate_of__isnull=True
    )
    rows = findings.order_by().values("code").annotate(
        errors=Count("pk", filter=Q(level="error")),
        breaches=Count("pk", filter=Q(level="breach")),
        hints=Count("pk", filter=Q(level="hint")),
        forms=Count("form", distinct=True),
    )
    kept = apps.get_model("performance", "BatchCode")
    kept.objects.bulk_create(kept(batch=batch, **row) for row in rows)


def _sum_money(apps: Any, batch: Any, axis: str) -> None:
    forms = apps.get_model("performance", "FormRecord").objects.filter(OWN, batch=batch)
    named = forms.exclude(**{f"{axis}__isnull": True}).annotate(name=Cast(axis, CharField())).exclude(name="")
    rows = named.order_by().values("name").annotate(
        n=Count("pk"), initial=Sum("initial_yuan"), budget=Sum("budget_yuan"), executed=Sum("executed_yuan")
    )
    kept = apps.get_model("performance", "BatchMoney")
    kept.objects.bulk_create(
        kept(
            batch=batch,
            axis=axis,
            name=row["name"],
            forms=row["n"],
            initial_yuan=row["initial"],
            budget_yuan=row["budget"],
            executed_yuan=row["executed"],
        )
        for row in rows
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("performance", "0003_batch_tallies")]
    operations: ClassVar = [migrations.RunPython(count_batches, migrations.RunPython.noop)]
