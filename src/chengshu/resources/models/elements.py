"""Data elements (GB/T 19488 in kind) and the value domains that they draw on."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from chengshu.resources.contracts.catalogue import HIGHEST_GRADE, LOWEST_GRADE, ValueType

_TYPES = [(kind.value, kind.value) for kind in ValueType]


class ValueDomain(models.Model):
    """A closed set of codes, such as 性别代码."""

    code = models.CharField(max_length=64, unique=True, help_text="Identifier, unique in the city")
    name = models.CharField(max_length=120, help_text="名称")
    source = models.CharField(max_length=200, blank=True, default="", help_text="Standard that it is taken from")
    description = models.TextField(blank=True, default="", help_text="说明")

    class Meta:
        """Constraints."""

        constraints: ClassVar = [models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="domain_named")]

    def __str__(self) -> str:
        return self.name


class DomainCode(models.Model):
    """One code of a value domain."""

    domain = models.ForeignKey(
        ValueDomain, on_delete=models.CASCADE, related_name="codes", help_text="The domain it belongs to"
    )
    code = models.CharField(max_length=64, help_text="代码")
    label = models.CharField(max_length=200, help_text="What it stands for")
    number = models.PositiveIntegerField(help_text="Place in the domain, from 0")

    class Meta:
        """Constraints."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["domain", "code"], name="domain_code_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"


class DataElement(models.Model):
    """What a field means: identifier, name, definition, type, representation, value domain. Rules of quality follow."""

    code = models.CharField(max_length=64, unique=True, help_text="Identifier, unique in the city")
    name = models.CharField(max_length=120, help_text="名称")
    definition = models.TextField(blank=True, default="", help_text="定义")
    type = models.CharField(max_length=16, choices=_TYPES, help_text="What it holds")
    format = models.CharField(max_length=64, blank=True, default="", help_text="表示格式, such as an..18 or YYYYMMDD")
    length = models.PositiveIntegerField(null=True, blank=True, help_text="Longest value in signs; null = unbounded")
    unit = models.CharField(max_length=32, blank=True, default="", help_text="Unit of measure")
    domain = models.ForeignKey(
        ValueDomain, on_delete=models.PROTECT, null=True, blank=True, related_name="elements", help_text="值域"
    )
    check_name = models.CharField(
        max_length=32, blank=True, default="", help_text="Check of its values by name, such as id_number"
    )
    grade = models.PositiveSmallIntegerField(default=LOWEST_GRADE, help_text="Grade that its fields have at least")
    least = models.CharField(max_length=40, blank=True, default="", help_text="Least value: number or day, by type")
    most = models.CharField(max_length=40, blank=True, default="", help_text="Greatest value, written likewise")

    class Meta:
        """Constraints, and an index for the list."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="element_named"),
            models.CheckConstraint(
                condition=Q(grade__gte=LOWEST_GRADE, grade__lte=HIGHEST_GRADE), name="element_grade_known"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["name"], name="element_name")]

    def __str__(self) -> str:
        return self.name
