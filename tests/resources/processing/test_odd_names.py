"""A field may have any code that people can see: spaces, words of SQL, quotes, figures first."""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import NOW
from resources.catalogue.town import Town
from resources.processing.register import GOOD_ID, Register, open_register, work

from chengshu.dataplane.engines.opening import open_engine
from chengshu.dataplane.engines.protocol import Engine
from chengshu.dataplane.pipelines.compiling import compile_step
from chengshu.resources.contracts.processing import Recipe, RecipeColumn
from chengshu.resources.errors import ProcessingRefused
from chengshu.resources.facade import quality
from chengshu.resources.facade.processing import ProcessingState
from chengshu.resources.pipelines.left_out import LISTED, LeftOutQuestion
from chengshu.resources.pipelines.standardising import RAW, STANDARD, standard_plan

NAMES = (
    *("a b", "1a", "select", "from", "rowid", 'a"b', '"ab"', "a'b", "a`b", "a.b", "a,b", "a;b", "a{b}", "a(b)", "a=b"),
    *("a/b", "a%b", "_x", "列 名", "é", "ß", "a\\b", "?", "$1", ":x", "@y", "--z", "/*w", "count(*)"),
)


def a_recipe() -> Recipe:
    """Give the recipe of a table with all these names, one more for each that the raw table lacks, and a rule for each."""
    columns = [RecipeColumn("id", "编号", "text", "text", is_key=True)]
    columns += [RecipeColumn(name, name, "integer", "text") for name in NAMES]
    rules: list[dict[str, Any]] = [
        {"kind": "between", "columns": [name], "min": 2, "key": f"r{at}"} for at, name in enumerate(NAMES)
    ]
    absent = {f"{name} 2": "date" for name in NAMES}
    return Recipe("X", "甲", "raw/x", "standard/x", tuple(columns), tuple(rules), absent)


def make_tables(engine: Engine, folder: Path) -> None:
    """Make the standard table and the list of what stays out, and hold them against what is right."""
    recipe = a_recipe()
    engine.offer(RAW, pa.table({"id": ["1", "2"]} | {name: ["2", "1" if name == NAMES[-1] else "2"] for name in NAMES}))
    written = engine.write(compile_step(standard_plan(recipe).pipeline, STANDARD, engine.dialect), folder / "rows")
    rows = pa.concat_tables([pq.read_table(file) for file in written.files])
    assert rows.to_pylist() == [{"id": "1"} | dict.fromkeys(NAMES, 2) | {f"{name} 2": None for name in NAMES}]
    engine.offer("again", list(written.files), schema=rows.schema)
    assert engine.fetch("SELECT * FROM again").to_pylist() == rows.to_pylist()
    question = LeftOutQuestion(recipe)
    found = question.read(engine.fetch(compile_step(question.pipeline, LISTED, engine.dialect)))
    assert [(reason.fields, rows) for reason, rows in found.reasons.values()] == [((NAMES[-1],), 1)]
    assert [(row.key, row.cells) for row in found.rows] == [(("2",), ("1",))]


def test_standard_tables_have_columns_of_any_name(tmp_path: Path) -> None:
    engine = open_engine("duckdb", temp_folder=tmp_path)
    try:
        make_tables(engine, tmp_path)
    finally:
        engine.close()


@pytest.mark.parametrize("name", ["", " a", "a\nb", "a\tb", "a\x00b"])
def test_a_name_that_nobody_sees_is_refused_with_the_cure(name: str) -> None:
    columns = (RecipeColumn(name, "编号", "text", "text", is_key=True),)
    with pytest.raises(ProcessingRefused, match="看不见的字符"):
        standard_plan(Recipe("X", "甲", "raw/x", "standard/x", columns))


@pytest.fixture
def register(town: Town) -> Register:
    found = open_register(town, "djbh,姓 名(全),1号,select")
    for was, code in (("xm", "姓 名(全)"), ("sfzh", "1号"), ("djrq", "select")):
        found.resource.fields.filter(code=was).update(code=code)
    quality.remake_rules(found.resource.pk, actor=town.steward, now=NOW)
    return found


@pytest.mark.database
def test_a_run_makes_repeats_and_traces_them(register: Register) -> None:
    register.deliver(f"1,王五,{GOOD_ID},2024-01-31", f"2,李四,{GOOD_ID},2024-02-30")
    run = work(register.begin())
    assert run.state == ProcessingState.DONE
    assert register.held() == {"1": {"djbh": "1", "姓 名(全)": "王五", "1号": GOOD_ID, "select": date(2024, 1, 31)}}
    sources = {told["column"]: list(told["sources"]) for told in run.outputs[0]["lineage"]}
    assert sources["姓 名(全)"] == ["raw/hydj.姓 名(全)"]
    assert sources["select"] == ["raw/hydj.select"]
    row = run.left_out_rows.get()
    assert (row.key, row.cells) == (["2"], ["2024-02-30"])
