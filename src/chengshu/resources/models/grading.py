"""Of which fields fields are made, and grades that owners lowered."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from chengshu.resources.contracts.catalogue import HIGHEST_GRADE, LOWEST_GRADE
from chengshu.resources.contracts.grading import Derivation
from chengshu.resources.models.resources import DataResource
from chengshu.resources.models.rights import CatalogueManager


class FieldOrigin(models.Model):
    """来源信息项: a field of an entry is made of another one, because its department says so or because lineage found it."""

    resource = models.ForeignKey(
        DataResource, on_delete=models.CASCADE, related_name="origins", db_index=False, help_text="The derived entry"
    )
    field = models.CharField(max_length=120, help_text="Code of its field")
    source_code = models.CharField(max_length=64, help_text="目录编码 of the source; it need not be entered yet")
    source_field = models.CharField(max_length=120, help_text="Code of the source's field")
    way = models.CharField(max_length=12, choices=[(way.value, way.value) for way in Derivation], help_text="How")
    is_traced = models.BooleanField(default=False, help_text="Found by lineage, not said by the department")

    objects = CatalogueManager["FieldOrigin"]()

    class Meta:
        """Constraints, and an index for what hangs on a source."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["resource", "field", "source_code", "source_field", "way", "is_traced"],
                name="field_origin_once",
            ),
            models.CheckConstraint(condition=Q(way__in=[way.value for way in Derivation]), name="origin_way_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["source_code", "source_field"], name="origin_by_source")]

    def __str__(self) -> str:
        return f"{self.source_code} {self.source_field} → {self.resource_id} {self.field}"


class LoweredGrade(models.Model):
    """降级: what is gathered up in a field counts as less grave than what it is gathered from; who decided says why."""

    resource = models.ForeignKey(
        DataResource, on_delete=models.CASCADE, related_name="lowered_grades", db_index=False, help_text="The entry"
    )
    field = models.CharField(max_length=120, help_text="Code of its field")
    origin_grade = models.PositiveSmallIntegerField(help_text="Highest grade of the sources when it was decided")
    grade = models.PositiveSmallIntegerField(help_text="What they count as")
    reason = models.CharField(max_length=256, help_text="Why")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", help_text="Who")
    decided_at = models.DateTimeField(help_text="When")

    objects = CatalogueManager["LoweredGrade"]()

    class Meta:
        """Constraints."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["resource", "field"], name="lowered_grade_once"),
            models.CheckConstraint(
                condition=Q(grade__gte=LOWEST_GRADE, grade__lt=F("origin_grade"), origin_grade__lte=HIGHEST_GRADE),
                name="lowered_grade_is_lower",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="lowered_grade_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.field} {self.grade}"
