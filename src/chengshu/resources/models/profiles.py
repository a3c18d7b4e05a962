"""What the columns of a resource's table look like, version by version."""

from typing import ClassVar

from django.db import models

from chengshu.resources.models.quality import CheckRun
from chengshu.resources.models.resources import DataResource
from chengshu.resources.models.rights import CatalogueManager


class TableProfile(models.Model):
    """数据概况: counts, bounds and frequent values of every column of one version of a resource's table."""

    resource = models.ForeignKey(
        DataResource, on_delete=models.PROTECT, related_name="profiles", db_index=False, help_text="The resource"
    )
    run = models.ForeignKey(
        CheckRun, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", help_text="The check before it"
    )
    table = models.CharField(max_length=220, help_text="Zone and name of the lake's table")
    version = models.PositiveBigIntegerField(help_text="Version of the table")
    rows = models.PositiveBigIntegerField(help_text="Rows in it")
    columns = models.JSONField(
        help_text="One record a column; values of graded columns are masked before they are kept"
    )
    made_at = models.DateTimeField(help_text="When it was made")

    objects = CatalogueManager["TableProfile"]()

    class Meta:
        """Constraints."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["resource", "table", "version"], name="profile_once_a_version"),
        ]

    def __str__(self) -> str:
        return f"{self.table} v{self.version}"
