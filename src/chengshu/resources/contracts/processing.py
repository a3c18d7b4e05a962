"""What crosses the boundary of processing (数据加工): pipelines of the house, how their runs stand, recipes of standard tables."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class PipelineKind(StrEnum):
    """Whether a pipeline follows from a catalogued resource, or was declared in code."""

    STANDARD = "standard"
    DECLARED = "declared"


class ProcessingState(StrEnum):
    """How a run stands. A run whose process died stays `running` until it is gone on with."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN_STATES = (ProcessingState.QUEUED.value, ProcessingState.RUNNING.value)


class Trigger(StrEnum):
    """Why a run was: somebody asked, its inputs had a new version, or a run was repeated over the same versions."""

    PERSON = "person"
    AUTOMATIC = "automatic"
    REPEAT = "repeat"


class LeftOutWhy(StrEnum):
    """Why a row stays out of a standard table.

    A rule faults it; or its trimmed cells alone break a rule; its key is empty; a cell is not of its type, or has more
    digits than standard tables keep; its key stands for other rows too, written alike or not.
    """

    RULE = "rule"
    SPACES = "spaces"
    NO_KEY = "no_key"
    UNREADABLE = "unreadable"
    DIGITS = "digits"
    TWICE = "twice"
    SPELLING = "spelling"


@dataclass(frozen=True, slots=True)
class LeftOutReason:
    """Why rows stay out: the rule that says so by its key, if one does, and the fields that it looks at."""

    why: LeftOutWhy
    rule: str = ""
    fields: tuple[str, ...] = ()

    @property
    def is_faulted(self) -> bool:
        """Whether checks of quality fault such rows, so that issues of the rule owe them."""
        return self.why is LeftOutWhy.RULE or (self.why is LeftOutWhy.TWICE and bool(self.rule))


@dataclass(frozen=True, slots=True)
class RecipeColumn:
    """A column of a standard table: what the catalogue says of it, and the type that the raw table has it in."""

    code: str
    name: str
    type: str
    raw_type: str
    element: str = ""
    grade: int = 1
    is_key: bool = False


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a standard table is made: from which table, of which columns, by which rules.

    `rules` are definitions in the form of rule files. `absent` are fields that the raw table lacks, by code with their
    types: their columns are empty.
    """

    code: str
    title: str
    raw: str
    target: str
    columns: tuple[RecipeColumn, ...]
    rules: tuple[Mapping[str, Any], ...] = ()
    absent: Mapping[str, str] = field(default_factory=dict)


def write_recipe(recipe: Recipe) -> dict[str, Any]:
    """Give a recipe as plain JSON values."""
    return asdict(recipe)


def read_recipe(told: Mapping[str, Any]) -> Recipe:
    """Give the recipe that `write_recipe` wrote."""
    columns = tuple(RecipeColumn(**column) for column in told["columns"])
    return Recipe(**{**told, "columns": columns, "rules": tuple(told["rules"])})
