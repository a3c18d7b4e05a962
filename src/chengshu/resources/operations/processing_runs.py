"""Carries pipelines out: the lake's journal keeps every step, the database how the run stands. Heavy to import."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from chengshu.base.errors import ChengshuError
from chengshu.dataplane.errors import CancelAsked, DataplaneError, LakeTableUnknown
from chengshu.dataplane.lake.reading import resolve_version
from chengshu.dataplane.runs.contracts import Plan, Run
from chengshu.dataplane.runs.journal import load_run
from chengshu.dataplane.runs.running import Watch, pin_versions, run_plan
from chengshu.kernel.audit.facade import record
from chengshu.resources.contracts.processing import PipelineKind, ProcessingState, read_recipe, write_recipe
from chengshu.resources.errors import RunStopped
from chengshu.resources.models import DataPipeline, PipelineRun
from chengshu.resources.operations.processing import keep_declared, order_run, subject_of
from chengshu.resources.pipelines.declared import read_folder
from chengshu.resources.pipelines.standardising import standard_plan
from chengshu.resources.queries.lake import open_lake
from chengshu.resources.queries.pipeline_plans import plan_of_pipeline
from chengshu.resources.queries.recipes import find_recipe

Tell = Callable[[str, int, int], object]
"""Told of progress: stage, done, total."""
_REASON = 500


def carry_out(
    run_id: int,
    *,
    tell: Tell,
    is_cancelled: Callable[[], bool] = lambda: False,
    clock: Callable[[], datetime] = timezone.now,
) -> PipelineRun:
    """Carry a queued run out, or go on with one whose worker died; one that has ended is given as it is.

    `is_cancelled` and `tell` are called in the caller's thread.

    Raises:
        RunStopped: somebody asked to stop.
        ProcessingRefused, DataplaneError: it could not be done; kept as failed with the reason.
    """
    run = _begin(run_id, clock())
    if run is None:
        return PipelineRun.objects.get(pk=run_id)
    lake, engine = open_lake(), settings.ENGINE
    watch = Watch(tell, is_cancelled=lambda: is_cancelled() or _is_stop_asked(run))
    try:
        plan = _plan_of(run)
        store = None if lake.is_local else lake.options
        with engine.opened(store=store) as opened:
            actor = str(run.author_id or "")
            done = run_plan(plan, opened, lake, run_id=str(run.uuid), actor=actor, watch=watch)
    except CancelAsked as fault:
        _end(run, ProcessingState.CANCELLED, reason=fault.message, now=clock())
        raise RunStopped(fault.message, run=str(run.uuid)) from fault
    except ChengshuError as fault:
        _end(run, ProcessingState.FAILED, reason=fault.message, now=clock())
        raise
    _end(run, ProcessingState.DONE, done=done, now=clock())
    return run


def sync_declared(now: datetime) -> tuple[str, ...]:
    """Bring the pipelines declared in code in step; return what is wrong with their files."""
    folder = read_folder(settings.PIPELINES_DIR)
    keep_declared(folder.plans, now=now)
    return folder.faults


def order_declared_due(now: datetime) -> int:
    """Ask for a run of each automatic pipeline of the code whose inputs have a version that it did not read."""
    lake, ordered = open_lake(), 0
    waiting = DataPipeline.objects.filter(kind=PipelineKind.DECLARED.value, is_active=True, is_automatic=True)
    for pipeline in waiting.select_related("last_run").order_by("pk"):
        declared = read_folder(settings.PIPELINES_DIR).find(pipeline.key.removeprefix("declared:"))
        if declared is None:
            continue
        try:
            newest = {str(one.table): resolve_version(lake, one.table) for one in declared.plan.inputs.values()}
        except LakeTableUnknown:  # not all of its inputs are there yet
            continue
        last = pipeline.last_run
        read = {item["table"]: item["version"] for item in last.inputs} if last else {}
        if last is None or (last.state == ProcessingState.DONE and read != newest):
            order_run(pipeline, actor=None, now=now)
            ordered += 1
    return ordered


@transaction.atomic
def _begin(run_id: int, now: datetime) -> PipelineRun | None:
    """Take the run on, and keep by which recipe; None when it has ended."""
    run = (
        PipelineRun.objects.select_for_update(of=("self",)).select_related("pipeline", "author", "again").get(pk=run_id)
    )
    if run.state not in {ProcessingState.QUEUED, ProcessingState.RUNNING}:
        return None
    run.state, run.started_at = ProcessingState.RUNNING.value, run.started_at or now
    run.save(update_fields=["state", "started_at"])
    return run


def _plan_of(run: PipelineRun) -> Plan:
    """Give the plan of a run: by the recipe that it, or the run that it repeats, was made by; over those versions."""
    pipeline = run.pipeline
    if pipeline.kind == PipelineKind.STANDARD and pipeline.resource is not None:
        first = run.again.recipe if run.again else run.recipe
        recipe = read_recipe(first) if first else find_recipe(pipeline.resource)
        plan = standard_plan(recipe)
        run.recipe = write_recipe(recipe)
        run.save(update_fields=["recipe"])
    else:
        plan = plan_of_pipeline(pipeline)
    return plan if run.again is None else pin_versions(plan, load_run(open_lake(), str(run.again.uuid)))


def _is_stop_asked(run: PipelineRun) -> bool:
    return PipelineRun.objects.filter(pk=run.pk, stop_asked_at__isnull=False).exists()


@transaction.atomic
def _end(run: PipelineRun, state: ProcessingState, *, now: datetime, reason: str = "", done: Run | None = None) -> None:
    kept = done or _find_journal(run)
    run.state, run.reason, run.ended_at = state.value, reason[:_REASON], now
    if kept is not None:
        run.engine = f"{kept.engine} {kept.engine_version}"
        run.inputs = [asdict(item) for item in kept.inputs]
        run.outputs = [asdict(item) for item in kept.outputs]
        run.rows_read = sum(item.rows for item in kept.inputs)
        run.rows_written = sum(item.rows for item in kept.outputs)
    kept_now = ["state", "reason", "ended_at", "engine", "inputs", "outputs", "rows_read", "rows_written"]
    run.save(update_fields=kept_now)
    told = {"run": str(run.uuid), "state": state.value, "read": run.rows_read, "written": run.rows_written}
    record(run.author, "resources.process", subject_of(run.pipeline), now=now, details=told)


def _find_journal(run: PipelineRun) -> Run | None:
    try:
        return load_run(open_lake(), str(run.uuid))
    except DataplaneError:  # it did not get as far, or the lake does not answer
        return None
