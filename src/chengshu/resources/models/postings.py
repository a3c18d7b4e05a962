"""The index of the search: which words stand in which resources, and how much they weigh there."""

from typing import ClassVar

from django.db import models

from chengshu.resources.models.resources import DataResource


class Posting(models.Model):
    """The resources of one segment in which a word stands. Written by the operation that writes a resource.

    A segment is 4,096 ids of resources, so that a change rewrites a few kilobytes however large the catalogue is.
    """

    token = models.BigIntegerField(help_text="64-bit digest of a pair of Chinese signs, a word or the head of a code")
    segment = models.PositiveIntegerField(help_text="Ids of resources from 4,096 times this")
    offsets = models.BinaryField(help_text="Which of the segment: two bytes each, little-endian, ascending")
    weights = models.BinaryField(help_text="Of the heaviest place that the word stands in: one byte each")

    class Meta:
        """The key."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["token", "segment"], name="posting_once")]

    def __str__(self) -> str:
        return f"{self.token} {self.segment}"


class IndexSegment(models.Model):
    """A segment of the index; who writes into it holds its lock to the end of the transaction."""

    number = models.PositiveIntegerField(primary_key=True, help_text="Ids of resources from 4,096 times this")

    def __str__(self) -> str:
        return str(self.number)


class IndexedResource(models.Model):
    """Which words of a resource are in the index, so that a change takes out exactly what was put in."""

    resource = models.OneToOneField(
        DataResource, on_delete=models.CASCADE, primary_key=True, related_name="+", help_text="The resource"
    )
    tokens = models.BinaryField(help_text="The tokens, eight bytes each, little-endian")
    rules = models.CharField(max_length=16, help_text="Digest of the words and weights that it was indexed by")

    class Meta:
        """An index to find what was indexed by other words."""

        indexes: ClassVar = [models.Index(fields=["rules"], name="indexed_rules")]

    def __str__(self) -> str:
        return f"index of {self.resource_id}"
