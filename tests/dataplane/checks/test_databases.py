"""A table of a database server is checked where it stands, and nothing else of the server is touched."""

import os
import runpy
from collections.abc import Iterator
from pathlib import Path

import mariadb
import psycopg
import pytest
from dataplane.checks.drawn import NOW, kept

from chengshu.dataplane.checks.asking import ask
from chengshu.dataplane.checks.opening import Wanted, open_data
from chengshu.dataplane.checks.outcomes import Outcome
from chengshu.dataplane.checks.rulefiles import read_rule_file
from chengshu.dataplane.engines.protocol import Engine
from chengshu.dataplane.errors import DataUnreadable

SCRIPT = Path(__file__).parents[3] / "scripts" / "run_on_postgresql.py"
RULES = """
key = "编号"

[[rules]]
key = "age"
kind = "between"
column = "年龄"
min = 0
max = 150

[[rules]]
key = "fresh"
kind = "timeliness"
column = "更新时间"
within = "1d"

[[rules]]
key = "money"
kind = "expression"
expression = "金额 >= 0.01"

[[rules]]
key = "dept"
kind = "references"
column = "部门"
references = { data = "ADDRESS#bureau.部门", column = "代码" }
"""
TABLES = """
CREATE SCHEMA bureau;
CREATE TABLE bureau."部门" ("代码" text);
INSERT INTO bureau."部门" VALUES ('A'), ('B');
CREATE TABLE person ("编号" bigint, "年龄" int, "更新时间" timestamptz, "金额" numeric(18, 2), "部门" text);
INSERT INTO person VALUES
    (1, 30, '2024-06-30 11:00+00', 0.01, 'A'), (2, 200, '2020-01-01', 0.00, 'C'), (3, NULL, NULL, NULL, NULL);
"""
MYSQL_TABLES = r"""
CREATE USER odd@'127.0.0.1' IDENTIFIED BY 'a b"c\\d\'e@/#;%';
GRANT SELECT ON city.* TO odd@'127.0.0.1';
CREATE TABLE `部门` (`代码` varchar(9)) CHARACTER SET utf8mb4;
INSERT INTO `部门` VALUES ('A'), ('B');
CREATE TABLE `人 员` (`编号` bigint, `年龄` tinyint(1), `更新时间` datetime, `金额` decimal(65, 30), `部门` varchar(9))
    CHARACTER SET utf8mb4;
SET sql_mode = ''; CREATE TABLE days (`日` date, `时` datetime, n int) CHARACTER SET utf8mb4;
INSERT INTO days VALUES ('2024-00-15', '2024-06-01', 1), ('0000-00-00', '2024-06-01', 2), ('2024-06-01', '2024-06-01', 3), (NULL, NULL, 4);
INSERT INTO `人 员` VALUES
    (1, 30, '2024-06-30 11:00', 0.01, 'A'), (2, 2, '2020-01-01', 0.00, 'C'), (3, NULL, NULL, NULL, NULL);
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    script = runpy.run_path(str(SCRIPT))
    programs = script["find_programs"]()
    if programs is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL's server programs are not on this machine")
        pytest.skip("PostgreSQL's server programs are not on this machine")
    with script["server"](programs) as url:
        with psycopg.connect(url) as connection:
            connection.execute(TABLES)
        yield url


@pytest.fixture(scope="module")
def mysql_address() -> Iterator[str]:
    """A database whose clerk has a password of all signs that mean something in addresses and settings."""
    if not mariadb.has_programs():
        missing = "MariaDB's programs (mariadb-server-core, mariadb-client-core) are not on this machine"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    with mariadb.server() as (address, place):
        mariadb.run_statements(place, MYSQL_TABLES, database="city")
        yield address.replace("clerk:p%40ss", "odd:a%20b%22c%5Cd%27e%40%2F%23%3B%25")


def _ask(engine: Engine, data: str, address: str, folder: Path, rules: str = RULES) -> tuple[Outcome, ...]:
    (folder / "rules.toml").write_text(rules.replace("ADDRESS", address), "utf-8")
    file = read_rule_file(folder / "rules.toml")
    return ask(engine, data, file, beside=folder, now=NOW, keys=folder / "keys")


def test_a_table_of_postgresql_is_checked(address: str, engine: Engine, tmp_path: Path) -> None:
    outcomes = _ask(engine, f"{address}#person", address, tmp_path)
    found = [(o.rule.key, o.checked, o.failed) for o in outcomes]
    assert found == [("age", 3, 1), ("fresh", 1, 0), ("money", 3, 1), ("dept", 3, 1)]
    assert [(row["key"], row["value"]) for row in kept(outcomes[0])] == [("2", "200")]
    assert [(row["key"], row["value"]) for row in kept(outcomes[3])] == [("2", "C")]


def test_a_table_that_is_not_there_is_named(address: str, duckdb_engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(DataUnreadable, match="people"):
        _ask(duckdb_engine, f"{address}#people", address, tmp_path)


def test_a_table_of_mysql_is_checked(mysql_address: str, engine: Engine, tmp_path: Path) -> None:
    outcomes = _ask(engine, f"{mysql_address}#人 员", mysql_address, tmp_path, RULES.replace("bureau.", ""))
    found = [(o.rule.key, o.checked, o.failed) for o in outcomes]
    assert found == [("age", 3, 0), ("fresh", 1, 0), ("money", 3, 1), ("dept", 3, 1)]
    assert [(row["key"], row["value"]) for row in kept(outcomes[3])] == [("2", "C")]


def test_a_day_that_is_none_fails_by_itself(mysql_address: str, engine: Engine, tmp_path: Path) -> None:
    rules = 'key = "n"\n\n[[rules]]\nkey = "day"\nkind = "type"\ncolumn = "日"\ntype = "date"\n'
    rules += '[[rules]]\nkey = "there"\nkind = "not_null"\ncolumn = "日"\n'
    rules += '[[rules]]\nkey = "since"\nkind = "between"\ncolumn = "时"\nmin = 2024-06-02\n'
    day, there, since = _ask(engine, f"{mysql_address}#days", mysql_address, tmp_path, rules)
    assert [(o.checked, o.failed) for o in (day, there, since)] == [(4, 2), (4, 1), (4, 3)]
    assert [(row["key"], row["value"]) for row in kept(day)] == [("1", "2024-00-15"), ("2", "0000-00-00")]


def test_an_amount_that_is_no_number_fails_by_itself(address: str, duckdb_engine: Engine, tmp_path: Path) -> None:
    with psycopg.connect(address) as connection:
        connection.execute("DROP TABLE IF EXISTS odd; CREATE TABLE odd (id int, a numeric(10, 2), d date)")
        connection.execute("INSERT INTO odd VALUES (1, 'NaN', '2024-01-01'), (2, 0, 'infinity'), (3, 7, '2024-01-01')")
    rules = 'key = "id"\n\n[[rules]]\nkey = "sum"\nkind = "type"\ncolumn = "a"\ntype = "number"\n'
    rules += '[[rules]]\nkey = "some"\nkind = "expression"\nexpression = "a >= 0.01"\n'
    rules += '[[rules]]\nkey = "day"\nkind = "between"\ncolumn = "d"\nmax = 2024-12-31\n'
    sums, some, day = _ask(duckdb_engine, f"{address}#odd", address, tmp_path, rules)
    assert [[(row["key"], row["value"]) for row in kept(found)] for found in (sums, day)] == [
        [("1", "NaN")],
        [("2", "infinity")],
    ]
    assert {row["key"] for row in kept(some)} >= {"2"}


def test_every_digit_of_a_number_counts(address: str, duckdb_engine: Engine, tmp_path: Path) -> None:
    with psycopg.connect(address) as connection:
        connection.execute(
            "DROP TABLE IF EXISTS wide; CREATE TABLE wide (id numeric, share double precision, b numeric)"
        )
        connection.execute("INSERT INTO wide VALUES (110105194912310021, 1, 9), (110105194912310022, 2, 10)")
    rules = '[[rules]]\nkey = "once"\nkind = "unique"\ncolumn = "id"\n'
    rules += '[[rules]]\nkey = "form"\nkind = "matches"\ncolumn = "id"\npattern = "[0-9]{17}1"\n'
    rules += '[[rules]]\nkey = "less"\nkind = "expression"\nexpression = "b < id and share < b"\n'
    once, form, less = _ask(duckdb_engine, f"{address}#wide", address, tmp_path, rules)
    assert (once.failed, form.failed, less.failed) == (0, 1, 0)
    assert [row["value"] for row in kept(form)] == ["110105194912310022"]


@pytest.mark.parametrize("wrong", ["odd:wrong", "odd:a%20b%22wr0ng%5Cd%27e"])
def test_a_wrong_password_is_told_and_not_repeated(
    wrong: str, mysql_address: str, duckdb_engine: Engine, tmp_path: Path
) -> None:
    place = f"mysql://{wrong}@{mysql_address.rpartition('@')[2]}"
    with pytest.raises(DataUnreadable, match="请检查地址、账号、口令") as caught:
        _ask(duckdb_engine, f"{place}#人 员", mysql_address, tmp_path)
    assert "wr" not in caught.value.message


@pytest.mark.parametrize(
    "place",
    ["mysql://u:sec#ret@127.0.0.1/d#t", "mysql://u:1#secret@127.0.0.1:1/d#t", "postgresql://u:secret@h:port/d#t", "mysql://[u:secret@h/d#t"],
)  # fmt: skip
def test_an_address_that_is_none_is_told_without_its_password(
    place: str, duckdb_engine: Engine, tmp_path: Path
) -> None:
    with pytest.raises(DataUnreadable, match=r"不认识|读不出") as caught:
        _ask(duckdb_engine, place, "", tmp_path)
    assert not any(word in caught.value.message for word in ("sec", "ret@"))


def test_a_password_with_a_slash_is_not_taken_for_a_host_and_shown(duckdb_engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(DataUnreadable, match="密码里的") as fault:
        open_data(duckdb_engine, "postgresql://u:s3c@ret/t@127.0.0.1:1/db#t", Wanted("data"), scratch=tmp_path)
    assert "s3c" not in fault.value.message
