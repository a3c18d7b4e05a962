"""Rows of a table corrected by people: cells put in, rows named anew whose key was wrong, rows taken out; one commit."""

import tempfile
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
from sqlglot import exp

from chengshu.dataplane.checks.rowkeys import RowKey, narrow_to
from chengshu.dataplane.lake.writing import Entry, amend, find_commit
from chengshu.resources.pipelines.measuring import table_named
from chengshu.resources.pipelines.quality import Asked, opened_with_rules

Correction = Mapping[str, str | None]
"""Cells by column as text, None for an empty one; columns of the key as well. No cell at all takes the row out."""
_SOME = "some"


@dataclass(frozen=True, slots=True)
class Corrected:
    """What became of corrections: the version that holds them, None when nothing was to be written; new keys by old ones.

    Refused keys come with `gone`, `repeated`, `taken` (the new key is another row's), `twice` (it is
    given twice), `keyless` (a key would be empty), or the column whose type does not fit.
    """

    version: int | None
    renamed: Mapping[RowKey, RowKey]
    refused: Mapping[RowKey, str]


@dataclass(slots=True)
class _Sorting:
    """Corrections on their way: what is written, which keys go, and what is refused."""

    key: Sequence[str]
    places: dict[RowKey, int] = field(default_factory=dict)
    columns: dict[str, list[object]] = field(default_factory=dict)
    renamed: dict[RowKey, RowKey] = field(default_factory=dict)
    removed: set[RowKey] = field(default_factory=set)
    refused: dict[RowKey, str] = field(default_factory=dict)

    def refuse(self, row: RowKey, why: str) -> None:
        self.refused[row] = why
        self.places.pop(row, None)
        self.renamed.pop(row, None)
        self.removed.discard(row)


def correct_rows(
    asked: Asked, corrections: Mapping[RowKey, Correction], *, key: Sequence[str], entry: Entry
) -> Corrected:
    """Put corrections into the table; the same entry is taken once, and then tells what it did the first time.

    Raises:
        LakeFault, DataUnreadable: the table cannot be read or written; nothing was.
    """
    lake, table = asked.lake, table_named(asked.table)
    before = find_commit(lake, table, entry)
    standing = fetch_rows(asked, list(corrections))
    sorting = _sort(standing, corrections, key, is_replay=before is not None)
    if before is not None:
        return Corrected(before.version, sorting.renamed, sorting.refused)
    _refuse_taken(asked, sorting)
    if not sorting.places and not sorting.removed:
        return Corrected(None, {}, sorting.refused)
    rows = pa.table(sorting.columns, schema=standing.schema).take(pa.array(sorting.places.values(), pa.int64()))
    gone = _keys_of(standing, [*sorting.removed, *sorting.renamed], key)
    made = amend(lake, table, rows, gone, key=key, entry=entry)
    return Corrected(made.version, sorting.renamed, sorting.refused)


def fetch_rows(asked: Asked, rows: Collection[RowKey]) -> pa.Table:
    """Give the rows with these keys, in the table's own types. Who handed the sheet in waits for it."""
    with (
        opened_with_rules(asked) as (engine, file, shape, active),
        tempfile.TemporaryDirectory(dir=engine.work) as folder,
    ):
        some = narrow_to(engine, shape, file.key, rows, name=_SOME, folder=Path(folder))
        if some is None:
            return active.schema.empty_table()
        found = engine.fetch(exp.select("*").from_(exp.table_(_SOME, quoted=True)).sql(dialect=engine.dialect))
        return found.select(active.schema.names).cast(active.schema)


def _sort(
    standing: pa.Table, corrections: Mapping[RowKey, Correction], key: Sequence[str], *, is_replay: bool
) -> _Sorting:
    """Put cells into the rows that stand, and say what cannot be taken."""
    texts = [standing[column].cast(pa.string()).to_pylist() for column in key]
    places: dict[RowKey, list[int]] = {}
    for at, cells in enumerate(zip(*texts, strict=True)):
        places.setdefault(cells, []).append(at)
    sorting = _Sorting(key, columns={name: standing[name].to_pylist() for name in standing.schema.names})
    for row, corrected in corrections.items():
        values, named, wrong = _read_cells(row, corrected, standing.schema, key)
        found = places.get(row, [])
        moves = not corrected or named != row
        if wrong or None in named:
            sorting.refuse(row, wrong or "keyless")
        elif is_replay and moves and found:
            sorting.refuse(row, "taken")  # what was taken the first time is not there any more
        elif len(found) != 1 and not (is_replay and moves):
            sorting.refuse(row, "repeated" if found else "gone")
        else:
            _take(sorting, row, found[0] if found else None, values, named)
    return sorting


def _take(
    sorting: _Sorting, row: RowKey, place: int | None, values: Mapping[str, object] | None, named: RowKey
) -> None:
    if values is None:
        sorting.removed.add(row)
        return
    if named != row:
        sorting.renamed[row] = named
    if place is not None:
        sorting.places[row] = place
        for column, value in values.items():
            sorting.columns[column][place] = value


def _refuse_taken(asked: Asked, sorting: _Sorting) -> None:
    """Refuse new keys that another row has already, or is to have."""
    if not sorting.renamed:
        return
    rows = fetch_rows(asked, list(sorting.renamed.values()))
    there = set(zip(*(rows[column].cast(pa.string()).to_pylist() for column in sorting.key), strict=True))
    times = Counter(sorting.renamed.values())
    for row, named in list(sorting.renamed.items()):
        if named in there or times[named] > 1:
            sorting.refuse(row, "taken" if named in there else "twice")


def _keys_of(standing: pa.Table, rows: Sequence[RowKey], key: Sequence[str]) -> pa.Table:
    """Give keys in the types of the table."""
    columns = {
        column: pa.array([row[at] for row in rows], pa.string()).cast(standing.schema.field(column).type)
        for at, column in enumerate(key)
    }
    return pa.table(columns, schema=pa.schema([standing.schema.field(column) for column in key]))


def _read_cells(
    row: RowKey, cells: Correction, schema: pa.Schema, key: Sequence[str]
) -> tuple[dict[str, object] | None, RowKey, str]:
    """Read cells in the types of the table; give them (None: take the row out), the row's key after that, or the fault."""
    if not cells:
        return None, tuple("" if cell is None else cell for cell in row), ""
    values: dict[str, object] = {}
    named = list(row)
    for column, text in cells.items():
        try:
            value = pa.array([text], pa.string()).cast(schema.field(column).type)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, KeyError):
            return {}, row, f"column:{column}"
        values[column] = value[0].as_py()
        if column in key:
            named[key.index(column)] = value.cast(pa.string())[0].as_py()
    return values, tuple(named), ""
