"""A graph put together at once from what a database keeps: columns with ids of their own, and edges between the ids."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from chengshu.dataplane.lineage.columns import Column
from chengshu.dataplane.lineage.graph import ColumnGraph, EdgeArrays
from chengshu.dataplane.lineage.nodes import arrange_columns

Kept = tuple[int, int, int, int]
"""An edge: id of the source column, of the target column, place in WAYS, id of the statement."""


def assemble_graph(columns: Sequence[tuple[int, Column]], edges: Iterable[Kept]) -> ColumnGraph:
    """Build a graph; ids that stand for the same column become one, and an edge of a column to itself is dropped.

    Statements go by their ids as texts. An edge whose column is not among those given is dropped as well: it was
    written while the columns were read.
    """
    unique: dict[Column, int] = {}
    places = np.fromiter((unique.setdefault(column, len(unique)) for _id, column in columns), np.int32, len(columns))
    listed, renumbered = arrange_columns([column.table for column in unique], [column.name for column in unique])
    ids = np.fromiter((given for given, _column in columns), np.int64, len(columns))
    order = np.argsort(ids, kind="stable")
    ids, numbers = ids[order], renumbered[places][order]
    kept: NDArray[np.int64] = np.fromiter(edges, dtype=np.dtype((np.int64, 4))).reshape(-1, 4)  # type: ignore[assignment]
    is_known = np.isin(kept[:, 0], ids) & np.isin(kept[:, 1], ids)
    kept = kept[is_known]
    sources, targets = _numbers_of(kept[:, 0], ids, numbers), _numbers_of(kept[:, 1], ids, numbers)
    is_between = sources != targets
    statements, said = np.unique(kept[is_between, 3], return_inverse=True)
    return ColumnGraph(
        listed,
        EdgeArrays(
            sources[is_between],
            targets[is_between],
            kept[is_between, 2].astype(np.uint8),
            said.astype(np.int32),
            [str(statement) for statement in statements.tolist()],
        ),
    )


def _numbers_of(wanted: NDArray[np.int64], ids: NDArray[np.int64], numbers: NDArray[np.int32]) -> NDArray[np.int32]:
    return numbers[np.searchsorted(ids, wanted)] if len(ids) else np.empty(0, np.int32)
