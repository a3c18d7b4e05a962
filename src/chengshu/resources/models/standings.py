"""How entries and sources stood from one moment until the next, so that figures of a past day stay what they were."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from chengshu.resources.contracts.catalogue import ResourceState
from chengshu.resources.models.collection import DataSource, DueManager
from chengshu.resources.models.editions import AppendOnlyManager
from chengshu.resources.models.resources import DataResource


class ResourceStanding(models.Model):
    """An entry as it stood from `since_at` until its next standing; added whenever something in it changes."""

    resource = models.ForeignKey(
        DataResource, on_delete=models.PROTECT, related_name="standings", db_index=False, help_text="The entry"
    )
    number = models.PositiveIntegerField(help_text="From 1, in the order of writing")
    since_at = models.DateTimeField(help_text="From when on it stood so")
    department = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, related_name="+", help_text="Whose it was"
    )
    code = models.CharField(max_length=64, help_text="Its code then")
    name = models.CharField(max_length=200, help_text="Its name then")
    state = models.CharField(max_length=12, help_text="Where it stood")
    field_count = models.PositiveIntegerField(help_text="Number of its fields")
    fault_count = models.PositiveIntegerField(
        null=True, blank=True, help_text="Places that did not meet the profile; null = nobody kept it"
    )
    is_backfilled = models.BooleanField(default=False, help_text="Put together later, from editions and decisions")

    objects = AppendOnlyManager["ResourceStanding"]()

    class Meta:
        """Constraints; the unique pair finds the standing of a moment."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["resource", "number"], name="resource_standing_once"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in ResourceState]), name="resource_standing_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.state} {self.since_at:%Y-%m-%d}"


class SourceStanding(models.Model):
    """A source as it stood from `since_at` until its next standing."""

    source = models.ForeignKey(
        DataSource, on_delete=models.CASCADE, related_name="standings", db_index=False, help_text="The source"
    )
    number = models.PositiveIntegerField(help_text="From 1, in the order of writing")
    since_at = models.DateTimeField(help_text="From when on it stood so")
    name = models.CharField(max_length=200, help_text="Its name then")
    table = models.CharField(max_length=60, help_text="Its table in the lake then")
    is_active = models.BooleanField(help_text="Whether it was collected from")
    is_backfilled = models.BooleanField(default=False, help_text="Put together later, from the audit")

    objects = DueManager["SourceStanding"]("source__")

    class Meta:
        """Constraints; the unique pair finds the standing of a moment."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "number"], name="source_standing_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.since_at:%Y-%m-%d}"
