import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("resources", "0001_catalogue")]

    operations = [
        migrations.DeleteModel(name="Posting"),
        migrations.CreateModel(
            name="Posting",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "token",
                        "entry",
                        blank=True,
                        editable=False,
                        help_text="The pair",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "token",
                    models.BigIntegerField(
                        help_text="64-bit digest of a pair of Chinese signs, a word or the head of a code"
                    ),
                ),
                ("entry", models.BigIntegerField(help_text="Id of the resource")),
                ("weight", models.PositiveSmallIntegerField(help_text="Of the heaviest place that it stands in")),
            ],
        ),
        migrations.CreateModel(
            name="IndexedResource",
            fields=[
                (
                    "resource",
                    models.OneToOneField(
                        help_text="The resource",
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="resources.dataresource",
                    ),
                ),
                (
                    "tokens",
                    models.BinaryField(help_text="The tokens, eight bytes each, little-endian"),
                ),
                (
                    "rules",
                    models.CharField(
                        help_text="Digest of the words and weights that it was indexed by", max_length=16
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["rules"], name="indexed_rules")]},
        ),
    ]
