"""A run of the journal as events of OpenLineage: its start, and how it ended."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid5

from chengshu.dataplane.lineage.columns import Column, Edge, Origin, Reading, Target, Transformation
from chengshu.dataplane.lineage.events import Dataset, DatasetNote, EventType, Job
from chengshu.dataplane.lineage.events_out import Json, RunNote, run_event
from chengshu.dataplane.runs.contracts import OutputWritten, Run, RunState

JOBS, LAKE = "chengshu", "chengshu://lake"
"""The namespaces of our jobs and of the lake's tables, unless others are given."""
_RUNS = UUID("6f1e0c8e-6f0b-5d0e-9a43-3f6c1c0f7a11")
"""Ids of runs that are no UUID are made into one under this."""
_ENDINGS = {
    RunState.DONE: EventType.COMPLETE,
    RunState.FAILED: EventType.FAIL,
    RunState.CANCELLED: EventType.ABORT,
}


def events_of(run: Run, *, jobs: str = JOBS, lake: str = LAKE) -> tuple[Json, ...]:
    """Give START with what the run reads, and once it ended COMPLETE, FAIL or ABORT with what it committed till then.

    The same run gives the same events, so that sending them again tells nothing new. A run that was cut and not yet
    resumed has a start only.
    """
    note = _note(run, jobs, lake, ended=False)
    begun = run_event(note, EventType.START, at=run.started_at)
    if run.ended_at is None or run.state not in _ENDINGS:
        return (begun,)
    return begun, _ending(run, jobs, lake, run.ended_at)


def run_uuid(run_id: str) -> UUID:
    """Give the id of a run as events have it: a UUID."""
    try:
        return UUID(run_id)
    except ValueError:
        return uuid5(_RUNS, run_id)


def _ending(run: Run, jobs: str, lake: str, at: datetime) -> Json:
    return run_event(_note(run, jobs, lake, ended=True), _ENDINGS[run.state], at=at)


def _note(run: Run, jobs: str, lake: str, *, ended: bool) -> RunNote:
    tables = {item.table for item in run.inputs} | {item.table for item in run.outputs}
    datasets = {table: Dataset(lake, table) for table in tables}
    outputs = run.outputs if ended else ()
    return RunNote(
        run_id=run_uuid(run.id),
        job=Job(jobs, run.pipeline),
        inputs=tuple(
            DatasetNote(datasets[item.table], version=str(item.version), rows=item.rows) for item in run.inputs
        ),
        outputs=tuple(DatasetNote(datasets[item.table], version=str(item.version), rows=item.rows) for item in outputs),
        datasets=datasets,
        reading=_reading(outputs, sorted(tables, key=len, reverse=True)) if outputs else None,
        engine=(run.engine, run.engine_version),
        error=run.reason or None if ended else None,
    )


def _reading(outputs: Iterable[OutputWritten], tables: list[str]) -> Reading:
    edges = tuple(
        Edge(
            Target(output.table, told.column),
            Origin(frozenset(_column(source, tables) for source in told.sources), Transformation(told.transformation)),
        )
        for output in outputs
        for told in output.lineage
    )
    return Reading("RUN", edges, written=tuple(output.table for output in outputs))


def _column(written: str, tables: list[str]) -> Column:
    """Part table and column; both may have dots in their names, so a table that is known decides, the longest first."""
    for table in tables:
        if written.startswith(f"{table}."):
            return Column(table, written.removeprefix(f"{table}."))
    table, _dot, name = written.rpartition(".")
    return Column(table, name)
