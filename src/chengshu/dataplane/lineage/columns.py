"""What is said of a column: which columns its value is made of, and how."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

_STRUCTURE = "表结构"
"""Stands in every reason that is about a table whose columns are not known, and in no other."""

ROWS = "*"
"""Stands for a column where something depends on which rows a table has, and not on a value: `count(*)`."""


class Transformation(StrEnum):
    """How a value came to be. Where several ways meet, the one that changes most is told."""

    CONSTANT = "constant"
    IDENTITY = "identity"
    EXPRESSION = "expression"
    AGGREGATE = "aggregate"

    @property
    def weight(self) -> int:
        """Give its place in the order constant, identity, expression, aggregate."""
        return _ORDER[self]


_ORDER = {kind: place for place, kind in enumerate(Transformation)}


@dataclass(frozen=True, slots=True, order=True)
class Column:
    """A column of a table, in its dialect's spelling; `name` is ROWS where the table's rows are meant."""

    table: str
    name: str


@dataclass(frozen=True, slots=True)
class Origin:
    """What a value is made of; `faults` say in Chinese what of it could not be found out."""

    sources: frozenset[Column] = frozenset()
    transformation: Transformation = Transformation.CONSTANT
    faults: tuple[str, ...] = ()


CONSTANT = Origin()


def identity_of(column: Column) -> Origin:
    """Say that a value is a column's, unchanged."""
    return Origin(frozenset((column,)), Transformation.IDENTITY)


def unknown(reason: str) -> Origin:
    """Say that nothing is known of a value, and why."""
    return Origin(faults=(reason,))


def lacks_structure(reason: str) -> bool:
    """Say whether a reason falls away once the structure of a table is given; how to give it, the asker knows."""
    return _STRUCTURE in reason


def merge_origins(origins: Iterable[Origin], at_least: Transformation = Transformation.CONSTANT) -> Origin:
    """Join what several values are made of, under the transformation that changes most.

    `at_least` is what is done with them here; it does not make an expression of values that come from no column.
    """
    sources: set[Column] = set()
    faults: dict[str, None] = {}
    transformation = Transformation.CONSTANT
    for origin in origins:
        sources |= origin.sources
        faults.update(dict.fromkeys(origin.faults))
        transformation = max(transformation, origin.transformation, key=_weigh)
    if sources or at_least is Transformation.AGGREGATE:
        transformation = max(transformation, at_least, key=_weigh)
    return Origin(frozenset(sources), transformation, tuple(faults))


def _weigh(transformation: Transformation) -> int:
    return transformation.weight


@dataclass(frozen=True, slots=True)
class Output:
    """A column that a query gives: its name, matched by `key` as the dialect folds names, and its origin."""

    key: str
    name: str
    origin: Origin

    def is_called(self, key: str) -> bool:
        """Say whether a folded name is this one's, or the quoted name that the schema spells."""
        return key in (self.key, self.name)


@dataclass(frozen=True, slots=True)
class Relation:
    """What a table, view or query is known to give.

    `unlisted` names the tables whose columns come in too without being known one by one (`*` of a table without
    schema); the first of them stands before `outputs[unlisted_at]`. `anything` is the origin of every other name, for
    functions whose columns are not named. `rows` are the tables' ROWS and the columns of the conditions that decide
    which rows there are.
    """

    outputs: tuple[Output, ...] = ()
    unlisted: tuple[str, ...] = ()
    unlisted_at: int = 0
    anything: Origin | None = None
    rows: frozenset[Column] = frozenset()

    def listed_before_gap(self) -> tuple[Output, ...]:
        """Give the outputs whose position is certain."""
        return self.outputs[: self.unlisted_at] if self.unlisted else self.outputs


@dataclass(frozen=True, slots=True)
class Target:
    """A column that a statement writes or gives, of a table or, for a bare query, of none."""

    table: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Edge:
    """A target column with all its sources; `kind` is given where it is another than that of the whole statement."""

    target: Target
    origin: Origin
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading one statement gave: its kind, an edge a column in order, and what could not be read of it.

    `written` are the tables that it writes; `rows` are the ROWS and condition columns that decide their rows.
    """

    kind: str
    edges: tuple[Edge, ...] = ()
    faults: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    rows: frozenset[Column] = frozenset()
