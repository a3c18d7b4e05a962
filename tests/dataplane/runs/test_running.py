"""A run keeps what it read and wrote, goes on where it was cut, and gives the same rows when it is run again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from chengshu.dataplane.engines.protocol import Engine, Written
from chengshu.dataplane.errors import CancelAsked, EngineFault, RunFault, RunUnknown
from chengshu.dataplane.lake.places import Lake, TableName, Zone, find_table
from chengshu.dataplane.lake.reading import list_snapshots, read
from chengshu.dataplane.lake.writing import Entry, append
from chengshu.dataplane.pipelines.pipeline import Pipeline, Step
from chengshu.dataplane.runs.contracts import ColumnSource, Input, Mode, Output, Plan, RunState
from chengshu.dataplane.runs.digests import digest_rows
from chengshu.dataplane.runs.journal import list_runs, load_run
from chengshu.dataplane.runs.running import Watch, pin_versions, run_plan
from chengshu.dataplane.tables.shapes import Column, Shape, Type

CASES = TableName(Zone.RAW, "案件")
CLOSED, COUNTED = TableName(Zone.STANDARD, "已办结"), TableName(Zone.TOPIC, "街道办结数")
SHAPE = Shape(
    "案件",
    "街道受理的案件",
    (
        Column(Type.INTEGER, "编号", name="编号"),
        Column(Type.TEXT, "街道", name="街道"),
        Column(Type.BOOLEAN, "是否办结", name="办结"),
    ),
)


def _rows(*numbers: int) -> pa.Table:
    streets = ["长寿路" if number % 2 else "曹杨" for number in numbers]
    return pa.table(
        {"编号": pa.array(numbers, pa.int64()), "街道": streets, "办结": [number > 1 for number in numbers]}
    )


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = Lake(str(tmp_path / "lake"))
    append(made, CASES, _rows(1, 2, 3, 4), entry=Entry("first", "王工"))
    return made


@pytest.fixture
def plan() -> Plan:
    steps = (
        Step("closed", 'SELECT "编号", "街道" FROM "案件" WHERE "办结"'),
        Step("counted", 'SELECT "街道", count(*) AS "数" FROM closed GROUP BY "街道"'),
    )
    return Plan(
        Pipeline("办结统计", (SHAPE,), steps),
        {"案件": Input(CASES)},
        (Output("closed", CLOSED), Output("counted", COUNTED, Mode.MERGE, ("街道",))),
    )


class Failing:
    """An engine that refuses from the n-th write on."""

    def __init__(self, engine: Engine, writes: int) -> None:
        self.engine, self.writes = engine, writes
        self.name, self.dialect = engine.name, engine.dialect

    def write(self, statement: str, folder: Path) -> Written:
        self.writes -= 1
        if self.writes < 0:
            raise EngineFault("磁盘满了", statement=statement)
        return self.engine.write(statement, folder)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.engine, name)


class TestRecord:
    def test_keeps_versions_rows_statements_and_lineage(self, lake: Lake, plan: Plan, duckdb_engine: Engine) -> None:
        run = run_plan(plan, duckdb_engine, lake, run_id="r1", actor="李工")
        assert (run.state, run.engine, run.engine_version) == (RunState.DONE, "duckdb", "1.5.5")
        assert [(item.table, item.version, item.rows) for item in run.inputs] == [("raw/案件", 0, 4)]
        assert [(item.table, item.version, item.rows) for item in run.outputs] == [
            ("standard/已办结", 0, 3),
            ("topic/街道办结数", 0, 2),
        ]
        assert run.outputs[0].lineage == (
            ColumnSource("编号", ("raw/案件.编号",), "identity"),
            ColumnSource("街道", ("raw/案件.街道",), "identity"),
        )
        assert load_run(lake, "r1") == run
        assert list_runs(lake) == [run]
        assert list_runs(lake, since=run.started_at) == [run]
        assert list_runs(lake, since=datetime.now(UTC) + timedelta(hours=1)) == []
        assert sorted(read(lake, COUNTED).to_pylist(), key=str) == [
            {"街道": "曹杨", "数": 2},
            {"街道": "长寿路", "数": 1},
        ]
        assert list_snapshots(lake, CLOSED)[0].actor == "李工"

    def test_is_asked_of_runs_that_were(self, lake: Lake) -> None:
        with pytest.raises(RunUnknown):
            load_run(lake, "nothing")


class TestAgain:
    def test_over_the_same_versions_gives_the_same_rows(self, lake: Lake, plan: Plan, duckdb_engine: Engine) -> None:
        first = run_plan(plan, duckdb_engine, lake, run_id="r1", actor="李工")
        append(lake, CASES, _rows(5), entry=Entry("second", "王工"))
        again = run_plan(pin_versions(plan, first), duckdb_engine, lake, run_id="r2", actor="李工")
        assert [item.digest for item in again.outputs] == [item.digest for item in first.outputs]
        newer = run_plan(plan, duckdb_engine, lake, run_id="r3", actor="李工")
        assert newer.inputs[0].version == 1
        assert newer.outputs[0].digest != first.outputs[0].digest

    def test_of_a_finished_run_writes_nothing(self, lake: Lake, plan: Plan, duckdb_engine: Engine) -> None:
        first = run_plan(plan, duckdb_engine, lake, run_id="r1", actor="李工")
        assert run_plan(plan, duckdb_engine, lake, run_id="r1", actor="李工") == first
        assert len(list_snapshots(lake, CLOSED)) == 1


class Watched:
    """An engine that remembers what was offered to it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.offered: list[Any] = []

    def offer(self, name: str, rows: Any, **more: Any) -> None:
        self.offered.append(rows)
        self.engine.offer(name, rows, **more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.engine, name)


class TestEngines:
    def test_read_files_from_before_a_column_was_added_where_they_lie(
        self, lake: Lake, plan: Plan, duckdb_engine: Engine
    ) -> None:
        append(lake, CASES, _rows(5).append_column("备注", pa.array(["补"])), entry=Entry("more", "王工"), evolve=True)
        watched: Any = Watched(duckdb_engine)
        run = run_plan(plan, watched, lake, run_id="r1", actor="李工")
        assert [item.rows for item in run.outputs] == [4, 2]
        assert [len(rows) for rows in watched.offered if not isinstance(rows, pa.Table)] == [2]
        assert not [rows for rows in watched.offered if isinstance(rows, pa.Table)]

    @pytest.mark.spark
    def test_spark_commits_the_rows_that_duckdb_commits(
        self, lake: Lake, plan: Plan, duckdb_engine: Engine, spark_engine: Engine
    ) -> None:
        runs = [
            run_plan(plan, engine, lake, run_id=engine.name, actor="李工") for engine in (spark_engine, duckdb_engine)
        ]
        assert [run.engine for run in runs] == ["spark", "duckdb"]
        told = [[(item.table, item.rows, item.digest, item.lineage) for item in run.outputs] for run in runs]
        assert told[0] == told[1]


class TestResume:
    def test_goes_on_after_the_output_that_was_committed(self, lake: Lake, plan: Plan, duckdb_engine: Engine) -> None:
        failing: Any = Failing(duckdb_engine, writes=1)
        with pytest.raises(EngineFault):
            run_plan(plan, failing, lake, run_id="r1", actor="李工")
        kept = load_run(lake, "r1")
        assert (kept.state, kept.reason, len(kept.outputs)) == (RunState.FAILED, "磁盘满了", 1)
        append(lake, CASES, _rows(7), entry=Entry("second", "王工"))
        run = run_plan(plan, duckdb_engine, lake, run_id="r1", actor="李工")
        assert (run.state, run.inputs[0].version) == (RunState.DONE, 0)
        assert len(list_snapshots(lake, CLOSED)) == 1
        assert sum(read(lake, COUNTED)["数"].to_pylist()) == 3

    def test_finds_a_commit_that_the_record_missed(self, lake: Lake, plan: Plan, duckdb_engine: Engine) -> None:
        once = replace(plan, outputs=(Output("closed", CLOSED, Mode.APPEND),))
        first = run_plan(once, duckdb_engine, lake, run_id="r1", actor="李工")
        (Path(lake.root) / "_runs" / "r1.json").unlink()
        again = run_plan(once, duckdb_engine, lake, run_id="r1", actor="李工")
        assert read(lake, CLOSED).num_rows == 3
        assert [(item.version, item.rows, item.digest) for item in again.outputs] == [
            (item.version, item.rows, item.digest) for item in first.outputs
        ]

    def test_is_refused_with_another_pipeline(self, lake: Lake, plan: Plan, duckdb_engine: Engine) -> None:
        run_plan(plan, duckdb_engine, lake, run_id="r1", actor="李工")
        other = replace(plan, pipeline=replace(plan.pipeline, name="别的"))
        with pytest.raises(RunFault):
            run_plan(other, duckdb_engine, lake, run_id="r1", actor="李工")


class TestWatch:
    def test_is_told_of_every_stage_and_may_stop_between_them(
        self, lake: Lake, plan: Plan, duckdb_engine: Engine
    ) -> None:
        told: list[tuple[str, int, int]] = []

        def report(stage: str, done: int, total: int) -> None:
            told.append((stage, done, total))

        watch = Watch(report, is_cancelled=lambda: len(told) > 1)
        with pytest.raises(CancelAsked):
            run_plan(plan, duckdb_engine, lake, run_id="r1", actor="李工", watch=watch)
        assert told == [("closed", 0, 2), ("counted", 1, 2)]
        assert load_run(lake, "r1").state is RunState.CANCELLED
        assert run_plan(plan, duckdb_engine, lake, run_id="r1", actor="李工").state is RunState.DONE

    def test_may_stop_a_statement_that_runs(self, lake: Lake, duckdb_engine: Engine) -> None:
        append(lake, CASES, _rows(*range(5, 5000)), entry=Entry("more", "王工"))
        endless = Step(
            "endless",
            'SELECT count(*) AS "数" FROM "案件" AS a CROSS JOIN "案件" AS b CROSS JOIN "案件" AS c '
            'WHERE a."街道" <> b."街道" OR c."编号" * b."编号" > a."编号"',
        )
        plan = Plan(Pipeline("算不完", (SHAPE,), (endless,)), {"案件": Input(CASES)}, (Output("endless", COUNTED),))
        asked: list[int] = []

        def is_cancelled() -> bool:
            asked.append(len(asked))
            return len(asked) > 2

        with pytest.raises(CancelAsked):
            run_plan(plan, duckdb_engine, lake, run_id="r1", actor="李工", watch=Watch(is_cancelled=is_cancelled))
        assert load_run(lake, "r1").state is RunState.CANCELLED
        assert find_table(lake, COUNTED) is None

    def test_whose_listener_breaks_stops_the_statement_too(self, lake: Lake, plan: Plan, duckdb_engine: Engine) -> None:
        def is_cancelled() -> bool:
            raise RuntimeError("记录进度的数据库断开了")

        with pytest.raises(RuntimeError):
            run_plan(plan, duckdb_engine, lake, run_id="r1", actor="李工", watch=Watch(is_cancelled=is_cancelled))
        assert run_plan(plan, duckdb_engine, lake, run_id="r1", actor="李工").state is RunState.DONE


class TestDigest:
    def _digest(self, table: pa.Table) -> str:
        return digest_rows(table.to_reader())

    def test_ignores_order_and_batches_and_sees_everything_else(self) -> None:
        digest: Callable[[pa.Table], str] = self._digest
        rows = pa.table({"甲": ["a", None, "b"], "乙": ["1", "2", "3"]})
        assert (
            digest(rows) == digest(rows.take([2, 0, 1])) == digest(pa.concat_tables([rows.slice(0, 1), rows.slice(1)]))
        )
        assert digest(rows) != digest(rows.slice(0, 2))
        assert digest(rows) != digest(pa.concat_tables([rows, rows.slice(0, 1)]))
        assert digest(rows) != digest(rows.rename_columns(["甲", "丙"]))
        moved = pa.table({"甲": ["a1", None, "b"], "乙": ["", "2", "3"]})
        assert digest(rows) != digest(moved)
