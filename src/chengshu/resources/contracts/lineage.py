"""What crosses the boundary of saved lineage: who tells it, what it says of tables, and what is asked of it."""

from dataclasses import dataclass
from enum import StrEnum

BUILD_JOB = "resources.build_lineage"


class TellerKind(StrEnum):
    """How lineage comes to us: scripts and reports are handed in as SQL, the rest arrives by itself."""

    SCRIPTS = "scripts"
    REPORTS = "reports"
    EVENTS = "events"
    RUNS = "runs"
    INDICATORS = "indicators"
    RECORDS = "records"


class NodeKind(StrEnum):
    """What a node of lineage is to people: data, what stands at the end and is looked at, or what the platform keeps.

    RECORD is a table of the platform itself, which indicators count; SOURCE is where a department delivers from.
    """

    TABLE = "table"
    REPORT = "report"
    INDICATOR = "indicator"
    RECORD = "record"
    SOURCE = "source"


class HitKind(StrEnum):
    """How something is hit: values flow into it, which rows it has or counts is decided, or only a late table hits it."""

    VALUE = "value"
    ROWS = "rows"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class ScriptGiven:
    """A text of statements with the name that answers give it by."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class ScriptsGiven:
    """What a department hands in at once: all scripts of one teller; `dialect` is one of those that can be read.

    `title` names the teller, and tells it from others; `department` is the code of the organisation that answers.
    """

    title: str
    department: str
    dialect: str
    scripts: tuple[ScriptGiven, ...]
    kind: TellerKind = TellerKind.SCRIPTS


@dataclass(frozen=True, slots=True)
class NodeHit:
    """A table, report or indicator that is hit: how, after how many steps, and how many of its fields."""

    node: str
    depth: int
    hit: HitKind
    columns: int


@dataclass(frozen=True, slots=True)
class ImpactTold:
    """What is hit if a field or a whole table is wrong or late; `nodes` has the nearest when there are very many."""

    nodes: tuple[NodeHit, ...] = ()
    reached: int = 0
    is_cut: bool = False
