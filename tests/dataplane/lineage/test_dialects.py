"""What only one dialect has, as it stands in scripts of that database."""

import pytest
from dataplane.lineage.drawing import CITY, lineage_of, lines, trace


class TestOracle:
    def test_outer_joins_by_mark_hints_and_own_functions(self) -> None:
        sql = """select /*+ parallel(o 4) */ nvl(c.name, 'x') as nm, decode(o.cust, 1, 'a', o.amount) as d
            from orders o, customers c where o.cust = c.id(+)"""
        assert lineage_of(sql, "oracle", CITY) == lines("""
            nm <- customers.name expression
            d <- orders.amount, orders.cust expression
        """)

    def test_trees(self) -> None:
        sql = "select level as lv, connect_by_root name as r, prior id as pid from customers connect by prior id = name"
        assert lineage_of(sql, "oracle", CITY) == lines("""
            lv <- - constant
            r <- customers.name expression
            pid <- customers.id expression
        """)

    def test_minus_listagg_and_rowid(self) -> None:
        assert lineage_of("select id from orders minus select id from customers", "oracle", CITY) == [
            "id <- orders.id identity"
        ]
        listed = "select listagg(name, ',') within group (order by id) as l from customers"
        assert lineage_of(listed, "oracle", CITY) == ["l <- customers.id, customers.name aggregate"]
        assert lineage_of("select rowid as r from orders", "oracle", CITY) == ["r <- orders.* expression"]

    def test_lines_of_the_client_are_no_statements(self) -> None:
        script = "SET ECHO OFF\nPROMPT it's done; really\n@run.sql\nWHENEVER SQLERROR EXIT 1\nselect id from orders;\n/\nEXIT\n"
        (one,) = trace(script, "oracle", CITY)
        assert (one.line, one.reading.edges[0].target.name) == (5, "id")

    @pytest.mark.parametrize(
        "sql",
        [
            "create materialized view t (a) refresh fast on demand as select id from orders",
            "create table t partition by range (id) (partition p1 values less than (10)) as select id as a from orders",
            "create or replace force view t (a) as select id from orders with read only",
        ],
    )
    def test_options_of_storage_do_not_hide_the_query(self, sql: str) -> None:
        assert lineage_of(sql, "oracle", CITY) == ["t.a <- orders.id identity"]

    def test_a_merge_that_deletes_what_it_wrote(self) -> None:
        sql = """merge into customers t using orders s on (t.id = s.id)
            when matched then update set t.name = s.cust where s.amount > 0 delete where t.name is null
            when not matched then insert (id) values (s.id)"""
        assert lineage_of(sql, "oracle", CITY) == lines("""
            customers.name <- orders.cust identity
            customers.id <- orders.id identity
        """)

    def test_quotes_of_its_own(self) -> None:
        assert (
            lineage_of("select q'[it's; here]' as a, id from orders", "oracle", CITY)[1] == "id <- orders.id identity"
        )

    def test_a_package_with_its_body(self) -> None:
        script = """create package k as procedure a; function b return number; end k;
/
create or replace package body k as
  procedure a is begin if 1 = 1 then null; end if; for i in 1..2 loop null; end loop; end a;
  function b return number is begin return case when 1 = 1 then 1 else 2 end; end b;
end k;
/
select id from orders
"""
        assert [bool(one.reading.faults) for one in trace(script, "oracle", CITY)] == [False, False, False]


class TestMySql:
    @pytest.mark.parametrize(
        "sql",
        [
            "replace into x (a) select id from orders",
            "insert ignore into x (a) select id from orders",
            "insert into x set a = (select max(id) from orders)",
        ],
    )
    def test_forms_of_insert(self, sql: str) -> None:
        (line,) = lineage_of(sql, "mysql", CITY)
        assert line.startswith("x.a <- orders.id ")

    def test_two_tables_updated_at_once(self) -> None:
        sql = "update orders o, customers c set o.amount = c.id, c.name = o.id where o.cust = c.id"
        assert lineage_of(sql, "mysql", CITY) == lines("""
            orders.amount <- customers.id identity
            customers.name <- orders.id identity
        """)

    def test_a_table_of_a_query_without_as(self) -> None:
        sql = "create table z (a int) as select id as a, name from customers; create table y select id from orders"
        assert lineage_of(sql, "mysql", CITY) == lines("""
            z.a <- customers.id identity
            z.name <- customers.name identity
            y.id <- orders.id identity
        """)

    def test_tables_differ_by_case_and_columns_do_not(self) -> None:
        schema = {"T": {"Id": "int"}, "t": {"other": "int"}}
        assert lineage_of("select ID as a from T", "mysql", schema) == ["a <- T.Id identity"]
        (fault,) = lineage_of("select id from t", "mysql", schema)
        assert fault.startswith("! ")

    def test_comments_of_three_kinds(self) -> None:
        sql = "# it's one; \n-- it's two;\n/* it's; three */ select id from orders"
        assert lineage_of(sql, "mysql", CITY) == ["id <- orders.id identity"]


class TestHiveAndSpark:
    def test_a_folder_is_written_like_a_table(self) -> None:
        sql = "insert overwrite directory '/data/x' select id from orders"
        assert lineage_of(sql, "hive", CITY) == ["/data/x.id <- orders.id identity"]

    def test_a_partition_that_the_last_column_fills(self) -> None:
        schema = {**CITY, "x": {"k": "int", "dt": "string"}}
        sql = "insert into table x partition (dt) select id, '2024' from orders"
        assert lineage_of(sql, "hive", schema) == ["x.k <- orders.id identity", "x.dt <- - constant"]

    def test_a_bracket_as_common_source(self) -> None:
        sql = "from (select id, amount from orders) q insert overwrite table p partition (dt='1') select q.id where q.amount > 1"
        (one,) = trace(sql, "hive", CITY)
        assert [edge.target.name for edge in one.reading.edges] == ["dt", "id"]
        assert "amount" in {column.name for column in one.reading.rows}

    def test_commands_of_the_session_are_no_faults(self) -> None:
        sql = "set a.b=true; msck repair table x; add jar x.jar; alter table x add partition (dt='1'); use db; show tables"
        assert [one.reading.faults for one in trace(sql, "hive")] == [()] * 6

    def test_views_of_one_session_and_cached_tables(self) -> None:
        sql = "create or replace temp view tv as select id from orders; cache table c as select * from tv; select * from c"
        assert lineage_of(sql, "spark", CITY) == lines("""
            tv.id <- orders.id identity
            c.id <- tv.id identity
            id <- c.id identity
        """)

    def test_by_name_and_all_branches(self) -> None:
        assert lineage_of("insert into x by name select id as a from orders", "spark", CITY) == [
            "x.a <- orders.id identity"
        ]
        sql = """merge into customers t using orders s on t.id = s.id when matched and s.cust is null then delete
            when matched then update set t.name = s.cust when not matched then insert (id, name) values (s.id, 'new')
            when not matched by source then update set name = t.id"""
        assert lineage_of(sql, "spark", CITY) == lines("""
            customers.name <- customers.id, orders.cust identity
            customers.id <- orders.id identity
        """)


class TestPostgres:
    def test_a_row_and_its_fields(self) -> None:
        sql = "select (c).name as n, to_jsonb(c) as j from customers c"
        assert lineage_of(sql, "postgres", CITY) == lines("""
            n <- customers.name expression
            j <- customers.id, customers.name expression
        """)

    def test_lateral_queries_and_record_sets(self) -> None:
        sql = """select l.m, x.a from customers c, lateral (select max(amount) as m from orders o where o.cust = c.id) l,
            jsonb_to_recordset(c.name) as x(a int, b text)"""
        assert lineage_of(sql, "postgres", CITY) == ["m <- orders.amount aggregate", "a <- customers.name expression"]

    def test_deleted_rows_moved_on(self) -> None:
        sql = "with d as (delete from orders returning *) insert into archive select id, cust from d"
        assert lineage_of(sql, "postgres", CITY) == lines("""
            archive.id <- orders.id identity
            archive.cust <- orders.cust identity
        """)

    def test_recursive_and_materialized_views(self) -> None:
        sql = "create recursive view r (n) as select id from orders union all select n + 1 from r where n < 9"
        assert lineage_of(sql, "postgres", CITY) == ["r.n <- orders.id expression"]
        sql = "create materialized view if not exists m as select id from orders with no data"
        assert lineage_of(sql, "postgres", CITY) == ["m.id <- orders.id identity"]

    def test_names_that_the_database_gives(self) -> None:
        sql = "create table t as select count(*), max(id), amount::int, case when id = 1 then 2 end from orders; select * from t"
        drawn = lineage_of(sql, "postgres", CITY)
        assert [line.split()[0] for line in drawn] == [
            "t.count",
            "t.max",
            "t.amount",
            "t.case",
            "count",
            "max",
            "amount",
            "case",
        ]


class TestDuckDb:
    def test_from_first_and_short_forms(self) -> None:
        assert lineage_of("from orders select id", "duckdb", CITY) == ["id <- orders.id identity"]
        assert len(lineage_of("from orders", "duckdb", CITY)) == 3

    def test_loops_and_lambdas_name_no_columns(self) -> None:
        sql = "select [x + amount for x in [id]] as l, list_transform([id], y -> y + cust) as m from orders"
        assert lineage_of(sql, "duckdb", CITY) == lines("""
            l <- orders.amount, orders.id expression
            m <- orders.cust, orders.id expression
        """)

    @pytest.mark.parametrize(
        "sql",
        ["select columns('a.*') from orders", "select * like 'a%' from orders", "pivot orders on id using sum(amount)"],
    )
    def test_columns_that_only_the_data_know_are_told(self, sql: str) -> None:
        (fault,) = lineage_of(sql, "duckdb", CITY)
        assert fault.startswith("! ")

    def test_unions_by_name(self) -> None:
        sql = "select id as a, amount as b from orders union by name select name as b, id as c from customers"
        assert lineage_of(sql, "duckdb", CITY) == lines("""
            a <- orders.id identity
            b <- customers.name, orders.amount identity
            c <- customers.id identity
        """)

    def test_a_file_is_a_source(self) -> None:
        assert lineage_of("select a from 'x.parquet'", "duckdb") == ["a <- x.parquet.a identity"]
        (line,) = lineage_of("select a from read_csv('x.csv')", "duckdb")
        assert line == "a <- READ_CSV('x.csv').a identity"


class TestSqlServer:
    def test_temporary_tables_keep_their_mark(self) -> None:
        sql = "select id into #t from orders; select * from #t"
        assert lineage_of(sql, "tsql", CITY) == ["#t.id <- orders.id identity", "id <- #t.id identity"]

    def test_update_by_alias_and_apply(self) -> None:
        sql = """update o set o.amount = z.v from orders o cross apply (select max(id) as v from customers c where c.id = o.cust) z"""
        assert lineage_of(sql, "tsql", CITY) == ["orders.amount <- customers.id aggregate"]

    def test_blocks_and_declarations(self) -> None:
        script = "declare @a int = 1;\nif @a = 1 begin select 1; select 2; end;\nselect [id] from [orders];\nexec p"
        assert [bool(one.reading.faults) for one in trace(script, "tsql", CITY)] == [False, True, False, True]


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("insert into t (a\nselect b from s", "第 3 行“select”附近缺少 )"),
        ("select cast(a as ) from s", "第 2 行“)”附近缺少 TYPE"),
        ("select a b c from s", "第 2 行“c”附近不合语法"),
        ("select a from s where", "第 2 行“where”附近没有写完"),
        ("insert into t (a) select b from {{ source }}", "第 2 行“{”附近应当有表名"),
        ("select 'a from s", "引号或注释没有成对，或者有认不出的符号"),
    ],
)
def test_what_is_no_sql_is_told_with_the_line_of_the_script(sql: str, reason: str) -> None:
    assert lineage_of(f"-- 说明\n{sql}", "postgres") == [f"! 语法读不懂：{reason}"]


@pytest.mark.parametrize("sql", ["create view v as", "update t set", "merge into t using s"])
def test_a_statement_that_breaks_off_is_listed(sql: str) -> None:
    (fault,) = lineage_of(sql, "postgres", CITY)
    assert fault.startswith("! ")
