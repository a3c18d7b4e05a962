"""The built graph as this domain asks it: what is hit, what a value is made of, the neighbourhood that is drawn.

Apart from the other queries because what it stands on is heavy to import.
"""

import json
import threading
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from chengshu.dataplane.errors import GraphUnreadable
from chengshu.dataplane.lineage.answers import find_origin
from chengshu.dataplane.lineage.columns import ROWS, Column
from chengshu.dataplane.lineage.graph import ColumnGraph, Found, GraphEdge
from chengshu.dataplane.lineage.graph_files import load_graph
from chengshu.resources.contracts.lineage import HitKind, ImpactTold, NodeHit

MOST_NODES = 2000
"""So many tables of an answer are listed, the nearest ones."""
MOST_STEPS = 1000
_TRIES = 3
_STEPS = 2
_MOST_LINKS = 5000


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """What is drawn around a question: tables with their steps (sources below 0), edges, and what is left out."""

    tables: tuple[tuple[str, int], ...]
    links: tuple[GraphEdge, ...]
    left_out: int
    hidden: frozenset[str]


_lock = threading.Lock()
_open: dict[Path, tuple[str, ColumnGraph]] = {}
_loading: set[Path] = set()


def graph_folder() -> Path:
    """Return where the built graph lies."""
    return Path(settings.LAKE_ROOT) / "_lineage"


def open_graph() -> ColumnGraph:
    """Return the built graph; an empty one before it is first built.

    Who asks while it was built anew is answered from the one before; the new one is read beside that.
    """
    folder = graph_folder()
    mark = _read_mark(folder)
    if not mark:
        return ColumnGraph()
    known = _open.get(folder)
    if known is None:
        with _lock:
            return _load(folder) if folder not in _open else _open[folder][1]
    if known[0] != mark and folder not in _loading:
        _loading.add(folder)
        threading.Thread(target=_load_beside, args=(folder,), daemon=True).start()
    return known[1]


def forget_graph() -> None:
    """Let go of the graph that this process has read, so that the next question reads the one that is there."""
    _open.pop(graph_folder(), None)


def _load_beside(folder: Path) -> None:
    try:
        with _lock:
            _load(folder)
    finally:
        _loading.discard(folder)


def _load(folder: Path) -> ColumnGraph:
    for attempt in range(_TRIES):
        mark = _read_mark(folder)
        try:
            graph = load_graph(folder)
        except GraphUnreadable:
            if attempt == _TRIES - 1:  # built anew in this moment is passing, broken is not
                raise
        else:
            _open[folder] = (mark, graph)
            return graph
    return ColumnGraph()


def _read_mark(folder: Path) -> str:
    try:
        return str(json.loads((folder / "graph.json").read_text("utf-8"))["mark"])
    except FileNotFoundError:
        return ""


def tell_impact(node: str, column: str | None) -> ImpactTold:
    """Tell which tables, reports and indicators are hit if a field is wrong or late, or, without a column, a table is late.

    What only a late table hits, because it hangs on the table's rows and not on the field, comes last and is not in
    `reached`.
    """
    graph = open_graph()
    start = graph.columns_of(node) if column is None else [Column(node, column)]
    values = {table for table, _depth, count in graph.impact(start, through_rows=False).list_tables() if count}
    hits = [
        NodeHit(table, depth, HitKind.VALUE if table in values else HitKind.ROWS, count)
        for table, depth, count in graph.impact(start).list_tables()
        if table != node
    ]
    known = {node, *(hit.node for hit in hits)}
    late = [] if column is None else graph.impact([Column(node, ROWS)]).list_tables()
    more = [NodeHit(table, depth, HitKind.LATE, count) for table, depth, count in late if table not in known]
    told = hits + more
    return ImpactTold(tuple(told[:MOST_NODES]), sum(hit.columns for hit in hits), len(told) > MOST_NODES)


def list_steps(node: str, column: str | None) -> list[Found]:
    """List what a value is made of, nearest first; without a column, what all values of a table are made of."""
    graph = open_graph()
    start = graph.columns_of(node) if column is None else [Column(node, column)]
    return find_origin(graph, start, count=MOST_STEPS)


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


def find_neighbourhood(node: str, column: str | None, *, opened: frozenset[str], most: int) -> Neighbourhood:
    """Find what is drawn around a field or table: two steps to both sides, and one more around opened tables.

    At most `most` tables, the nearest; `hidden` tells which of those have neighbours that are not drawn.
    """
    graph = open_graph()
    start = graph.columns_of(node) if column is None else [Column(node, column)]
    links: dict[GraphEdge, None] = {}
    layers = {node: 0}
    for downward, direction in ((False, -1), (True, 1)):
        frontier = start
        for step in range(1, _STEPS + 1):
            found = graph.list_links(frontier, downward=downward, most=_MOST_LINKS)
            links.update(dict.fromkeys(found))
            frontier = list(dict.fromkeys(link.target if downward else link.source for link in found))
            for other in frontier:
                layers.setdefault(other.table, direction * step)
    for table in sorted(opened & layers.keys()):
        for downward, direction in ((False, -1), (True, 1)):
            found = graph.list_links(graph.columns_of(table), downward=downward, most=_MOST_LINKS)
            links.update(dict.fromkeys(found))
            for link in found:
                layers.setdefault((link.target if downward else link.source).table, layers[table] + direction)
    shown = sorted(layers, key=lambda table: (table != node, abs(layers[table]), table))[:most]
    drawn = [link for link in links if {link.source.table, link.target.table} <= set(shown)]
    return Neighbourhood(
        tuple((table, layers[table]) for table in shown),
        tuple(link for link in drawn if link.source.table != link.target.table),
        len(layers) - len(shown),
        _find_hidden(graph, shown, opened),
    )


def _find_hidden(graph: ColumnGraph, shown: list[str], opened: frozenset[str]) -> frozenset[str]:
    """Tell which tables have neighbours beyond those that are shown."""
    hidden, known = set(), set(shown)
    for table in shown:
        if table in opened:
            continue
        columns = graph.columns_of(table)
        around = (link for way in (True, False) for link in graph.list_links(columns, downward=way, most=_MOST_LINKS))
        if any(not {link.source.table, link.target.table} <= known for link in around):
            hidden.add(table)
    return frozenset(hidden)
