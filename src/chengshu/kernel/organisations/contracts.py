"""What crosses the boundary of organisations."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Kind(StrEnum):
    """What an organisation is; from the widest to the narrowest."""

    CITY = "city"
    DISTRICT = "district"
    DEPARTMENT = "department"
    UNIT = "unit"


KIND_LABELS = {Kind.CITY: _("市"), Kind.DISTRICT: _("区"), Kind.DEPARTMENT: _("部门"), Kind.UNIT: _("单位")}


class SuccessionKind(StrEnum):
    """How an organisation came to follow another."""

    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"


SUCCESSION_LABELS = {
    SuccessionKind.MERGE: _("合并"),
    SuccessionKind.SPLIT: _("分立"),
    SuccessionKind.RENAME: _("更换代码"),
}


@dataclass(frozen=True, slots=True)
class NewOrganisation:
    """What is needed to found an organisation; `parent_id` None makes a root. `founded_on` is its first day."""

    code: str
    kind: Kind
    name: str
    founded_on: date
    parent_id: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One of the organisations that a split leaves, of the kind and at the place of the one that was split.

    `child_ids` are the organisations that go with it; those that no part names go with the first.
    """

    code: str
    name: str
    child_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Ancestor:
    """One organisation above another on some day, under the name of that day."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """One thing that happened to an organisation: the day, what it was in words, and the other organisation, if any."""

    on: date
    text: str
    other_id: int | None = None
    other_name: str = ""


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """One row of a table of organisations. `line` counts from 1, the header included; `parent_code` empty is a root."""

    line: int
    code: str
    name: str
    kind: Kind
    parent_code: str
    founded_on: date | None


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that was not taken, with the reason for people."""

    line: int
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReceipt:
    """What became of the rows of a table, by code; every row is in exactly one of the five."""

    created: tuple[str, ...] = ()
    renamed: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    rejected: tuple[Rejection, ...] = ()
