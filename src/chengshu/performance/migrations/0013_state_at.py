"""Keep with each sheet when it came to where it stands: inboxes ask it of thousands."""

from typing import Any, ClassVar

from django.db import migrations, models
from django.db.models import OuterRef, Subquery

KINDS = {"GoalSheet": "goal", "MonitoringSheet": "monitoring", "Evaluation": "evaluation"}


def tell_from_decisions(apps: Any, _editor: Any) -> None:
    """Take it from the last decision that moved the sheet."""
    decisions = apps.get_model("performance", "Decision").objects.exclude(action__in=("publish", "withdraw_publication"))
    for table, kind in KINDS.items():
        last = decisions.filter(kind=kind, sheet_id=OuterRef("pk")).order_by("-decided_at")
        apps.get_model("performance", table).objects.update(state_at=Subquery(last.values("decided_at")[:1]))


class Migration(migrations.Migration):
    """One column in three tables, filled from the decisions."""

    dependencies: ClassVar = [
        ("performance", "0012_year_tallies"),
    ]

    operations: ClassVar = [
        *(
            migrations.AddField(
                model_name=table.lower(),
                name="state_at",
                field=models.DateTimeField(
                    blank=True, help_text="When a step led it to where it stands; null = none did yet", null=True
                ),
            )
            for table in KINDS
        ),
        migrations.RunPython(tell_from_decisions, migrations.RunPython.noop),
    ]
