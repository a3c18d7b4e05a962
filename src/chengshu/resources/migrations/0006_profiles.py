import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("resources", "0005_collection"),
    ]

    operations = [
        migrations.AddField(
            model_name="issuerow",
            name="former_key",
            field=models.JSONField(blank=True, help_text="The key as found, when that itself was corrected", null=True),
        ),
        migrations.AlterField(
            model_name="issuerow",
            name="key",
            field=models.JSONField(
                help_text="Cells of the key columns as text, in their order; none = the table as a whole"
            ),
        ),
        migrations.CreateModel(
            name="TableProfile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("table", models.CharField(help_text="Zone and name of the lake's table", max_length=220)),
                ("version", models.PositiveBigIntegerField(help_text="Version of the table")),
                ("rows", models.PositiveBigIntegerField(help_text="Rows in it")),
                (
                    "columns",
                    models.JSONField(
                        help_text="One record a column; values of graded columns are masked before they are kept"
                    ),
                ),
                ("made_at", models.DateTimeField(help_text="When it was made")),
                (
                    "resource",
                    models.ForeignKey(
                        db_index=False,
                        help_text="The resource",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="profiles",
                        to="resources.dataresource",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        blank=True,
                        help_text="The check before it",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="resources.checkrun",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("resource", "table", "version"), name="profile_once_a_version")
                ],
            },
        ),
    ]
