"""What the columns of a query are made of."""

import pytest
from dataplane.lineage.drawing import CITY, lineage_of, lines


def test_a_column_renamed_any_number_of_times_is_still_itself() -> None:
    sql = "with a as (select id as x from orders) select y as z from (select x as y from a) b"
    assert lineage_of(sql, "postgres", CITY) == ["z <- orders.id identity"]


def test_what_changes_most_on_the_way_is_told() -> None:
    sql = "select s, s + 1 as t, k from (select sum(amount) as s, 1 as k from orders) q"
    assert lineage_of(sql, "postgres", CITY) == lines("""
        s <- orders.amount aggregate
        t <- orders.amount aggregate
        k <- - constant
    """)


def test_a_cast_is_a_computation_and_a_bracket_is_not() -> None:
    assert lineage_of("select amount::int as a, (id) as b from orders", "postgres", CITY) == lines("""
        a <- orders.amount expression
        b <- orders.id identity
    """)


def test_counting_depends_on_the_rows_of_what_is_read() -> None:
    sql = "select count(*) as n, count(1) as m, count(o.id) as k from orders o join customers c on c.id = o.cust"
    assert lineage_of(sql, "postgres", CITY) == lines("""
        n <- customers.*, orders.* aggregate
        m <- customers.*, orders.* aggregate
        k <- orders.id aggregate
    """)


def test_a_window_gives_a_number_or_an_aggregate() -> None:
    sql = "select row_number() over (partition by cust order by id) as r, sum(amount) over (partition by cust) as s from orders"
    assert lineage_of(sql, "postgres", CITY) == lines("""
        r <- orders.cust, orders.id expression
        s <- orders.amount, orders.cust aggregate
    """)


def test_a_star_is_listed_in_the_order_of_the_table() -> None:
    assert lineage_of("select * from orders", "mysql", CITY) == lines("""
        id <- orders.id identity
        amount <- orders.amount identity
        cust <- orders.cust identity
    """)
    assert lineage_of("select c.*, o.amount from orders o join customers c on c.id = o.cust", "spark", CITY) == lines("""
        id <- customers.id identity
        name <- customers.name identity
        amount <- orders.amount identity
    """)


def test_a_star_without_schema_is_unresolved_unless_the_source_is_known() -> None:
    (fault,) = lineage_of("select * from nowhere", "postgres")
    assert fault.startswith("! ")
    assert "nowhere" in fault
    assert lineage_of("select * from (select a, b from t) q", "postgres") == lines("""
        a <- t.a identity
        b <- t.b identity
    """)


def test_a_name_below_a_star_without_schema_is_still_the_tables() -> None:
    sql = "with c as (select * from t) select x from c"
    assert lineage_of(sql, "postgres") == ["x <- t.x identity"]


def test_a_name_that_two_unknown_tables_may_have_is_not_guessed() -> None:
    drawn = lineage_of("select a, s.b from t join s on t.id = s.id", "postgres")
    assert drawn[0] == "b <- s.b identity"
    assert drawn[1].startswith("! 输出列 a")
    assert "t" in drawn[1]


def test_a_union_answers_by_position_under_the_first_names() -> None:
    sql = "select id as k, name as v from customers union all select cust, 'x' from orders"
    assert lineage_of(sql, "postgres", CITY) == lines("""
        k <- customers.id, orders.cust identity
        v <- customers.name identity
    """)


def test_a_union_of_unlike_width_is_told() -> None:
    drawn = lineage_of("select id, name from customers union select id from orders", "postgres", CITY)
    assert drawn[0] == "id <- customers.id, orders.id identity"
    assert "列数不同" in drawn[1]


def test_except_takes_its_values_from_the_left_only() -> None:
    sql = "select id from customers except select cust from orders"
    assert lineage_of(sql, "postgres", CITY) == ["id <- customers.id identity"]


def test_a_recursive_query_has_the_sources_of_start_and_step() -> None:
    sql = """with recursive r(k, path) as (
        select id, name from customers union all select o.id, r.path || o.amount from orders o join r on r.k = o.cust
    ) select * from r"""
    assert lineage_of(sql, "postgres", CITY) == lines("""
        k <- customers.id, orders.id identity
        path <- customers.name, orders.amount expression
    """)


def test_sources_that_move_from_column_to_column_are_followed_round_by_round() -> None:
    sql = """with recursive r(a, b, c) as (
        select id, 0, 0 from customers union all select b, c, a from r
    ) select c from r"""
    assert lineage_of(sql, "duckdb", CITY) == ["c <- customers.id identity"]


def test_oracle_recurses_without_the_word() -> None:
    sql = "with r (k) as (select id from orders union all select k + 1 from r where k < 9) select k from r"
    assert lineage_of(sql, "oracle", CITY) == ["k <- orders.id expression"]


@pytest.mark.parametrize("dialect", ["hive", "spark"])
def test_a_lateral_view_comes_from_the_column_it_unfolds(dialect: str) -> None:
    sql = "select a, e.c, pos from t lateral view outer explode(arr) e as c lateral view posexplode(other) f as pos, v"
    assert lineage_of(sql, dialect) == lines("""
        a <- t.a identity
        c <- t.arr expression
        pos <- t.other expression
    """)


def test_unnest_and_functions_in_from() -> None:
    sql = "select u.x, g, v.b from t, unnest(t.arr) as u(x), generate_series(1, 3) g, (values (1, 2)) v(a, b)"
    assert lineage_of(sql, "postgres") == lines("""
        x <- t.arr expression
        g <- - constant
        b <- - constant
    """)


def test_a_subquery_as_value_and_as_condition() -> None:
    sql = """select (select c.name from customers c where c.id = o.cust) as n,
        case when exists (select 1 from customers c where c.id = o.cust) then o.amount end as x,
        o.id in (select id from customers) as y from orders o"""
    assert lineage_of(sql, "postgres", CITY) == lines("""
        n <- customers.name identity
        x <- customers.*, orders.amount expression
        y <- customers.id, orders.id expression
    """)


def test_a_joined_column_named_once_comes_from_both_sides() -> None:
    assert lineage_of("select * from orders join customers using (id)", "postgres", CITY) == lines("""
        id <- customers.id, orders.id identity
        amount <- orders.amount identity
        cust <- orders.cust identity
        name <- customers.name identity
    """)
    left = "select id, name from orders left join customers using (id)"
    assert lineage_of(left, "postgres", CITY)[0] == "id <- orders.id identity"


def test_a_semi_joined_table_gives_no_columns() -> None:
    sql = "select * from customers c left semi join orders o on o.cust = c.id"
    assert lineage_of(sql, "spark", CITY) == lines("""
        id <- customers.id identity
        name <- customers.name identity
    """)


def test_pivot_and_unpivot() -> None:
    wide = {"t": {"g": "int", "k": "text", "v": "int"}}
    assert lineage_of("select * from t pivot (sum(v) for k in ('a' as x, 'b' as y))", "oracle", wide) == lines("""
        g <- t.g identity
        x <- t.v aggregate
        y <- t.v aggregate
    """)
    long = {"t": {"g": "int", "a": "int", "b": "int"}}
    assert lineage_of("select * from t unpivot (v for n in (a, b))", "oracle", long) == lines("""
        g <- t.g identity
        n <- - constant
        v <- t.a, t.b identity
    """)


def test_a_star_with_changes() -> None:
    sql = "select * exclude (cust) replace (amount * 2 as amount) from orders"
    assert lineage_of(sql, "duckdb", CITY) == lines("""
        id <- orders.id identity
        amount <- orders.amount expression
    """)


def test_an_output_named_further_left_can_be_used_where_the_dialect_allows() -> None:
    sql = "select amount + 1 as a, a * 2 as b from orders"
    assert lineage_of(sql, "spark", CITY)[1] == "b <- orders.amount expression"
    assert lineage_of(sql, "postgres", CITY)[1].startswith("! 输出列 b")


def test_fields_of_a_structure_come_from_its_column() -> None:
    assert lineage_of("select s.a.b as x, c.d as y from t s", "spark") == lines("""
        x <- t.a expression
        y <- t.c expression
    """)


def test_parameters_of_a_lambda_are_no_columns() -> None:
    assert lineage_of("select transform(a, (x, i) -> x + i + b) as y from t", "spark") == ["y <- t.a, t.b expression"]


def test_a_long_text_that_serves_as_name_is_cut() -> None:
    (line,) = lineage_of(f"select {' + '.join(['amount'] * 99)} from orders", "mysql", CITY)
    name, _, rest = line.partition(" <- ")
    assert (len(name), rest) == (201, "orders.amount expression")


def test_oracles_own_names_are_constants() -> None:
    assert lineage_of("select sysdate as a, rownum as b, s.nextval as c from dual", "oracle") == lines("""
        a <- - constant
        b <- - constant
        c <- - constant
    """)


class TestNames:
    """Which names are the same, by dialect, and how they are spelled."""

    @pytest.mark.parametrize(
        ("dialect", "expected"),
        [
            ("postgres", "custname <- t.id identity"),
            ("hive", "custname <- t.id identity"),
            ("oracle", "CustName <- t.id identity"),
            ("mysql", "CustName <- t.id identity"),
            ("spark", "CustName <- t.id identity"),
            ("duckdb", "CustName <- t.id identity"),
        ],
    )
    def test_case_of_plain_names_does_not_part_them(self, dialect: str, expected: str) -> None:
        sql = "with q as (select ID as CustName from t) select CUSTNAME from q"
        assert lineage_of(sql.replace("ID", "id"), dialect) == [expected]

    def test_quoted_names_are_their_own_where_the_dialect_says_so(self) -> None:
        sql = 'select "Id" from (select id as "Id", 1 as id from t) q'
        assert lineage_of(sql, "postgres") == ["Id <- t.id identity"]
        (fault,) = lineage_of('select "ID" from (select 1 as id) q', "postgres")
        assert fault.startswith("! ")

    def test_the_schema_decides_the_spelling(self) -> None:
        schema = {"DW.Orders": {"OrderId": "int"}}
        assert lineage_of("select orderid from orders", "spark", schema) == ["OrderId <- DW.Orders.OrderId identity"]

    def test_a_quoted_name_finds_what_the_schema_spells_so(self) -> None:
        schema = {"DW.Orders": {"OrderId": "int"}}
        sql = 'select "OrderId" as k, orderid from "DW"."Orders"'
        assert lineage_of(sql, "postgres", schema) == lines("""
            k <- DW.Orders.OrderId identity
            OrderId <- DW.Orders.OrderId identity
        """)

    @pytest.mark.parametrize("dialect", ["postgres", "oracle", "duckdb", "mysql", "hive", "spark"])
    def test_chinese_names(self, dialect: str) -> None:
        mark = "`" if dialect in {"mysql", "hive", "spark"} else '"'
        sql = f"select {mark}姓名{mark} as {mark}名称{mark}, 年龄 + 1 as 明年 from {mark}人口表{mark}"
        assert lineage_of(sql, dialect) == lines("""
            名称 <- 人口表.姓名 identity
            明年 <- 人口表.年龄 expression
        """)

    def test_tables_of_one_name_in_two_databases_stay_apart(self) -> None:
        schema = {"ods.t": {"a": "int"}, "dw.t": {"b": "int"}}
        sql = "select ods.t.a, dw.t.b from ods.t join dw.t on ods.t.a = dw.t.b"
        assert lineage_of(sql, "postgres", schema) == lines("""
            a <- ods.t.a identity
            b <- dw.t.b identity
        """)
