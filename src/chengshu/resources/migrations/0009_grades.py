"""Of which fields fields are made, and the grade that follows from it beside the one that a department says."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F


def say_own_grades(apps: Any, _schema_editor: Any) -> None:
    """Until now a field's grade was what its department says."""
    apps.get_model("resources", "Field").objects.filter(grade__gt=1).update(own_grade=F("grade"))


class Migration(migrations.Migration):
    dependencies = [
        ("resources", "0008_promised"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="field",
            name="derived_from",
            field=models.TextField(blank=True, default="", help_text="来源信息项, as the department says them"),
        ),
        migrations.AddField(
            model_name="field",
            name="origin_grade",
            field=models.PositiveSmallIntegerField(default=1, help_text="Grade that its origins ask for"),
        ),
        migrations.AddField(
            model_name="field",
            name="own_grade",
            field=models.PositiveSmallIntegerField(default=1, help_text="Grade that the department says"),
        ),
        migrations.AlterField(
            model_name="field",
            name="grade",
            field=models.PositiveSmallIntegerField(default=1, help_text="分级 1 to 5: the higher of the two"),
        ),
        migrations.RunPython(say_own_grades, migrations.RunPython.noop),
        migrations.CreateModel(
            name="FieldOrigin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(help_text="Code of its field", max_length=120)),
                (
                    "source_code",
                    models.CharField(help_text="目录编码 of the source; it need not be entered yet", max_length=64),
                ),
                ("source_field", models.CharField(help_text="Code of the source's field", max_length=120)),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("identity", "identity"),
                            ("expression", "expression"),
                            ("aggregate", "aggregate"),
                            ("constant", "constant"),
                        ],
                        help_text="How",
                        max_length=12,
                    ),
                ),
                (
                    "is_traced",
                    models.BooleanField(default=False, help_text="Found by lineage, not said by the department"),
                ),
                (
                    "resource",
                    models.ForeignKey(
                        db_index=False,
                        help_text="The derived entry",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="origins",
                        to="resources.dataresource",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["source_code", "source_field"], name="origin_by_source")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["resource", "field", "source_code", "source_field", "way", "is_traced"],
                        name="field_origin_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(way__in=["identity", "expression", "aggregate", "constant"]),
                        name="origin_way_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LoweredGrade",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(help_text="Code of its field", max_length=120)),
                (
                    "origin_grade",
                    models.PositiveSmallIntegerField(help_text="Highest grade of the sources when it was decided"),
                ),
                ("grade", models.PositiveSmallIntegerField(help_text="What they count as")),
                ("reason", models.CharField(help_text="Why", max_length=256)),
                ("decided_at", models.DateTimeField(help_text="When")),
                (
                    "author",
                    models.ForeignKey(
                        help_text="Who",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "resource",
                    models.ForeignKey(
                        db_index=False,
                        help_text="The entry",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lowered_grades",
                        to="resources.dataresource",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["resource", "field"], name="lowered_grade_once"),
                    models.CheckConstraint(
                        condition=models.Q(grade__gte=1, grade__lt=F("origin_grade"), origin_grade__lte=5),
                        name="lowered_grade_is_lower",
                    ),
                    models.CheckConstraint(condition=~models.Q(reason=""), name="lowered_grade_says_why"),
                ],
            },
        ),
    ]
