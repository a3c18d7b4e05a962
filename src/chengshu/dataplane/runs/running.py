"""Carries a plan out: each output is one commit, and what is committed is not done again."""

import hashlib
import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version as installed_version
from pathlib import Path

import pyarrow as pa

from chengshu.dataplane.engines.protocol import Engine
from chengshu.dataplane.errors import CancelAsked, DataplaneError, EngineFault, RunFault
from chengshu.dataplane.lake import writing
from chengshu.dataplane.lake.places import Lake, find_table
from chengshu.dataplane.lake.reading import active_files, list_snapshots, read
from chengshu.dataplane.lake.writing import Committed, Entry
from chengshu.dataplane.pipelines.compiling import compile_step
from chengshu.dataplane.runs.contracts import InputRead, Mode, Output, OutputWritten, Plan, Report, Run, RunState
from chengshu.dataplane.runs.digests import digest_files, digest_table
from chengshu.dataplane.runs.journal import load_run, save_run
from chengshu.dataplane.runs.offering import offer_table
from chengshu.dataplane.runs.tracing import trace_columns
from chengshu.dataplane.runs.waiting import write_watched

_QUOTING = re.compile(r"[:\n'\"]")
_PACKAGES = {"duckdb": "duckdb", "spark": "pyspark"}


@dataclass(frozen=True, slots=True)
class Watch:
    """How people follow a run and stop it; it is asked between outputs, and now and then while a statement runs."""

    report: Report = lambda _stage, _done, _total: None
    is_cancelled: Callable[[], bool] = lambda: False


def run_plan(plan: Plan, engine: Engine, lake: Lake, *, run_id: str, actor: str, watch: Watch | None = None) -> Run:
    """Carry a plan out under an id; with the id of a run that was cut, failed or cancelled, go on with it.

    A run goes on over the versions that it began with. The record is in the journal at every step.

    Raises:
        CancelAsked: somebody asked to stop; outputs committed before stay.
        RunFault: the id belongs to a run of another pipeline, or of other inputs.
        DataplaneError: whatever the engine or the lake refuses; the run is kept as failed with the reason.
    """
    run = _begin(plan, engine, lake, run_id, actor)
    if run.state is RunState.DONE:
        return run
    save_run(lake, run)
    try:
        run = _carry_out(plan, engine, lake, run, watch or Watch())
    except DataplaneError as fault:
        state = RunState.CANCELLED if isinstance(fault, CancelAsked) else RunState.FAILED
        kept = load_run(lake, run_id)
        save_run(lake, replace(kept, state=state, ended_at=datetime.now(UTC), reason=tell_reason(fault)))
        raise
    finally:
        for relation in plan.inputs:
            engine.withdraw(relation)
    done = replace(run, state=RunState.DONE, ended_at=datetime.now(UTC), reason="")
    save_run(lake, done)
    return done


def rehearse_plan(plan: Plan, engine: Engine, lake: Lake, *, run_id: str, actor: str, watch: Watch) -> Run:
    """Carry a plan out and commit nothing: what its outputs would be is told by their rows and digests.

    Versions of outputs are -1, and the journal keeps nothing.

    Raises:
        CancelAsked, DataplaneError: as `run_plan`.
    """
    run = _start(plan, engine, lake, run_id, actor)
    try:
        for item in run.inputs:
            offer_input(plan, engine, lake, item)
        outputs = tuple(
            _rehearse_output(plan, engine, run, output, watch, at) for at, output in enumerate(plan.outputs)
        )
    finally:
        for relation in plan.inputs:
            engine.withdraw(relation)
    return replace(run, state=RunState.DONE, ended_at=datetime.now(UTC), outputs=outputs)


def _rehearse_output(plan: Plan, engine: Engine, run: Run, output: Output, watch: Watch, number: int) -> OutputWritten:
    started = time.monotonic()
    watch.report(output.step, number, len(plan.outputs))
    statement = compile_step(plan.pipeline, output.step, engine.dialect, plan.values)
    with tempfile.TemporaryDirectory(prefix="chengshu-run-", dir=engine.work) as folder:
        written = write_watched(engine, statement, Path(folder) / "rows", watch.is_cancelled)
        if written is None:
            raise _stopped(run, number, len(plan.outputs))
        digest = digest_files(written.files)
    sha256, seconds = hashlib.sha256(statement.encode()).hexdigest(), round(time.monotonic() - started, 3)
    return OutputWritten(output.step, str(output.table), -1, written.rows, digest, sha256, seconds)


def tell_reason(fault: DataplaneError) -> str:
    """Give why a run failed, for everybody who sees it: what an engine says may quote cells, which are left out."""
    found = _QUOTING.search(fault.message) if isinstance(fault, EngineFault) else None
    if found is None:
        return fault.message
    return f"{fault.message[: found.start()]}。引擎的原话可能带着数据，记在程序日志里。"


def pin_versions(plan: Plan, run: Run) -> Plan:
    """Return the plan over the very versions that a run read, so that running it again gives the same rows."""
    versions = {item.relation: item.version for item in run.inputs}
    pinned = {name: replace(item, version=versions[name]) for name, item in plan.inputs.items()}
    return replace(plan, inputs=pinned)


def _begin(plan: Plan, engine: Engine, lake: Lake, run_id: str, actor: str) -> Run:
    try:
        known = load_run(lake, run_id)
    except RunFault:
        return _start(plan, engine, lake, run_id, actor)
    tables = {item.relation: item.table for item in known.inputs}
    if known.pipeline != plan.pipeline.name or tables != {name: str(item.table) for name, item in plan.inputs.items()}:
        message = f"运行“{run_id}”属于管道“{known.pipeline}”，不能用另一个管道或另外的输入继续。"
        raise RunFault(message, run=run_id)
    return known if known.state is RunState.DONE else replace(known, state=RunState.RUNNING, ended_at=None)


def _start(plan: Plan, engine: Engine, lake: Lake, run_id: str, actor: str) -> Run:
    inputs = []
    for relation, item in plan.inputs.items():
        files = active_files(lake, item.table, version=item.version)
        inputs.append(InputRead(relation, str(item.table), files.version, files.rows))
    return Run(
        id=run_id,
        pipeline=plan.pipeline.name,
        engine=engine.name,
        engine_version=installed_version(_PACKAGES.get(engine.name, engine.name)),
        actor=actor,
        state=RunState.RUNNING,
        started_at=datetime.now(UTC),
        ended_at=None,
        inputs=tuple(inputs),
        outputs=(),
    )


def _carry_out(plan: Plan, engine: Engine, lake: Lake, run: Run, watch: Watch) -> Run:
    total = len(plan.outputs)
    finished = {output.step for output in run.outputs}
    schemas = {item.relation: offer_input(plan, engine, lake, item) for item in run.inputs}
    for number, output in enumerate(plan.outputs):
        watch.report(output.step, number, total)
        if output.step in finished:
            continue
        if watch.is_cancelled():
            raise _stopped(run, number, total)
        written = _write_output(plan, engine, lake, run, output, schemas, watch=watch)
        if written is None:
            raise _stopped(run, number, total)
        run = replace(run, outputs=(*run.outputs, written))
        save_run(lake, run)
    watch.report("", total, total)
    return run


def offer_input(plan: Plan, engine: Engine, lake: Lake, item: InputRead) -> pa.Schema:
    """Offer a version's own files where there are some and the engine reaches them; else its rows."""
    table = plan.inputs[item.relation].table
    found = active_files(lake, table, version=item.version)
    reached = lake.is_local or engine.reads_store
    if reached:
        offer_table(engine, item.relation, found)
    else:
        engine.offer(item.relation, read(lake, table, version=item.version))
    return found.schema


def _write_output(  # noqa: PLR0913 - the parts of a run, one by one
    plan: Plan, engine: Engine, lake: Lake, run: Run, output: Output, schemas: dict[str, pa.Schema], *, watch: Watch
) -> OutputWritten | None:
    """Write one output, or find what was written before; None when it was stopped before its commit."""
    started = time.monotonic()
    statement = compile_step(plan.pipeline, output.step, engine.dialect, plan.values)
    entry = Entry(f"run:{run.id}:{output.step}", run.actor, f"{run.pipeline} {run.id} {output.step}")
    committed = _find_commit(lake, output, entry)
    if committed is None:
        with tempfile.TemporaryDirectory(prefix="chengshu-run-", dir=engine.work) as folder:
            written = write_watched(engine, statement, Path(folder) / "rows", watch.is_cancelled)
            if written is None or watch.is_cancelled():  # asked once more: another may have taken the run over
                return None
            committed = _commit(lake, output, written.files, entry)
            rows = written.rows
    else:
        rows = committed.inserted
    return OutputWritten(
        step=output.step,
        table=str(output.table),
        version=committed.version,
        rows=rows,
        digest=digest_table(lake, output.table, committed.version),
        statement_sha256=hashlib.sha256(statement.encode()).hexdigest(),
        seconds=round(time.monotonic() - started, 3),
        lineage=trace_columns(
            statement,
            dialect=engine.dialect,
            schema={name: {column.name: str(column.type) for column in schema} for name, schema in schemas.items()},
            tables={item.relation: item.table for item in run.inputs},
        ),
    )


def _stopped(run: Run, number: int, total: int) -> CancelAsked:
    return CancelAsked(f"运行已按要求停止：完成了 {number} 步，共 {total} 步。", run=run.id, done=number)


def _commit(lake: Lake, output: Output, files: tuple[Path, ...], entry: Entry) -> Committed:
    if output.mode is Mode.MERGE:
        return writing.merge(lake, output.table, files, key=output.key, entry=entry, evolve=True)
    if output.mode is Mode.APPEND:
        return writing.append(lake, output.table, files, entry=entry, evolve=True)
    return writing.remake(lake, output.table, files, entry=entry)


def _find_commit(lake: Lake, output: Output, entry: Entry) -> Committed | None:
    """The commit of a run that was cut before its record said so."""
    delta = find_table(lake, output.table)
    if delta is None or delta.transaction_version(entry.id) is None:
        return None
    for snapshot in list_snapshots(lake, output.table):
        if snapshot.note == entry.note:
            return Committed(snapshot.version, snapshot.rows or 0, replayed=True)
    return None
