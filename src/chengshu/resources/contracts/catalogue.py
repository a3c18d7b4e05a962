"""What crosses the boundary of the catalogue: an entry with its fields, where it stands, and what is wrong with it."""

from dataclasses import dataclass
from enum import StrEnum


class ResourceKind(StrEnum):
    """What a resource is kept as."""

    TABLE = "table"
    INTERFACE = "interface"
    SPREADSHEET = "spreadsheet"
    FILE = "file"
    PICTURE = "picture"
    STREAM = "stream"


class Cycle(StrEnum):
    """How often a resource is renewed."""

    REAL_TIME = "real_time"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"
    IRREGULAR = "irregular"


class Access(StrEnum):
    """On what terms a resource is shared between departments, or opened to the public."""

    FREE = "free"
    CONDITIONAL = "conditional"
    REFUSED = "refused"


class Group(StrEnum):
    """The three groups of resources."""

    BASIC = "basic"
    TOPIC = "topic"
    DEPARTMENT = "department"


class Classification(StrEnum):
    """How much harm a leak would do, as GB/T 43697-2024 names it."""

    GENERAL = "general"
    IMPORTANT = "important"
    CORE = "core"


class ValueType(StrEnum):
    """What a field holds."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    MOMENT = "moment"
    BINARY = "binary"


class ListKind(StrEnum):
    """The three lists."""

    RESPONSIBILITY = "responsibility"
    DEMAND = "demand"
    NEGATIVE = "negative"


class IntakeState(StrEnum):
    """Where a workbook that was handed in stands."""

    WAITING = "waiting"
    TAKEN = "taken"
    STOPPED = "stopped"
    FAILED = "failed"


class ResourceState(StrEnum):
    """Where an entry stands; a published one may have a change under way beside it."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What leads an entry on."""

    SUBMIT = "submit"
    TAKE_BACK = "take_back"
    APPROVE = "approve"
    RETURN = "return"
    WITHDRAW = "withdraw"
    RESTORE = "restore"
    DISCARD = "discard"


LOWEST_GRADE, HIGHEST_GRADE = 1, 5
"""Grades of data: 1 is known to everybody, 5 would harm the country."""


@dataclass(frozen=True, slots=True)
class FieldContent:
    """One field of a resource. `length` in signs or digits; `element` is the code of a data element, or empty.

    `derived_from` names the fields that it is made of, as `rules/origins.py` reads them. `not_before` is the code of a
    field of the same entry than which its day or moment may not be earlier; `refers_to` names the field of an entry in
    which its values stand, as `307/GA001 sfzh`.
    """

    code: str
    name: str
    type: ValueType = ValueType.TEXT
    length: int | None = None
    unit: str = ""
    element: str = ""
    grade: int = LOWEST_GRADE
    is_key: bool = False
    is_nullable: bool = True
    description: str = ""
    derived_from: str = ""
    not_before: str = ""
    refers_to: str = ""


@dataclass(frozen=True, slots=True)
class ListContent:
    """A resource's place on one of the three lists, with the basis for it. `since` is a day in ISO form, or empty.

    On the demand list `basis` is the purpose, `requester` the organisation that asks, `contact` whom to speak to there,
    and `wanted_by` the day until which it is wanted, in ISO form; each may be empty.
    """

    kind: ListKind
    basis: str = ""
    since: str = ""
    requester: str = ""
    contact: str = ""
    wanted_by: str = ""


@dataclass(frozen=True, slots=True)
class ResourceContent:
    """What a department says of a resource: all that a version keeps. `department` is the code of an organisation.

    `grade` is what the department asks for; what holds is at least the highest of the fields.
    """

    code: str
    name: str
    department: str
    summary: str = ""
    group: Group = Group.DEPARTMENT
    category: str = ""
    kind: ResourceKind = ResourceKind.TABLE
    cycle: Cycle = Cycle.IRREGULAR
    sharing: Access = Access.CONDITIONAL
    sharing_terms: str = ""
    sharing_mode: str = ""
    opening: Access = Access.REFUSED
    opening_terms: str = ""
    classification: Classification = Classification.GENERAL
    grade: int = LOWEST_GRADE
    system: str = ""
    related: str = ""
    profile: str = "national"
    fields: tuple[FieldContent, ...] = ()
    lists: tuple[ListContent, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryFault:
    """What an entry lacks: the place (`summary`, `fields/sfzh/element`), which rule, and the values for its words."""

    place: str
    rule: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place that two versions differ in; None where a version has no such place."""

    place: str
    before: str | None
    after: str | None
