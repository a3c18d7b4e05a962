"""What goals, monitoring and self-evaluations share: a state, a version against lost edits, decisions that stay."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from chengshu.performance.contracts.year import SheetKind, SheetState
from chengshu.performance.models.appending import AppendOnlyManager
from chengshu.performance.models.projects import ProjectYear


class Sheet(models.Model):
    """A paper of a project's year that several people work on and others decide on."""

    state = models.CharField(
        max_length=24,
        choices=[(state.value, state.value) for state in SheetState],
        default=SheetState.DRAFT,
        help_text="Where it stands",
    )
    version = models.PositiveIntegerField(default=1, help_text="Grows with every edit; an edit names the one it saw")
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Last editor",
    )
    edited_at = models.DateTimeField(help_text="When it was last edited")
    state_at = models.DateTimeField(
        null=True, blank=True, help_text="When a step led it to where it stands; null = none did yet"
    )

    class Meta:
        """A part of other tables."""

        abstract = True


class Decision(models.Model):
    """One step of a sheet: handed in, returned, approved, reopened, published, withdrawn; by whom, when and why."""

    project_year = models.ForeignKey(
        ProjectYear, on_delete=models.PROTECT, related_name="decisions", help_text="The year"
    )
    kind = models.CharField(
        max_length=16, choices=[(kind.value, kind.value) for kind in SheetKind], help_text="Which sheet"
    )
    sheet_id = models.BigIntegerField(help_text="Id of the sheet")
    action = models.CharField(max_length=24, help_text="What was done, as in the rules of the stages")
    from_state = models.CharField(max_length=24, help_text="State before")
    to_state = models.CharField(max_length=24, help_text="State after")
    version = models.PositiveIntegerField(help_text="Version of the sheet that was decided on")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", help_text="Who")
    decided_at = models.DateTimeField(help_text="When")
    reason = models.CharField(max_length=500, blank=True, default="", help_text="Why; compulsory for returns")

    objects = AppendOnlyManager["Decision"]()

    class Meta:
        """Constraints, and an index for the history of a sheet."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(action=""), name="decision_named"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["kind", "sheet_id", "decided_at"], name="decision_sheet"),
            models.Index(fields=["project_year", "decided_at"], name="decision_year"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.action}"
