"""Rules made from a table's declaration find what the simplest reading of its constraints finds."""

import random
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from dataplane.checks.drawn import NOW, kept

from chengshu.dataplane.checks.cells import shape_of
from chengshu.dataplane.checks.generated import rules_of
from chengshu.dataplane.checks.rules import Severity
from chengshu.dataplane.checks.running import Keeping, run_checks
from chengshu.dataplane.engines.protocol import Engine
from chengshu.dataplane.tables import constraints as c
from chengshu.dataplane.tables.keeping import keeps
from chengshu.dataplane.tables.samples import draw_rows
from chengshu.dataplane.tables.schemas import arrow_schema
from chengshu.dataplane.tables.shapes import Column, Shape, Type

PERSONS = Shape(
    "person",
    "人口登记",
    (
        Column(Type.INTEGER, "登记号", name="id"),
        Column(
            Type.TEXT, "公民身份号码", name="id_number", constraints=(c.NotNull(), c.CheckDigits(c.Scheme.CITIZEN_ID))
        ),
        Column(Type.TEXT, "单位代码", name="firm", constraints=(c.CheckDigits(c.Scheme.CREDIT_CODE),)),
        Column(Type.TEXT, "姓名", name="name", constraints=(c.Length(2, 10),)),
        Column(Type.TEXT, "手机号", name="phone", constraints=(c.Matches("1[3-9]\\d{9}"),)),
        Column(Type.INTEGER, "性别", name="sex", constraints=(c.OneOf((1, 2)),)),
        Column(Type.DECIMAL, "档次", name="rank", constraints=(c.OneOf((Decimal("0.5"), Decimal(1))),)),
        Column(Type.DECIMAL, "工资", name="pay", constraints=(c.Between(Decimal("0.01"), Decimal(99999)),)),
        Column(Type.DATE, "出生日期", name="born", constraints=(c.Between(date(1900, 1, 1)),)),
        Column(Type.DATE, "迁入日期", name="moved", constraints=(c.NotBefore("born"),)),
        Column(
            Type.MOMENT, "更新时间", name="updated", constraints=(c.Between(most=datetime(2030, 1, 1, 8, tzinfo=UTC)),)
        ),
    ),
    key=("id",),
)
_DIRT: dict[str, list[object]] = {
    "id_number": [None, "", "11010519491231002x", "110105194912310021", "440524188002300012"],
    "firm": ["", "911100006000373411", "91110000600037341l"],
    "name": ["张", "", "一二三四五六七八九十十一"],
    "phone": ["12345678901", "1380000000", "13800000000\n"],
    "sex": [0, 3],
    "rank": [Decimal("0.50"), Decimal("0.51")],
    "pay": [Decimal(0), Decimal("99999.01")],
    "born": [date(1899, 12, 31), date(2099, 1, 1)],
    "moved": [date(1890, 1, 1)],
    "updated": [datetime(2030, 1, 1, 8, tzinfo=UTC), datetime(2030, 1, 1, 8, 0, 1, tzinfo=UTC)],
}


def _dirty_rows(seed: int) -> pa.Table:
    rows = draw_rows(PERSONS, seed=seed, count=300).to_pylist()
    draw = random.Random(seed)  # noqa: S311 - rows for a test
    for row in rows:
        if draw.random() < 0.5:
            column = draw.choice(list(_DIRT))
            row[column] = draw.choice(_DIRT[column])
    return pa.Table.from_pylist(rows, schema=arrow_schema(PERSONS))


def _broken(rows: list[dict[str, object]], column: Column, constraint: c.Constraint) -> set[str]:
    return {str(row["id"]) for row in rows if not keeps(constraint, row[column.name], row)}


@pytest.mark.parametrize("seed", [1, 2])
def test_the_failing_rows_are_those_that_break_the_declaration(
    duckdb_engine: Engine, seed: int, tmp_path: Path
) -> None:
    table = _dirty_rows(seed)
    duckdb_engine.offer("person", table)
    outcomes = run_checks(
        duckdb_engine,
        shape_of("person", table.schema),
        rules_of(PERSONS),
        now=NOW,
        keeping=Keeping(tmp_path / "keys", ("id",)),
    )
    found = {outcome.rule.key: {row["key"] for row in kept(outcome)} for outcome in outcomes}
    kinds = {c.NotBefore: "date_order", c.CheckDigits: "check_digit", c.OneOf: "one_of", c.NotNull: "not_null"}
    rows = table.to_pylist()
    expected = {
        f"{column.name}.{kinds.get(type(one), type(one).__name__.lower())}": _broken(rows, column, one)
        for column in PERSONS.columns
        for one in column.constraints
    }
    assert {key: found[key] for key in expected} == expected
    assert all(expected.values())
    assert not any(found[key] for key in found.keys() - expected.keys())


def test_a_drawn_sample_keeps_every_generated_rule(duckdb_engine: Engine) -> None:
    table = draw_rows(PERSONS, seed=3, count=200)
    duckdb_engine.offer("person", table)
    outcomes = run_checks(duckdb_engine, shape_of("person", table.schema), rules_of(PERSONS), now=NOW)
    assert {outcome.rule.key for outcome in outcomes if outcome.failed} == set()
    assert len({outcome.rule.key for outcome in outcomes}) == len(outcomes) > 15


def test_rules_of_the_key_are_critical() -> None:
    by_key = {rule.key: rule for rule in rules_of(PERSONS)}
    assert by_key["key.unique"].severity is Severity.CRITICAL
    assert by_key["phone.matches"].title == "phone符合格式"
