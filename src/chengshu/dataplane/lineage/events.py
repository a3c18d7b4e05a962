"""What the events of OpenLineage and we have in common: states of a run, datasets, and how a source acts.

After the published specification 2-0-2 (RunEvent, JobEvent, DatasetEvent) and the facets columnLineage 1-x,
lineage 1-0-0, symlinks and schema.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from chengshu.dataplane.lineage.columns import Transformation


class EventType(StrEnum):
    """Where a run has come to."""

    START = "START"
    RUNNING = "RUNNING"
    COMPLETE = "COMPLETE"
    ABORT = "ABORT"
    FAIL = "FAIL"
    OTHER = "OTHER"


ENDED_BADLY: Final = frozenset({EventType.ABORT, EventType.FAIL})

SUBTYPES: Final = {
    Transformation.IDENTITY: "IDENTITY",
    Transformation.EXPRESSION: "TRANSFORMATION",
    Transformation.AGGREGATE: "AGGREGATION",
}
"""How a source acts on a value, as the facet columnLineage names it under DIRECT."""
ROW_SUBTYPES: Final = frozenset({"FILTER", "JOIN", "GROUP_BY", "SORT"})
"""What, under INDIRECT, decides the rows; the others (WINDOW, CONDITIONAL) act on the value."""


@dataclass(frozen=True, slots=True, order=True)
class Dataset:
    """A table or file as events name it."""

    namespace: str
    name: str


@dataclass(frozen=True, slots=True)
class Assertion:
    """A rule that a dataset was held to: its kind, its only column, how it came out.

    `expected` and `actual` are the share that may fail and the rows that did.
    """

    kind: str
    is_passed: bool
    name: str
    description: str
    severity: str
    expected: str
    actual: str
    column: str | None = None


@dataclass(frozen=True, slots=True)
class DatasetNote:
    """What our events tell of a dataset: its columns with their types, its version, its rows, how it met its rules."""

    dataset: Dataset
    columns: tuple[tuple[str, str], ...] = ()
    version: str | None = None
    rows: int | None = None
    assertions: tuple[Assertion, ...] = ()
    """Told of what is read only."""


@dataclass(frozen=True, slots=True)
class Job:
    """What ran, by the name that stays the same from run to run."""

    namespace: str
    name: str
