"""A table of a database server is checked where it stands, and nothing else of the server is touched."""

import os
import runpy
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from dataplane.checks.drawn import NOW, kept

from chengshu.dataplane.checks.asking import ask
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


def _ask(engine: Engine, data: str, address: str, folder: Path) -> tuple[Outcome, ...]:
    (folder / "rules.toml").write_text(RULES.replace("ADDRESS", address), "utf-8")
    file = read_rule_file(folder / "rules.toml")
    return ask(engine, data, file, beside=folder, now=NOW, keys=folder / "keys")


def test_a_table_of_postgresql_is_checked(address: str, duckdb_engine: Engine, tmp_path: Path) -> None:
    outcomes = _ask(duckdb_engine, f"{address}#person", address, tmp_path)
    found = [(o.rule.key, o.checked, o.failed) for o in outcomes]
    assert found == [("age", 3, 1), ("fresh", 1, 0), ("money", 3, 1), ("dept", 3, 1)]
    assert [(row["key"], row["value"]) for row in kept(outcomes[0])] == [("2", "200")]
    assert [(row["key"], row["value"]) for row in kept(outcomes[3])] == [("2", "C")]


def test_a_table_that_is_not_there_is_named(address: str, duckdb_engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(DataUnreadable, match="people"):
        _ask(duckdb_engine, f"{address}#people", address, tmp_path)
