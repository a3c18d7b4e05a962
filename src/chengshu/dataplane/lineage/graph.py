"""All columns and the edges between them: what hangs on a column, and what it is made of.

Most edges lie in compressed arrays that are arranged once; what statements add or take away since then is kept
beside them, and taken in when it has grown to a tenth.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from chengshu.dataplane.lineage.adjacency import Adjacency, Flags, Ids, Walk, build_adjacency, walk
from chengshu.dataplane.lineage.columns import ROWS, Column, Reading, Transformation
from chengshu.dataplane.lineage.nodes import ColumnIds, arrange_columns, columns_as_table, listed_later, no_columns

WAYS: Sequence[Transformation | None] = (*Transformation, None)
"""How a source acts, by the number it is stored under; None decides which rows there are, or are counted, and gives no value."""
_LEAST_PENDING = 50_000


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """One source of one target; `way` is None where the source decides which rows there are, and gives no value."""

    source: Column
    target: Column
    way: Transformation | None


def edges_of(reading: Reading) -> list[GraphEdge]:
    """Give the edges of a statement: of values, and from what decides the rows to the ROWS of each table written."""
    values = [
        GraphEdge(source, Column(edge.target.table, edge.target.name), edge.origin.transformation)
        for edge in reading.edges
        if edge.target.table is not None
        for source in sorted(edge.origin.sources)
    ]
    rows = [
        GraphEdge(source, Column(table, ROWS), None)
        for table in reading.written
        for source in sorted(reading.rows)
        if source != Column(table, ROWS)
    ]
    return values + rows


def count_rows(edges: Iterable[GraphEdge]) -> list[GraphEdge]:
    """Give edges with those from a table's ROWS to what is aggregated of it: such a value hangs on the rows as well."""
    taken = list(edges)
    totals = dict.fromkeys(edge.target for edge in taken if edge.way is Transformation.AGGREGATE)
    return taken + [GraphEdge(Column(target.table, ROWS), target, None) for target in totals]


@dataclass(slots=True)
class EdgeArrays:
    """Edges by number: from, to, way, statement; and the names of the statements."""

    sources: Ids
    targets: Ids
    ways: NDArray[np.uint8]
    statements: Ids
    names: list[str]


def no_edges() -> EdgeArrays:
    """Begin without any."""
    none = np.empty(0, np.int32)
    return EdgeArrays(none, none, none.astype(np.uint8), none, [])


@dataclass(frozen=True, slots=True)
class Found:
    """A column that a question reached: how far away, and the next one on the shortest way back to the start."""

    column: Column
    depth: int
    via: Column
    way: Transformation | None
    statement: str | None


@dataclass(slots=True)
class ColumnGraph:
    """A graph of columns that grows statement by statement; a statement that comes again replaces what it said."""

    columns: ColumnIds = field(default_factory=no_columns)
    edges: EdgeArrays = field(default_factory=no_edges)
    _down: Adjacency = field(init=False)
    _up: Adjacency = field(init=False)
    _numbers: dict[str, int] = field(init=False)
    _is_alive: Flags = field(init=False)
    """By statement: whether its arranged edges still hold."""
    _has_dead: bool = field(default=False, init=False)
    _pending: dict[str, list[tuple[int, int, int]]] = field(default_factory=dict, init=False)
    _pending_edges: int = field(default=0, init=False)
    _joined: tuple[EdgeArrays, Adjacency, Adjacency] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._arrange()

    def _arrange(self) -> None:
        nodes = len(self.columns)
        self._down = build_adjacency(self.edges.sources, self.edges.targets, nodes)
        self._up = build_adjacency(self.edges.targets, self.edges.sources, nodes)
        self._numbers = {name: number for number, name in enumerate(self.edges.names)}
        self._is_alive = np.ones(len(self.edges.names), dtype=np.bool_)
        self._has_dead, self._joined = False, None
        self._pending, self._pending_edges = {}, 0

    def __len__(self) -> int:
        """Give the number of edges that hold."""
        arranged = int(self._is_alive[self.edges.statements].sum()) if self._has_dead else len(self.edges.sources)
        return arranged + self._pending_edges

    def put(self, statement: str, edges: Iterable[GraphEdge]) -> None:
        """Take a statement's edges, instead of those that it had under this name.

        What is aggregated hangs on the rows that went into it as well: it gets an edge from its table's ROWS.
        """
        self.remove(statement)
        taken = count_rows(edges)
        numbered = [
            (self.columns.number(edge.source), self.columns.number(edge.target), WAYS.index(edge.way)) for edge in taken
        ]
        if numbered:
            self._pending[statement] = numbered
            self._pending_edges += len(numbered)
        if self._pending_edges > max(_LEAST_PENDING, len(self.edges.sources) // 10):
            self.compact()

    def remove(self, statement: str) -> None:
        """Take away a statement's edges, if it has any."""
        self._pending_edges -= len(self._pending.pop(statement, ()))
        self._joined = None
        if (number := self._numbers.get(statement)) is not None:
            self._is_alive[number] = False
            self._has_dead = True

    def compact(self) -> None:
        """Arrange everything anew in arrays."""
        alive = self._is_alive[self.edges.statements]
        later = self._pending_arrays(len(self.edges.names))
        table = columns_as_table(self.columns).to_pydict()
        for column in listed_later(self.columns):
            table["table"].append(column.table)
            table["name"].append(column.name)
        self.columns, renumbered = arrange_columns(table["table"], table["name"])
        self.edges = EdgeArrays(
            renumbered[np.concatenate((self.edges.sources[alive], later.sources))],
            renumbered[np.concatenate((self.edges.targets[alive], later.targets))],
            np.concatenate((self.edges.ways[alive], later.ways)),
            np.concatenate((self.edges.statements[alive], later.statements)),
            [*self.edges.names, *later.names],
        )
        self._drop_unused_names()
        self._arrange()

    def _drop_unused_names(self) -> None:
        used = np.unique(self.edges.statements)
        self.edges.statements = np.searchsorted(used, self.edges.statements).astype(np.int32)
        self.edges.names = [self.edges.names[number] for number in used]

    def _pending_arrays(self, first_statement: int) -> EdgeArrays:
        rows = [
            (*edge, first_statement + place) for place, edges in enumerate(self._pending.values()) for edge in edges
        ]
        parts = np.array(rows, dtype=np.int32).reshape(-1, 4)
        return EdgeArrays(parts[:, 0], parts[:, 1], parts[:, 2].astype(np.uint8), parts[:, 3], list(self._pending))

    def _later(self) -> tuple[EdgeArrays, Adjacency, Adjacency]:
        """Give what was added since the arranging, arranged by itself."""
        if self._joined is None:
            added = self._pending_arrays(0)
            nodes = len(self.columns)
            self._joined = (
                added,
                build_adjacency(added.sources, added.targets, nodes),
                build_adjacency(added.targets, added.sources, nodes),
            )
        return self._joined

    def impact(self, columns: Sequence[Column], *, depth: int | None = None, through_rows: bool = True) -> "Answer":
        """Give everything downstream of some columns; columns that the graph does not know are left out.

        `through_rows` also follows conditions: from a column that decides which rows a table has, to its rows.
        """
        return self._ask(columns, downward=True, depth=depth, through_rows=through_rows)

    def origin(self, columns: Sequence[Column], *, depth: int | None = None, through_rows: bool = False) -> "Answer":
        """Give everything upstream of some columns, as `impact` does downstream."""
        return self._ask(columns, downward=False, depth=depth, through_rows=through_rows)

    def columns_of(self, table: str) -> list[Column]:
        """Give the columns of a table that the graph knows, its ROWS among them."""
        return self.columns.columns(self.columns.numbers_of_table(table))

    def list_links(self, columns: Sequence[Column], *, downward: bool, most: int | None = None) -> list[GraphEdge]:
        """Give the edges that lead from some columns, or, upward, to them; each pair of columns once a way.

        With `most` only so many are looked at, for there are columns that a whole city's tables lead to.
        """
        known = np.array([n for column in columns if (n := self.columns.find(column)) is not None], dtype=np.int32)
        arranged, (added, later_down, later_up) = (self._down if downward else self._up), self._later()
        parts = [(self.edges, arranged.step(known)), (added, (later_down if downward else later_up).step(known))]
        links: dict[GraphEdge, None] = {}
        for edges, (_tails, _heads, numbers) in parts:
            kept = (numbers if edges is added else numbers[self._is_alive[edges.statements[numbers]]])[:most]
            ends = zip(
                self.columns.columns(edges.sources[kept]),
                self.columns.columns(edges.targets[kept]),
                edges.ways[kept].tolist(),
                strict=True,
            )
            links.update((GraphEdge(source, target, WAYS[way]), None) for source, target, way in ends)
        return list(links)[:most]

    def _ask(self, columns: Sequence[Column], *, downward: bool, depth: int | None, through_rows: bool) -> "Answer":
        known = [number for column in columns if (number := self.columns.find(column)) is not None]
        arranged = self._down if downward else self._up
        added, later_down, later_up = self._later()
        later = later_down if downward else later_up

        def step(frontier: Ids) -> tuple[Ids, Ids, Ids]:
            tails, heads, edges = arranged.step(frontier)
            if self._has_dead or not through_rows:
                kept = self._is_alive[self.edges.statements[edges]] & self._is_followed(self.edges, edges, through_rows)
                tails, heads, edges = tails[kept], heads[kept], edges[kept]
            if not self._pending:
                return tails, heads, edges
            more = later.step(frontier)
            kept = self._is_followed(added, more[2], through_rows)
            offset = np.int32(len(self.edges.sources))
            return (
                np.concatenate((tails, more[0][kept])),
                np.concatenate((heads, more[1][kept])),
                np.concatenate((edges, more[2][kept] + offset)),
            )

        reached = walk(np.array(known, dtype=np.int32), step, nodes=len(self.columns), depth=depth)
        return Answer(self.columns, self.edges, added, reached)

    @staticmethod
    def _is_followed(arrays: EdgeArrays, edges: Ids, through_rows: bool) -> Flags:  # noqa: FBT001 - internal
        if through_rows:
            return np.ones(len(edges), dtype=np.bool_)
        return np.asarray(arrays.ways[edges] != WAYS.index(None))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question reached; names are looked up only for what is shown."""

    _columns: ColumnIds
    _edges: EdgeArrays
    _added: EdgeArrays
    _walk: Walk

    def __len__(self) -> int:
        """Give the number of columns reached, the start not counted."""
        return int((self._walk.depths > 0).sum())

    @property
    def depth(self) -> int:
        """Give the number of steps to the farthest column."""
        return int(self._walk.depths[-1]) if len(self._walk.depths) else 0

    def list_found(self, *, first: int = 0, count: int | None = None) -> list[Found]:
        """Give the columns reached, nearest first, the start not among them; a page of them if asked."""
        begin = int((self._walk.depths == 0).sum()) + first
        chosen = slice(begin, None if count is None else begin + count)
        columns = self._columns.columns(self._walk.nodes[chosen])
        parents = self._columns.columns(self._walk.parents[chosen])
        depths, edges = self._walk.depths[chosen].tolist(), self._walk.edges[chosen].tolist()
        told = [self._tell(edge) for edge in edges]
        return [
            Found(column, depth, via, way, statement)
            for column, depth, via, (way, statement) in zip(columns, depths, parents, told, strict=True)
        ]

    def tally_tables(self) -> list[tuple[str, int]]:
        """Give the tables reached with the count of their columns, most first."""
        return self._columns.tables_of(self._walk.nodes[self._walk.depths > 0])

    def list_tables(self) -> list[tuple[str, int, int]]:
        """Give the tables reached with their least depth and the count of their columns, the nearest first."""
        is_reached = self._walk.depths > 0
        return self._columns.nearest_by_table(self._walk.nodes[is_reached], self._walk.depths[is_reached])

    def depths_of(self, columns: Sequence[Column]) -> list[int | None]:
        """Give for each column how far it is from the start; 0 for the start, None for what was not reached."""
        depths = np.full(len(self._columns), -1, dtype=np.int32)
        depths[self._walk.nodes] = self._walk.depths
        numbers = [self._columns.find(column) for column in columns]
        return [None if number is None or depths[number] < 0 else int(depths[number]) for number in numbers]

    def path_to(self, column: Column) -> list[Column]:
        """Give a shortest way from the start to a column, both ends included; empty when it was not reached."""
        wanted = self._columns.find(column)
        places = np.full(len(self._columns), -1, dtype=np.int32)
        places[self._walk.nodes] = np.arange(len(self._walk.nodes), dtype=np.int32)
        if wanted is None or places[wanted] < 0:
            return []
        numbers = [wanted]
        while self._walk.depths[place := places[numbers[-1]]] > 0:
            numbers.append(int(self._walk.parents[place]))
        return self._columns.columns(np.array(numbers[::-1], dtype=np.int32))

    def _tell(self, edge: int) -> tuple[Transformation | None, str | None]:
        if edge < 0:
            return None, None
        arranged = len(self._edges.sources)
        arrays, number = (self._edges, edge) if edge < arranged else (self._added, edge - arranged)
        way, statement = int(arrays.ways[number]), int(arrays.statements[number])
        return WAYS[way], arrays.names[statement]
