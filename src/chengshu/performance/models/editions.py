"""Every saved state of a sheet: who saved it, when, what it held, what changed. Undo and comparison read from here."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from chengshu.performance.contracts.year import SheetKind
from chengshu.performance.models.appending import AppendOnlyManager
from chengshu.performance.models.projects import ProjectYear


class Edition(models.Model):
    """A sheet as one save left it. `content` is whole, so that any edition can be compared or brought back."""

    project_year = models.ForeignKey(
        ProjectYear, on_delete=models.PROTECT, related_name="editions", help_text="The year"
    )
    kind = models.CharField(
        max_length=16, choices=[(kind.value, kind.value) for kind in SheetKind], help_text="Which sheet"
    )
    sheet_id = models.BigIntegerField(help_text="Id of the sheet")
    version = models.PositiveIntegerField(help_text="Version of the sheet that this save gave")
    cause = models.CharField(max_length=16, help_text="open, save, copy or restore")
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", help_text="Who")
    saved_at = models.DateTimeField(help_text="When")
    content = models.JSONField(help_text="The sheet's text and rows")
    changes = models.JSONField(help_text="What differs from the version before: row, field, before, after")

    objects = AppendOnlyManager["Edition"]()

    class Meta:
        """Constraints: one edition a version."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "sheet_id", "version"], name="edition_once_per_version"),
            models.CheckConstraint(condition=~Q(cause=""), name="edition_has_cause"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.sheet_id} v{self.version}"
