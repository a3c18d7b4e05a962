"""The 99 queries of TPC-DS and the 22 of TPC-H: all resolve, and an independent reader finds the same columns."""

from collections.abc import Iterator

import duckdb
import duckdb_extensions
import pytest
import sqlglot
from dataplane.lineage.drawing import Schema, trace
from sqlglot import exp
from sqlglot.lineage import lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope

from chengshu.dataplane.lineage.columns import ROWS, Transformation

SUITES = {"tpcds": ("dsdgen", 99), "tpch": ("dbgen", 22)}
Suite = tuple[str, Schema, dict[int, str]]


@pytest.fixture(scope="module", params=sorted(SUITES))
def suite(request: pytest.FixtureRequest) -> Iterator[Suite]:
    name = str(request.param)
    generator, _ = SUITES[name]
    with duckdb.connect() as connection:
        duckdb_extensions.import_extension(name)
        connection.execute(f"load {name}")
        connection.execute(f"call {generator}(sf=0)")
        schema: dict[str, dict[str, str]] = {}
        columns = (
            "select table_name, column_name, data_type from information_schema.columns order by 1, ordinal_position"
        )
        for table, column, kind in connection.execute(columns).fetchall():
            schema.setdefault(table, {})[column] = kind
        queries = connection.execute(f"select query_nr, query from {name}_queries()").fetchall()
        yield name, schema, dict(queries)


def test_every_column_has_sources_or_is_constant(suite: Suite) -> None:
    name, schema, queries = suite
    assert len(queries) == SUITES[name][1]
    for number, text in queries.items():
        (one,) = trace(text, "duckdb", schema)
        assert one.reading.faults == (), number
        assert one.reading.edges, number
        for edge in one.reading.edges:
            known = {(column.table, column.name) for column in edge.origin.sources if column.name != ROWS}
            assert all(column in schema[table] for table, column in known), number
            assert bool(edge.origin.sources) is (edge.origin.transformation is not Transformation.CONSTANT), number


def test_an_independent_reader_finds_the_same_leaves(suite: Suite) -> None:
    _, schema, queries = suite
    unlike = []
    for number, text in queries.items():
        (one,) = trace(text, "duckdb", schema)
        qualified = qualify(sqlglot.parse_one(text, dialect="duckdb"), schema=dict(schema), dialect="duckdb")
        assert isinstance(qualified, exp.Query)
        scope = build_scope(qualified)
        for column, edge in zip(qualified.selects, one.reading.edges, strict=True):
            ours = {(source.table, source.name) for source in edge.origin.sources if source.name != ROWS}
            root = lineage(
                column.alias_or_name, qualified, schema={}, scope=scope, dialect="duckdb", trim_selects=False
            )
            theirs = {
                (node.expression.name, node.name.rpartition(".")[2].strip('"'))
                for node in root.walk()
                if isinstance(node.expression, exp.Table)
            }
            if ours != theirs:
                unlike.append((number, edge.target.name, ours ^ theirs))
    assert unlike == []
