"""Tables of the lake opened for an engine, and what of a table is held against its history."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlglot import exp

from chengshu.dataplane.checks.cells import Shape, cell, shape_of
from chengshu.dataplane.checks.rules import Type
from chengshu.dataplane.engines.choosing import EngineChoice
from chengshu.dataplane.engines.protocol import Engine
from chengshu.dataplane.lake.places import Lake, TableName, Zone
from chengshu.dataplane.lake.reading import ActiveFiles, active_files, list_snapshots
from chengshu.dataplane.runs.offering import offer_table
from chengshu.resources.rules.table_tests import Counting, Measured

DATA = "data"
CORRECTION = "issue "
"""What the note of a commit begins with that a corrected sheet made: it is no delivery."""
EXACT_ROWS = 1_000_000
"""Rows up to which distinct values are counted; above, they are estimated (HyperLogLog, within about two per cent)."""
WRITES = frozenset({"WRITE", "MERGE", "CREATE TABLE", "CREATE OR REPLACE TABLE AS SELECT", "CREATE TABLE AS SELECT"})


def table_named(text: str) -> TableName:
    """Give the table that is written as zone/name."""
    zone, _slash, name = text.partition("/")
    return TableName(Zone(zone), name)


@contextmanager
def opened(
    lake: Lake,
    table: str,
    *,
    on: EngineChoice,
    version: int | None = None,
    read_as: Mapping[str, Type] | None = None,
) -> Iterator[tuple[Engine, Shape, ActiveFiles]]:
    """Open an engine over a version of a table (None: the newest), offered as `data`.

    Raises:
        LakeFault: there is no such table or version.
        EngineMissing: the engine cannot be opened.
        DataUnreadable: the machines of its cluster do not see the table.
    """
    active = active_files(lake, table_named(table), version=version)
    with on.opened(store=None if lake.is_local else lake.options) as engine:
        offer_table(engine, DATA, active)
        known = {column: kind for column, kind in (read_as or {}).items() if column in active.schema.names}
        files = [Path(file) for file in active.files] if lake.is_local else []
        yield engine, shape_of(DATA, active.schema, known, files), active


def measure(engine: Engine, shape: Shape, asked: Counting, *, rows: int) -> Measured:
    """Count rows, and nulls and distinct values of columns, in one scan; columns that are not there are left out."""
    there = [column for column in dict.fromkeys(asked.nulls) if column in shape.kinds]
    apart = [column for column in dict.fromkeys(asked.distinct) if column in shape.kinds]
    counts: list[exp.Expr] = [exp.alias_(exp.Count(this=exp.Star()), "n")]
    counts += [exp.alias_(exp.Count(this=cell(column)), f"c{at}") for at, column in enumerate(there)]
    counts += [exp.alias_(distinct(column, rows), f"d{at}") for at, column in enumerate(apart)]
    row = engine.fetch(exp.select(*counts).from_(exp.table_(DATA)).sql(dialect=engine.dialect)).to_pylist()[0]
    total = int(row["n"])
    return Measured(
        total,
        {column: total - int(row[f"c{at}"]) for at, column in enumerate(there)},
        {column: int(row[f"d{at}"]) for at, column in enumerate(apart)},
    )


def distinct(column: str, rows: int) -> exp.Expr:
    """Count a column's distinct values, or estimate them where they would not fit."""
    if rows <= EXACT_ROWS:
        return exp.Count(this=exp.Distinct(expressions=[cell(column)]))
    return exp.ApproxDistinct(this=cell(column))


def delivered_at(lake: Lake, table: str) -> datetime | None:
    """Give the moment of the newest commit that brought rows and was no correction by a sheet."""
    moments = (
        one.at
        for one in list_snapshots(lake, table_named(table), limit=200)
        if one.operation in WRITES and not one.note.startswith(CORRECTION)
    )
    return next(moments, None)
