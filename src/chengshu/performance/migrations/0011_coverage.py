"""Keep beside each self-evaluation how many indicators were promised and their points, for dashboards to add up."""

from typing import Any, ClassVar

from django.db import migrations, models
from django.db.models import Count, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce


def count_promises(apps: Any, _editor: Any) -> None:
    """Count what stands already."""
    evaluations = apps.get_model("performance", "Evaluation").objects
    promises = apps.get_model("performance", "GoalIndicator").objects.filter(
        sheet__project_year=OuterRef("project_year")
    )
    grouped = promises.order_by().values("sheet")
    evaluations.update(
        indicator_count=Coalesce(Subquery(grouped.annotate(n=Count("pk")).values("n")), 0),
        indicator_weight=Coalesce(
            Subquery(grouped.annotate(n=Sum("weight")).values("n")), 0, output_field=models.DecimalField()
        ),
    )


class Migration(migrations.Migration):
    """Two columns, filled from the goals."""

    dependencies: ClassVar = [
        ("performance", "0010_batches_of_organisations"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="evaluation",
            name="indicator_count",
            field=models.PositiveIntegerField(default=0, help_text="Indicators promised"),
        ),
        migrations.AddField(
            model_name="evaluation",
            name="indicator_weight",
            field=models.DecimalField(
                decimal_places=4, default=0, help_text="Points of the promised indicators", max_digits=9
            ),
        ),
        migrations.RunPython(count_promises, migrations.RunPython.noop),
    ]
