"""Columns by number and numbers by column, for a million columns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from chengshu.dataplane.lineage.adjacency import Flags, Ids
from chengshu.dataplane.lineage.columns import ROWS, Column

_TABLES_AT_HAND = 4096


@dataclass(slots=True)
class ColumnIds:
    """Numbers columns: those arranged by table lie in arrays, those that came later in a dictionary."""

    tables: pa.Array
    """Names of the tables, sorted, each once."""
    starts: np.ndarray[tuple[int], np.dtype[np.int64]]
    """The number of the first column of each table, and behind the last the number of all."""
    names: pa.Array
    """Names of the columns, table by table, sorted within each."""
    _places: dict[str, int] = field(default_factory=dict)
    _named: dict[int, dict[str, int]] = field(default_factory=dict)
    """Numbers by name, of the tables asked for lately."""
    _later: dict[Column, int] = field(default_factory=dict)
    _listed: list[Column] = field(default_factory=list)
    _is_rows: Flags | None = None
    """Of the arranged columns, which are ROWS; found out when it is first asked."""

    def __post_init__(self) -> None:
        self._places = {name: place for place, name in enumerate(self.tables.to_pylist())}

    def __len__(self) -> int:
        return len(self.names) + len(self._listed)

    def find(self, column: Column) -> int | None:
        """Give the number of a column, or None when there is none."""
        if column in self._later:
            return self._later[column]
        place = self._places.get(column.table)
        if place is None:
            return None
        if place not in self._named:
            if len(self._named) >= _TABLES_AT_HAND:
                self._named.clear()
            begin, end = int(self.starts[place]), int(self.starts[place + 1])
            listed = self.names.slice(begin, end - begin).to_pylist()
            self._named[place] = {name: begin + number for number, name in enumerate(listed)}
        return self._named[place].get(column.name)

    def number(self, column: Column) -> int:
        """Give the number of a column, a new one if need be."""
        found = self.find(column)
        if found is None:
            found = self._later[column] = len(self)
            self._listed.append(column)
        return found

    def numbers_of_table(self, table: str) -> Ids:
        """Give the numbers of all columns of a table."""
        place = self._places.get(table)
        arranged = range(int(self.starts[place]), int(self.starts[place + 1])) if place is not None else ()
        later = (number for column, number in self._later.items() if column.table == table)
        return np.fromiter((*arranged, *later), dtype=np.int32)

    def columns(self, numbers: Ids) -> list[Column]:
        """Give the columns of numbers, in their order."""
        first_later = len(self.names)
        arranged = numbers[numbers < first_later]
        tables = self.tables.take(pa.array(np.searchsorted(self.starts, arranged, side="right") - 1)).to_pylist()
        names = self.names.take(pa.array(arranged)).to_pylist()
        known = iter(map(Column, tables, names))
        if len(arranged) == len(numbers):
            return list(known)
        return [next(known) if number < first_later else self._listed[number - first_later] for number in numbers]

    def tables_of(self, numbers: Ids) -> list[tuple[str, int]]:
        """Give each table with the count of its columns among the numbers, most first."""
        arranged = numbers[numbers < len(self.names)]
        counts = np.bincount(np.searchsorted(self.starts, arranged, side="right") - 1, minlength=len(self.tables))
        hit = np.flatnonzero(counts)
        tally = dict(zip(self.tables.take(pa.array(hit)).to_pylist(), counts[hit].tolist(), strict=True))
        for number in numbers[numbers >= len(self.names)]:
            table = self._listed[number - len(self.names)].table
            tally[table] = tally.get(table, 0) + 1
        return sorted(tally.items(), key=lambda item: (-item[1], item[0]))

    def nearest_by_table(self, numbers: Ids, depths: Ids) -> list[tuple[str, int, int]]:
        """Give each table with its least depth and the count of its columns, ROWS left out; the nearest first.

        `numbers` are in the order of their `depths`.
        """
        if self._is_rows is None:
            self._is_rows = np.asarray(pc.equal(self.names, ROWS).to_numpy(zero_copy_only=False), dtype=np.bool_)
        is_arranged = numbers < len(self.names)
        arranged = numbers[is_arranged]
        places = np.searchsorted(self.starts, arranged, side="right") - 1
        least = np.full(len(self.tables), -1, dtype=np.int32)
        least[places[::-1]] = depths[is_arranged][::-1]  # the last to be written is the first, and so the nearest
        hit = np.flatnonzero(least >= 0)
        nearest = least[hit].tolist()
        counts = np.bincount(places[~self._is_rows[arranged]], minlength=len(self.tables))[hit].tolist()
        names = self.tables.take(pa.array(hit)).to_pylist()
        tally = {name: (depth, count) for name, depth, count in zip(names, nearest, counts, strict=True)}
        for number, depth in zip(numbers[~is_arranged].tolist(), depths[~is_arranged].tolist(), strict=True):
            column = self._listed[number - len(self.names)]
            before, count = tally.get(column.table, (depth, 0))
            tally[column.table] = min(before, depth), count + (column.name != ROWS)
        rows = ((name, depth, count) for name, (depth, count) in tally.items())
        return sorted(rows, key=lambda row: (row[1], -row[2], row[0]))


def arrange_columns(tables: Sequence[str] | pa.Array, names: Sequence[str] | pa.Array) -> tuple[ColumnIds, Ids]:
    """Number columns anew, sorted by table and name; give with them the new number of each one given."""
    table = pa.table({"table": pa.array(tables, pa.string()), "name": pa.array(names, pa.string())})
    order = pc.sort_indices(table, sort_keys=[("table", "ascending"), ("name", "ascending")]).to_numpy()
    renumbered = np.empty(len(order), dtype=np.int32)
    renumbered[order] = np.arange(len(order), dtype=np.int32)
    counted = pc.value_counts(table["table"].combine_chunks().take(pa.array(order)))
    starts = np.concatenate(([0], np.cumsum(counted.field("counts").to_numpy()))).astype(np.int64)
    named = table["name"].combine_chunks().take(pa.array(order))
    return ColumnIds(counted.field("values"), starts, named), renumbered


def no_columns() -> ColumnIds:
    """Begin without any."""
    return arrange_columns([], [])[0]


def columns_as_table(ids: ColumnIds) -> pa.Table:
    """Give all columns by their numbers: table, name."""
    every = np.arange(len(ids.names))
    tables = ids.tables.take(pa.array(np.searchsorted(ids.starts, every, side="right") - 1))
    return pa.table({"table": tables, "name": ids.names})


def listed_later(ids: ColumnIds) -> Iterable[Column]:
    """Give the columns that came after the arranging, by their numbers."""
    return tuple(ids.columns(np.arange(len(ids.names), len(ids), dtype=np.int32)))
