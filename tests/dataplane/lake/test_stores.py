"""A lake in an S3 store, read and written by engines and runs without its rows in this process."""

from collections.abc import Iterator

import pyarrow as pa
import pytest

from chengshu.dataplane.engines.opening import open_engine
from chengshu.dataplane.engines.protocol import Engine
from chengshu.dataplane.lake.places import Lake, TableName, Zone
from chengshu.dataplane.lake.reading import active_files, read
from chengshu.dataplane.lake.writing import Entry, append
from chengshu.dataplane.pipelines.pipeline import Pipeline, Step
from chengshu.dataplane.runs.contracts import Input, Output, Plan, RunState
from chengshu.dataplane.runs.running import run_plan
from chengshu.dataplane.tables.shapes import Column, Shape, Type

ROWS = pa.table({"编号": [1, 2, 3], "街道": ["曹杨", None, "曹杨"]})


@pytest.fixture(params=["duckdb", pytest.param("spark", marks=pytest.mark.spark)])
def store_engine(request: pytest.FixtureRequest, s3_lake: Lake) -> Iterator[Engine]:
    if request.param == "spark":
        yield request.getfixturevalue("spark_engine")
        return
    engine = open_engine("duckdb", memory_limit="1GB", store=s3_lake.options)
    yield engine
    engine.close()


def test_an_engine_reads_the_active_files_of_a_version_and_a_run_goes_over_them(
    s3_lake: Lake, store_engine: Engine, persons: TableName
) -> None:
    append(s3_lake, persons, ROWS, entry=Entry("first", "王工"))
    append(s3_lake, persons, ROWS, entry=Entry("second", "王工"))
    found = active_files(s3_lake, persons, version=0)
    store_engine.offer("人口", found.files)
    assert store_engine.fetch(f"SELECT sum(n) AS s FROM ({_numbers(store_engine)}) AS x")["s"].to_pylist() == [6]
    store_engine.offer("人口", active_files(s3_lake, persons).files)
    assert store_engine.fetch(f"SELECT sum(n) AS s FROM ({_numbers(store_engine)}) AS x")["s"].to_pylist() == [12]
    store_engine.withdraw("人口")

    shape = Shape("人口", "人口", (Column(Type.INTEGER, "编号", name="编号"), Column(Type.TEXT, "街道", name="街道")))
    target = TableName(Zone.TOPIC, "街道人数")
    steps = (Step("counted", 'SELECT "街道", COUNT(*) AS n FROM "人口" GROUP BY "街道"'),)
    plan = Plan(Pipeline("人数", (shape,), steps), {"人口": Input(persons)}, (Output("counted", target),))
    run = run_plan(plan, store_engine, s3_lake, run_id="r1", actor="李工")
    assert (run.state, run.inputs[0].rows, run.outputs[0].rows) == (RunState.DONE, 6, 2)
    assert sorted(read(s3_lake, target).to_pylist(), key=str) == [
        {"街道": "曹杨", "n": 4},
        {"街道": None, "n": 2},
    ]


def _numbers(engine: Engine) -> str:
    quote = "`" if engine.dialect == "spark" else '"'
    return f"SELECT {quote}编号{quote} AS n FROM {quote}人口{quote}"
