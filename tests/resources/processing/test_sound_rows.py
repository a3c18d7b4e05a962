"""What enters a standard table is what the checks do not fault: both follow from the same rules, by different ways."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from chengshu.dataplane.checks.cells import shape_of
from chengshu.dataplane.checks.rulefiles import read_rule_record
from chengshu.dataplane.checks.rules import Type as Read
from chengshu.dataplane.checks.running import Keeping, run_checks
from chengshu.dataplane.engines.opening import open_engine
from chengshu.dataplane.pipelines.compiling import compile_step
from chengshu.resources.contracts.processing import Recipe, RecipeColumn, read_recipe, write_recipe
from chengshu.resources.errors import ProcessingRefused
from chengshu.resources.pipelines.standardising import RAW, STANDARD, list_unasked, standard_plan

RULES: list[dict[str, Any]] = [
    {"kind": "not_null", "columns": ["name"], "blank": True},
    {"kind": "length", "columns": ["name"], "min": 2, "max": 4},
    {"kind": "matches", "columns": ["phone"], "pattern": "1[3-9][0-9]{9}"},
    {"kind": "check_digit", "columns": ["person"], "scheme": "citizen_id"},
    {"kind": "check_digit", "columns": ["firm"], "scheme": "credit_code"},
    {"kind": "one_of", "columns": ["sex"], "values": ["1", "2"]},
    {"kind": "type", "columns": ["born"], "type": "date"},
    {"kind": "type", "columns": ["died"], "type": "date"},
    {"kind": "date_order", "columns": ["born", "died"]},
    {"kind": "type", "columns": ["amount"], "type": "number"},
    {"kind": "between", "columns": ["amount"], "min": 0, "max": 1000},
    {"kind": "type", "columns": ["heads"], "type": "integer"},
    {"kind": "type", "columns": ["at"], "type": "timestamp"},
]
TYPES = {"born": "date", "died": "date", "amount": "decimal", "heads": "integer", "at": "moment"}
READ_AS = {"born": Read.DATE, "died": Read.DATE, "amount": Read.NUMBER, "heads": Read.INTEGER, "at": Read.TIMESTAMP}
CELLS: dict[str, list[str | None]] = {
    "name": ["王五", "欧阳修文", "李", "欧阳修文章", None, "甲乙"],
    "phone": ["13800138000", "12800138000", "1380013800", None, "138001380001"],
    "person": ["11010519491231002X", "110105194912310021", "11010519491231002x", "110105194902300021", None],
    "firm": ["91350100M000100Y43", "91350100M000100Y44", "91350100m000100Y43", None],
    "sex": ["1", "2", "9", None],
    "born": ["1980-01-31", "2024-02-29", "2023-02-29", "20240101", None, "1980-1-1"],
    "died": ["2020-01-31", "1979-12-31", "x", None, "2024-02-29"],
    "amount": ["0", "1000", "1000.01", "-1", ".5", "1e2", "9e9", "1,000", None],
    "heads": ["3", "+3", "-4", "3.0", None, "1234567890123456789"],
    "at": ["2024-02-29 08:00", "2024-02-29T08:00:01.5", "2024-02-29", "2024-02-30 08:00", None, "8:00"],
}


def draw_rows(seed: int, told: Mapping[str, list[str | None]] = CELLS, count: int = 4000) -> pa.Table:
    """Draw rows, most cells of which are right, so that each rule decides about some."""
    draw = Random(seed)  # noqa: S311 - invented rows
    columns = {
        name: [cells[0] if draw.random() < 0.85 else draw.choice(cells) for _ in range(count)]
        for name, cells in told.items()
    }
    return pa.table({"id": [str(number) for number in range(count)], **columns})


def a_recipe(**more: Any) -> Recipe:
    """Give a recipe of the columns and rules here, or of others."""
    columns = [RecipeColumn("id", "编号", "text", "text", is_key=True)]
    columns += [RecipeColumn(name, name, TYPES.get(name, "text"), "text") for name in CELLS]
    told = {"code": "X", "title": "甲", "raw": "raw/x", "target": "standard/x", "columns": columns, "rules": RULES}
    return read_recipe(write_recipe(Recipe(**(told | more))))


@pytest.mark.parametrize("seed", range(3))
def test_are_those_that_no_rule_faults(seed: int, tmp_path: Path) -> None:
    rows, plan = draw_rows(seed), standard_plan(a_recipe())
    file = read_rule_record(
        {"key": ["id"], "rules": [rule | {"key": f"r{at}"} for at, rule in enumerate(RULES)]}, name=""
    )
    engine = open_engine("duckdb", temp_folder=tmp_path / "engine")
    try:
        engine.offer(RAW, rows)
        kept = engine.fetch(compile_step(plan.pipeline, STANDARD, engine.dialect, {}))["id"].to_pylist()
        engine.offer("data", rows)
        keeping = Keeping(tmp_path / "keys", ("id",))
        shape = shape_of("data", rows.schema, READ_AS, [])
        outcomes = run_checks(engine, shape, file.rules, now=datetime(2026, 1, 1, tzinfo=UTC), keeping=keeping)
    finally:
        engine.close()
    failing = {key for one in outcomes if one.keys for key in pq.read_table(one.keys)["key"].to_pylist()}
    assert all(outcome.failed for outcome in outcomes)
    assert set(kept) == set(rows["id"].to_pylist()) - failing
    assert len(kept) == len(set(kept)) > 100


def test_every_kind_of_row_rule_is_asked() -> None:
    assert list_unasked(a_recipe()) == ()
    others: list[dict[str, Any]] = [
        {"kind": "references", "columns": ["sex"], "references": {"data": "x", "columns": ["sex"]}},
        {"kind": "one_of", "columns": ["sex"], "values": ["1"], "where": "name IS NOT NULL"},
        {"kind": "matches", "columns": ["name"], "pattern": "(?i)a"},
        {"kind": "length", "columns": ["gone"], "max": 3},
        {"kind": "expression", "expression": "born < died"},
    ]
    assert set(list_unasked(a_recipe(rules=others))) == {"references", "one_of", "matches", "length", "expression"}


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ([RecipeColumn("id", "编号", "text", "text")], "没有标出主键"),
        ([RecipeColumn("a\tb", "编号", "text", "text", is_key=True)], "a\tb"),
        ([RecipeColumn("id", "编号", "text", "text", is_key=True)] * 2, "只有大小写不同"),
    ],
)
def test_what_cannot_be_a_table_is_told_with_the_cure(columns: list[RecipeColumn], told: str) -> None:
    with pytest.raises(ProcessingRefused, match=told):
        standard_plan(a_recipe(columns=columns, rules=[]))


def test_columns_that_the_source_types_keep_their_values(tmp_path: Path) -> None:
    typed = pa.table(
        {
            "id": ["1"],
            "n": pa.array([7], pa.int64()),
            "f": pa.array([1.25], pa.float64()),
            "b": [True],
            "t": pa.array([datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)], pa.timestamp("us", tz="UTC")),
        }
    )
    kinds = {"n": ("text", "integer"), "f": ("decimal", "double"), "b": ("boolean", "boolean"), "t": ("text", "moment")}
    columns = [RecipeColumn("id", "编号", "text", "text", is_key=True)]
    columns += [RecipeColumn(name, name, *pair) for name, pair in kinds.items()]
    plan = standard_plan(a_recipe(columns=columns, rules=[], absent={"x": "decimal"}))
    engine = open_engine("duckdb", temp_folder=tmp_path / "engine")
    try:
        engine.offer(RAW, typed)
        (row,) = engine.fetch(compile_step(plan.pipeline, STANDARD, engine.dialect, {})).to_pylist()
    finally:
        engine.close()
    assert row == {"id": "1", "n": "7", "f": row["f"], "b": True, "t": "2024-01-02 11:04:05", "x": None}
    assert str(row["f"]) == "1.2500000000"


def _kept(recipe: Recipe, rows: pa.Table, folder: Path) -> list[dict[str, Any]]:
    engine = open_engine("duckdb", temp_folder=folder / "engine")
    try:
        engine.offer(RAW, rows)
        found = engine.fetch(compile_step(standard_plan(recipe).pipeline, STANDARD, engine.dialect, {}))
        return list(found.to_pylist())
    finally:
        engine.close()


def test_days_and_moments_are_those_of_the_house(tmp_path: Path) -> None:
    midnight = pa.array([datetime(2024, 1, 30, 16, tzinfo=UTC)], pa.timestamp("us", tz="UTC"))
    rows = pa.table({"id": ["1"], "a": midnight, "b": pa.array([date(2024, 1, 31)])})
    columns = [
        RecipeColumn("id", "编号", "text", "text", is_key=True),
        RecipeColumn("a", "甲", "date", "moment"),
        RecipeColumn("b", "乙", "moment", "date"),
    ]
    (row,) = _kept(a_recipe(columns=columns, rules=[]), rows, tmp_path)
    assert (str(row["a"]), row["b"]) == ("2024-01-31", datetime(2024, 1, 30, 16, tzinfo=UTC))


def test_one_key_written_in_two_ways_is_one_key(tmp_path: Path) -> None:
    rows = pa.table({"id": ["1", "01", "+1", "2"], "n": ["a", "b", "c", "d"]})
    columns = [RecipeColumn("id", "编号", "integer", "text", is_key=True), RecipeColumn("n", "名", "text", "text")]
    assert _kept(a_recipe(columns=columns, rules=[]), rows, tmp_path) == [{"id": 2, "n": "d"}]


@pytest.mark.parametrize(
    ("kind", "bounds", "cells", "kept"),
    [
        (
            "moment",
            {"min": "2024-03-15T08:00:00", "max": "2024-03-15T18:00"},
            ["2024-03-15 07:00", "2024-03-15 09:00", "2024-03-15 20:00"],
            [1],
        ),
        ("date", {"min": "2024-03-15"}, ["2024-03-14", "2024-03-15"], [1]),
        ("decimal", {"max": 3.5}, ["3.4999999999", "3.5000000001", "1e0"], [0, 2]),
    ],
)
def test_ranges_are_held_to_the_moment(
    kind: str, bounds: dict[str, Any], cells: list[str], kept: list[int], tmp_path: Path
) -> None:
    columns = [RecipeColumn("id", "编号", "text", "text", is_key=True), RecipeColumn("v", "值", kind, "text")]
    rows = pa.table({"id": [str(at) for at in range(len(cells))], "v": cells})
    recipe = a_recipe(columns=columns, rules=[{"kind": "between", "columns": ["v"], **bounds}])
    assert sorted(int(row["id"]) for row in _kept(recipe, rows, tmp_path)) == kept


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("integer", {"kind": "between", "min": "2024-01-01"}),
        ("date", {"kind": "between", "min": 2020}),
        ("date", {"kind": "between", "max": "2024-02-30"}),
        ("moment", {"kind": "between", "max": "昨天"}),
        ("decimal", {"kind": "between", "min": True}),
        ("text", {"kind": "matches", "pattern": "[0-9]+", "threshold": 0.5}),
    ],
)
def test_a_rule_that_decides_about_no_row_chooses_none(kind: str, rule: dict[str, Any], tmp_path: Path) -> None:
    columns = [RecipeColumn("id", "编号", "text", "text", is_key=True), RecipeColumn("v", "值", kind, "text")]
    recipe = a_recipe(columns=columns, rules=[rule | {"columns": ["v"]}])
    assert list_unasked(recipe) == (rule["kind"],)
    assert len(_kept(recipe, pa.table({"id": ["1"], "v": pa.array([None], pa.string())}), tmp_path)) == 1


def test_numbers_of_more_than_ten_places_are_left_out_not_rounded(tmp_path: Path) -> None:
    columns = [RecipeColumn("id", "编号", "text", "text", is_key=True), RecipeColumn("v", "值", "decimal", "text")]
    rows = pa.table({"id": ["1", "2", "3"], "v": ["0.12345678901", "0.1234567890100", "0.1234567890"]})
    assert [row["id"] for row in _kept(a_recipe(columns=columns, rules=[]), rows, tmp_path)] == ["3"]
