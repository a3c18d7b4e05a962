"""What was due when, as facts; rows that a table held after a delivery."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0001_initial"),
        ("resources", "0007_lineage"),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="rows_held",
            field=models.PositiveBigIntegerField(
                blank=True, help_text="Rows that the lake table held after it; null = it made no version", null=True
            ),
        ),
        migrations.CreateModel(
            name="DueDelivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cycle", models.CharField(help_text="How often the source owes", max_length=16)),
                (
                    "cycle_ended_at",
                    models.DateTimeField(help_text="End of the cycle: the delivery for it comes after this"),
                ),
                ("due_at", models.DateTimeField(help_text="Until when it had to come")),
                (
                    "department",
                    models.ForeignKey(
                        help_text="Whose it was, at the time",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        db_index=False,
                        help_text="Who owed it",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dues",
                        to="resources.datasource",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["due_at"], name="due_delivery_at")],
                "constraints": [
                    models.UniqueConstraint(fields=("source", "cycle_ended_at"), name="due_delivery_once"),
                    models.CheckConstraint(
                        condition=models.Q(due_at__gte=models.F("cycle_ended_at")), name="due_delivery_after_cycle"
                    ),
                ],
            },
        ),
    ]
