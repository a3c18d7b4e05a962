"""What the last check said about a form."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from chengshu.performance.contracts import Level
from chengshu.performance.models.forms import FormRecord
from chengshu.performance.models.rights import Viewer, batch_filter


class FindingQuerySet(models.QuerySet["FindingRecord"]):
    """Filters over findings."""

    def visible_to(self, viewer: Viewer, *, on: date) -> Self:
        """Leave the findings on forms that the viewer may see."""
        return self.filter(batch_filter(viewer, on=on, prefix="form__batch__"))


class FindingRecord(models.Model):
    """One finding on one cell, as the last check left it."""

    form = models.ForeignKey(
        FormRecord, on_delete=models.PROTECT, related_name="findings", help_text="The form it is about"
    )
    number = models.PositiveIntegerField(help_text="Order within the form, from 1")
    code = models.CharField(max_length=40, help_text="Class of the defect")
    level = models.CharField(max_length=10, help_text="error, breach or hint")
    gravity = models.PositiveSmallIntegerField(help_text="The level as a number to sort by: 0 error, 1 breach, 2 hint")
    field = models.CharField(max_length=80, blank=True, default="", help_text="JSON pointer of the cell; empty = form")
    printed = models.TextField(null=True, blank=True, help_text="What stands on the form")  # noqa: DJ001 - absent is not empty
    expected = models.TextField(null=True, blank=True, help_text="What should stand there")  # noqa: DJ001 - absent is not empty
    message = models.TextField(help_text="Sentence for a letter, in Chinese")
    message_en = models.TextField(help_text="The same in English")
    basis = models.TextField(help_text="Rule set, rule and legal source")
    doubtful = models.BooleanField(default=False, help_text="The cell was read with low confidence")

    objects = FindingQuerySet.as_manager()

    class Meta:
        """Constraints, and an index for every list."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["form", "number"], name="finding_once_per_place"),
            models.CheckConstraint(condition=Q(level__in=[level.value for level in Level]), name="finding_level_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["code", "form"], name="finding_code_form"),
            models.Index(fields=["level", "form"], name="finding_level_form"),
            models.Index(fields=["gravity", "form", "number"], name="finding_gravity"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.field}"


class Rescoring(models.Model):
    """What a form would get by the rules; the unit's own score is never overwritten."""

    form = models.OneToOneField(
        FormRecord, on_delete=models.PROTECT, related_name="rescoring", help_text="The form that was scored again"
    )
    rules = models.CharField(max_length=80, help_text="Rule set applied")
    total = models.DecimalField(
        max_digits=9, decimal_places=4, null=True, blank=True, help_text="Total by rule; null = not all lines can be"
    )
    grade = models.CharField(max_length=10, blank=True, default="", help_text="Grade by rule")
    printed_grade = models.CharField(max_length=10, blank=True, default="", help_text="Grade of the printed total")
    changed = models.BooleanField(default=False, help_text="The grade by rule differs from the printed total's")
    lines = models.JSONField(help_text="Score and why of every line, as in the published record")
    checked_at = models.DateTimeField(help_text="When the check ran")

    def __str__(self) -> str:
        return f"{self.rules}: {self.total}"
