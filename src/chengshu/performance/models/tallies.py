"""What the dashboards add up, counted once for each batch when its check ends.

Repeated printings of a form are left out of every figure but their own.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from chengshu.performance.models.batches import Batch
from chengshu.performance.models.forms import NAME_LENGTH


class BatchFigures(models.Model):
    """The counts and sums of one batch."""

    batch = models.OneToOneField(
        Batch, on_delete=models.PROTECT, related_name="figures", help_text="The batch that was counted"
    )
    forms = models.PositiveIntegerField(help_text="Forms")
    repeated = models.PositiveIntegerField(help_text="Repeated printings")
    with_errors = models.PositiveIntegerField(help_text="Forms with a finding of level error")
    with_breaches = models.PositiveIntegerField(help_text="Forms with a finding of level breach")
    without_reason = models.PositiveIntegerField(help_text="Forms with a deduction that no reason explains")
    grade_changed = models.PositiveIntegerField(help_text="Forms whose grade by rule differs from the printed total's")
    doubtful = models.PositiveIntegerField(help_text="Forms with cells that could not be read")
    scored = models.PositiveIntegerField(help_text="Forms with a printed total and one by rule")
    differing = models.PositiveIntegerField(help_text="Forms whose two totals differ")
    budget_yuan = models.DecimalField(
        max_digits=24,
        decimal_places=4,
        null=True,
        blank=True,
        help_text="Sum of 全年预算数, in 元; null = none is known",
    )
    executed_yuan = models.DecimalField(
        max_digits=24,
        decimal_places=4,
        null=True,
        blank=True,
        help_text="Sum of 全年执行数, in 元; null = none is known",
    )

    def __str__(self) -> str:
        return f"figures of batch {self.batch_id}"


class BatchCode(models.Model):
    """How often a class of findings stands in a batch."""

    batch = models.ForeignKey(
        Batch, on_delete=models.PROTECT, related_name="codes", help_text="The batch that was counted"
    )
    code = models.CharField(max_length=40, help_text="Class of the defect")
    errors = models.PositiveIntegerField(help_text="Findings of level error")
    breaches = models.PositiveIntegerField(help_text="Findings of level breach")
    hints = models.PositiveIntegerField(help_text="Findings of level hint")
    forms = models.PositiveIntegerField(help_text="Forms with such a finding")

    class Meta:
        """Constraints."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["batch", "code"], name="batch_code_once")]

    def __str__(self) -> str:
        return self.code


class Axis(models.TextChoices):
    """By what the money of a batch is added up."""

    YEAR = "year"
    UNIT = "unit"


class BatchMoney(models.Model):
    """The money of a year or a unit in a batch, in 元; null where no form says anything."""

    batch = models.ForeignKey(
        Batch, on_delete=models.PROTECT, related_name="money", help_text="The batch that was counted"
    )
    axis = models.CharField(max_length=4, choices=Axis, help_text="year or unit")
    name = models.CharField(max_length=NAME_LENGTH, help_text="The year, or the unit's name")
    forms = models.PositiveIntegerField(help_text="Forms")
    initial_yuan = models.DecimalField(
        max_digits=24, decimal_places=4, null=True, blank=True, help_text="Sum of 年初预算数, in 元"
    )
    budget_yuan = models.DecimalField(
        max_digits=24, decimal_places=4, null=True, blank=True, help_text="Sum of 全年预算数, in 元"
    )
    executed_yuan = models.DecimalField(
        max_digits=24, decimal_places=4, null=True, blank=True, help_text="Sum of 全年执行数, in 元"
    )

    class Meta:
        """Constraints."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "axis", "name"], name="batch_money_once"),
            models.CheckConstraint(condition=Q(axis__in=Axis.values), name="batch_money_axis_known"),
        ]

    def __str__(self) -> str:
        return f"{self.axis} {self.name}"
