"""What a teller says is put in place of what it said before: statements, their faults, tables, columns and edges."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import F

from chengshu.dataplane.lineage.columns import Column
from chengshu.dataplane.lineage.graph import WAYS, GraphEdge, count_rows
from chengshu.resources.contracts.lineage import NodeKind
from chengshu.resources.models import (
    DataResource,
    LineageColumn,
    LineageEdge,
    LineageFault,
    LineageState,
    LineageStatement,
    LineageTable,
    LineageTeller,
)
from chengshu.resources.models.lineage import COLUMN_LENGTH, TABLE_LENGTH
from chengshu.resources.queries.lineage_names import entry_names
from chengshu.resources.rules.lineage_names import EntryNames

_Item = TypeVar("_Item")
_PIECE = 500
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Signs that break a line or turn the direction of reading: a name with them lets a whole sentence read otherwise."""
_STATEMENT_LENGTH, _SCRIPT_LENGTH, _KIND_LENGTH = 500, 400, 60


@dataclass(frozen=True, slots=True)
class StatementTold:
    """One statement, run or job: the name under which it comes again, what it says, and what could not be read."""

    name: str
    edges: Sequence[GraphEdge] = ()
    faults: Sequence[str] = ()
    script: str = ""
    line: int = 0
    kind: str = ""


@dataclass(frozen=True, slots=True)
class EndTold:
    """A table of lineage that is a report or an indicator: what people call it, and who answers."""

    kind: NodeKind
    title: str
    department_id: int | None = None


@dataclass(slots=True)
class _Tables:
    """The tables and columns of the edges that are being saved, by their told names."""

    department_id: int | None
    ends: dict[str, EndTold] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    columns: dict[Column, int] = field(default_factory=dict)


@transaction.atomic
def save_statements(
    teller: LineageTeller,
    told: Iterable[StatementTold],
    *,
    now: datetime,
    ends: dict[str, EndTold] | None = None,
    keeps_others: bool = False,
    said_at: datetime | None = None,
) -> int:
    """Put statements in place of those that the teller said before; return how many edges they have.

    With `keeps_others` only statements of the same names are replaced; `said_at` is when it was said elsewhere. Names that are longer than the database takes, or that
    hold signs nobody sees, make a fault of the statement.
    """
    listed = {_cut(statement.name, _STATEMENT_LENGTH): statement for statement in told}
    standing = LineageStatement.objects.filter(teller=teller)
    (standing.filter(name__in=listed) if keeps_others else standing).delete()
    LineageStatement.objects.bulk_create(
        [
            LineageStatement(
                teller=teller,
                name=name,
                script=_cut(statement.script, _SCRIPT_LENGTH),
                line=statement.line,
                kind=_cut(statement.kind, _KIND_LENGTH),
                told_at=said_at or now,
            )
            for name, statement in listed.items()
        ],
        batch_size=_PIECE,
    )
    ids = dict(LineageStatement.objects.filter(teller=teller).values_list("name", "pk"))
    edges = _save_edges({ids[name]: statement for name, statement in listed.items()}, teller, ends or {})
    _count(teller, now=now)
    mark_changed()
    return edges


def mark_changed() -> None:
    """Note that the built graph is behind what is saved."""
    LineageState.objects.get_or_create(pk=1)
    LineageState.objects.filter(pk=1).update(revision=F("revision") + 1)


def adopt_tables(names: EntryNames) -> int:
    """Give the tables of no entry the entry that the catalogue has for them by now; return how many got one."""
    adopted = 0
    for table in LineageTable.objects.filter(resource=None, kind=NodeKind.TABLE.value):
        entry_id = names.find(table.name)
        if entry_id is not None:
            entry = DataResource.objects.get(pk=entry_id)
            table.resource, table.node, table.department_id = entry, entry.code, entry.department_id
            table.save(update_fields=["resource", "node", "department"])
            adopted += 1
    return adopted


def _save_edges(told: dict[int, StatementTold], teller: LineageTeller, ends: dict[str, EndTold]) -> int:
    counted = {statement: _fitting(said) for statement, said in told.items()}
    faults = [
        LineageFault(statement_id=statement, reason=reason)
        for statement, said in told.items()
        for reason in (*said.faults, *counted[statement][1])
    ]
    LineageFault.objects.bulk_create(faults, batch_size=_PIECE)
    every = [edge for edges, _faults in counted.values() for edge in edges]
    tables = _Tables(teller.department_id, ends)
    _keep_tables(tables, every)
    _keep_columns(tables, every)
    rows = {
        (statement, tables.columns[edge.source], tables.columns[edge.target], WAYS.index(edge.way))
        for statement, (edges, _faults) in counted.items()
        for edge in edges
    }
    LineageEdge.objects.bulk_create(
        (LineageEdge(statement_id=s, source_id=a, target_id=b, way=way) for s, a, b, way in sorted(rows)),
        batch_size=_PIECE,
    )
    return len(rows)


def _fitting(said: StatementTold) -> tuple[list[GraphEdge], list[str]]:
    """Part the edges whose names can be kept and shown from those whose cannot, which are told as faults."""
    fitting: list[GraphEdge] = []
    faults: dict[str, None] = {}
    for edge in count_rows(said.edges):
        found = [fault for column in (edge.source, edge.target) if (fault := _fault_of(column))]
        faults.update(dict.fromkeys(found))
        if not found:
            fitting.append(edge)
    return fitting, list(faults)


def _fault_of(column: Column) -> str:
    """Say why a name is not kept; empty for one that is."""
    if len(column.table) > TABLE_LENGTH or len(column.name) > COLUMN_LENGTH:
        return f"名称太长，没有收下：{column.table[:40]}….{column.name[:40]}…"
    told = f"{column.table}.{column.name}"
    if _UNSEEN.search(told):
        return f"名称里有看不见的控制符，没有收下：{_UNSEEN.sub('□', told)[:100]}"
    return ""


def _keep_tables(tables: _Tables, edges: Sequence[GraphEdge]) -> None:
    """Find the tables of the edges, and make those that are new: an entry's where the catalogue knows the name."""
    written = {edge.target.table for edge in edges}
    wanted = {column.table for edge in edges for column in (edge.source, edge.target)} | set(tables.ends)
    known = _find_tables(wanted)
    fresh = sorted(wanted - known.keys())
    if fresh:
        names = entry_names()
        found = {name: names.find(name) for name in fresh if name not in tables.ends}
        entries = DataResource.objects.in_bulk([entry for entry in found.values() if entry is not None])
        LineageTable.objects.bulk_create(
            (_new_table(tables, name, entries.get(found.get(name) or 0), name in written) for name in fresh),
            batch_size=_PIECE,
            ignore_conflicts=True,
        )
        known |= _find_tables(fresh)
    tables.ids = known
    if tables.department_id is not None:
        mine = LineageTable.objects.filter(department=None, resource=None)
        for piece in _pieces(sorted(written)):
            mine.filter(name__in=piece).update(department=tables.department_id)
    for name, end in tables.ends.items():
        LineageTable.objects.filter(pk=known[name]).update(
            kind=end.kind.value, title=_cut(end.title, 200), department=end.department_id
        )


def _new_table(tables: _Tables, name: str, entry: DataResource | None, is_written: bool) -> LineageTable:  # noqa: FBT001
    if name in tables.ends:
        end = tables.ends[name]
        return LineageTable(name=name, node=name, kind=end.kind.value, department_id=end.department_id)
    if entry is not None:
        return LineageTable(
            name=name, node=entry.code, kind=NodeKind.TABLE.value, resource=entry, department_id=entry.department_id
        )
    department_id = tables.department_id if is_written else None
    return LineageTable(name=name, node=name, kind=NodeKind.TABLE.value, department_id=department_id)


def _find_tables(names: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for piece in _pieces(sorted(names)):
        found |= dict(LineageTable.objects.filter(name__in=piece).values_list("name", "pk"))
    return found


def _keep_columns(tables: _Tables, edges: Sequence[GraphEdge]) -> None:
    wanted = sorted({column for edge in edges for column in (edge.source, edge.target)})
    for piece in _pieces(wanted):
        rows = [LineageColumn(table_id=tables.ids[column.table], name=column.name) for column in piece]
        LineageColumn.objects.bulk_create(rows, batch_size=_PIECE, ignore_conflicts=True)
    by_table: dict[int, str] = {pk: name for name, pk in tables.ids.items()}
    for numbers in _pieces(sorted(by_table)):
        for pk, table, name in LineageColumn.objects.filter(table__in=numbers).values_list("pk", "table_id", "name"):
            tables.columns[Column(by_table[table], name)] = pk


def _count(teller: LineageTeller, *, now: datetime) -> None:
    statements = LineageStatement.objects.filter(teller=teller)
    teller.statement_count = statements.count()
    teller.fault_count = LineageFault.objects.filter(statement__teller=teller).count()
    teller.told_at = now
    teller.save(update_fields=["statement_count", "fault_count", "told_at"])


def _pieces(items: Sequence[_Item]) -> Iterable[Sequence[_Item]]:
    return (items[at : at + _PIECE] for at in range(0, len(items), _PIECE))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
