"""Counts of missing cells as the footers of Parquet files tell them, so that a column need not be read to count them."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

_MOST_READ = 100_000
"""Parts of columns looked at: beyond, opening so many footers here takes longer than it saves."""


def count_missing(files: Sequence[Path], columns: Collection[str]) -> Mapping[str, int]:
    """Give the number of nulls by column, for those columns of which every part of every file tells it.

    Nulls of a nested column are counted by its leaves, so it is left out, as is a column that a file does not have.
    """
    known = dict.fromkeys(columns, 0) if files else {}
    looked = 0
    for file in files:
        if not known:
            break
        try:
            footer = pq.read_metadata(file)
        except (OSError, pa.ArrowException):  # the engine says what is wrong with the file when it reads it
            return {}
        looked += footer.num_row_groups * len(known)
        if looked > _MOST_READ:
            return {}
        places = _flat_columns(footer)
        counts = {column: _count_in(footer, places.get(column)) for column in known}
        known = {column: known[column] + count for column, count in counts.items() if count is not None}
    return known


def _flat_columns(footer: pq.FileMetaData) -> Mapping[str, int]:
    """Give where the columns lie that are no lists or records."""
    leaves = [footer.schema.column(place) for place in range(footer.num_columns)]
    return {
        leaf.path: place
        for place, leaf in enumerate(leaves)
        if leaf.path == leaf.name and leaf.max_repetition_level == 0 and leaf.max_definition_level <= 1
    }


def _count_in(footer: pq.FileMetaData, place: int | None) -> int | None:
    if place is None:
        return None
    total = 0
    for group in range(footer.num_row_groups):
        told = footer.row_group(group).column(place).statistics
        if told is None or not told.has_null_count:
            return None
        total += told.null_count
    return total
