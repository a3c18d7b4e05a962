"""被拒来件: what was handed in and refused as a whole, kept as it came so that it can be looked at and mended."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from chengshu.kernel.grants import facade as grants
from chengshu.resources.contracts.arrivals import ArrivalKind
from chengshu.resources.models.collection import COLLECT


class RefusedArrivalManager(models.Manager["RefusedArrival"]):
    """Gives refused arrivals."""

    def visible_to(self, viewer: grants.Viewer, *, on: date) -> models.QuerySet["RefusedArrival"]:
        """Leave those of organisations that the viewer collects for: what lies in them is not masked."""
        return self.filter(organisation__in=grants.permitted(viewer, COLLECT, on=on))


class RefusedArrival(models.Model):
    """Something that was refused; the same content again counts up."""

    kind = models.CharField(
        max_length=12, choices=[(kind.value, kind.value) for kind in ArrivalKind], help_text="What was handed in"
    )
    organisation = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, related_name="+", help_text="For whom it was handed in"
    )
    subject = models.CharField(max_length=128, blank=True, default="", help_text="What it was handed in to")
    name = models.CharField(max_length=255, help_text="File name, or what it is called here")
    digest = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of what came, or of its head; empty = unknown"
    )
    size = models.BigIntegerField(help_text="Bytes of what came, or was announced")
    is_cut = models.BooleanField(default=False, help_text="Only its head came, or is kept")
    file: Any = models.ForeignKey(
        "files.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="As it came"
    )
    not_kept = models.CharField(
        max_length=300, blank=True, default="", help_text="Why there is no copy; empty = there is"
    )
    reason = models.CharField(max_length=1000, help_text="Why it was refused, and the cure")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", help_text="Who handed it in last"
    )
    times = models.PositiveIntegerField(default=1, help_text="How often it came")
    first_at = models.DateTimeField(help_text="When it first came")
    last_at = models.DateTimeField(help_text="When it last came")

    objects: ClassVar[RefusedArrivalManager] = RefusedArrivalManager()

    class Meta:
        """Constraints, and indexes for the list and for what is kept no longer."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "organisation", "subject", "digest", "is_cut", "size"],
                condition=~Q(digest=""),
                name="arrival_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in ArrivalKind]), name="arrival_kind_known"
            ),
            models.CheckConstraint(condition=Q(times__gte=1, size__gte=0), name="arrival_counted"),
            models.CheckConstraint(condition=Q(last_at__gte=F("first_at")), name="arrival_last_after_first"),
            models.CheckConstraint(
                condition=Q(file__isnull=False, not_kept="") | (Q(file=None) & ~Q(not_kept="")),
                name="arrival_kept_or_said_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "last_at"], name="arrival_organisation_last"),
            models.Index(fields=["last_at"], name="arrival_last"),
            models.Index(fields=["organisation", "first_at"], name="arrival_organisation_first"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
