"""The built graph as this domain asks it: what is hit, what a value is made of, the neighbourhood that is drawn.

Apart from the other queries because what it stands on is heavy to import.
"""

import json
import threading
from pathlib import Path

from django.conf import settings

from chengshu.dataplane.errors import GraphUnreadable
from chengshu.dataplane.lineage.columns import ROWS, Column
from chengshu.dataplane.lineage.graph import ColumnGraph, Found
from chengshu.dataplane.lineage.graph_files import load_graph
from chengshu.resources.contracts.lineage import HitKind, ImpactTold, NodeHit

MOST_NODES = 2000
"""So many tables of an answer are listed, the nearest ones."""
MOST_STEPS = 1000
_TRIES = 3

_lock = threading.Lock()
_open: dict[Path, tuple[str, ColumnGraph]] = {}


def graph_folder() -> Path:
    """Return where the built graph lies."""
    return Path(settings.LAKE_ROOT) / "_lineage"


def open_graph() -> ColumnGraph:
    """Return the built graph, read anew when it was built anew; an empty one before it is first built."""
    folder = graph_folder()
    with _lock:
        for attempt in range(_TRIES):
            mark = _read_mark(folder)
            if not mark:
                return ColumnGraph()
            if folder not in _open or _open[folder][0] != mark:
                try:
                    _open[folder] = (mark, load_graph(folder))
                except GraphUnreadable:
                    if attempt == _TRIES - 1:  # built anew in this moment is passing, broken is not
                        raise
                    continue
            return _open[folder][1]
    return ColumnGraph()


def _read_mark(folder: Path) -> str:
    try:
        return str(json.loads((folder / "graph.json").read_text("utf-8"))["mark"])
    except FileNotFoundError:
        return ""


def tell_impact(node: str, column: str | None) -> ImpactTold:
    """Tell which tables, reports and indicators are hit if a field is wrong, or, without a column, a table is late."""
    graph = open_graph()
    start = graph.columns_of(node) if column is None else [Column(node, column)]
    values = {table for table, _depth, count in graph.impact(start, through_rows=False).list_tables() if count}
    hits = [
        NodeHit(table, depth, HitKind.VALUE if table in values else HitKind.ROWS, count)
        for table, depth, count in graph.impact(start).list_tables()
        if table != node
    ]
    return ImpactTold(tuple(hits[:MOST_NODES]), sum(hit.columns for hit in hits), len(hits) > MOST_NODES)


def list_steps(node: str, column: str | None) -> list[Found]:
    """List what a value is made of, nearest first; without a column, what all values of a table are made of."""
    graph = open_graph()
    start = graph.columns_of(node) if column is None else [Column(node, column)]
    return graph.origin(start).list_found(count=MOST_STEPS)


def list_paths(node: str, column: str | None, to: str) -> list[Column]:
    """Give a shortest way from a field or table to another node; empty when there is none."""
    graph = open_graph()
    start = graph.columns_of(node) if column is None else [Column(node, column)]
    flown, anyhow = graph.impact(start, through_rows=False), graph.impact(start)
    for answer in (flown, anyhow):
        ways = [way for target in graph.columns_of(to) if (way := answer.path_to(target))]
        if ways:
            return min(ways, key=len)
    return []


def list_sources(node: str, columns: list[str]) -> list[tuple[str, str, str, bool]]:
    """List for each column of a node the columns that its value is made of: node, name, and whether directly."""
    graph = open_graph()
    return [
        (column, found.column.table, found.column.name, found.depth == 1)
        for column in columns
        for found in graph.origin([Column(node, column)]).list_found(count=MOST_STEPS)
        if found.column.name != ROWS
    ]
