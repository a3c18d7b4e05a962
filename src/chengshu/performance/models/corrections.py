"""Corrections by hand: append-only, each with author, time and old value."""

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models

from chengshu.performance.models.forms import FormRecord


class CorrectionQuerySet(models.QuerySet["Correction"]):
    """Corrections are added and read, nothing else."""

    def update(self, **_kwargs: Any) -> NoReturn:
        """Refuse: history is not rewritten."""
        raise TypeError("corrections are append-only")

    def delete(self) -> NoReturn:
        """Refuse: history is not removed."""
        raise TypeError("corrections are append-only")


class Correction(models.Model):
    """One value of a form changed by hand. An undo is a further correction that points at the one it takes back."""

    form = models.ForeignKey(
        FormRecord, on_delete=models.PROTECT, related_name="corrections", help_text="The form that was corrected"
    )
    field = models.CharField(max_length=80, help_text="JSON pointer of the corrected cell")
    old_value = models.TextField(null=True, blank=True, help_text="Value before; null = absent")  # noqa: DJ001 - absent is not empty
    new_value = models.TextField(null=True, blank=True, help_text="Value after; null = absent")  # noqa: DJ001 - absent is not empty
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", help_text="Who corrected it"
    )
    corrected_at = models.DateTimeField(help_text="When")
    reason = models.CharField(max_length=300, blank=True, default="", help_text="Why, in the author's words")
    undoes = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="undone_by",
        help_text="The correction that this one takes back",
    )

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        """Constraints, and an index for every list."""

        indexes: ClassVar = [models.Index(fields=["form", "corrected_at"], name="correction_form_time")]

    def __str__(self) -> str:
        return f"{self.field}: {self.old_value} → {self.new_value}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; raise TypeError when the correction already stands."""
        if not self._state.adding:
            raise TypeError("corrections are append-only")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse: history is not removed."""
        raise TypeError("corrections are append-only")
