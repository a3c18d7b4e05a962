"""A form as read: columns for lists beside its full content, and its indicators."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from chengshu.performance.models.batches import Batch, SourceFile
from chengshu.performance.models.rights import Viewer, batch_filter

NAME_LENGTH = 200


class FormQuerySet(models.QuerySet["FormRecord"]):
    """Filters over forms."""

    def visible_to(self, viewer: Viewer, *, on: date) -> Self:
        """Leave the forms of batches that the viewer may see."""
        return self.filter(batch_filter(viewer, on=on, prefix="batch__"))

    def unique(self) -> Self:
        """Leave out the repeated printings of a form."""
        return self.filter(duplicate_of__isnull=True)


class FormRecord(models.Model):
    """The columns of a form by which lists search, filter, sort and sum. The full form is its content.

    Amounts are in 元 whatever the form's own unit, so that a column can be added up.
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="forms", help_text="The import it is in")
    source_file = models.ForeignKey(
        SourceFile, on_delete=models.PROTECT, related_name="forms", help_text="The file it was read from"
    )
    number = models.PositiveIntegerField(help_text="Which form of the file, from 1")
    line = models.PositiveIntegerField(null=True, blank=True, help_text="Line of its title, in text files")
    template = models.CharField(max_length=60, help_text="Profile that it was read by")
    year = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Budget year of the form")
    project = models.CharField(max_length=NAME_LENGTH, blank=True, default="", help_text="项目名称")
    department = models.CharField(max_length=NAME_LENGTH, blank=True, default="", help_text="主管部门")
    unit = models.CharField(max_length=NAME_LENGTH, blank=True, default="", help_text="实施单位")
    money_unit = models.CharField(
        max_length=10, blank=True, default="", help_text="Unit printed on the form: 元 or 万元"
    )
    initial_yuan = models.DecimalField(
        max_digits=20, decimal_places=4, null=True, blank=True, help_text="年初预算数 of the total, in 元"
    )
    budget_yuan = models.DecimalField(
        max_digits=20, decimal_places=4, null=True, blank=True, help_text="全年预算数 of the total, in 元"
    )
    executed_yuan = models.DecimalField(
        max_digits=20, decimal_places=4, null=True, blank=True, help_text="全年执行数 of the total, in 元"
    )
    score = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True, help_text="Printed total score")
    grade = models.CharField(max_length=10, blank=True, default="", help_text="Printed grade")
    duplicate_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Its first printing"
    )
    error_count = models.PositiveIntegerField(default=0, help_text="Findings of level error")
    breach_count = models.PositiveIntegerField(default=0, help_text="Findings of level breach")
    hint_count = models.PositiveIntegerField(default=0, help_text="Findings of level hint")
    unreadable_count = models.PositiveIntegerField(default=0, help_text="Cells that could not be read")
    overrated = models.DecimalField(
        max_digits=9,
        decimal_places=4,
        null=True,
        blank=True,
        help_text="Printed total less the one by rule; null = one of them is unknown",
    )

    objects = FormQuerySet.as_manager()

    class Meta:
        """Constraints, and an index for every list."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source_file", "number"], name="form_once_per_place"),
            models.CheckConstraint(condition=Q(number__gte=1), name="form_number_from_one"),
            models.CheckConstraint(
                condition=Q(year__isnull=True) | Q(year__gte=1990, year__lte=2100), name="form_year_plausible"
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of__isnull=True) | ~Q(duplicate_of=models.F("id")), name="form_not_its_own_copy"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["batch", "source_file", "number"], name="form_batch_order"),
            models.Index(fields=["year", "unit"], name="form_year_unit"),
            models.Index(fields=["unit"], name="form_unit"),
            models.Index(fields=["project"], name="form_project"),
            models.Index(fields=["template"], name="form_template"),
            models.Index(fields=["score"], name="form_score"),
            models.Index(fields=["grade"], name="form_grade"),
            models.Index(fields=["budget_yuan"], name="form_budget"),
            models.Index(fields=["-overrated", "id"], name="form_overrated"),
            models.Index(fields=["batch", "-overrated", "id"], name="form_batch_overrated"),
        ]

    def __str__(self) -> str:
        return self.project or f"{self.source_file_id}#{self.number}"


class FormContent(models.Model):
    """The full form, apart from the columns so that lists never load it."""

    form = models.OneToOneField(
        FormRecord, on_delete=models.PROTECT, related_name="content", help_text="The form whose content this is"
    )
    as_read = models.JSONField(help_text="The published record as it was read")
    record = models.JSONField(help_text="The published record with the standing corrections applied")
    origins = models.JSONField(help_text="JSON pointer to raw text, place and confidence of each value")
    rows = models.JSONField(help_text="The rows of the source that the form covers, for display beside it")

    def __str__(self) -> str:
        return f"content of form {self.form_id}"


class IndicatorRecord(models.Model):
    """One indicator row of a form, for comparison across years and lists."""

    form = models.ForeignKey(
        FormRecord, on_delete=models.PROTECT, related_name="indicators", help_text="The form it stands on"
    )
    number = models.PositiveIntegerField(help_text="Row in the form, from 0 as in the record")
    level1 = models.CharField(max_length=NAME_LENGTH, blank=True, default="", help_text="一级指标")
    level2 = models.CharField(max_length=NAME_LENGTH, blank=True, default="", help_text="二级指标")
    level3 = models.CharField(max_length=NAME_LENGTH, blank=True, default="", help_text="三级指标")
    target = models.TextField(blank=True, default="", help_text="年度指标值 as printed")
    actual = models.TextField(blank=True, default="", help_text="实际完成值 as printed")
    weight = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True, help_text="分值")
    score = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True, help_text="得分")
    reason = models.TextField(blank=True, default="", help_text="偏差原因分析及改进措施")

    class Meta:
        """Constraints, and an index for every list."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["form", "number"], name="indicator_once_per_row")]
        indexes: ClassVar = [models.Index(fields=["level3"], name="indicator_level3")]

    def __str__(self) -> str:
        return self.level3
