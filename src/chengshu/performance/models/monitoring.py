"""Mid-year monitoring (双监控): at set dates, the value and the money so far, and what is expected of the year."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from chengshu.performance.contracts.monitoring import Behind
from chengshu.performance.contracts.year import Lamp
from chengshu.performance.models.goals import GoalIndicator
from chengshu.performance.models.projects import ProjectYear
from chengshu.performance.models.rights import YearlyManager
from chengshu.performance.models.sheets import Sheet


class MonitoringPoint(models.Model):
    """A date of the year at which every project reports: what is counted until when, and due when."""

    year = models.PositiveSmallIntegerField(help_text="Budget year")
    name = models.CharField(max_length=60, help_text="What people call it, such as 1—7月监控")
    until_on = models.DateField(help_text="Values and payments count up to this day")
    due_on = models.DateField(help_text="To be handed in by this day")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", help_text="Who"
    )
    created_at = models.DateTimeField(help_text="When it was set")

    class Meta:
        """Constraints."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "until_on"], name="monitoring_point_once_per_day"),
            models.CheckConstraint(condition=Q(due_on__gte=F("until_on")), name="monitoring_due_after_until"),
        ]

    def __str__(self) -> str:
        return self.name


class MonitoringSheet(Sheet):
    """What one project's year reports at one point."""

    project_year = models.ForeignKey(
        ProjectYear, on_delete=models.PROTECT, related_name="monitoring_sheets", help_text="The year"
    )
    point = models.ForeignKey(MonitoringPoint, on_delete=models.PROTECT, related_name="sheets", help_text="The date")
    budget_yuan = models.DecimalField(max_digits=20, decimal_places=4, help_text="Adjusted budget at the point, in 元")
    executed_yuan = models.DecimalField(max_digits=20, decimal_places=4, help_text="Paid up to the point, in 元")
    forecast_yuan = models.DecimalField(
        max_digits=20, decimal_places=4, null=True, blank=True, help_text="Expected to be paid by the year's end, in 元"
    )
    deviation = models.TextField(blank=True, default="", help_text="偏差原因 of the whole")
    measure = models.TextField(blank=True, default="", help_text="纠偏措施")
    lamp = models.CharField(
        max_length=8, blank=True, default="", help_text="Worst lamp of money and indicators; empty = nothing entered"
    )

    objects = YearlyManager["MonitoringSheet"]()

    class Meta:
        """Constraints, and an index for lists by lamp."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project_year", "point"], name="monitoring_once_per_point"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["point", "state", "lamp"], name="monitoring_point_lamp"),
            models.Index(fields=["state", "edited_at", "state_at", "point"], name="monitoring_state_since"),
            models.Index(fields=["project_year", "state", "lamp", "point"], name="monitoring_year_state"),
        ]

    def __str__(self) -> str:
        return f"monitoring {self.project_year_id}/{self.point_id}"


class MonitoredIndicator(models.Model):
    """One indicator at one point: value so far, forecast, lamp, and what is done about a deviation."""

    sheet = models.ForeignKey(
        MonitoringSheet, on_delete=models.PROTECT, related_name="indicators", help_text="The report"
    )
    goal = models.ForeignKey(GoalIndicator, on_delete=models.PROTECT, related_name="monitored", help_text="The promise")
    value = models.CharField(max_length=200, blank=True, default="", help_text="Value so far, as printed")
    share = models.DecimalField(
        max_digits=9, decimal_places=4, null=True, blank=True, help_text="Value ÷ target in per cent; null = in words"
    )
    forecast = models.CharField(max_length=200, blank=True, default="", help_text="Expected at the year's end")
    lamp = models.CharField(
        max_length=8, choices=[(lamp.value, lamp.value) for lamp in Lamp], blank=True, default="", help_text="Lamp"
    )
    deviation = models.TextField(blank=True, default="", help_text="偏差原因")
    measure = models.TextField(blank=True, default="", help_text="纠偏措施")
    measurement_id = models.BigIntegerField(
        null=True, blank=True, help_text="The measurement that gave the value; null = entered by hand"
    )

    class Meta:
        """Constraints."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["sheet", "goal"], name="monitored_once_per_indicator")]

    def __str__(self) -> str:
        return f"{self.goal_id}: {self.value}"


class EarlyWarning(models.Model):
    """A time during which one project's year was behind for one reason. Its people are told when it begins."""

    project_year = models.ForeignKey(
        ProjectYear, on_delete=models.PROTECT, related_name="warnings", help_text="The year"
    )
    reason = models.CharField(
        max_length=12, choices=[(reason.value, reason.value) for reason in Behind], help_text="Why it is behind"
    )
    raised_at = models.DateTimeField(help_text="When it was first seen")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When it was seen no more; null = still behind")

    objects = YearlyManager["EarlyWarning"]()

    class Meta:
        """Constraints, and an index for what stands."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project_year", "reason"], condition=Q(ended_at__isnull=True), name="warned_once_at_a_time"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["ended_at", "raised_at"], name="warning_standing")]

    def __str__(self) -> str:
        return f"{self.reason} {self.project_year_id}"
