"""The goals of a project's year: what is promised, with weights, and who approved it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from chengshu.performance.contracts.year import SheetState
from chengshu.performance.models.library import LibraryIndicator
from chengshu.performance.models.projects import ProjectYear
from chengshu.performance.models.rights import YearlyManager
from chengshu.performance.models.sheets import Sheet


class GoalSheet(Sheet):
    """The goals of one year; frozen once finance approved them, changed again only by a reopening with a reason."""

    project_year = models.OneToOneField(
        ProjectYear, on_delete=models.PROTECT, related_name="goal_sheet", help_text="The year"
    )
    expected = models.TextField(blank=True, default="", help_text="年度总体目标")
    copied_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Last year's goals"
    )

    objects = YearlyManager["GoalSheet"]()

    class Meta:
        """Constraints, and an index for inboxes."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in SheetState]), name="goal_state_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "edited_at", "state_at"], name="goal_state_since"),
            models.Index(fields=["project_year", "state"], name="goal_year_state"),
        ]

    def __str__(self) -> str:
        return f"goals {self.project_year_id}"


class GoalIndicator(models.Model):
    """One promised indicator."""

    sheet = models.ForeignKey(GoalSheet, on_delete=models.PROTECT, related_name="indicators", help_text="Its goals")
    number = models.PositiveIntegerField(help_text="Order on the form, from 0")
    level1 = models.CharField(max_length=20, blank=True, default="", help_text="Class 一级指标")
    level2 = models.CharField(max_length=20, blank=True, default="", help_text="Category 二级指标")
    name = models.CharField(max_length=200, blank=True, default="", help_text="三级指标")
    target = models.CharField(
        max_length=200, blank=True, default="", help_text="年度指标值 as printed: sign, figure, unit"
    )
    weight = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True, help_text="分值")
    measured_by = models.CharField(
        max_length=80, blank=True, default="", help_text="Key of the registered indicator; empty = by document"
    )
    scope = models.CharField(
        max_length=120, blank=True, default="", help_text="Scope it is measured over; empty = unit"
    )
    library = models.ForeignKey(
        LibraryIndicator, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Taken from"
    )
    must_change = models.CharField(
        max_length=200, blank=True, default="", help_text="What a copy from last year has to change first; empty = done"
    )

    class Meta:
        """Constraints."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sheet", "number"], name="goal_indicator_once"),
            models.CheckConstraint(
                condition=Q(weight__isnull=True) | Q(weight__gte=0), name="goal_weight_not_negative"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["name"], name="goal_indicator_name")]

    def __str__(self) -> str:
        return self.name
