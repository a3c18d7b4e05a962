"""`chengshu resources check` on Spark: what test_checks_on_spark.py and the test of a cluster run in a process of its own.

Each run opens a session of Spark and closes it, so no other session may be open beside it.
"""

import csv
import io
import json
import logging
import os
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from deltalake import write_deltalake

from chengshu.cli.main import main
from chengshu.dataplane.lake.places import Lake, TableName, Zone, lake_in_store
from chengshu.dataplane.lake.writing import Entry, append

pytestmark = [pytest.mark.spark, pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")]

logging.getLogger("py4j").setLevel(logging.WARNING)  # it speaks when all streams are closed

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "docs" / "schemas" / "resources-check.schema.json").read_text("utf-8"))
MASTER = os.environ.get("CHENGSHU_TEST_SPARK", "") or "local[2]"
JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
SETTINGS = {
    "spark.executor.memory": "512m",
    "spark.driver.extraJavaOptions": JAVA,
    "spark.executor.extraJavaOptions": JAVA,
    "spark.sql.shuffle.partitions": "2",
}
NAMES = ["编号", "姓名", "身份证号", "性别", "年龄", "出生 日期", "更新时间", "区划"]
ROWS: list[list[str | None]] = [
    ["1", "张三", "11010519491231002X", "1", "30", "1949-12-31", "2024-01-31 08:30:00", "310101"],
    ["2", None, "110105194912310021", "3", "200", "2049-12-31", "2024-01-31 08:30:00", "310101"],
    ["3", "李,四", None, "2", "-1", "1999-02-28", "2024-02-01 00:00:00", "999999"],
    ["3", "王" * 51, "11010519491231002X", None, None, None, None, None],
]
RULES = """
[types]
"年龄" = "integer"

[[rules]]
key = "name"
kind = "not_null"
column = "姓名"

[[rules]]
key = "id"
kind = "check_digit"
column = "身份证号"
scheme = "citizen_id"

[[rules]]
key = "number"
kind = "type"
column = "编号"
type = "integer"

[[rules]]
key = "form"
kind = "matches"
column = "身份证号"
pattern = "[0-9]{17}X"
where = "年龄 < 100"

[[rules]]
key = "length"
kind = "length"
column = "姓名"
min = 1
max = 50

[[rules]]
key = "sex"
kind = "one_of"
column = "性别"
values = ["1", "2"]

[[rules]]
key = "age"
kind = "between"
column = "年龄"
min = 0
max = 150

[[rules]]
key = "order"
kind = "date_order"
columns = ["出生 日期", "更新时间"]

[[rules]]
key = "adult"
kind = "expression"
expression = "年龄 >= 18 or 性别 = '3'"

[[rules]]
key = "complete"
kind = "completeness"
columns = ["姓名", "性别"]
minimum = 0.95

[[rules]]
key = "once"
kind = "unique"
column = "身份证号"

[[rules]]
key = "district"
kind = "references"
column = "区划"
references = { data = "districts.csv", column = "代码" }

[[rules]]
key = "fresh"
kind = "timeliness"
column = "更新时间"
within = "31d"

[[rules]]
key = "rows"
kind = "row_count_drift"
history = [4]
tolerance = 0

[[rules]]
key = "sexes"
kind = "distribution_drift"
column = "性别"
values = ["1", "2"]
shares = [0.5, 0.4, 0.1]
limit = 0.2
"""
FAILED = {"name": 1, "id": 1, "length": 1, "sex": 1, "age": 2, "order": 1, "adult": 1, "once": 2, "district": 1}


def _write_csv(encoding: str) -> Callable[[Path], str]:
    def write(folder: Path) -> str:
        text = io.StringIO()
        csv.writer(text).writerows([NAMES, *ROWS])
        (folder / "人 口.csv").write_bytes(text.getvalue().encode(encoding))
        return str(folder / "人 口.csv")

    return write


def _write_workbook(folder: Path) -> str:
    book = openpyxl.Workbook()
    book.worksheets[0].append(NAMES)
    for row in ROWS:
        book.worksheets[0].append(row)
    book.save(folder / "人口.xlsx")
    return str(folder / "人口.xlsx")


def _typed(moments: pa.DataType) -> pa.Table:
    """Give the rows with types of their own: a number, a day and a moment."""
    columns: list[list[Any]] = [list(column) for column in zip(*ROWS, strict=True)]
    columns[4] = [None if age is None else int(age) for age in columns[4]]
    columns[5] = [None if day is None else date.fromisoformat(day) for day in columns[5]]
    columns[6] = [None if at is None else datetime.fromisoformat(at).replace(tzinfo=UTC) for at in columns[6]]
    kinds = [pa.string()] * 4 + [pa.int32(), pa.date32(), pa.timestamp("us", "UTC"), pa.string()]
    table = pa.table({name: pa.array(cells, kind) for name, cells, kind in zip(NAMES, columns, kinds, strict=True)})
    return table.set_column(6, NAMES[6], table[NAMES[6]].cast(moments))


def _write_parquet(folder: Path) -> str:
    pq.write_table(_typed(pa.timestamp("us")), folder / "人口.parquet")
    return str(folder / "人口.parquet")


def _write_parquet_folder(folder: Path) -> str:
    (folder / "人口" / "二").mkdir(parents=True)
    rows = _typed(pa.timestamp("us", "UTC"))
    pq.write_table(rows.slice(0, 2), folder / "人口" / "1.parquet")
    pq.write_table(rows.slice(2), folder / "人口" / "二" / "2.parquet")
    return str(folder / "人口")


def _write_delta(folder: Path) -> str:
    rows = _typed(pa.timestamp("us", "UTC"))
    write_deltalake(folder / "湖", rows.slice(0, 1))
    write_deltalake(folder / "湖", rows, mode="overwrite")  # the older file stays beside the newer one
    return str(folder / "湖")


def _write_sqlite(folder: Path) -> str:
    with sqlite3.connect(folder / "人.db") as connection:
        columns = ", ".join(f'"{name}" TEXT' for name in NAMES)
        connection.execute(f'CREATE TABLE "人 口" ({columns})')
        connection.executemany('INSERT INTO "人 口" VALUES (?, ?, ?, ?, ?, ?, ?, ?)', ROWS)
    connection.close()
    return f"sqlite:///{folder / '人.db'}#人 口"


def _write_grown(lake: Lake) -> None:
    """Fill a table to which the district was added after its first rows, in the lake."""
    rows = _typed(pa.timestamp("us", "UTC"))
    table = TableName(Zone.RAW, "人口")
    append(lake, table, rows.slice(0, 2).drop_columns(["区划"]), entry=Entry("1", "王工"))
    append(lake, table, rows.slice(2), entry=Entry("2", "王工"), evolve=True)


def _write_grown_folder(folder: Path) -> str:
    _write_grown(Lake(str(folder / "湖")))
    return str(folder / "湖" / "raw" / "人口")


FORMS: dict[str, Callable[[Path], str]] = {
    "utf-8": _write_csv("utf-8"),
    "gb18030": _write_csv("gb18030"),
    "xlsx": _write_workbook,
    "parquet": _write_parquet,
    "folder of parquet": _write_parquet_folder,
    "delta": _write_delta,
    "delta with a column added": _write_grown_folder,
    "sqlite": _write_sqlite,
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "districts.csv").write_text("代码\n310101\n", "utf-8")
    (tmp_path / "rules.toml").write_text(RULES, "utf-8")
    monkeypatch.setenv("CHENGSHU_SPARK_MASTER", MASTER)
    monkeypatch.setenv("CHENGSHU_SPARK_SETTINGS", ";".join(f"{name}={value}" for name, value in SETTINGS.items()))
    monkeypatch.setenv("CHENGSHU_SPARK_SHARED", str(tmp_path))
    return tmp_path


def _check(folder: Path, data: str, *options: str | Path) -> list[dict[str, Any]]:
    """Run the command; give its records without their times."""
    given = ["resources", "check", data, "--rules", folder / "rules.toml", "--json", "--memory", "1GB", *options]
    done = CliRunner().invoke(main, [str(one) for one in given])
    assert done.exit_code == 1, done.output
    records = [json.loads(line) for line in done.stdout.splitlines()]
    for record in records:
        jsonschema.validate(record, SCHEMA)
        del record["seconds"]
    return records


def _kept(records: list[dict[str, Any]]) -> dict[str, list[dict[str, str]]]:
    """Give the rows kept of each rule, and take their paths out of the records."""
    folders = {record["rule"]: record.pop("keys") for record in records}
    order = [("key", "ascending"), ("value", "ascending")]
    return {rule: ds.dataset(at).to_table().sort_by(order).to_pylist() for rule, at in folders.items() if at}


@pytest.mark.parametrize("form", FORMS)
def test_spark_answers_as_duckdb_does(form: str, folder: Path) -> None:
    data = FORMS[form](folder)
    theirs, ours = (_check(folder, data, "--engine", engine) for engine in ("spark", "duckdb"))
    assert theirs == ours
    found = {record["rule"]: record["failed"] for record in theirs}
    assert found == {**dict.fromkeys(found, 0), **FAILED, "complete": 2, "fresh": 1, "sexes": 1}


def test_spark_keeps_the_same_failing_rows(folder: Path) -> None:
    """Rows without a key are numbered as a spreadsheet does."""
    data = FORMS["xlsx"](folder)
    theirs, ours = (
        _check(folder, data, "--engine", engine, "--keys", folder / engine) for engine in ("spark", "duckdb")
    )
    kept = _kept(theirs)
    assert kept == _kept(ours)
    assert theirs == ours
    assert [row["key"] for row in kept["age"]] == ["3", "4"]


@pytest.mark.parametrize("keys", ["numbered", "named"])
def test_spark_checks_a_lake_in_a_store_as_duckdb_does(
    keys: str, folder: Path, s3_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = lake_in_store(s3_address)
    _write_grown(lake)
    monkeypatch.setenv("CHENGSHU_LAKE_S3", s3_address)
    if keys == "named":
        rules = RULES.replace("districts.csv", f"{lake.root}/raw/区划")
        append(lake, TableName(Zone.RAW, "区划"), pa.table({"代码": ["310101"]}), entry=Entry("1", "王工"))
        (folder / "rules.toml").write_text(f'key = ["编号"]\n{rules}', "utf-8")
    theirs, ours = (
        _check(folder, f"{lake.root}/raw/人口", "--engine", engine, "--keys", folder / engine)
        for engine in ("spark", "duckdb")
    )
    found = {record["rule"]: record["failed"] for record in theirs}
    assert found == {**dict.fromkeys(found, 0), **FAILED, "complete": 2, "fresh": 1, "sexes": 1}
    if keys == "named":
        assert _kept(theirs) == _kept(ours)
        assert theirs == ours


@pytest.mark.skipif(MASTER.startswith("local"), reason="on one machine every file is seen")
def test_parquet_that_a_cluster_does_not_see_is_refused(folder: Path) -> None:
    (folder / "shared").mkdir()
    given = [
        _write_parquet(folder),
        "--rules",
        folder / "rules.toml",
        "--engine",
        "spark",
        "--shared",
        folder / "shared",
    ]
    done = CliRunner().invoke(main, ["resources", "check", *(str(one) for one in given)])
    assert done.exit_code == 2, done.output
    assert f"人口.parquet 不在共享目录 {folder / 'shared'} 里" in done.stderr
    assert list((folder / "shared").iterdir()) == []


def test_a_file_that_spark_would_leave_out_is_refused(folder: Path) -> None:
    Path(_write_parquet(folder)).rename(folder / "_人口.parquet")
    given = ["resources", "check", folder / "_人口.parquet", "--rules", folder / "rules.toml", "--engine", "spark"]
    done = CliRunner().invoke(main, [str(one) for one in given])
    assert (done.exit_code, done.stdout) == (2, "")
    assert "请改名后再试" in done.stderr
