"""Keep the sums of each unit and year, and let the database mark what has changed since."""

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models

from chengshu.performance.operations.year_marks import install_marks, remove_marks


def mark_all(apps: Any, _editor: Any) -> None:
    """Mark what stands already: no tally holds it yet."""
    years = apps.get_model("performance", "ProjectYear").objects.order_by()
    mark = apps.get_model("performance", "YearMark")
    places = years.values_list("year", "unit_id").distinct()
    mark.objects.bulk_create(mark(year=year, unit_id=unit) for year, unit in places)


class Migration(migrations.Migration):
    """Two tables and the database's own marks; an index for counting goals by state."""

    dependencies: ClassVar = [
        ("organisations", "0001_initial"),
        ("performance", "0011_coverage"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="YearMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(help_text="Budget year")),
                (
                    "unit_id",
                    models.BigIntegerField(help_text="The unit; by number, since the database writes it"),
                ),
            ],
            options={"indexes": [models.Index(fields=["year", "unit_id"], name="year_mark_unit")]},
        ),
        migrations.CreateModel(
            name="YearTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(help_text="Budget year")),
                ("years", models.PositiveIntegerField(default=0, help_text="Project years")),
                (
                    "initial",
                    models.DecimalField(decimal_places=4, default=0, help_text="Sum of 年初预算数, in 元", max_digits=24),
                ),
                (
                    "budget",
                    models.DecimalField(decimal_places=4, default=0, help_text="Sum of 全年预算数, in 元", max_digits=24),
                ),
                (
                    "executed",
                    models.DecimalField(decimal_places=4, default=0, help_text="Sum of 全年执行数, in 元", max_digits=24),
                ),
                ("scored", models.PositiveIntegerField(default=0, help_text="Self-evaluations with a total")),
                (
                    "points",
                    models.DecimalField(decimal_places=4, default=0, help_text="Sum of their totals", max_digits=24),
                ),
                ("excellent", models.PositiveIntegerField(default=0, help_text="Of grade 优")),
                ("good", models.PositiveIntegerField(default=0, help_text="Of grade 良")),
                ("fair", models.PositiveIntegerField(default=0, help_text="Of grade 中")),
                ("poor", models.PositiveIntegerField(default=0, help_text="Of grade 差")),
                ("errors", models.PositiveIntegerField(default=0, help_text="Findings of level error")),
                ("breaches", models.PositiveIntegerField(default=0, help_text="Findings of level breach")),
                ("faulty", models.PositiveIntegerField(default=0, help_text="Self-evaluations with either")),
                ("approved", models.PositiveIntegerField(default=0, help_text="Approved self-evaluations")),
                ("indicators", models.PositiveIntegerField(default=0, help_text="Indicators promised")),
                ("measured", models.PositiveIntegerField(default=0, help_text="Indicators that rest on a measurement")),
                (
                    "weight",
                    models.DecimalField(decimal_places=4, default=0, help_text="Points of the indicators", max_digits=24),
                ),
                (
                    "measured_weight",
                    models.DecimalField(decimal_places=4, default=0, help_text="Points of those that rest on a measurement", max_digits=24),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        help_text="Who carried out the years",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("year", "unit"), name="year_tally_once")]},
        ),
        migrations.AddIndex(
            model_name="goalsheet",
            index=models.Index(fields=["project_year", "state"], name="goal_year_state"),
        ),
        migrations.RunPython(mark_all, migrations.RunPython.noop),
        migrations.RunPython(
            lambda _apps, schema_editor: install_marks(schema_editor.connection),
            lambda _apps, schema_editor: remove_marks(schema_editor.connection),
        ),
    ]
