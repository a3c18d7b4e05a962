"""Tables that change their names or places at the end of a load: the chain goes on, or a reason says why it cannot."""

import pytest
from dataplane.lineage.drawing import CITY, lineage_of, lines, trace

from chengshu.dataplane.lineage.columns import Column
from chengshu.dataplane.lineage.graph import edges_of

DIALECTS = ["postgres", "mysql", "hive", "spark", "oracle", "duckdb", "tsql"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_swap_at_the_end_of_a_load_keeps_the_chain(dialect: str) -> None:
    sql = """
        create table totals_new as select id, amount from orders;
        drop table totals;
        alter table totals_new rename to totals;
        insert into report select id, amount from totals
    """
    assert lineage_of(sql, dialect, CITY) == lines("""
        totals_new.id <- orders.id identity
        totals_new.amount <- orders.amount identity
        totals.id <- totals_new.id identity
        totals.amount <- totals_new.amount identity
        report.id <- totals.id identity
        report.amount <- totals.amount identity
    """)


def test_without_structure_the_columns_that_were_written_go_on() -> None:
    sql = "insert into t_new (k, n) select id, amount from orders; alter table t_new rename to t"
    assert lineage_of(sql, "mysql", CITY)[2:] == ["t.k <- t_new.k identity", "t.n <- t_new.n identity"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_table_that_nobody_knows_is_told(dialect: str) -> None:
    (said,) = lineage_of("alter table t_new rename to t", dialect, CITY)
    assert said == "! t_new 改名为 t，没有 t_new 的表结构，不知道带过去哪些列"


def test_what_was_written_in_part_goes_on_and_the_rest_is_told() -> None:
    sql = "insert into t_new (k, n) select id, wrong.x from orders; alter table t_new rename to t"
    drawn = lineage_of(sql, "postgres", CITY)
    assert "t.k <- t_new.k identity" in drawn
    assert [line for line in drawn if "改名" in line]


def test_a_script_read_later_tells_the_columns() -> None:
    sql = "alter table t_new rename to t; insert into t_new select * from s; create table s (x int)"
    assert lineage_of(sql, "hive") == ["t.x <- t_new.x identity", "t_new.x <- s.x identity"]


def test_two_tables_change_places_by_a_third() -> None:
    sql = "rename table orders to spare, customers to orders, spare to customers; select * from orders"
    assert lineage_of(sql, "mysql", CITY) == lines("""
        spare.id <- orders.id identity
        spare.amount <- orders.amount identity
        spare.cust <- orders.cust identity
        orders.id <- customers.id identity
        orders.name <- customers.name identity
        customers.id <- spare.id identity
        customers.amount <- spare.amount identity
        customers.cust <- spare.cust identity
        id <- orders.id identity
        name <- orders.name identity
    """)


def test_the_rows_of_a_renamed_table_go_on_as_well() -> None:
    (renamed,) = trace("alter table orders rename to kept", "postgres", CITY)
    assert (Column("orders", "*"), Column("kept", "*")) in {
        (edge.source, edge.target) for edge in edges_of(renamed.reading)
    }


def test_exchanged_tables_of_other_names_go_by_position() -> None:
    schema = {"t": {"a": "int", "b": "int"}, "stage": {"x": "int", "y": "int"}}
    assert lineage_of("alter table t exchange partition p with table stage", "mysql", schema) == lines("""
        t.a <- stage.x identity
        t.b <- stage.y identity
        stage.x <- t.a identity
        stage.y <- t.b identity
    """)


def test_rows_switched_into_an_archive_go_there_only() -> None:
    assert lineage_of("alter table customers switch partition 2 to archive", "tsql", CITY) == [
        "archive.id <- customers.id identity",
        "archive.name <- customers.name identity",
    ]


def test_the_procedure_by_which_sql_server_renames() -> None:
    sql = "exec sp_rename 'dbo.orders', 'kept'; exec sp_rename N'customers.name', N'title', N'COLUMN'; select * from customers"
    assert lineage_of(sql, "tsql", {"dbo.orders": {"id": "int"}, "customers": {"id": "int", "name": "text"}}) == lines("""
        dbo.kept.id <- dbo.orders.id identity
        customers.title <- customers.name identity
        id <- customers.id identity
        title <- customers.title identity
    """)
    (said,) = lineage_of("exec load_orders 'a', 'b'", "tsql")
    assert "程序体" in said
    assert lineage_of("exec sp_rename 'orders.i', 'j', 'INDEX'", "tsql", CITY) == []


@pytest.mark.parametrize("sql", ["frob the data", "renam table a to b", "rename a, b"])
def test_what_begins_with_no_known_word_is_quoted_as_it_stands(sql: str) -> None:
    (said,) = lineage_of(sql, "mysql")
    assert not {"ALIAS", "COMMAND", "不在支持之列"} & set(said.split("：")), said
    assert "读不懂" in said
