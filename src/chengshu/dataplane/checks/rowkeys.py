"""Rows by their keys: the keys that checks kept read again as cells, and a relation narrowed to some rows."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq
from sqlglot import exp

from chengshu.dataplane.checks.cells import Shape, as_text
from chengshu.dataplane.checks.predicates import all_of
from chengshu.dataplane.engines.protocol import Engine

RowKey: TypeAlias = tuple[str | None, ...]
"""The cells of a row's key columns as text, in their order."""

_WANTED, _PART = "__wanted", "__key_"


def read_row_key(text: str | None, width: int) -> RowKey:
    """Give the cells of a kept key; several columns stand in it as a JSON array of texts."""
    if width == 1:
        return (text,)
    cells = json.loads(text or "[]", strict=False)  # line breaks are escaped, rarer controls stand as they are
    return tuple(cells)


def stream_kept(folder: Path, width: int) -> Iterator[tuple[RowKey, str | None]]:
    """Give key and failing cell of every kept row of one rule, piece by piece."""
    for path in sorted(folder.glob("*.parquet")):
        for batch in pq.ParquetFile(path).iter_batches(columns=["key", "value"]):
            for key, value in zip(batch["key"].to_pylist(), batch["value"].to_pylist(), strict=True):
                yield read_row_key(key, width), value


def narrow_to(
    engine: Engine, shape: Shape, key: Sequence[str], rows: Iterable[RowKey], *, name: str, folder: Path
) -> Shape | None:
    """Offer under `name` the rows of a relation that have one of these keys; None when there is no such row.

    `folder` is empty and lives as long as the engine reads.
    """
    listed = list(rows)
    columns = {f"{_PART}{at}": pa.array([row[at] for row in listed], pa.string()) for at in range(len(key))}
    engine.offer(_WANTED, pa.table(columns))
    try:
        same = [
            exp.NullSafeEQ(this=exp.column(f"{_PART}{at}", table="w"), expression=as_text(column, shape))
            for at, column in enumerate(key)
        ]
        there = exp.Exists(this=exp.select("1").from_(exp.table_(_WANTED, quoted=True).as_("w")).where(all_of(same)))
        chosen = exp.select("*").from_(exp.table_(shape.relation, quoted=True).as_("t")).where(there)
        written = engine.write(chosen.sql(dialect=engine.dialect), folder)
    finally:
        engine.withdraw(_WANTED)
    if not written.rows:
        return None
    engine.offer(name, written.files)
    return replace(shape, relation=name, files=written.files)


def list_row_keys(engine: Engine, shape: Shape, key: Sequence[str]) -> set[RowKey]:
    """Give the keys of all rows of a relation."""
    parts = [exp.alias_(as_text(column, shape), f"{_PART}{at}") for at, column in enumerate(key)]
    found = engine.fetch(exp.select(*parts).from_(exp.table_(shape.relation, quoted=True)).sql(dialect=engine.dialect))
    return set(zip(*(found[f"{_PART}{at}"].to_pylist() for at in range(len(key))), strict=True))
