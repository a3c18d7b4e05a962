"""Codes that come as numbers, numbers that are none, and moments of two clocks: as people mean them, on every engine."""

import sqlite3
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from dataplane.checks.drawn import NOW

from chengshu.dataplane.checks.asking import ask
from chengshu.dataplane.checks.rulefiles import read_rule_file
from chengshu.dataplane.engines.protocol import Engine

ONE_TO_THREE = pa.table({"数": pa.array([1, 2, 3]), "分数": pa.array([1.0, 2.0, 3.0]), "文": ["1", "2", "3"]})


def _failed(engine: Engine, folder: Path, data: str, *rules: str) -> list[int]:
    text = "".join(f'[[rules]]\nkey = "r{at}"\n{rule}\n' for at, rule in enumerate(rules))
    (folder / "rules.toml").write_text(text, encoding="utf-8")
    file = read_rule_file(folder / "rules.toml")
    return [outcome.failed for outcome in ask(engine, data, file, beside=folder, now=NOW)]


def _parquet(folder: Path, rows: pa.Table, name: str = "data.parquet") -> str:
    pq.write_table(rows, folder / name)
    return str(folder / name)


@pytest.mark.parametrize(
    "codes",
    [
        pa.array([1.0, None, 2.0, 4.0]),
        pa.array([Decimal("1.00"), None, Decimal("2.00"), Decimal("4.00")]),
        pa.array([1, None, 2, 4]),
    ],
    ids=["fractions", "decimals", "integers"],
)
def test_a_whole_number_is_the_code_without_a_fraction(engine: Engine, tmp_path: Path, codes: pa.Array) -> None:
    _parquet(tmp_path, ONE_TO_THREE, "codes.parquet")
    data = _parquet(tmp_path, pa.table({"代码": codes}))
    in_others = (
        'kind = "references"\ncolumn = "代码"\nreferences = {{ data = "codes.parquet", column = "{}" }}'
    ).format
    failed = _failed(
        engine,
        tmp_path,
        data,
        'kind = "one_of"\ncolumn = "代码"\nvalues = [1, 2]',
        'kind = "one_of"\ncolumn = "代码"\nvalues = ["1.00", "2.00"]'
        if not pa.types.is_integer(codes.type)
        else in_others("数"),
        'kind = "one_of"\ncolumn = "代码"\nvalues_from = { data = "codes.parquet", column = "分数" }',
        *map(in_others, ("数", "分数", "文")),
    )
    assert failed == [1] * 6


def test_texts_of_codes_are_compared_as_they_are_written(engine: Engine, tmp_path: Path) -> None:
    _parquet(tmp_path, ONE_TO_THREE, "codes.parquet")
    data = _parquet(tmp_path, pa.table({"代码": ["1", "1.0", "01", None]}))
    there = 'kind = "references"\ncolumn = "代码"\nreferences = { data = "codes.parquet", column = "分数" }'
    assert _failed(engine, tmp_path, data, there, 'kind = "one_of"\ncolumn = "代码"\nvalues = [1]') == [2, 2]


def test_what_is_no_number_lies_within_no_bounds(engine: Engine, tmp_path: Path) -> None:
    data = _parquet(tmp_path, pa.table({"金额": pa.array([1.0, float("nan"), None, -1.0])}))
    between = 'kind = "between"\ncolumn = "金额"\n{}'.format
    assert _failed(engine, tmp_path, data, between("min = 0"), between("max = 9"), between("min = 0\nmax = 9")) == [
        2,
        1,
        2,
    ]


def test_moments_with_a_zone_are_compared_with_others_by_the_clock_of_the_house(engine: Engine, tmp_path: Path) -> None:
    early = datetime(2024, 5, 31, 17, tzinfo=UTC)  # one in the morning of the first of June in Beijing
    rows = {
        "日": pa.array([date(2024, 6, 1), date(2024, 6, 2)]),
        "时": pa.array([datetime(2024, 6, 1, 1), datetime(2024, 6, 1, 2)], pa.timestamp("us")),  # noqa: DTZ001 - names no zone
        "登记": pa.array([early, early], pa.timestamp("us", tz="UTC")),
    }
    data = _parquet(tmp_path, pa.table(rows))
    ordered = 'kind = "date_order"\ncolumns = ["{}", "登记"]'.format
    assert _failed(engine, tmp_path, data, ordered("日"), ordered("时")) == [1, 1]


def test_a_real_of_sqlite_that_is_whole_is_an_integer(engine: Engine, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.db") as database:
        database.execute('CREATE TABLE t ("数" DOUBLE PRECISION, "文" TEXT)')
        database.executemany("INSERT INTO t VALUES (?, ?)", [(1, "1.0"), (2.5, "1"), (None, None)])
    database.close()
    integer, one = (
        'kind = "type"\ncolumn = "{}"\ntype = "integer"'.format,
        'kind = "one_of"\ncolumn = "{}"\nvalues = [1]'.format,
    )
    asked = [integer("数"), integer("文"), one("数"), one("文")]
    assert _failed(engine, tmp_path, f"sqlite:///{tmp_path}/a.db#t", *asked) == [1, 1, 1, 1]
