"""`chengshu resources lineage`: the published contract, its exit codes and what people see."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from chengshu.cli.main import main

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def contract() -> Draft202012Validator:
    schema = json.loads((ROOT / "docs" / "schemas" / "resources-lineage.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def _run(*arguments: str | Path, dialect: str = "postgres") -> Result:
    return CliRunner().invoke(main, ["resources", "lineage", *map(str, arguments), "--dialect", dialect])


def _records(result: Result, contract: Draft202012Validator) -> list[dict[str, Any]]:
    records = [json.loads(line) for line in result.stdout.splitlines()]
    for record in records:
        contract.validate(record)
    return records


def _write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_text(text, encoding)
    return path


def test_a_line_for_each_output_column(tmp_path: Path, contract: Draft202012Validator) -> None:
    file = _write(
        tmp_path / "a.sql", "set x = 1;\ninsert into dw.t (k, n, c) select b.k, sum(b.v), 1 from ods.b group by b.k;"
    )
    result = _run(file, "--json")
    assert result.exit_code == 0
    assert _records(result, contract) == [
        {
            "file": str(file),
            "statement": 2,
            "kind": "INSERT",
            "target": {"table": "dw.t", "column": column},
            "sources": [{"table": "ods.b", "column": source}] if source else [],
            "transformation": transformation,
        }
        for column, source, transformation in (("k", "k", "identity"), ("n", "v", "aggregate"), ("c", "", "constant"))
    ]


@pytest.mark.parametrize("dialect", ["PostgreSQL", "postgres", "Oracle"])
def test_a_dialect_by_its_full_name_in_any_case(tmp_path: Path, contract: Draft202012Validator, dialect: str) -> None:
    result = _run(_write(tmp_path / "a.sql", "insert into t (a) select b from s"), "--json", dialect=dialect)
    assert [record["sources"] for record in _records(result, contract)] == [[{"table": "s", "column": "b"}]]


def test_every_kind_of_statement_keeps_the_contract(tmp_path: Path, contract: Draft202012Validator) -> None:
    file = _write(
        tmp_path / "a.sql",
        """select 1 as a; create table b as select 1 as a; create view c (k) as select a from b;
        insert overwrite table d select a from b; update b set a = 2; delete from b; insert into b (a) values (1);
        merge into b using d on b.a = d.a when matched then update set a = d.a; call p(); select * from z""",
    )
    result = _run(file, "--json", dialect="spark")
    assert result.exit_code == 1
    records = _records(result, contract)
    assert {record["kind"] for record in records if "kind" in record} == {
        *("SELECT", "CREATE TABLE AS", "CREATE VIEW", "INSERT", "INSERT OVERWRITE", "UPDATE", "MERGE")
    }
    assert [record["statement"] for record in records if "unresolved" in record] == [9, 10]


def test_a_schema_lists_the_columns_of_a_star(tmp_path: Path, contract: Draft202012Validator) -> None:
    file = _write(tmp_path / "a.sql", "select * from t")
    unresolved = _run(file, "--json")
    assert unresolved.exit_code == 1
    told = _records(unresolved, contract)[0]["unresolved"]
    assert told.endswith("没有它的表结构（可用 --schema 给出）")
    schema = _write(tmp_path / "schema.json", '{"t": {"姓名": "text", "b": "int"}}', "gb18030")
    resolved = _run(file, "--json", "--schema", schema)
    assert resolved.exit_code == 0
    assert [record["target"]["column"] for record in _records(resolved, contract)] == ["姓名", "b"]


@pytest.mark.parametrize("text", ["[]", '{"t": 1}', '{"t": {"a": 1}}', "{", "\0"])
def test_a_schema_of_another_form_is_refused(tmp_path: Path, text: str) -> None:
    result = _run(_write(tmp_path / "a.sql", "select 1"), "--schema", _write(tmp_path / "s.json", text))
    assert result.exit_code == 2
    assert "表结构" in result.stderr


def test_folders_and_patterns_each_file_once(tmp_path: Path, contract: Draft202012Validator) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    first = _write(tmp_path / "in" / "1.sql", "create view v as select a from t")
    second = _write(tmp_path / "in" / "deep" / "2.HQL", "select * from v")
    _write(tmp_path / "in" / "notes.txt", "no sql")
    result = _run(tmp_path / "in", tmp_path / "in" / "*.sql", "--json")
    assert result.exit_code == 0
    assert [(record["file"], record["sources"][0]["table"]) for record in _records(result, contract)] == [
        (str(first), "t"),
        (str(second), "v"),
    ]


def test_gb18030_is_read(tmp_path: Path, contract: Draft202012Validator) -> None:
    file = _write(tmp_path / "a.sql", '-- 人口\nselect "姓名" as "名称" from "人口表"', "gb18030")
    (record,) = _records(_run(file, "--json"), contract)
    assert record["target"]["column"] == "名称"
    assert record["sources"] == [{"table": "人口表", "column": "姓名"}]


def test_what_cannot_be_read_is_named_and_the_others_go_on(tmp_path: Path, contract: Draft202012Validator) -> None:
    good = _write(tmp_path / "good.sql", "select a from t; select from;")
    (tmp_path / "picture.sql").write_bytes(b"\x89PNG\r\n\0\0")
    (tmp_path / "empty").mkdir()
    missing = tmp_path / "missing.sql"
    result = _run(missing, tmp_path / "picture.sql", tmp_path / "empty", good, "--json")
    assert result.exit_code == 2  # before 1, which the second statement would give
    assert [record["statement"] for record in _records(result, contract)] == [1, 2]
    for name in ("missing.sql", "picture.sql", "empty"):
        assert name in result.stderr


def test_people_see_a_table_and_the_reasons(tmp_path: Path) -> None:
    result = _run(_write(tmp_path / "a.sql", "create view v as select a + 1 as b from t;\ncall p()"))
    assert result.exit_code == 1
    for words in ("v.b", "t.a", "计算", "CREATE VIEW", "第 2 行", "1 个输出列", "1 处读不出"):
        assert words in result.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that takes nothing")
def test_output_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    file = _write(tmp_path / "a.sql", "select a from t")
    command = [sys.executable, "-m", "chengshu", "resources", "lineage", str(file), "--dialect", "hive", "--json"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert "不能写入标准输出" in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_to_read_is_clean(tmp_path: Path) -> None:
    result = _run(_write(tmp_path / "a.sql", "-- nothing\n;;"), "--json")
    assert (result.exit_code, result.stdout) == (0, "")


def test_the_command_needs_neither_settings_nor_a_database(tmp_path: Path) -> None:
    file = _write(tmp_path / "a.sql", "select a from t")
    program = (
        "import sys; from chengshu.cli.main import main\n"
        f"try: main(['resources', 'lineage', {str(file)!r}, '--dialect', 'hive', '--json'])\n"
        "except SystemExit as end: assert end.code == 0, end.code\n"
        "heavy = {'django', 'duckdb', 'pyarrow', 'pyspark', 'deltalake', 'numpy', 'rich'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    environment = {"PATH": os.defpath, "LANG": "C"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["target"] == {"table": None, "column": "a"}
