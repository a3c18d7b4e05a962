from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("resources", "0002_postings")]

    operations = [
        migrations.DeleteModel(name="Posting"),
        migrations.CreateModel(
            name="Posting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "token",
                    models.BigIntegerField(
                        help_text="64-bit digest of a pair of Chinese signs, a word or the head of a code"
                    ),
                ),
                ("segment", models.PositiveIntegerField(help_text="Ids of resources from 4,096 times this")),
                (
                    "offsets",
                    models.BinaryField(
                        help_text="Which of the segment: two bytes each, little-endian, ascending"
                    ),
                ),
                (
                    "weights",
                    models.BinaryField(
                        help_text="Of the heaviest place that the word stands in: one byte each"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("token", "segment"), name="posting_once")],
            },
        ),
        migrations.CreateModel(
            name="IndexSegment",
            fields=[
                (
                    "number",
                    models.PositiveIntegerField(
                        help_text="Ids of resources from 4,096 times this", primary_key=True, serialize=False
                    ),
                ),
            ],
        ),
    ]
