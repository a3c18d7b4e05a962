"""What became of entries: editions that were approved, changes under way, decisions, disputes, imports."""

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q

from chengshu.resources.contracts.catalogue import IntakeState, Step
from chengshu.resources.models.resources import DataResource
from chengshu.resources.models.rights import CatalogueManager, CatalogueQuerySet, M


class AppendOnlyQuerySet(CatalogueQuerySet[M]):
    """Rows that stay as they were written."""

    def update(self, **_kwargs: Any) -> NoReturn:
        """Refuse: raise TypeError."""
        raise TypeError(f"{self.model.__name__} is append-only")

    def delete(self) -> NoReturn:
        """Refuse: raise TypeError."""
        raise TypeError(f"{self.model.__name__} is append-only")


class AppendOnlyManager(CatalogueManager[M]):
    """Gives rows that are read and added."""

    rows = AppendOnlyQuerySet


class Edition(models.Model):
    """An approved version of an entry, whole; what differs is computed from two of them."""

    resource = models.ForeignKey(
        DataResource, on_delete=models.PROTECT, related_name="editions", help_text="The resource"
    )
    number = models.PositiveIntegerField(help_text="From 1")
    content = models.JSONField(help_text="The entry with its fields as it was approved")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the content in canonical form")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Approver",
    )
    published_at = models.DateTimeField(help_text="When it was approved")

    objects = AppendOnlyManager["Edition"]()

    class Meta:
        """Constraints."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["resource", "number"], name="edition_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="edition_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} v{self.number}"


class Change(models.Model):
    """What a department wants a published entry to be; it takes force when the centre approves it."""

    resource = models.OneToOneField(
        DataResource, on_delete=models.CASCADE, related_name="change", help_text="The resource"
    )
    content = models.JSONField(help_text="The entry with its fields as it is to be")
    is_submitted = models.BooleanField(default=False, help_text="Handed in, waits for the centre")
    is_returned = models.BooleanField(default=False, help_text="The centre returned it, not handed in again since")
    fault_count = models.PositiveIntegerField(default=0, help_text="Places that do not meet the profile")
    edited_at = models.DateTimeField(help_text="When it was last written")
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="By whom"
    )

    objects = CatalogueManager["Change"]()

    class Meta:
        """Nothing beside the columns."""

    def __str__(self) -> str:
        return f"change of {self.resource_id}"


class Decision(models.Model):
    """A step that somebody took with an entry, and why."""

    resource = models.ForeignKey(
        DataResource, on_delete=models.PROTECT, related_name="decisions", help_text="The resource"
    )
    step = models.CharField(max_length=16, choices=[(step.value, step.value) for step in Step], help_text="Which step")
    version = models.PositiveIntegerField(help_text="Edition in force after it")
    reason = models.CharField(max_length=256, blank=True, default="", help_text="Why, in the person's words")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Who"
    )
    decided_at = models.DateTimeField(help_text="When")

    objects = AppendOnlyManager["Decision"]()

    class Meta:
        """Indexes for the history, and for what was returned."""

        indexes: ClassVar = [
            models.Index(fields=["resource", "decided_at"], name="resource_decision_at"),
            models.Index(fields=["step", "resource"], name="resource_decision_step"),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.resource_id}"


class Dispute(models.Model):
    """异议: somebody says that an entry is wrong; its department answers in a ticket, who raised it settles."""

    resource = models.ForeignKey(
        DataResource, on_delete=models.PROTECT, related_name="disputes", help_text="The resource"
    )
    place = models.CharField(max_length=120, blank=True, default="", help_text="Code of the field; empty = the entry")
    problem = models.TextField(help_text="What is wrong, in the person's words")
    ticket = models.OneToOneField(
        "tickets.Ticket", on_delete=models.PROTECT, related_name="+", help_text="The ticket that carries it"
    )
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", help_text="Who raised it"
    )
    raised_at = models.DateTimeField(help_text="When")

    objects = CatalogueManager["Dispute"]()

    class Meta:
        """Constraints."""

        constraints: ClassVar = [models.CheckConstraint(condition=~Q(problem=""), name="dispute_says_what")]

    def __str__(self) -> str:
        return f"dispute {self.resource_id}"


class Intake(models.Model):
    """A workbook of entries that was taken, with what became of its rows."""

    name = models.CharField(max_length=200, help_text="File name")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", help_text="Who handed it in"
    )
    taken_at = models.DateTimeField(help_text="When")
    sent = models.PositiveIntegerField(default=0, help_text="Rows in the file")
    created = models.PositiveIntegerField(default=0, help_text="New entries")
    changed = models.PositiveIntegerField(default=0, help_text="Entries that it changed")
    unchanged = models.PositiveIntegerField(default=0, help_text="Entries that stood so already")
    rejected = models.PositiveIntegerField(default=0, help_text="Rows that were not taken")
    state = models.CharField(
        max_length=12, default=IntakeState.TAKEN.value, help_text="Whether it waits, was taken, stopped or failed"
    )
    done = models.PositiveIntegerField(
        default=0, help_text="Rows of entries that were gone through; a job goes on there"
    )
    reason = models.CharField(max_length=400, blank=True, default="", help_text="Why it failed, and the cure")
    file = models.ForeignKey(
        "files.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="As it came"
    )
    job = models.UUIDField(null=True, blank=True, help_text="The job that takes it")

    class Meta:
        """A constraint, and an index for the list."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in IntakeState]), name="intake_state_known")
        ]
        indexes: ClassVar = [models.Index(fields=["author", "taken_at"], name="intake_author_taken")]

    def __str__(self) -> str:
        return self.name


class CatalogueExport(models.Model):
    """导出的编目表: entries that somebody asked to take away, and the workbook once it is written."""

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", help_text="Who asked; it is his alone"
    )
    asked_at = models.DateTimeField(help_text="When")
    entries = models.PositiveIntegerField(help_text="How many entries were asked for")
    file = models.ForeignKey(
        "files.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="The workbook"
    )
    job = models.UUIDField(null=True, blank=True, help_text="The job that writes it")

    class Meta:
        """An index for the list."""

        indexes: ClassVar = [models.Index(fields=["author", "asked_at"], name="export_author_asked")]

    def __str__(self) -> str:
        return f"export {self.pk}"


class RejectedEntry(models.Model):
    """A row that was not taken, with its place, its cells and the reason."""

    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="rejections", help_text="The import")
    sheet = models.CharField(max_length=64, help_text="Name of the sheet")
    row = models.PositiveIntegerField(help_text="Row in the sheet, from 1")
    code = models.CharField(max_length=120, blank=True, default="", help_text="目录编码 in the row")
    cells = models.JSONField(help_text="The row as it was read")
    reason = models.CharField(max_length=400, help_text="Why, and the cure")

    class Meta:
        """An index for the list."""

        indexes: ClassVar = [models.Index(fields=["intake", "sheet", "row"], name="rejected_entry_place")]

    def __str__(self) -> str:
        return f"{self.sheet} {self.row}"
