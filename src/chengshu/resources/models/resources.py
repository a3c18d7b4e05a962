"""Resources of the catalogue with their fields and their places on the three lists."""

from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from chengshu.resources.contracts.catalogue import (
    HIGHEST_GRADE,
    LOWEST_GRADE,
    Access,
    Classification,
    Cycle,
    Group,
    ListKind,
    ResourceKind,
    ResourceState,
    ValueType,
)
from chengshu.resources.models.elements import DataElement
from chengshu.resources.models.rights import CatalogueManager, ResourceManager


def _choices(kinds: type[StrEnum]) -> list[tuple[str, str]]:
    return [(kind.value, kind.value) for kind in kinds]


def _graded(name: str) -> Q:
    return Q(**{f"{name}__gte": LOWEST_GRADE, f"{name}__lte": HIGHEST_GRADE})


class DataResource(models.Model):
    """An entry of the catalogue. Once published its rows stand as they were approved; changes wait in `Change`."""

    code = models.CharField(max_length=64, unique=True, help_text="目录编码, unique in the city")
    name = models.CharField(max_length=200, help_text="资源名称")
    department = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, related_name="+", help_text="提供方; rights follow it"
    )
    summary = models.TextField(blank=True, default="", help_text="摘要")
    group = models.CharField(max_length=16, choices=_choices(Group), help_text="基础, 主题 or 部门")
    category = models.CharField(max_length=120, blank=True, default="", help_text="分类: 类/项/目/细目")
    kind = models.CharField(max_length=16, choices=_choices(ResourceKind), help_text="What it is kept as")
    cycle = models.CharField(max_length=16, choices=_choices(Cycle), help_text="更新周期")
    sharing = models.CharField(max_length=16, choices=_choices(Access), help_text="共享类型")
    sharing_terms = models.TextField(blank=True, default="", help_text="共享条件, or the basis for refusing")
    sharing_mode = models.CharField(max_length=120, blank=True, default="", help_text="共享方式")
    opening = models.CharField(max_length=16, choices=_choices(Access), help_text="开放属性")
    opening_terms = models.TextField(blank=True, default="", help_text="开放条件, or the basis for refusing")
    classification = models.CharField(max_length=16, help_text="一般, 重要 or 核心")
    own_grade = models.PositiveSmallIntegerField(default=LOWEST_GRADE, help_text="Grade that the department asked for")
    highest_field_grade = models.PositiveSmallIntegerField(default=LOWEST_GRADE, help_text="Highest of the fields")
    grade = models.PositiveSmallIntegerField(default=LOWEST_GRADE, help_text="Grade that holds: the higher of the two")
    system = models.CharField(max_length=120, blank=True, default="", help_text="Information system it comes from")
    related = models.CharField(max_length=400, blank=True, default="", help_text="Codes of related resources")
    profile = models.CharField(max_length=32, help_text="Metadata profile that it is held against")
    state = models.CharField(max_length=12, default=ResourceState.DRAFT.value, help_text="Where it stands")
    version = models.PositiveIntegerField(default=0, help_text="Number of the edition in force; 0 = never published")
    revision = models.PositiveIntegerField(default=1, help_text="Grows with every write")
    field_count = models.PositiveIntegerField(default=0, help_text="Number of its fields")
    fault_count = models.PositiveIntegerField(default=0, help_text="Places that do not meet the profile; 0 = 达标")
    created_at = models.DateTimeField(help_text="When it was entered")
    edited_at = models.DateTimeField(help_text="When it was last written")
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="By whom"
    )
    published_at = models.DateTimeField(null=True, blank=True, help_text="When the edition in force was approved")

    objects = ResourceManager["DataResource"]()

    class Meta:
        """Constraints, and an index for every list."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="resource_named"),
            models.CheckConstraint(condition=_graded("own_grade"), name="resource_own_grade_known"),
            models.CheckConstraint(condition=_graded("grade"), name="resource_grade_known"),
            models.CheckConstraint(
                condition=Q(grade__gte=F("highest_field_grade")), name="resource_grade_covers_its_fields"
            ),
            models.CheckConstraint(condition=Q(grade__gte=F("own_grade")), name="resource_grade_covers_its_own"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in ResourceState]), name="resource_state_known"
            ),
            models.CheckConstraint(
                condition=Q(classification__in=[kind.value for kind in Classification]),
                name="resource_classification_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(version__gte=1, published_at__isnull=False),
                name="resource_published_has_edition",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["department", "name"], name="resource_department_name"),
            models.Index(fields=["state", "name"], name="resource_state_name"),
            models.Index(fields=["name"], name="resource_name"),
            models.Index(fields=["fault_count", "department"], name="resource_faults"),
            models.Index(fields=["edited_at"], name="resource_edited"),
        ]

    def __str__(self) -> str:
        return self.name


class Field(models.Model):
    """信息项: one field of a resource, in its order."""

    resource = models.ForeignKey(
        DataResource, on_delete=models.CASCADE, related_name="fields", db_index=False, help_text="The resource"
    )
    number = models.PositiveIntegerField(help_text="Place in the resource, from 0")
    code = models.CharField(max_length=120, help_text="Column name in the source")
    name = models.CharField(max_length=200, help_text="信息项名称")
    type = models.CharField(max_length=16, help_text="数据类型")
    length = models.PositiveIntegerField(null=True, blank=True, help_text="数据长度; null = not bounded")
    unit = models.CharField(max_length=32, blank=True, default="", help_text="Unit of measure")
    element = models.ForeignKey(
        DataElement, on_delete=models.PROTECT, null=True, blank=True, related_name="fields", help_text="数据元"
    )
    own_grade = models.PositiveSmallIntegerField(default=LOWEST_GRADE, help_text="Grade that the department says")
    origin_grade = models.PositiveSmallIntegerField(default=LOWEST_GRADE, help_text="Grade that its origins ask for")
    grade = models.PositiveSmallIntegerField(default=LOWEST_GRADE, help_text="分级 1 to 5: the higher of the two")
    derived_from = models.TextField(blank=True, default="", help_text="来源信息项, as the department says them")
    is_key = models.BooleanField(default=False, help_text="Part of the primary key")
    is_nullable = models.BooleanField(default=True, help_text="May be empty")
    not_before = models.CharField(max_length=120, blank=True, default="", help_text="不早于: a field of the same entry")
    refers_to = models.CharField(max_length=200, blank=True, default="", help_text="引用: an entry and its field")
    description = models.TextField(blank=True, default="", help_text="说明")

    objects = CatalogueManager["Field"]()

    class Meta:
        """Constraints, and an index of the few that refer to another entry."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["resource", "number"], name="field_place_once"),
            models.UniqueConstraint(fields=["resource", "code"], name="field_code_once"),
            models.CheckConstraint(condition=_graded("grade"), name="field_grade_known"),
            models.CheckConstraint(condition=Q(grade__gte=F("own_grade")), name="field_grade_covers_its_own"),
            models.CheckConstraint(condition=Q(grade__gte=F("origin_grade")), name="field_grade_covers_its_origins"),
            models.CheckConstraint(condition=Q(type__in=[kind.value for kind in ValueType]), name="field_type_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["refers_to"], condition=~Q(refers_to=""), name="field_refers_to")]

    def __str__(self) -> str:
        return self.name


class ListItem(models.Model):
    """A resource's place on one of the three lists: who owes it, who asked for it, or why it is not given."""

    resource = models.ForeignKey(DataResource, on_delete=models.CASCADE, related_name="lists", help_text="The resource")
    kind = models.CharField(
        max_length=16, choices=[(kind.value, kind.value) for kind in ListKind], help_text="责任, 需求 or 负面"
    )
    basis = models.CharField(max_length=400, blank=True, default="", help_text="Legal basis, or what it is asked for")
    since_on = models.DateField(null=True, blank=True, help_text="Day of the basis or of the demand")
    requester = models.CharField(max_length=120, blank=True, default="", help_text="Organisation that asks for it")
    contact = models.CharField(max_length=120, blank=True, default="", help_text="Whom to speak to there")
    wanted_on = models.DateField(null=True, blank=True, help_text="Day until which it is wanted")

    objects = CatalogueManager["ListItem"]()

    class Meta:
        """Constraints."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["resource", "kind"], name="resource_once_per_list"),
            models.CheckConstraint(condition=~Q(kind="negative") | ~Q(basis=""), name="negative_list_gives_its_basis"),
            models.CheckConstraint(
                condition=Q(kind="demand") | Q(requester="", contact="", wanted_on__isnull=True),
                name="only_a_demand_has_a_requester",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.resource_id}"
