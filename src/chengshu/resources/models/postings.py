"""The index of the search: which words stand in which resource, and how much they weigh there."""

from typing import ClassVar

from django.db import models

from chengshu.resources.models.resources import DataResource


class Posting(models.Model):
    """One word of one resource. Written in bulk and by the operation that writes the resource, never by hand.

    Millions of rows: the pair is the key, nothing else is indexed, and the database does not follow the resource,
    which is never deleted.
    """

    pk = models.CompositePrimaryKey("token", "entry", help_text="The pair")
    token = models.BigIntegerField(help_text="64-bit digest of a pair of Chinese signs, a word or the head of a code")
    entry = models.BigIntegerField(help_text="Id of the resource")
    weight = models.PositiveSmallIntegerField(help_text="Of the heaviest place that it stands in")

    def __str__(self) -> str:
        return f"{self.token} {self.entry}"


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
