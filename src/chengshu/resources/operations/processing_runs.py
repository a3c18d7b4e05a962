"""Carries pipelines out: the lake's journal keeps every step, the database how the run stands. Heavy to import."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chengshu.base.errors import ChengshuError
from chengshu.dataplane.errors import CancelAsked, DataplaneError, EngineFault, LakeTableUnknown
from chengshu.dataplane.lake.places import Lake, TableName
from chengshu.dataplane.lake.reading import list_snapshots
from chengshu.dataplane.runs.contracts import Plan, Run
from chengshu.dataplane.runs.journal import load_run
from chengshu.dataplane.runs.running import Watch, pin_versions, rehearse_plan, run_plan, tell_reason
from chengshu.kernel.audit.facade import record
from chengshu.kernel.jobs import facade as jobs
from chengshu.resources.contracts.processing import (
    OPEN_STATES,
    PipelineKind,
    ProcessingState,
    read_recipe,
    write_recipe,
)
from chengshu.resources.errors import ProcessingRefused, RunStopped
from chengshu.resources.models import DataPipeline, PipelineRun
from chengshu.resources.operations.left_out import find_left_out, keep_left_out
from chengshu.resources.operations.processing import keep_declared, order_run, subject_of
from chengshu.resources.pipelines.declared import read_folder
from chengshu.resources.pipelines.left_out import LeftOut
from chengshu.resources.pipelines.measuring import WRITES
from chengshu.resources.pipelines.standardising import standard_plan
from chengshu.resources.queries.lake import open_lake
from chengshu.resources.queries.pipeline_plans import plan_of_pipeline
from chengshu.resources.queries.processing import is_dead, is_outrun
from chengshu.resources.queries.recipes import find_recipe

Tell = Callable[[str, int, int], object]
"""Told of progress: stage, done, total."""
_REASON = 500
_TRIED_AGAIN = timedelta(hours=1)
_LOOKED_BACK = 50
"""So many versions back the newest that changed rows is looked for."""
_log = structlog.get_logger(__name__)


def carry_out(
    run_id: int,
    *,
    tell: Tell,
    is_cancelled: Callable[[], bool] = lambda: False,
    job: UUID | None = None,
    clock: Callable[[], datetime] = timezone.now,
) -> PipelineRun:
    """Carry a queued run out, or go on with one whose worker died; one that has ended is given as it is.

    `is_cancelled` and `tell` are called in the caller's thread. A repeat commits nothing: it tells what its rows are.

    Raises:
        RunStopped: somebody asked to stop, or another worker or run took over.
        ProcessingRefused, DataplaneError: it could not be done; kept as failed with the reason.
    """
    run = _begin(run_id, job, clock())
    if run is None:
        return PipelineRun.objects.get(pk=run_id)
    watch = Watch(tell, is_cancelled=lambda: is_cancelled() or _is_over(run))
    try:
        done, left_out = _work(run, watch)
    except CancelAsked as fault:
        _end(run, ProcessingState.CANCELLED, reason=fault.message, now=clock())
        raise RunStopped(fault.message, run=str(run.uuid)) from fault
    except DataplaneError as fault:
        _log.warning("pipeline_run_failed", run=str(run.uuid), reason=fault.message)
        reason = tell_reason(fault)
        _end(run, ProcessingState.FAILED, reason=reason, now=clock())
        if isinstance(fault, EngineFault):
            raise ProcessingRefused(reason, run=str(run.uuid)) from fault
        raise
    except Exception as fault:
        told = fault.message if isinstance(fault, ChengshuError) else _("程序出错，没有做完；请把运行编号告诉管理员。")
        _end(run, ProcessingState.FAILED, reason=told, now=clock())
        raise
    _end(run, ProcessingState.DONE, done=done, left_out=left_out, now=clock())
    return run


def _work(run: PipelineRun, watch: Watch) -> tuple[Run, LeftOut | None]:
    """Do the work; tell also which rows stayed out of a standard table that was made."""
    lake, actor = open_lake(), str(run.author_id or "")
    plan = _plan_of(run)
    with settings.ENGINE.opened(store=None if lake.is_local else lake.options) as engine:
        if run.again is not None:
            return rehearse_plan(plan, engine, lake, run_id=str(run.uuid), actor=actor, watch=watch), None
        done = run_plan(plan, engine, lake, run_id=str(run.uuid), actor=actor, watch=watch)
        if run.pipeline.kind != PipelineKind.STANDARD:
            return done, None
        return done, find_left_out(read_recipe(run.recipe), plan, done, engine, lake, watch)


def sync_declared(now: datetime) -> tuple[str, ...]:
    """Bring the pipelines declared in code in step; return what is wrong with their files."""
    folder = read_folder(settings.PIPELINES_DIR)
    keep_declared(folder.plans, is_whole=not folder.faults, now=now)
    return folder.faults


def order_declared_due(now: datetime) -> int:
    """Ask for a run of each automatic pipeline of the code whose inputs were written since it read them; how many.

    One that failed before it could read is tried again after an hour; inputs that name their version never change.
    """
    ordered = 0
    waiting = DataPipeline.objects.filter(kind=PipelineKind.DECLARED.value, is_active=True, is_automatic=True)
    for pipeline in waiting.select_related("last_run__job").order_by("pk"):
        declared = read_folder(settings.PIPELINES_DIR).find(pipeline.key.removeprefix("declared:"))
        try:
            if declared is not None and _is_due(pipeline.last_run, declared.plan, now):
                order_run(pipeline, actor=None, now=now)
                ordered += 1
        except LakeTableUnknown:  # not all of its inputs are there yet
            continue
        except DataplaneError as fault:
            _log.warning("pipeline_not_ordered", pipeline=pipeline.key, reason=fault.message)
    return ordered


def _is_due(last: PipelineRun | None, plan: Plan, now: datetime) -> bool:
    lake = open_lake()
    newest = {str(one.table): _newest_write(lake, one.table) for one in plan.inputs.values() if one.version is None}
    if last is None:
        return True
    if last.state in OPEN_STATES and not is_dead(last):
        return False
    if not last.inputs:
        return last.queued_at < now - _TRIED_AGAIN
    read = {item["table"]: item["version"] for item in last.inputs}
    return any(read.get(table, -1) < version for table, version in newest.items())


def _newest_write(lake: Lake, table: TableName) -> int:
    """Give the newest version that changed rows: upkeep makes versions too."""
    found = list_snapshots(lake, table, limit=_LOOKED_BACK)
    return next((one.version for one in found if one.operation in WRITES), found[-1].version)


@transaction.atomic
def _begin(run_id: int, job: UUID | None, now: datetime) -> PipelineRun | None:
    """Take the run on; None when it has ended, or belongs to another job that lives. A failed one is tried again."""
    rows = PipelineRun.objects.select_for_update(of=("self",)).select_related("pipeline", "author", "again", "job")
    run = rows.get(pk=run_id)
    is_other = job is not None and run.job is not None and run.job.uuid != job
    if is_other and run.job is not None and run.job.state not in jobs.FINAL_STATES:
        return None
    if run.state in {ProcessingState.DONE, ProcessingState.CANCELLED} or is_outrun(run):
        return None
    run.state, run.started_at, run.ended_at, run.reason = ProcessingState.RUNNING.value, run.started_at or now, None, ""
    run.save(update_fields=["state", "started_at", "ended_at", "reason"])
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
        if run.again is None:  # the entry's code may be another than when it was set up
            DataPipeline.objects.filter(pk=pipeline.pk).update(outputs=[recipe.target])
    else:
        plan = plan_of_pipeline(pipeline)
    return plan if run.again is None else pin_versions(plan, load_run(open_lake(), str(run.again.uuid)))


def _is_over(run: PipelineRun) -> bool:
    """Tell whether somebody asked to stop, or the run was ended or taken over by another."""
    mine = PipelineRun.objects.filter(pk=run.pk, state=ProcessingState.RUNNING.value, stop_asked_at=None)
    return not mine.filter(job=run.job_id).exists()


@transaction.atomic
def _end(
    run: PipelineRun,
    state: ProcessingState,
    *,
    now: datetime,
    reason: str = "",
    done: Run | None = None,
    left_out: LeftOut | None = None,
) -> None:
    """Keep how the run ended, unless it was ended or taken over meanwhile."""
    mine = PipelineRun.objects.select_for_update().filter(pk=run.pk, state=ProcessingState.RUNNING.value)
    if not mine.filter(job=run.job_id).exists():
        run.refresh_from_db()
        return
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
    if left_out is not None:
        keep_left_out(run, left_out, now=now)
    told = {"run": str(run.uuid), "state": state.value, "read": run.rows_read, "written": run.rows_written}
    record(run.author, "resources.process", subject_of(run.pipeline), now=now, details=told)


def _find_journal(run: PipelineRun) -> Run | None:
    try:
        return load_run(open_lake(), str(run.uuid))
    except DataplaneError:  # it did not get as far, or the lake does not answer
        return None
