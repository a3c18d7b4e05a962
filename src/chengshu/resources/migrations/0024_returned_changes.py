from typing import Any

from django.db import migrations, models


def mark_returned(apps: Any, _editor: Any) -> None:
    """Changes whose last decision returned them are returned ones."""
    decisions = apps.get_model("resources", "Decision").objects.filter(resource=models.OuterRef("resource"))
    last = decisions.order_by("-pk").values("step")[:1]
    changes = apps.get_model("resources", "Change").objects.filter(is_submitted=False)
    changes.annotate(last=models.Subquery(last)).filter(last="return").update(is_returned=True)


class Migration(migrations.Migration):
    dependencies = [
        ("resources", "0023_work_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="change",
            name="is_returned",
            field=models.BooleanField(default=False, help_text="The centre returned it, not handed in again since"),
        ),
        migrations.RunPython(mark_returned, migrations.RunPython.noop),
    ]
