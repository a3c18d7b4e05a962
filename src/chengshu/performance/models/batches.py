"""A batch of imported files, and the files in it."""

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from chengshu.performance.models.rights import EDIT_FORMS, Viewer, batch_filter, deleted_batch_filter


class BatchQuerySet(models.QuerySet["Batch"]):
    """Filters over batches."""

    def visible_to(self, viewer: Viewer, *, on: date) -> Self:
        """Leave the batches that the viewer may see."""
        return self.filter(batch_filter(viewer, on=on))

    def editable_by(self, viewer: Viewer, *, on: date) -> Self:
        """Leave the batches that the viewer may change: name, files, forms, and whether they are there."""
        return self.filter(batch_filter(viewer, on=on, permission=EDIT_FORMS))

    def restorable_by(self, viewer: Viewer, *, on: date) -> Self:
        """Leave the deleted batches that the viewer may bring back."""
        return self.filter(deleted_batch_filter(viewer, on=on))


class Batch(models.Model):
    """One import: the files that somebody handed in together, and what was read from them."""

    name = models.CharField(max_length=120, help_text="What the officer calls this batch")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", help_text="Who imported it"
    )
    organisation = models.ForeignKey(
        "organisations.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="For which organisation it was imported; null = before there were organisations",
    )
    rules = models.CharField(
        max_length=80, blank=True, default="", help_text="Rule set asked for; empty = the one for each form's year"
    )
    job = models.ForeignKey(
        "jobs.Job",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The job that reads or checks it; null when a command did",
    )
    created_at = models.DateTimeField(help_text="When it was handed in")
    checked_at = models.DateTimeField(null=True, blank=True, help_text="When its forms were last checked")
    deleted_at = models.DateTimeField(null=True, blank=True, help_text="When it was put away; null = in use")

    objects = BatchQuerySet.as_manager()

    class Meta:
        """Constraints, and an index for every list."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name=""), name="batch_named"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "-created_at"], name="batch_owner_created"),
            models.Index(fields=["-created_at"], name="batch_created"),
        ]

    def __str__(self) -> str:
        return self.name


class Verdict(models.TextChoices):
    """What became of a file."""

    WAITING = "waiting"
    READ = "read"
    ERROR = "error"
    REPEATED = "repeated"


class SourceFileQuerySet(models.QuerySet["SourceFile"]):
    """Filters over files."""

    def visible_to(self, viewer: Viewer, *, on: date) -> Self:
        """Leave the files of batches that the viewer may see."""
        return self.filter(batch_filter(viewer, on=on, prefix="batch__"))


class SourceFile(models.Model):
    """One file of a batch. A member of an archive stands beside its archive, with the archive's bytes."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="files", help_text="The import it is in")
    stored = models.ForeignKey(
        "files.StoredFile",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The bytes as handed in; null when they could not be kept (empty, too large)",
    )
    digest = models.CharField(max_length=64, help_text="SHA-256 of the bytes, of the archive for a member")
    name = models.CharField(max_length=255, help_text="Base name as handed in")
    member = models.CharField(
        max_length=500, blank=True, default="", help_text="Path inside the archive; empty = the file itself"
    )
    verdict = models.CharField(
        max_length=10, choices=Verdict, default=Verdict.WAITING, help_text="What became of the file"
    )
    error_code = models.CharField(max_length=40, blank=True, default="", help_text="Stable code of the fault")
    error_message = models.TextField(blank=True, default="", help_text="The fault and its cure, for people")
    warnings = models.JSONField(default=list, blank=True, help_text="What was passed over while reading, and why")
    read_at = models.DateTimeField(null=True, blank=True, help_text="When the reading ended")
    same_as = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The earlier file of the batch with the same bytes, which is read instead of a repeated one",
    )

    objects = SourceFileQuerySet.as_manager()

    class Meta:
        """Constraints, and an index for every list."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["batch", "digest", "member"],
                condition=~Q(verdict=Verdict.REPEATED),
                name="file_once_per_batch",
            ),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.REPEATED) ^ Q(same_as__isnull=True), name="file_repeated_has_first"
            ),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="file_verdict_known"),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.ERROR) ^ Q(error_message=""), name="file_error_has_message"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["batch", "verdict"], name="file_batch_verdict")]

    def __str__(self) -> str:
        return self.member or self.name
