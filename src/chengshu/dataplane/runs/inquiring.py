"""Asks the very versions that a run read something more, once it is done."""

import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from chengshu.dataplane.engines.protocol import Engine
from chengshu.dataplane.errors import CancelAsked
from chengshu.dataplane.lake.places import Lake
from chengshu.dataplane.runs.contracts import Plan, Run
from chengshu.dataplane.runs.running import Watch, offer_input
from chengshu.dataplane.runs.waiting import write_watched


def ask_versions(statement: str, plan: Plan, run: Run, engine: Engine, lake: Lake, watch: Watch) -> pa.Table:
    """Run a query of few rows over the versions that a run of the plan read.

    Raises:
        CancelAsked: somebody asked to stop.
        DataplaneError: the engine or the lake refuses.
    """
    try:
        for item in run.inputs:
            offer_input(plan, engine, lake, item)
        with tempfile.TemporaryDirectory(prefix="chengshu-run-", dir=engine.work) as folder:
            written = write_watched(engine, statement, Path(folder) / "rows", watch.is_cancelled)
            if written is None:
                raise CancelAsked("运行已按要求停止：结果已写入，未进入的行还没有找出来。", run=run.id)
            return pa.concat_tables([pq.read_table(file) for file in written.files])
    finally:
        for relation in plan.inputs:
            engine.withdraw(relation)
