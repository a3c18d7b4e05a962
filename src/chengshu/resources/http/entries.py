"""Entries as they cross the wire, in and out."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from chengshu.kernel.http.facade import Asked, Line, Prose, Version
from chengshu.resources.facade.catalogue import (
    Access,
    Classification,
    Cycle,
    DataResource,
    EntryFault,
    FieldContent,
    Group,
    ListContent,
    ListKind,
    ResourceContent,
    ResourceKind,
    ResourceState,
    Step,
    ValueType,
)

_MOST_FIELDS = 2000
_LARGEST_LENGTH = 2_000_000_000
Grade = Field(1, ge=1, le=5, description="分级，1 至 5")


class FieldShape(Asked):
    """One field as its department says it; `derived_from` like `307/MZ001 sfzh；汇总 307/MZ002 je`."""

    code: Line
    name: Line
    type: ValueType = ValueType.TEXT
    length: int | None = Field(None, ge=1, le=_LARGEST_LENGTH)
    unit: Line = ""
    element: Line = Field("", description="数据元的标识符")
    grade: int = Grade
    is_key: bool = False
    is_nullable: bool = True
    description: Prose = ""
    derived_from: Prose = Field("", description="来源信息项")
    not_before: Line = Field("", description="不早于：同一资源里另一个日期信息项的代码")
    refers_to: Line = Field("", description="引用：取值须在其中的信息项，如 307/GA001 sfzh")


class ListShape(Asked):
    """The entry's place on one of the three lists."""

    kind: ListKind
    basis: Prose = ""
    since: Line = Field("", description="日期，如 2024-03-15；没有则留空")
    requester: Line = Field("", description="需求方：提出需求的单位；只用于需求清单，下同")
    contact: Line = Field("", description="需求联系人")
    wanted_by: Line = Field("", description="需求时限，日期")


class EntryShape(Asked):
    """All that a department says of a resource; `department` is the code of an organisation."""

    code: Line
    name: Line
    department: Line
    summary: Prose = ""
    group: Group = Group.DEPARTMENT
    category: Line = ""
    kind: ResourceKind = ResourceKind.TABLE
    cycle: Cycle = Cycle.IRREGULAR
    sharing: Access = Access.CONDITIONAL
    sharing_terms: Prose = ""
    sharing_mode: Line = ""
    opening: Access = Access.REFUSED
    opening_terms: Prose = ""
    classification: Classification = Classification.GENERAL
    grade: int = Grade
    system: Line = ""
    related: Prose = ""
    profile: Line = "national"
    fields: list[FieldShape] = Field(default_factory=list, max_length=_MOST_FIELDS)
    lists: list[ListShape] = Field(default_factory=list, max_length=3)


class FieldContentRecord(Schema):
    """One field as its department says it."""

    code: str
    name: str
    type: ValueType
    length: int | None
    unit: str
    element: str
    grade: int
    is_key: bool
    is_nullable: bool
    description: str
    derived_from: str
    not_before: str
    refers_to: str


class ListRecord(Schema):
    """The entry's place on one of the three lists."""

    kind: ListKind
    basis: str
    since: str
    requester: str = ""
    contact: str = ""
    wanted_by: str = ""


class ContentRecord(Schema):
    """All that a department says of a resource; it can be sent back as it is."""

    code: str
    name: str
    department: str
    summary: str
    group: Group
    category: str
    kind: ResourceKind
    cycle: Cycle
    sharing: Access
    sharing_terms: str
    sharing_mode: str
    opening: Access
    opening_terms: str
    classification: Classification
    grade: int
    system: str
    related: str
    profile: str
    fields: list[FieldContentRecord]
    lists: list[ListRecord]


class ResourceRow(Schema):
    """An entry in a list; `grade` is the one that holds, `version` the edition in force (0 = never published)."""

    id: int
    code: str
    name: str
    department: str
    department_name: str
    kind: ResourceKind
    cycle: Cycle
    sharing: Access
    opening: Access
    grade: int
    fields: int
    state: ResourceState
    version: int
    revision: int = Field(description="写入时要带上的版本")
    faults: int = Field(description="未达标处")
    edited_at: datetime
    published_at: datetime | None


class FaultRecord(Schema):
    """What an entry lacks: the place as a path in the content, which rule, and the value that its words speak of."""

    place: str
    rule: str
    value: str


class ResourceStep(Schema):
    """A step that the caller may take with an entry now."""

    action: Step
    needs_reason: bool


class ResourceChange(Schema):
    """What a published entry is to become."""

    is_submitted: bool
    edited_at: datetime
    content: ContentRecord


class ResourceRecord(ResourceRow):
    """An entry as it stands, what it is to become where the caller may see that, and the steps that he may take."""

    content: ContentRecord
    change: ResourceChange | None
    offered: list[ResourceStep]


class ResourceField(Schema):
    """A field that stands; `grade` is the one that holds, `own_grade` what its department says."""

    code: str
    name: str
    number: int
    type: ValueType
    length: int | None
    unit: str
    element: str
    element_name: str
    grade: int
    own_grade: int
    is_key: bool
    is_nullable: bool
    description: str
    derived_from: str
    not_before: str
    refers_to: str


class DifferenceRecord(Schema):
    """One place that a version changed; null where there was, or is, no such place."""

    place: str
    before: str | None
    after: str | None


class VersionRow(Schema):
    """An approved version with its digest (SHA-256 of the canonical content)."""

    number: int
    digest: str
    published_at: datetime


class VersionRecord(VersionRow):
    """An approved version, whole, and what it changed."""

    differences: list[DifferenceRecord]
    content: dict[str, Any]


class ChangeAsked(Asked):
    """The whole entry as it is to be, with the revision that the caller saw."""

    version: Version
    reason: Prose = ""
    content: EntryShape


class StepAskedShape(Asked):
    """A step with the revision that the caller saw; returning and withdrawing need a reason."""

    action: Step
    version: Version
    reason: Prose = ""


class DisputeAsked(Asked):
    """What is wrong with an entry, or with one field of it."""

    problem: Prose
    field: Line = ""


class DisputeRecord(Schema):
    """A dispute and the ticket that carries it."""

    id: int
    ticket_id: int
    ticket: str
    field: str
    problem: str
    raised_at: datetime


def read_content(asked: EntryShape) -> ResourceContent:
    """Give what was sent as an entry's content."""
    told = {name: getattr(asked, name) for name in EntryShape.model_fields if name not in {"fields", "lists"}}
    return ResourceContent(
        **told,
        fields=tuple(FieldContent(**field.model_dump()) for field in asked.fields),
        lists=tuple(ListContent(**item.model_dump()) for item in asked.lists),
    )


def write_content(content: ResourceContent) -> ContentRecord:
    """Give an entry's content as it is sent."""
    return ContentRecord(**asdict(content))


def describe_entry(resource: DataResource) -> dict[str, Any]:
    """Give what every row and record of an entry says."""
    return {
        "id": resource.pk,
        "code": resource.code,
        "name": resource.name,
        "department": resource.department.code,
        "department_name": getattr(resource, "department_name", "") or "",
        "kind": resource.kind,
        "cycle": resource.cycle,
        "sharing": resource.sharing,
        "opening": resource.opening,
        "grade": resource.grade,
        "fields": resource.field_count,
        "state": resource.state,
        "version": resource.version,
        "revision": resource.revision,
        "faults": resource.fault_count,
        "edited_at": resource.edited_at,
        "published_at": resource.published_at,
    }


def write_field(field: Any) -> ResourceField:
    """Give a field that stands."""
    return ResourceField(
        code=field.code,
        name=field.name,
        number=field.number + 1,
        type=field.type,
        length=field.length,
        unit=field.unit,
        element=field.element.code if field.element else "",
        element_name=field.element.name if field.element else "",
        grade=field.grade,
        own_grade=field.own_grade,
        is_key=field.is_key,
        is_nullable=field.is_nullable,
        description=field.description,
        derived_from=field.derived_from,
        not_before=field.not_before,
        refers_to=field.refers_to,
    )


def write_fault(fault: EntryFault) -> FaultRecord:
    """Give one thing that an entry lacks."""
    return FaultRecord(place=fault.place, rule=fault.rule, value=fault.value)
