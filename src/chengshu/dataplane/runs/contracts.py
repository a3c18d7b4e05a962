"""What a run is asked to do, and what is kept of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from chengshu.dataplane.lake.places import TableName
from chengshu.dataplane.pipelines.compiling import Values
from chengshu.dataplane.pipelines.pipeline import Pipeline

Report = Callable[[str, int, int], object]
"""Told how far a run is: stage, done, total."""


class Mode(StrEnum):
    """How an output meets what its table holds: added to it, put in its place, or merged by key."""

    APPEND = "append"
    REPLACE = "replace"
    MERGE = "merge"


class RunState(StrEnum):
    """How a run stands. A run that was cut stays `running` in the journal until it is resumed."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Input:
    """A lake table that a relation of the pipeline stands for; without a version, the newest when the run begins."""

    table: TableName
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """A step whose rows go into a lake table."""

    step: str
    table: TableName
    mode: Mode = Mode.REPLACE
    key: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A pipeline, the tables that its inputs stand for, and where its outputs go, in that order."""

    pipeline: Pipeline
    inputs: Mapping[str, Input]
    outputs: tuple[Output, ...]
    values: Values = field(default_factory=dict)
    purpose: str = ""
    """What it is for, for people."""


@dataclass(frozen=True, slots=True)
class InputRead:
    """A version of a table that was read: its rows."""

    relation: str
    table: str
    version: int
    rows: int


@dataclass(frozen=True, slots=True)
class ColumnSource:
    """A column of an output with the columns it comes from, as `table.column`, and how."""

    column: str
    sources: tuple[str, ...]
    transformation: str


@dataclass(frozen=True, slots=True)
class OutputWritten:
    """A step that was committed: the version it made, rows, their digest, the statement's SHA-256, seconds."""

    step: str
    table: str
    version: int
    rows: int
    digest: str
    statement_sha256: str
    seconds: float
    lineage: tuple[ColumnSource, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """One carrying out of a plan. `digest` of an output does not depend on the order of its rows."""

    id: str
    pipeline: str
    engine: str
    engine_version: str
    actor: str
    state: RunState
    started_at: datetime
    ended_at: datetime | None
    inputs: tuple[InputRead, ...]
    outputs: tuple[OutputWritten, ...]
    reason: str = ""
