"""What statements write: every kind, by position or by name, in every dialect that has it."""

import pytest
from dataplane.lineage.drawing import CITY, lineage_of, lines, trace


class TestMaking:
    """CREATE TABLE AS, CREATE VIEW and their like."""

    def test_a_views_column_list_is_mapped_by_position(self) -> None:
        sql = "create view v (key, doubled) as select id, amount * 2 from orders"
        assert lineage_of(sql, "postgres", CITY) == lines("""
            v.key <- orders.id identity
            v.doubled <- orders.amount expression
        """)

    def test_a_view_without_list_takes_the_querys_names(self) -> None:
        assert lineage_of("create or replace view v as select id as k from orders", "mysql", CITY) == [
            "v.k <- orders.id identity"
        ]

    @pytest.mark.parametrize(
        "sql",
        [
            "create temporary table x as select id from orders",
            "create table x as select id from orders",
            "create materialized view x as select id from orders",
            "select id into x from orders",
        ],
    )
    def test_tables_made_of_queries(self, sql: str) -> None:
        assert lineage_of(sql, "postgres", CITY) == ["x.id <- orders.id identity"]

    def test_a_list_over_a_star_without_schema_is_not_guessed(self) -> None:
        (fault, further, *_) = lineage_of("create view v (a, b) as select * from nowhere", "postgres")
        assert fault.startswith("! ")
        assert further.startswith("! ")

    def test_what_was_made_feeds_the_statements_after_it(self) -> None:
        sql = """
            create temporary table t1 as select id as a, amount as b from orders;
            create view v1 as select * from t1;
            insert into log select * from v1;
        """
        assert lineage_of(sql, "postgres", CITY)[-2:] == ["log.a <- v1.a identity", "log.b <- v1.b identity"]

    def test_a_table_declared_is_known(self) -> None:
        sql = "create table t (a int, b text); alter table t add column c int; select * from t"
        assert lineage_of(sql, "postgres") == [f"{name} <- t.{name} identity" for name in "abc"]
        sql = "create table t (a int) partitioned by (dt string); select * from t"
        assert lineage_of(sql, "hive") == ["a <- t.a identity", "dt <- t.dt identity"]

    def test_what_was_dropped_is_not_known_any_more(self) -> None:
        drawn = lineage_of("drop table orders; select * from orders", "postgres", CITY)
        assert len(drawn) == 1
        assert drawn[0].startswith("! ")

    def test_a_view_named_before_it_is_made_is_found_all_the_same(self) -> None:
        sql = "insert into log select * from v; create view v as select id from orders"
        assert lineage_of(sql, "postgres", CITY) == ["log.id <- v.id identity", "v.id <- orders.id identity"]


class TestInserting:
    """INSERT and INSERT OVERWRITE."""

    def test_a_column_list_is_mapped_by_position(self) -> None:
        assert lineage_of(
            "insert into x (p, q) select cust, sum(amount) from orders group by cust", "mysql", CITY
        ) == lines(
            """
            x.p <- orders.cust identity
            x.q <- orders.amount aggregate
            """
        )

    def test_without_list_the_tables_own_columns_count(self) -> None:
        schema = {**CITY, "x": {"first": "int", "second": "int", "third": "int"}}
        assert lineage_of("insert into x select cust, id from orders", "postgres", schema) == lines("""
            x.first <- orders.cust identity
            x.second <- orders.id identity
        """)

    def test_without_list_and_schema_the_querys_names_count(self) -> None:
        assert lineage_of("insert into x select a, b from y", "oracle") == [
            "x.a <- y.a identity",
            "x.b <- y.b identity",
        ]

    def test_values_are_constants(self) -> None:
        assert lineage_of("insert into x (a, b) values (1, 'z')", "duckdb") == [
            "x.a <- - constant",
            "x.b <- - constant",
        ]
        (fault,) = lineage_of("insert into x values (1, 'z')", "duckdb")
        assert fault.startswith("! ")

    def test_more_values_than_columns_is_told(self) -> None:
        drawn = lineage_of("insert into x (a) select id, cust from orders", "postgres", CITY)
        assert drawn[0] == "x.a <- orders.id identity"
        assert "2 列" in drawn[1]

    def test_an_overwritten_partition_fixed_and_moving(self) -> None:
        sql = "insert overwrite table a partition (dt='2024', region) select x, y, z from s"
        expected = lines("""
            a.dt <- - constant
            a.x <- s.x identity
            a.y <- s.y identity
            a.region <- s.z identity
        """)
        assert lineage_of(sql, "hive") == expected
        assert lineage_of(sql, "spark") == expected
        assert {one.reading.kind for one in trace(sql, "hive")} == {"INSERT OVERWRITE"}

    def test_a_partition_of_a_known_table_is_left_out_of_the_positions(self) -> None:
        schema = {"a": {"k": "int", "v": "int", "dt": "string"}}
        sql = "insert overwrite table a partition (dt='2024') select x, y from s"
        assert lineage_of(sql, "hive", schema) == lines("""
            a.dt <- - constant
            a.k <- s.x identity
            a.v <- s.y identity
        """)

    def test_one_source_into_several_tables(self) -> None:
        hive = "from src insert overwrite table a select x insert into table b select y + 1 as z"
        assert lineage_of(hive, "hive") == ["a.x <- src.x identity", "b.z <- src.y expression"]
        oracle = "insert all into a (x) values (v) into b (y) values (w + 1) select v, w from s"
        assert lineage_of(oracle, "oracle") == ["a.x <- s.v identity", "b.y <- s.w expression"]

    def test_what_is_done_on_conflict_is_written_too(self) -> None:
        sql = "insert into t (a, b) select c, d from s on conflict (a) do update set b = excluded.b + t.b"
        assert lineage_of(sql, "postgres") == ["t.a <- s.c identity", "t.b <- s.d, t.b expression"]
        sql = "insert into t (a, b) select c, d from s on duplicate key update b = b + values(b)"
        assert lineage_of(sql, "mysql") == ["t.a <- s.c identity", "t.b <- s.d, t.b expression"]

    def test_rows_returned_within_a_statement_flow_on(self) -> None:
        sql = """with moved as (insert into customers (id) select id from orders returning id)
            insert into log (x) select id from moved"""
        assert lineage_of(sql, "postgres", CITY) == [
            "customers.id <- orders.id identity",
            "log.x <- customers.id identity",
        ]


class TestChanging:
    """UPDATE, MERGE and DELETE."""

    def test_update_from(self) -> None:
        sql = "update orders o set amount = o.amount * c.id, cust = c.id from customers c where c.id = o.cust"
        assert lineage_of(sql, "postgres", CITY) == lines("""
            orders.amount <- customers.id, orders.amount expression
            orders.cust <- customers.id identity
        """)

    def test_update_of_joined_tables(self) -> None:
        sql = "update t join s on s.id = t.id set t.a = s.x, s.seen = 1"
        assert lineage_of(sql, "mysql") == ["t.a <- s.x identity", "s.seen <- - constant"]

    def test_update_by_a_subquery_of_several_columns(self) -> None:
        sql = "update t set (a, b) = (select x, max(y) from s where s.id = t.id group by x), c = 1"
        assert lineage_of(sql, "oracle") == lines("""
            t.a <- s.x identity
            t.b <- s.y aggregate
            t.c <- - constant
        """)

    def test_update_by_a_correlated_subquery(self) -> None:
        sql = "update orders set amount = (select max(c.id) from customers c where c.id = orders.cust)"
        assert lineage_of(sql, "postgres", CITY) == ["orders.amount <- customers.id aggregate"]

    def test_all_branches_of_a_merge_are_told_as_one(self) -> None:
        sql = """merge into t using (select id, max(a) as a from s group by id) q on (t.id = q.id)
            when matched then update set t.a = q.a, t.b = t.b + 1
            when not matched then insert (id, a, b) values (q.id, 0, q.id)"""
        assert lineage_of(sql, "oracle") == lines("""
            t.a <- s.a aggregate
            t.b <- s.id, t.b expression
            t.id <- s.id identity
        """)

    def test_a_merge_of_everything_goes_by_name(self) -> None:
        sql = "merge into t using s on t.id = s.id when matched then update set * when not matched then insert *"
        schema = {"t": {"id": "int", "a": "int"}, "s": {"a": "int", "id": "int", "more": "int"}}
        assert lineage_of(sql, "spark", schema) == ["t.id <- s.id identity", "t.a <- s.a identity"]
        (fault,) = lineage_of(sql, "spark")
        assert "t" in fault or "s" in fault

    def test_delete_writes_no_column_and_is_no_fault(self) -> None:
        (one,) = trace("delete from orders where cust in (select id from customers)", "postgres", CITY)
        assert (one.reading.kind, one.reading.edges, one.reading.faults) == ("DELETE", (), ())
        assert {(column.table, column.name) for column in one.reading.rows} >= {("customers", "id"), ("orders", "cust")}


class TestUnread:
    """Nothing is dropped: what cannot be read is there with its reason."""

    @pytest.mark.parametrize(
        ("dialect", "sql"),
        [
            ("tsql", "create proc p as begin select 1; select 2 end\nGO\n"),
            ("postgres", "create function f() returns int as $$ return 1; $$ language plpython3u;"),
        ],
    )
    def test_a_body_in_a_language_that_is_not_read_is_one_statement_with_a_reason(self, dialect: str, sql: str) -> None:
        routine, after = trace(sql + "select id from orders", dialect, CITY)
        assert "程序体" in routine.reading.faults[0]
        assert after.reading.edges[0].target.name == "id"

    @pytest.mark.parametrize("sql", ["call p(1)", "select from where", "insert into", "'", "copy t from '/x'", "%%%"])
    def test_every_other_text_has_a_reason(self, sql: str) -> None:
        (one,) = trace(sql, "postgres")
        assert one.reading.faults

    def test_statements_of_the_session_are_no_faults(self) -> None:
        sql = "set search_path = dw; begin; commit; grant select on t to r; truncate table t; analyze t; vacuum; create index i on t (a)"
        assert [one.reading.faults for one in trace(sql, "postgres")] == [()] * 8

    def test_too_deep_and_too_many_ways(self) -> None:
        deep = "select " + "(" * 5000 + "1" + ")" * 5000
        joins = "select * from " + "a join " * 40 + "b"
        for sql in (deep, joins):
            (one,) = trace(sql, "postgres")
            assert one.reading.faults
