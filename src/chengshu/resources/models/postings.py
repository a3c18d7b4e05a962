"""The index of the search: which words stand in which resource, and how much they weigh there."""

from typing import ClassVar

from django.db import models

from chengshu.resources.models.resources import DataResource


class Posting(models.Model):
    """One word of one resource. Written in bulk and by the operation that writes the resource, never by hand."""

    token = models.BigIntegerField(help_text="64-bit digest of a pair of Chinese signs, a word or the head of a code")
    resource = models.ForeignKey(
        DataResource, on_delete=models.CASCADE, related_name="+", db_index=False, help_text="The resource"
    )
    weight = models.PositiveSmallIntegerField(help_text="Of the heaviest place that it stands in")

    class Meta:
        """Both ways through the index; the first answers a search without touching the table."""

        indexes: ClassVar = [
            models.Index(fields=["token", "resource", "weight"], name="posting_token"),
            models.Index(fields=["resource"], name="posting_resource"),
        ]

    def __str__(self) -> str:
        return f"{self.token} {self.resource_id}"
