"""A column graph kept in a folder as Parquet: columns, edges, statements, and a note of what belongs together."""

import json
import uuid
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from chengshu.dataplane.errors import GraphUnreadable
from chengshu.dataplane.lineage.graph import ColumnGraph, EdgeArrays
from chengshu.dataplane.lineage.nodes import ColumnIds

_VERSION = 2
_NOTE = "graph.json"


def save_graph(graph: ColumnGraph, folder: Path) -> None:
    """Write a graph, compacted, into a folder; a reader sees the old one or the new one, and never half of either."""
    graph.compact()
    folder.mkdir(parents=True, exist_ok=True)
    mark = uuid.uuid4().hex
    edges, columns = graph.edges, graph.columns
    order = np.argsort(edges.sources, kind="stable")  # what lies in order is arranged anew in no time
    parts = {
        "tables": pa.table({"name": columns.tables, "columns": np.diff(columns.starts)}),
        "columns": pa.table({"name": columns.names}),
        "edges": pa.table(
            {
                "source": edges.sources[order],
                "target": edges.targets[order],
                "way": edges.ways[order],
                "statement": edges.statements[order],
            }
        ),
        "statements": pa.table({"name": pa.array(edges.names, pa.string())}),
    }
    for name, rows in parts.items():
        pq.write_table(rows, folder / f"{name}-{mark}.parquet", compression="zstd")
    note = {"version": _VERSION, "mark": mark, "rows": {name: len(rows) for name, rows in parts.items()}}
    new = folder / f"{_NOTE}.{mark}"
    new.write_text(json.dumps(note), "utf-8")
    new.replace(folder / _NOTE)
    for file in folder.glob("*-*.parquet"):
        if not file.stem.endswith(mark):
            file.unlink(missing_ok=True)


def load_graph(folder: Path) -> ColumnGraph:
    """Read a graph from a folder.

    Raises GraphUnreadable for files that are missing, damaged or of another version.
    """
    try:
        note = json.loads((folder / _NOTE).read_text("utf-8"))
        if note["version"] != _VERSION:
            raise GraphUnreadable(f"血缘图“{folder}”的版本是 {note['version']}，这里能读 {_VERSION}；请重新生成")
        parts = {name: pq.read_table(folder / f"{name}-{note['mark']}.parquet") for name in note["rows"]}
        if any(len(parts[name]) != rows for name, rows in note["rows"].items()):
            raise GraphUnreadable(f"血缘图“{folder}”的文件不完整；请重新生成")
        return _assemble(parts)
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
        raise GraphUnreadable(f"血缘图“{folder}”读不出；请重新生成（{error}）") from error


def _assemble(parts: dict[str, pa.Table]) -> ColumnGraph:
    listed, edges = parts["tables"], parts["edges"]
    starts = np.concatenate(([0], np.cumsum(listed["columns"].to_numpy()))).astype(np.int64)
    columns = ColumnIds(_whole(listed["name"]), starts, _whole(parts["columns"]["name"]))
    if starts[-1] != len(columns.names):
        raise ValueError("tables and columns")
    ends = {name: edges[name].to_numpy().astype(np.int32) for name in ("source", "target", "statement")}
    ways = edges["way"].to_numpy().astype(np.uint8)
    names = parts["statements"]["name"].to_pylist()
    return ColumnGraph(columns, EdgeArrays(ends["source"], ends["target"], ways, ends["statement"], names))


def _whole(column: pa.ChunkedArray) -> pa.Array:
    found = column.combine_chunks()
    return found if isinstance(found, pa.Array) else pa.concat_arrays(found.chunks)
