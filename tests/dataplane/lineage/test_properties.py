"""What must hold of any statement: names of no account, order of no account, and no text that breaks the reader."""

import random
from collections.abc import Iterator
from itertools import pairwise

import duckdb
import pytest
import sqlglot
from dataplane.lineage.drawing import CITY, lineage_of, trace
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sqlglot import exp

from chengshu.dataplane.lineage.columns import Column
from chengshu.dataplane.lineage.naming import DIALECTS
from chengshu.dataplane.lineage.splitting import split_statements
from chengshu.dataplane.lineage.tracing import UNREAD

NAMES = ("a", "b", "c", "甲", "乙")
SHAPES = (
    "select y as x, x as y from {inner}",
    "select * from {inner}",
    "select sum(x) as x, y from {inner} group by y",
    "select x + y as x, count(*) as y from {inner} group by x + y",
    "select x, case when y > 2 then 1 else x end as y from {inner} where x < 9",
    "select x, row_number() over (order by y, x) as y from {inner}",
)
FAULT_OF_OURS = "没有读成这条语句"


@st.composite
def queries(draw: st.DrawFn, depth: int = 2) -> str:
    """A query over the city's two tables: two columns named x and y, from tables, brackets, unions and CTEs."""
    kind = draw(st.sampled_from(("table", "join", "bracket", "union", "cte", "subquery") if depth else ("table",)))
    if kind == "table":
        left, right = draw(st.sampled_from((("id", "amount"), ("cust", "id"), ("amount + id", "1"))))
        return f"select o.{left} as x, {right} as y from orders o"
    inner = draw(queries(depth=depth - 1))
    other = draw(queries(depth=depth - 1))
    name = draw(st.sampled_from(NAMES))
    if kind == "join":
        return f"select {name}.x as x, p.name as y from ({inner}) {name} join customers p on p.id = {name}.y"
    if kind == "bracket":
        return draw(st.sampled_from(SHAPES)).format(inner=f"({inner}) {name}")
    if kind == "union":
        return f"select * from ({inner}) {name} union all select * from ({other}) {name}"
    if kind == "cte":
        return f"with {name} as ({inner}), q as ({other}) select {name}.x, q.y from {name} join q on {name}.y = q.x"
    return f"select x, (select max(p.id) from customers p where p.id = {name}.y) as y from ({inner}) {name}"


def _edges(sql: str) -> list[str]:
    drawn = lineage_of(sql, "postgres", CITY)
    assert not [line for line in drawn if line.startswith("!")], drawn
    return drawn


@given(sql=queries())
def test_renaming_aliases_changes_nothing(sql: str) -> None:
    tree = sqlglot.parse_one(sql, dialect="postgres")
    aliases = {alias.name for alias in tree.find_all(exp.TableAlias)}
    renamed = tree.transform(
        lambda node: (
            exp.to_identifier(f"renamed_{node.name}")
            if isinstance(node, exp.Identifier) and node.name in aliases
            else node
        )
    )
    assert _edges(renamed.sql("postgres")) == _edges(sql)


@given(sql=queries(), unused=queries())
def test_a_cte_that_nobody_reads_changes_nothing(sql: str, unused: str) -> None:
    tree = sqlglot.parse_one(sql, dialect="postgres")
    assert isinstance(tree, exp.Query)
    assert _edges(tree.with_("nobody_reads_it", as_=unused, dialect="postgres").sql("postgres")) == _edges(sql)


@given(sql=queries())
def test_every_column_has_a_source_or_is_constant(sql: str) -> None:
    for one in trace(sql, "postgres", CITY):
        assert [edge.target.name for edge in one.reading.edges] == ["x", "y"]
        for edge in one.reading.edges:
            assert bool(edge.origin.sources) is (edge.origin.transformation != "constant")


@given(bodies=st.lists(queries(), min_size=2, max_size=4), seed=st.integers(0, 9))
def test_the_order_of_independent_statements_changes_nothing(bodies: list[str], seed: int) -> None:
    statements = [f"create table t{place} as {body}" for place, body in enumerate(bodies)]
    shuffled = random.Random(seed).sample(statements, len(statements))  # noqa: S311 - an order, no secret
    assert sorted(_edges(";".join(shuffled))) == sorted(_edges(";".join(statements)))


@given(sql=queries())
def test_the_same_query_says_the_same_in_every_dialect(sql: str) -> None:
    names = [cte.alias for cte in sqlglot.parse_one(sql, dialect="postgres").find_all(exp.CTE)]
    assume(len(set(names)) == len(names))  # the translation mixes up inner and outer ones of the same name
    expected = _edges(sql)
    for dialect in ("mysql", "spark", "duckdb", "oracle", "hive"):
        there = sqlglot.transpile(sql, read="postgres", write=dialect)[0]
        assert lineage_of(there, dialect, CITY) == expected, there


ROWS_OF_CITY = """
    create table orders (id bigint, amount bigint, cust bigint);
    insert into orders values (1, 5, 1), (2, 3, 1), (3, 8, 2), (4, 1, 3), (5, 5, 3), (2, 2, 2);
    create table customers (id bigint, name bigint);
    insert into customers values (1, 7), (2, 8), (3, 9), (5, 9);
"""
CHANGES = ("2 * {column} + 1", "{column} % 2", "10 - {column}")


@pytest.fixture(scope="module")
def city() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(ROWS_OF_CITY)
        yield connection


@settings(max_examples=60)
@given(sql=queries(), change=st.sampled_from(CHANGES))
def test_what_changes_when_a_column_changes_hangs_on_it(city: duckdb.DuckDBPyConnection, sql: str, change: str) -> None:
    """The database is the judge: change one column of one table, and see which outputs are others."""
    (one,) = trace(sql, "duckdb", CITY)
    before = _values(city, sql)
    for table, column in ((table, column) for table, columns in CITY.items() for column in columns):
        city.execute("begin")
        city.execute(f"update {table} set {column} = {change.format(column=column)}")
        after = _values(city, sql)
        city.execute("rollback")
        source = Column(table, column)
        for edge, was, now in zip(one.reading.edges, before, after, strict=True):
            if was != now:
                assert source in edge.origin.sources | one.reading.rows, (source, edge)


def _values(connection: duckdb.DuckDBPyConnection, sql: str) -> list[list[int]]:
    rows = connection.execute(sql).fetchall()
    return [sorted((row[place] for row in rows), key=lambda value: (value is None, value)) for place in range(2)]


WORDS = st.sampled_from(
    [
        *("select", "from", "where", "with", "as", "insert into", "merge into", "using", "update", "set", "delete"),
        *("create view", "create table", "join", "on", "union all", "group by", "over (partition by", "values"),
        *("(", ")", ",", ".", ";", "*", "=", "'", '"', "`", "$$", "--", "/*", "*/", "begin", "end", "case", "when"),
        *("t", "s.x", "人口", "'字'", "1", "count(*)", "lateral view explode(a) e as c", "pivot", "declare", "exists"),
    ]
)
TEXTS = st.lists(WORDS, max_size=25).map(" ".join) | st.text(max_size=60)


@settings(max_examples=300)
@given(text=TEXTS, dialect=st.sampled_from(DIALECTS))
def test_no_text_breaks_the_reader_and_none_is_dropped(text: str, dialect: str) -> None:
    cut = list(split_statements(text, dialect))
    traced = trace(text, dialect, CITY)
    assert [one.number for one in traced] == [statement.number for statement in cut]
    for one in traced:
        assert one.reading.faults if one.reading.kind == UNREAD else one.reading.kind
        assert not [fault for fault in one.reading.faults if FAULT_OF_OURS in fault], (one, text)


@given(sql=queries(), cuts=st.lists(st.integers(0, 400), min_size=2, max_size=2), dialect=st.sampled_from(DIALECTS))
def test_a_torn_statement_is_told_and_those_around_it_are_read(sql: str, cuts: list[int], dialect: str) -> None:
    begin, end = sorted(cuts)
    torn = (sql[:begin] + sql[end:]).replace("'", "").replace("(", "").replace(")", "") or "select"
    traced = trace(f"select id from orders;\n{torn};\nselect name from customers", dialect, CITY)
    assert [edge.target.name for edge in traced[0].reading.edges] == ["id"]
    assert [edge.target.name for edge in traced[-1].reading.edges] == ["name"]
    assert not [fault for one in traced for fault in one.reading.faults if FAULT_OF_OURS in fault]


@given(text=TEXTS, dialect=st.sampled_from(DIALECTS))
def test_lines_and_numbers_only_grow(text: str, dialect: str) -> None:
    cut = list(split_statements(text, dialect))
    assert [statement.number for statement in cut] == list(range(1, len(cut) + 1))
    assert all(before.line <= after.line for before, after in pairwise(cut))
    assert all(statement.text.strip() and statement.text in text for statement in cut)
