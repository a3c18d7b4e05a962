"""Rows that stay out of a standard table are found after it is made, and kept with the run. Heavy to import."""

from collections.abc import Iterable
from datetime import datetime

from chengshu.dataplane.engines.protocol import Engine
from chengshu.dataplane.lake.places import Lake
from chengshu.dataplane.pipelines.compiling import compile_step
from chengshu.dataplane.runs.contracts import Plan, Run
from chengshu.dataplane.runs.inquiring import ask_versions
from chengshu.dataplane.runs.running import Watch
from chengshu.resources.contracts.processing import Recipe
from chengshu.resources.models import DataPipeline, LeftOutRow, PipelineRun
from chengshu.resources.pipelines.left_out import LISTED, LeftOut, LeftOutQuestion

_NOTHING = LeftOut({}, ())
_CELL_LENGTH = 1000
_BATCH = 1000
_NUL = "\x00"


def find_left_out(recipe: Recipe, plan: Plan, done: Run, engine: Engine, lake: Lake, watch: Watch) -> LeftOut:
    """Find which rows that a run read did not enter the standard table, and why.

    Raises:
        CancelAsked: somebody asked to stop.
        DataplaneError: the engine or the lake refuses.
    """
    if sum(item.rows for item in done.inputs) == sum(item.rows for item in done.outputs):
        return _NOTHING
    question = LeftOutQuestion(recipe)
    watch.report(LISTED, len(plan.outputs), len(plan.outputs))
    statement = compile_step(question.pipeline, LISTED, engine.dialect)
    return question.read(ask_versions(statement, plan, done, engine, lake, watch))


def keep_left_out(run: PipelineRun, found: LeftOut, *, now: datetime) -> None:
    """Keep what stayed out in place of what earlier runs of the pipeline kept, inside the caller's transaction."""
    run.left_out = [
        {"number": number, "why": reason.why.value, "rule": reason.rule, "fields": list(reason.fields), "rows": rows}
        for number, (reason, rows) in found.reasons.items()
    ]
    run.save(update_fields=["left_out"])
    LeftOutRow.objects.filter(run__pipeline=run.pipeline_id).delete()
    LeftOutRow.objects.bulk_create(_rows(run, found), batch_size=_BATCH)
    pipeline = DataPipeline.objects.select_for_update().get(pk=run.pipeline_id)
    pipeline.standing_run = run
    pipeline.unowed_rows = sum(rows for reason, rows in found.reasons.values() if not reason.is_faulted)
    pipeline.unowed_since = (pipeline.unowed_since or now) if pipeline.unowed_rows else None
    pipeline.save(update_fields=["standing_run", "unowed_rows", "unowed_since"])


def _rows(run: PipelineRun, found: LeftOut) -> Iterable[LeftOutRow]:
    for number, row in enumerate(found.rows, start=1):
        yield LeftOutRow(
            run=run,
            number=number,
            reason=row.reason,
            key=_plain(row.key),
            cells=_plain(row.cells),
            copies=row.copies,
        )


def _plain(cells: Iterable[str | None]) -> list[str | None]:
    """Give cells as every database takes them."""
    return [None if cell is None else cell.replace(_NUL, "")[:_CELL_LENGTH] for cell in cells]
