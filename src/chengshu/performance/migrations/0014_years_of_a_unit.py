"""Indexes for what one unit owes and for the newest years of a city."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("performance", "0013_state_at")]

    operations: ClassVar = [
        migrations.AddIndex(
            model_name="evaluation",
            index=models.Index(fields=["project_year", "state"], name="evaluation_year_state"),
        ),
        migrations.AddIndex(
            model_name="monitoringsheet",
            index=models.Index(fields=["project_year", "state", "lamp", "point"], name="monitoring_year_state"),
        ),
        migrations.AddIndex(
            model_name="monitoringsheet",
            index=models.Index(fields=["state", "edited_at", "state_at", "point"], name="monitoring_state_since"),
        ),
        migrations.RemoveIndex(model_name="evaluation", name="evaluation_state_edited"),
        migrations.RemoveIndex(model_name="goalsheet", name="goal_state_edited"),
        migrations.AddIndex(
            model_name="evaluation",
            index=models.Index(fields=["state", "edited_at", "state_at"], name="evaluation_state_since"),
        ),
        migrations.AddIndex(
            model_name="goalsheet",
            index=models.Index(fields=["state", "edited_at", "state_at"], name="goal_state_since"),
        ),
        migrations.AddIndex(
            model_name="projectyear",
            index=models.Index(fields=["unit", "year"], name="project_year_of_unit"),
        ),
        migrations.AddIndex(
            model_name="projectyear",
            index=models.Index(fields=["year", "id"], name="project_year_latest"),
        ),
    ]
