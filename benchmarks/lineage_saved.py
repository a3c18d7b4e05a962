"""Building the graph of lineage from what a database keeps: a million columns, five million edges.

SQLite stands in a file of its own that vanishes. Half of the tables are entries of a catalogue, as in a city that has
catalogued what it collects; the other half is known by scripts alone.
"""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import import_module
from itertools import chain, islice
from random import Random
from typing import Any, TypeVar

from benchmarks.houses import open_empty_house
from benchmarks.measuring import print_line, watch_tree

T = TypeVar("T")
TABLES, COLUMNS_A_TABLE, EDGES_A_COLUMN, LAYERS = 20_000, 50, 5, 8
_PIECE = 50_000
_SEED = 1
Row = tuple[str | int | datetime | None, ...]


def build_saved() -> None:
    """Target: built within some minutes and 3 GB, since the worker does it beside other work."""
    with open_empty_house():
        import_module("django.core.management").call_command("migrate", verbosity=0, interactive=False)
        edges, laid = _timed(_lay_lineage)
        print_line(f"saved: {TABLES * COLUMNS_A_TABLE:,} columns, {edges:,} edges", f"{laid:,.0f} s", "laid down")
        building: Any = import_module("chengshu.resources.operations.lineage_building")
        for label in ("graph built of what is saved", "built again, nothing new"):
            with watch_tree() as usage:
                state, seconds = _timed(building.build_graph)
            note = f"{state.edges:,} edges; {usage.peak_mib:,.0f} MiB at the peak"
            print_line(label, f"{seconds:,.1f} s", note)


def _lay_lineage() -> int:
    """Put the rows in place as tellers do, only without reading scripts; return how many edges there are."""
    rows: Any = import_module("benchmarks.catalogue_rows")
    models: Any = import_module("chengshu.resources.models")
    now = datetime.now(tz=UTC)
    entries = TABLES // 2
    rows.lay_catalogue(entries, COLUMNS_A_TABLE, now=now)
    teller = models.LineageTeller.objects.create(title="加工脚本", kind="scripts", told_at=now)
    codes = list(models.DataResource.objects.order_by("pk").values_list("pk", "code"))
    _insert(models.LineageTable, ("id", "name", "node", "kind", "title", "resource_id"), _list_tables(codes))
    fields = models.Field.objects.order_by("resource_id", "number").values_list("code", flat=True).iterator(_PIECE)
    told = (f"c{at % COLUMNS_A_TABLE}" for at in range((TABLES - entries) * COLUMNS_A_TABLE))
    columns = ((at + 1, at // COLUMNS_A_TABLE + 1, name) for at, name in enumerate(chain(fields, told)))
    _insert(models.LineageColumn, ("id", "table_id", "name"), columns)
    statements = ((at + 1, teller.pk, f"s.sql#{at}", "s.sql", at, "INSERT", now) for at in range(TABLES))
    named = ("id", "teller_id", "name", "script", "line", "kind", "told_at")
    _insert(models.LineageStatement, named, statements)
    return _insert(models.LineageEdge, ("statement_id", "source_id", "target_id", "way"), _draw_edges())


def _list_tables(entries: list[tuple[int, str]]) -> Iterator[Row]:
    for at in range(TABLES):
        entry, name = entries[at] if at < len(entries) else (None, f"dw.表{at:06}")
        yield at + 1, name, name, "table", "", entry


def _draw_edges() -> Iterator[Row]:
    """Let every table of a layer but the first be made of two tables of the layer before; ids are the places from 1."""
    draw, first = Random(_SEED), TABLES // LAYERS  # noqa: S311 - invented data, not a secret
    for table in range(first, TABLES):
        before = (table // first - 1) * first
        read = [before + draw.randrange(first) for _ in range(2)]
        for column in range(COLUMNS_A_TABLE):
            sources = {draw.choice(read) * COLUMNS_A_TABLE + draw.randrange(COLUMNS_A_TABLE) for _ in range(_drawn())}
            for source in sources:
                yield table + 1, source + 1, table * COLUMNS_A_TABLE + column + 1, 2


def _drawn() -> int:
    """Give how many sources a column has, so that all have five on average although the first layer has none."""
    return EDGES_A_COLUMN * LAYERS // (LAYERS - 1) + 1


def _insert(model: Any, fields: tuple[str, ...], rows: Iterator[Row]) -> int:
    """Insert rows by themselves: five million objects would take most of the time."""
    from django.db import connection, transaction  # noqa: PLC0415 - settings are read only now

    places = ", ".join(["%s"] * len(fields))
    statement = f"insert into {model._meta.db_table} ({', '.join(fields)}) values ({places})"  # noqa: S608, SLF001
    count = 0
    with transaction.atomic(), connection.cursor() as cursor:
        while piece := list(islice(rows, _PIECE)):
            cursor.executemany(statement, piece)
            count += len(piece)
    return count


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    start = time.perf_counter()
    told = work()
    return told, time.perf_counter() - start
