"""Every row that stays out of a standard table has a reason, and those that no check faults are told apart."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from resources.processing.test_sound_rows import CELLS, READ_AS, RULES, a_recipe, draw_rows

from chengshu.dataplane.checks.cells import shape_of
from chengshu.dataplane.checks.rulefiles import read_rule_record
from chengshu.dataplane.checks.running import Keeping, run_checks
from chengshu.dataplane.engines.opening import open_engine
from chengshu.dataplane.pipelines.compiling import compile_step
from chengshu.resources.contracts.processing import LeftOutWhy, Recipe, RecipeColumn
from chengshu.resources.pipelines import left_out
from chengshu.resources.pipelines.left_out import LISTED, LeftOut, LeftOutQuestion
from chengshu.resources.pipelines.standardising import RAW, STANDARD, standard_plan

KEYED = [RecipeColumn("id", "编号", "text", "text", is_key=True)]
KEY_RULES: list[dict[str, Any]] = [
    {"key": "key.not_null", "kind": "not_null", "columns": ["id"], "blank": True},
    {"key": "key.unique", "kind": "unique", "columns": ["id"]},
]


def _ask(recipe: Recipe, rows: pa.Table, folder: Path) -> tuple[int, LeftOut]:
    """Give how many rows enter, and which do not."""
    question = LeftOutQuestion(recipe)
    engine = open_engine("duckdb", temp_folder=folder / "engine")
    try:
        engine.offer(RAW, rows)
        kept = engine.fetch(compile_step(standard_plan(recipe).pipeline, STANDARD, engine.dialect, {}))
        return kept.num_rows, question.read(engine.fetch(compile_step(question.pipeline, LISTED, engine.dialect, {})))
    finally:
        engine.close()


def _told(found: LeftOut) -> list[tuple[str, str, int]]:
    return [(reason.why.value, reason.rule, rows) for reason, rows in found.reasons.values()]


def _failing(rows: pa.Table, rules: list[dict[str, Any]], folder: Path) -> dict[str, set[str]]:
    file = read_rule_record({"key": ["id"], "rules": rules}, name="")
    engine = open_engine("duckdb", temp_folder=folder / "checks")
    try:
        engine.offer("data", rows)
        shape = shape_of("data", rows.schema, READ_AS, [])
        keeping = Keeping(folder / "keys", ("id",))
        outcomes = run_checks(engine, shape, file.rules, now=datetime(2026, 1, 1, tzinfo=UTC), keeping=keeping)
        return {
            one.rule.key: set(pq.read_table(one.keys)["key"].to_pylist()) if one.keys else set() for one in outcomes
        }
    finally:
        engine.close()


@pytest.mark.parametrize("seed", range(3))
def test_a_reason_that_names_a_rule_is_one_that_the_checks_find(seed: int, tmp_path: Path) -> None:
    spaced = {name: [*cells, *(f" {cell} " for cell in cells if cell), "　", " "] for name, cells in CELLS.items()}
    rules = [rule | {"key": f"r{at}"} for at, rule in enumerate(RULES)]
    rules[0] = {"key": "r0", "kind": "not_null", "columns": ["name"]}  # blanks count as filled
    rows = draw_rows(seed, spaced)
    entered, found = _ask(a_recipe(rules=rules), rows, tmp_path)
    failing = _failing(rows, rules, tmp_path)
    faulted = {row.key[0] for row in found.rows if found.reasons[row.reason][0].is_faulted}
    others = {row.key[0] for row in found.rows} - faulted
    assert rows.num_rows == entered + sum(count for _reason, count in found.reasons.values())
    assert sum(row.copies for row in found.rows) == rows.num_rows - entered
    for row in found.rows:
        reason = found.reasons[row.reason][0]
        assert not reason.is_faulted or row.key[0] in failing[reason.rule], reason
    assert others
    assert {LeftOutWhy.RULE, LeftOutWhy.SPACES} == {reason.why for reason, _count in found.reasons.values()}


@pytest.mark.parametrize(
    ("ids", "told"),
    [
        (["1", "1"], [("twice", "key.unique", 2)]),
        (["1", "1 ", " 1"], [("spelling", "", 3)]),
        (["1", "2", "", None, "　"], [("rule", "key.not_null", 3)]),
    ],
)
def test_keys_are_told_apart(ids: list[str | None], told: list[tuple[str, str, int]], tmp_path: Path) -> None:
    columns = [*KEYED, RecipeColumn("n", "名", "text", "text")]
    rows = pa.table({"id": ids, "n": [str(at) for at in range(len(ids))]})
    entered, found = _ask(a_recipe(columns=columns, rules=KEY_RULES), rows, tmp_path)
    assert (_told(found), entered) == (told, len(ids) - told[0][2])


def test_blank_keys_of_a_rule_that_counts_them_as_filled_are_owed_by_none(tmp_path: Path) -> None:
    rows = pa.table({"id": ["1", " ", None], "n": ["a", "b", "c"]})
    columns = [*KEYED, RecipeColumn("n", "名", "text", "text")]
    plain: list[dict[str, Any]] = [{"key": "k", "kind": "not_null", "columns": ["id"]}]
    assert _told(_ask(a_recipe(columns=columns, rules=plain), rows, tmp_path)[1]) == [
        ("rule", "k", 1),
        ("spaces", "k", 1),
    ]
    assert _told(_ask(a_recipe(columns=columns, rules=[]), rows, tmp_path)[1]) == [("no_key", "", 2)]


def test_numbers_that_standard_tables_cannot_hold_are_owed_by_none(tmp_path: Path) -> None:
    cells = ["1.5", "9" * 29, "1.12345678901", "abc", None]
    rows = pa.table({"id": [str(at) for at in range(5)], "v": cells})
    columns = [*KEYED, RecipeColumn("v", "值", "decimal", "text")]
    rules: list[dict[str, Any]] = [{"key": "v.type", "kind": "type", "columns": ["v"], "type": "number"}]
    entered, found = _ask(a_recipe(columns=columns, rules=rules), rows, tmp_path)
    assert (entered, sorted(_told(found))) == (2, [("digits", "", 2), ("rule", "v.type", 1)])
    assert {row.cells for row in found.rows} == {("9" * 29,), ("1.12345678901",), ("abc",)}
    _entered, found = _ask(a_recipe(columns=columns, rules=[]), rows, tmp_path)
    assert sorted(_told(found)) == [("digits", "", 1), ("unreadable", "", 2)]


def test_rows_given_twice_count_as_often_as_they_are_given(tmp_path: Path) -> None:
    rows = pa.table({"id": ["1", "1", "2", "2", "2"], "v": ["x", "x", "3", "3 ", "3"]})
    entered, found = _ask(
        a_recipe(columns=[*KEYED, RecipeColumn("v", "值", "integer", "text")], rules=[]), rows, tmp_path
    )
    assert (entered, _told(found), found.rows[0].copies) == (1, [("unreadable", "", 2)], 2)


def test_columns_that_the_source_types_are_shown_as_texts(tmp_path: Path) -> None:
    moment = pa.array([datetime(2024, 1, 2, tzinfo=UTC)] * 2, pa.timestamp("us", tz="UTC"))
    rows = pa.table({"at": moment, "_copies": [1e40, 2.5], "reason": [True, False]})
    columns = [
        RecipeColumn("at", "时", "moment", "moment", is_key=True),
        RecipeColumn("_copies", "数", "decimal", "double"),
        RecipeColumn("reason", "否", "text", "boolean"),
    ]
    _entered, found = _ask(a_recipe(columns=columns, rules=[]), rows, tmp_path)
    assert [(one.key, one.copies) for one in found.rows] == [(("2024-01-02 08:00:00",), 1)] * 2


def test_only_some_rows_of_a_reason_are_listed_and_all_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(left_out, "MOST_OF_REASON", 3)
    rows = pa.table({"id": [str(at) for at in range(10)], "v": ["x"] * 10})
    columns = [*KEYED, RecipeColumn("v", "值", "integer", "text")]
    _entered, found = _ask(a_recipe(columns=columns, rules=[]), rows, tmp_path)
    assert (_told(found), [row.key[0] for row in found.rows]) == ([("unreadable", "", 10)], ["0", "1", "2"])
