"""The indicator library: what others promised before, cleaned and classified."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class LibraryIndicator(models.Model):
    """A ready indicator that goals are built from. It is retired, never deleted."""

    code = models.CharField(max_length=40, unique=True, help_text="Stable code")
    domain = models.CharField(max_length=40, blank=True, default="", help_text="Field of work; empty = common to all")
    level1 = models.CharField(max_length=20, help_text="Class 一级指标")
    level2 = models.CharField(max_length=20, help_text="Category 二级指标")
    name = models.CharField(max_length=200, help_text="三级指标")
    sign = models.CharField(max_length=4, blank=True, default="", help_text="≥ ≤ = > <; empty = in words")
    target = models.CharField(max_length=100, blank=True, default="", help_text="Usual target, without sign and unit")
    unit = models.CharField(max_length=20, blank=True, default="", help_text="Unit of the figure")
    measured_by = models.CharField(
        max_length=80, blank=True, default="", help_text="Key of the registered indicator; empty = by document"
    )
    basis = models.CharField(max_length=200, blank=True, default="", help_text="Basis of the usual target")
    is_retired = models.BooleanField(default=False, help_text="Not offered any more")
    retired_reason = models.CharField(max_length=200, blank=True, default="", help_text="Why it is not offered")

    class Meta:
        """Constraints, and an index for the search by class."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["domain", "level2", "name"], name="library_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="library_named"),
            models.CheckConstraint(
                condition=Q(is_retired=False) | ~Q(retired_reason=""), name="library_retired_with_reason"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["level1", "level2", "name"], name="library_class_name")]

    def __str__(self) -> str:
        return self.name
