"""What crosses the boundary of collection (归集): sources, promises, deliveries and what became of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from chengshu.resources.contracts.catalogue import Cycle, ValueType

LISTED_REFUSED = 10_000
"""So many refused rows of a delivery are listed and searched on its page; all of them are in its file."""


class SourceKind(StrEnum):
    """How rows come from a department."""

    FILE = "file"
    FOLDER = "folder"
    DATABASE = "database"
    INTERFACE = "interface"


class WriteMode(StrEnum):
    """How a delivery meets what its table holds."""

    APPEND = "append"
    REPLACE = "replace"
    MERGE = "merge"


class Channel(StrEnum):
    """By which way one delivery came."""

    UPLOAD = "upload"
    FOLDER = "folder"
    PULL = "pull"
    PUSH = "push"


class DeliveryState(StrEnum):
    """Where a delivery stands. `held`: its columns changed, and somebody decides before a row is taken."""

    WAITING = "waiting"
    TAKING = "taking"
    HELD = "held"
    TAKEN = "taken"
    FAILED = "failed"


class Lateness(StrEnum):
    """How a source stands to its promise at its last due moment."""

    ON_TIME = "on_time"
    LATE = "late"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class ColumnContent:
    """A declared column; `scale` are places behind the point of decimals."""

    name: str
    type: ValueType = ValueType.TEXT
    is_nullable: bool = True
    scale: int = 2


@dataclass(frozen=True, slots=True)
class SourceContent:
    """A source as it is registered. `address` depends on the kind: see `rules/addresses.py`."""

    name: str
    department: str
    kind: SourceKind
    table: str
    columns: tuple[ColumnContent, ...]
    mode: WriteMode = WriteMode.APPEND
    key: tuple[str, ...] = ()
    address: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PromiseContent:
    """交换约定: from `since` on, a delivery each cycle, `due_hours` after its end at the latest."""

    cycle: Cycle
    due_hours: int
    since: date


@dataclass(frozen=True, slots=True)
class Punctuality:
    """How a source stands: its last due moment, when the delivery for it was taken (None: not yet), hours over."""

    source_id: int
    due_at: datetime
    taken_at: datetime | None
    lateness: Lateness
    hours_late: int
