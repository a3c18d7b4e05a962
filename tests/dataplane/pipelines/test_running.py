from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from dataplane.spec.drawing import draw_shape, draw_table

from chengshu.dataplane.engines.protocol import Engine
from chengshu.dataplane.errors import PipelineFault, StepFault
from chengshu.dataplane.pipelines.pipeline import Pipeline, Step
from chengshu.dataplane.pipelines.running import check_inputs, fetch_outcome, trace_steps, write_outcome

DRAWN = "id:integer|raw:text\n1|10\n2|20\n3|x"
PIPELINE = Pipeline(
    "折算",
    (draw_shape("deliveries", DRAWN),),
    (
        Step("known", "SELECT id, raw FROM deliveries WHERE id < 3"),
        Step("numbers", "SELECT id, CAST(raw AS BIGINT) AS n FROM known"),
        Step("total", "SELECT SUM(n) AS n FROM numbers"),
    ),
)
BROKEN = Pipeline(
    "折算",
    (draw_shape("deliveries", DRAWN),),
    (
        Step("known", "SELECT id, raw FROM deliveries"),
        Step("numbers", "SELECT id, CAST(raw AS BIGINT) AS n FROM known"),
        Step("total", "SELECT SUM(n) AS n FROM numbers"),
    ),
)


@pytest.fixture
def offered(engine: Engine) -> Iterator[Engine]:
    engine.offer("deliveries", draw_table("deliveries", DRAWN))
    yield engine
    engine.withdraw("deliveries")


def test_an_outcome_is_fetched_or_written(offered: Engine, folder: Path) -> None:
    assert fetch_outcome(PIPELINE, offered).to_pylist() == [{"n": 30}]
    written = write_outcome(PIPELINE, offered, folder)
    assert (written.rows, len(written.files)) == (1, 1)


def test_a_trace_shows_every_step_and_leaves_nothing_behind(offered: Engine) -> None:
    traced = list(trace_steps(PIPELINE, offered, first=1))
    assert [(one.step, one.rows, one.first.num_rows) for one in traced] == [
        ("known", 2, 1),
        ("numbers", 2, 1),
        ("total", 1, 1),
    ]
    assert traced[1].first.column_names == ["id", "n"]
    with pytest.raises(Exception, match="numbers"):
        offered.fetch("SELECT * FROM numbers")


def test_a_trace_may_end_at_a_step(offered: Engine) -> None:
    assert [one.step for one in trace_steps(BROKEN, offered, until="known")] == ["known"]


def test_a_fault_names_its_step_and_shows_the_whole_statement(offered: Engine, folder: Path) -> None:
    with pytest.raises(StepFault) as fault:
        fetch_outcome(BROKEN, offered)
    assert fault.value.details["step"] == "numbers"
    assert "步骤“numbers”未能执行" in fault.value.message
    assert "不是约定的写法：x" in fault.value.message
    statement = str(fault.value.details["statement"])
    assert all(name in statement for name in ("WITH", "known", "numbers"))
    with pytest.raises(StepFault, match="numbers"):
        write_outcome(BROKEN, offered, folder)


def test_a_missing_input_is_named_as_such(engine: Engine) -> None:
    with pytest.raises(PipelineFault, match="没有提供输入“deliveries”"):
        fetch_outcome(PIPELINE, engine)


def test_an_input_of_another_shape_is_named_column_by_column(engine: Engine) -> None:
    engine.offer("deliveries", pa.table({"id": ["1"], "more": [1]}))
    with pytest.raises(PipelineFault, match=r"字段“id”的类型应为 int64，实为 string；.*缺少字段“raw”") as fault:
        check_inputs(PIPELINE, engine)
    assert "more" not in fault.value.message
    with pytest.raises(PipelineFault, match="缺少字段“raw”"):
        fetch_outcome(PIPELINE, engine)
    engine.withdraw("deliveries")


def test_more_columns_than_declared_do_no_harm(engine: Engine) -> None:
    engine.offer("deliveries", pa.table({"more": [1], "raw": ["5"], "id": [1]}))
    check_inputs(PIPELINE, engine)
    assert fetch_outcome(PIPELINE, engine).to_pylist() == [{"n": 5}]
    engine.withdraw("deliveries")
