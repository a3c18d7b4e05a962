"""The platform's own records and the sources of departments stand in lineage."""

from django.db import migrations, models

_TELLERS = ("scripts", "reports", "events", "runs", "indicators", "records")
_NODES = ("table", "report", "indicator", "record", "source")


def _choices(values: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(value, value) for value in values]


class Migration(migrations.Migration):
    dependencies = [("resources", "0030_answered_corrections")]

    operations = [
        migrations.AddField(
            "lineageteller",
            "digest",
            models.CharField(
                blank=True, default="", help_text="Of what it said; empty = has editions", max_length=64
            ),
        ),
        migrations.AlterField(
            "lineageteller",
            "kind",
            models.CharField(choices=_choices(_TELLERS), help_text="How it comes", max_length=12),
        ),
        migrations.AlterField(
            "lineagetable",
            "kind",
            models.CharField(choices=_choices(_NODES), help_text="What it is", max_length=12),
        ),
        migrations.RemoveConstraint("lineageteller", "teller_kind_known"),
        migrations.AddConstraint(
            "lineageteller",
            models.CheckConstraint(condition=models.Q(kind__in=list(_TELLERS)), name="teller_kind_known"),
        ),
        migrations.RemoveConstraint("lineagetable", "lineage_table_kind_known"),
        migrations.AddConstraint(
            "lineagetable",
            models.CheckConstraint(condition=models.Q(kind__in=list(_NODES)), name="lineage_table_kind_known"),
        ),
    ]
