from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
import sqlglot
from dataplane.spec.drawing import draw_shape, draw_table
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from chengshu.dataplane.engines.protocol import Engine
from chengshu.dataplane.errors import PipelineFault
from chengshu.dataplane.pipelines.compiling import compile_alone, compile_pipeline, compile_step
from chengshu.dataplane.pipelines.pipeline import Pipeline, Step
from chengshu.dataplane.pipelines.running import fetch_outcome
from chengshu.dataplane.tables.schemas import arrow_schema
from chengshu.dataplane.tables.shapes import Type

PEOPLE = draw_shape("people", "id:integer|name:text")
STEPS = (
    Step("adults", "SELECT id, name FROM people WHERE id > $least"),
    Step("counted", "SELECT name, COUNT(*) AS n FROM adults GROUP BY name"),
)
PIPELINE = Pipeline("计数", (PEOPLE,), STEPS, parameters={"least": Type.INTEGER})

DUCKDB = """WITH "adults" AS (
  SELECT
    "people"."id" AS "id",
    "people"."name" AS "name"
  FROM "people" AS "people"
  WHERE
    "people"."id" > CAST('18' AS BIGINT)
)
SELECT
  "adults"."name" AS "name",
  COUNT(*) AS "n"
FROM "adults" AS "adults"
GROUP BY
  "adults"."name\""""


def test_a_pipeline_is_one_statement_with_a_name_for_each_step() -> None:
    assert compile_pipeline(PIPELINE, "duckdb", {"least": 18}) == DUCKDB
    spark = compile_pipeline(PIPELINE, "spark", {"least": 18})
    assert spark == DUCKDB.replace('"', "`")


def test_a_step_is_compiled_with_what_it_stands_on_or_alone() -> None:
    assert compile_step(PIPELINE, "adults", "duckdb", {"least": 18}).startswith("SELECT")
    assert "WITH" not in compile_alone(PIPELINE, "counted", "duckdb", {"least": 18})


def test_compiling_twice_gives_the_same_and_leaves_the_pipeline_alone() -> None:
    first = compile_pipeline(PIPELINE, "spark", {"least": 1})
    assert compile_pipeline(PIPELINE, "spark", {"least": 1}) == first
    assert compile_pipeline(PIPELINE, "duckdb", {"least": 18}) == DUCKDB


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "参数“least”没有给值"),
        ({"least": "1"}, "应是 integer，给的是 str"),
        ({"least": True}, "应是 integer，给的是 bool"),
        ({"least": 1, "most": 2}, "没有参数“most”"),
    ],
)
def test_parameters_are_checked(values: dict[str, Any], message: str) -> None:
    with pytest.raises(PipelineFault, match=message):
        compile_pipeline(PIPELINE, "duckdb", values)


def test_an_unknown_dialect_is_named() -> None:
    with pytest.raises(PipelineFault, match="duckdb、spark"):
        compile_pipeline(PIPELINE, "oracle", {"least": 1})


VALUES: dict[Type, list[Any]] = {
    Type.TEXT: [
        "O'Neil",
        "'; DROP TABLE people; --",
        "\\",
        "\\'",
        "a\nb\tc",
        '"`$x',
        "%_",
        "静安 🏠",
        "",
        "\\u0041",
        "${x}",
    ],
    Type.INTEGER: [0, -1, 2**63 - 1, -(2**63)],
    Type.DECIMAL: [Decimal("0.10"), Decimal("-12345678901234567890.123"), Decimal("1E+3"), Decimal("1E-10"), 5],
    Type.DOUBLE: [0.1, -1e300, 5e-324, 3],
    Type.BOOLEAN: [True, False],
    Type.DATE: [date(2024, 2, 29), date(1, 1, 1), date(9999, 12, 31)],
    Type.MOMENT: [
        datetime(2024, 2, 29, 23, 59, 59, 999999, tzinfo=UTC),
        datetime.fromisoformat("2024-01-01T00:00+08:00"),
    ],
}


def _echo(kind: Type) -> Pipeline:
    return Pipeline(
        "回声", (draw_shape("one", "n:integer"),), (Step("a", "SELECT $x AS x FROM one"),), parameters={"x": kind}
    )


@pytest.mark.parametrize("kind", VALUES)
def test_values_arrive_as_they_were_given(engine: Engine, kind: Type) -> None:
    engine.offer("one", pa.table({"n": [1]}))
    for value in [*VALUES[kind], None]:
        found = fetch_outcome(_echo(kind), engine, {"x": value})["x"].to_pylist()
        assert found == [value]
    engine.withdraw("one")


@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30))
def test_no_text_leaves_its_literal(text: str) -> None:
    for dialect in ("duckdb", "spark"):
        statement = compile_pipeline(_echo(Type.TEXT), dialect, {"x": text})
        literals = sqlglot.parse_one(statement, read=dialect).find_all(exp.Literal)
        assert [literal.name for literal in literals] == [text]


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), Decimal("1E+40")])
def test_decimals_that_no_engine_holds_are_refused(value: Decimal) -> None:
    with pytest.raises(PipelineFault):
        compile_pipeline(_echo(Type.DECIMAL), "duckdb", {"x": value})


def test_a_nul_in_a_text_is_refused() -> None:
    with pytest.raises(PipelineFault, match="空字符"):
        compile_pipeline(_echo(Type.TEXT), "duckdb", {"x": "a\0b"})


OUTPUT = draw_shape("out", "total:decimal(20,3)|name:text|mean:double")
OUTPUT_STEPS = {
    "plain": "SELECT name, SUM(id) AS total, id AS mean FROM people GROUP BY name, id ORDER BY id",
    "distinct": "SELECT DISTINCT name, id AS total, id AS mean FROM people",
    "union": "SELECT name, id AS total, id AS mean FROM people UNION SELECT name, id AS total, id AS mean FROM people",
}


@pytest.mark.parametrize("form", OUTPUT_STEPS)
def test_an_outcome_has_the_order_types_and_digits_of_its_declaration(engine: Engine, form: str) -> None:
    engine.offer("people", draw_table("people", "id:integer|name:text\n2|乙\n1|甲"))
    made = Pipeline("出", (PEOPLE,), (Step("a", OUTPUT_STEPS[form]),), output=OUTPUT)
    found = fetch_outcome(made, engine)
    assert found.schema.equals(arrow_schema(OUTPUT))
    rows = [(Decimal("1.000"), "甲", 1.0), (Decimal("2.000"), "乙", 2.0)]
    assert sorted(zip(*found.to_pydict().values(), strict=True)) == rows
    engine.withdraw("people")
