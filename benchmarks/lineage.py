"""Column lineage: reading the published queries, and asking a graph of up to a million columns."""

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import TypeVar

import duckdb
import duckdb_extensions
import numpy as np
import sqlglot

from benchmarks.lineage_saved import build_saved
from benchmarks.measuring import best_seconds, print_line
from chengshu.dataplane.lineage.adjacency import Ids
from chengshu.dataplane.lineage.answers import Holder, Ownership, Use, UseKind, impact_of
from chengshu.dataplane.lineage.columns import Column, Transformation
from chengshu.dataplane.lineage.graph import WAYS, ColumnGraph, EdgeArrays, GraphEdge
from chengshu.dataplane.lineage.graph_files import load_graph, save_graph
from chengshu.dataplane.lineage.nodes import ColumnIds, arrange_columns
from chengshu.dataplane.lineage.tracing import Script, trace_scripts

SEED = 1
COLUMNS_A_TABLE = 50
EDGES_A_COLUMN = 5
LAYERS = 8
SIZES = (10_000, 100_000, 1_000_000)
QUESTIONS = 200
DEPARTMENTS = 56
USES = 5_000
T = TypeVar("T")


def run() -> None:
    """Target: a question to 1 M columns and 5 M edges within 100 ms."""
    read_published_queries()
    for columns in SIZES:
        ask_graph(columns)


def run_full() -> None:
    """The same, after building the graph from as many rows of a database."""
    build_saved()
    run()


def read_published_queries() -> None:
    """Read the 99 queries of TPC-DS with their schema, beside parsing them only."""
    with duckdb.connect() as connection:
        duckdb_extensions.import_extension("tpcds")
        connection.execute("load tpcds")
        connection.execute("call dsdgen(sf=0)")
        schema: dict[str, dict[str, str]] = {}
        listed = (
            "select table_name, column_name, data_type from information_schema.columns order by 1, ordinal_position"
        )
        for table, column, kind in connection.execute(listed).fetchall():
            schema.setdefault(table, {})[column] = kind
        texts = [text for (text,) in connection.execute("select query from tpcds_queries()").fetchall()]
    scripts = [Script(str(number), text) for number, text in enumerate(texts)]
    traced = trace_scripts(scripts, dialect="duckdb", schema=schema)
    columns = sum(len(one.reading.edges) for one in traced)
    reading = best_seconds(lambda: trace_scripts(scripts, dialect="duckdb", schema=schema), runs=3)
    parsing = best_seconds(lambda: [sqlglot.parse_one(text, dialect="duckdb") for text in texts], runs=3)
    print_line("TPC-DS, 99 queries", f"{columns} columns", f"{sum(bool(one.reading.faults) for one in traced)} unread")
    print_line("lineage of all of them", f"{reading * 1e3:,.0f} ms", f"{reading / len(texts) * 1e3:,.1f} ms a query")
    print_line("floor: parse them", f"{parsing * 1e3:,.0f} ms")


def ask_graph(columns: int) -> None:
    """Build a layered graph and ask it; processor time."""
    ids, edges, tables = draw_graph(columns)
    graph, building = _timed(lambda: ColumnGraph(ids, edges))
    print_line(f"graph of {columns:,} columns", f"{len(graph):,} edges", f"arranged in {building * 1e3:,.0f} ms")
    generator = np.random.default_rng(SEED)
    _ask(
        "impact of a column of the first layer",
        graph,
        generator.integers(0, columns // LAYERS, QUESTIONS, np.int32),
        tables,
    )
    _ask("impact of a column anywhere", graph, generator.integers(0, columns, QUESTIONS, np.int32), tables)
    late = [Column(tables[place], f"c{number}") for place in range(20) for number in range(COLUMNS_A_TABLE)]
    answer, taken = _timed(lambda: graph.impact(late))
    print_line("  20 tables of the first layer are late", f"{taken * 1e3:,.1f} ms", f"{len(answer):,} columns hit")
    ownership = draw_ownership(tables)
    places = generator.integers(0, columns // LAYERS, QUESTIONS // 4, np.int32).tolist()
    asked = [Column(tables[place // COLUMNS_A_TABLE], f"c{place % COLUMNS_A_TABLE}") for place in places]
    waits = sorted(_timed(partial(impact_of, graph, [column], ownership))[1] * 1e3 for column in asked)
    note = f"worst {waits[-1]:,.1f} ms; {DEPARTMENTS} departments, {USES:,} reports and indicators"
    print_line("  who is hit by a column of the first layer", f"{median(waits):,.1f} ms", note)
    _ask_page(graph, asked)
    statement = [GraphEdge(late[number], Column("new", f"n{number}"), Transformation.IDENTITY) for number in range(50)]
    _, adding = _timed(lambda: graph.put("new", statement))
    answer, taken = _timed(lambda: graph.impact(late[:1]))
    note = f"first question after it {taken * 1e3:,.1f} ms"
    print_line("  a statement of 50 edges added", f"{adding * 1e3:,.1f} ms", note)


def _ask_page(graph: ColumnGraph, asked: list[Column]) -> None:
    """Keep the graph, read it as a web process does, and ask it as the page of impact does."""
    with tempfile.TemporaryDirectory() as folder:
        _, keeping = _timed(lambda: save_graph(graph, Path(folder)))
        kept, reading = _timed(lambda: load_graph(Path(folder)))
    print_line("  kept in files", f"{keeping * 1e3:,.0f} ms", f"read again in {reading * 1e3:,.0f} ms")

    def ask(column: Column) -> int:
        return len(kept.impact([column], through_rows=False).list_tables() + kept.impact([column]).list_tables())

    waits = sorted(_timed(partial(ask, column))[1] * 1e3 for column in asked)
    print_line("  the page's tables", f"{median(waits):,.1f} ms", f"worst {waits[-1]:,.1f} ms")


def draw_ownership(tables: list[str]) -> Ownership:
    """Give every table to a department, and put reports and indicators on the tables of the last layer."""
    last = tables[-max(1, len(tables) // LAYERS) :]
    uses = tuple(
        Use(
            UseKind.INDICATOR,
            f"指标{number}",
            f"部门{number % DEPARTMENTS}",
            Column(last[number % len(last)], f"c{number % COLUMNS_A_TABLE}"),
        )
        for number in range(USES)
    )
    return Ownership({table: Holder(f"部门{place % DEPARTMENTS}") for place, table in enumerate(tables)}, uses)


def draw_graph(columns: int) -> tuple[ColumnIds, EdgeArrays, list[str]]:
    """Draw tables in layers; each table reads two of the layer before, each column five columns of these."""
    generator = np.random.default_rng(SEED)
    count = columns // COLUMNS_A_TABLE
    tables = [f"层{place * LAYERS // count}.表{place:06d}" for place in range(count)]
    names = [f"c{number}" for number in range(COLUMNS_A_TABLE)]
    ids, renumbered = arrange_columns(np.repeat(tables, COLUMNS_A_TABLE), names * count)
    first = count // LAYERS
    targets = np.repeat(np.arange(columns), EDGES_A_COLUMN * LAYERS // (LAYERS - 1) + 1)[: columns * EDGES_A_COLUMN]
    targets = (targets % (columns - first * COLUMNS_A_TABLE)) + first * COLUMNS_A_TABLE
    of_table = targets // COLUMNS_A_TABLE
    read = generator.integers(0, first, (count, 2))[of_table, generator.integers(0, 2, len(targets))]
    layer_before = (of_table * LAYERS // count - 1) * first
    sources = (layer_before + read) * COLUMNS_A_TABLE + generator.integers(0, COLUMNS_A_TABLE, len(targets))
    ways = np.full(len(targets), WAYS.index(Transformation.EXPRESSION), dtype=np.uint8)
    statements = of_table.astype(np.int32)
    return ids, EdgeArrays(renumbered[sources], renumbered[targets], ways, statements, tables), tables


def _ask(label: str, graph: ColumnGraph, numbers: Ids, tables: list[str]) -> None:
    taken, reached = [], []
    for number in numbers.tolist():
        column = Column(tables[number // COLUMNS_A_TABLE], f"c{number % COLUMNS_A_TABLE}")
        answer, seconds = _timed(partial(_shown, graph, column))
        taken.append(seconds * 1e3)
        reached.append(answer)
    ordered = sorted(taken)
    note = f"p95 {ordered[int(len(ordered) * 0.95)]:,.1f} ms, worst {ordered[-1]:,.1f} ms, up to {max(reached):,} hit"
    print_line(f"  {label}", f"{median(taken):,.1f} ms", note)


def _shown(graph: ColumnGraph, column: Column) -> int:
    """Ask as a page does: all columns hit, the tables they are in, the first hundred by name."""
    answer = graph.impact([column])
    answer.tally_tables()
    answer.list_found(count=100)
    return len(answer)


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    start = time.process_time()
    result = work()
    return result, time.process_time() - start
