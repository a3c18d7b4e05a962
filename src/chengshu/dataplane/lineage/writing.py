"""What a statement writes, collected column by column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from chengshu.dataplane.lineage.columns import Column, Edge, Origin, Output, Reading, Relation, Target, merge_origins
from chengshu.dataplane.lineage.known import KnownTables
from chengshu.dataplane.lineage.listing import rename_outputs
from chengshu.dataplane.lineage.scopes import Scope


@dataclass(slots=True)
class Writing:
    """Collects the columns that a statement writes; several values for one column are told as one."""

    kind: str
    _columns: dict[tuple[str, str], tuple[Target, list[Origin]]] = field(default_factory=dict)
    _tables: dict[str, None] = field(default_factory=dict)
    _faults: dict[str, None] = field(default_factory=dict)
    rows: set[Column] = field(default_factory=set)
    kinds: dict[str, str] = field(default_factory=dict)
    """What is done to each table, where one statement does several things."""

    def set_column(self, table: str, name: str, origin: Origin) -> None:
        """Say that a column of a table takes a value."""
        self._tables.setdefault(table)
        self._columns.setdefault((table, name), (Target(table, name), []))[1].append(origin)

    def touch(self, table: str) -> None:
        """Say that a table's rows change."""
        self._tables.setdefault(table)

    def add_fault(self, reason: str) -> None:
        """Note what could not be read."""
        self._faults.setdefault(reason)

    def add_reading(self, reading: Reading) -> None:
        """Take what a statement within this one writes."""
        for edge in reading.edges:
            if edge.target.table is not None:
                self.set_column(edge.target.table, edge.target.name, edge.origin)
                self.kinds[edge.target.table] = edge.kind or reading.kind
        self._faults.update(dict.fromkeys(reading.faults))
        self._tables.update(dict.fromkeys(reading.written))
        self.rows |= reading.rows

    def as_reading(self) -> Reading:
        """Give what was collected; a column whose origin has a fault is told among the faults only."""
        edges = [
            Edge(target, merge_origins(origins), self.kinds.get(target.table or "", ""))
            for target, origins in self._columns.values()
        ]
        return reading_of(self.kind, edges, self._faults, tuple(self._tables), frozenset(self.rows))


def reading_of(
    kind: str, edges: Sequence[Edge], faults: Mapping[str, None], written: tuple[str, ...], rows: frozenset[Column]
) -> Reading:
    """Part edges that are certain from those that are not."""
    told = dict(faults)
    for edge in edges:
        for fault in edge.origin.faults:
            told.setdefault(f"输出列 {edge.target.name}：{fault}")
    certain = tuple(edge for edge in edges if not edge.origin.faults)
    return Reading(kind, certain, tuple(told), written, rows)


def gap_faults(relation: Relation) -> dict[str, None]:
    """Say which tables' columns a `*` gives without their being known."""
    return {f"* 要列出 {table} 的列，没有它的表结构": None for table in relation.unlisted}


def write_by_position(
    writing: Writing, table: exp.Table, names: Sequence[exp.Expr], relation: Relation, scope: Scope
) -> None:
    """Write a query's columns into named columns of a table, by position; names left over stay as they are."""
    known = scope.known
    wanted = list(names)
    if not relation.unlisted and relation.anything is None:
        if len(relation.outputs) > len(wanted):
            writing.add_fault(f"查询有 {len(relation.outputs)} 列，{known.spell(table)} 只有 {len(wanted)} 列可写")
        wanted = wanted[: len(relation.outputs)]
    renamed = rename_outputs(relation, wanted, scope.naming) if wanted else Relation()
    for output in renamed.outputs[: len(wanted)]:
        write_output(writing, table, output, known)


def write_output(writing: Writing, table: exp.Table, output: Output, known: KnownTables) -> None:
    """Write one column under the spelling that the table has for it."""
    columns = known.columns_of(table) or {}
    writing.set_column(known.spell(table), columns.get(output.key, output.name), output.origin)
