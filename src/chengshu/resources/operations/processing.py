"""Pipelines of the house are set up, switched and asked to run; the work itself is done by a job (`processing_runs`)."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.jobs import facade as jobs
from chengshu.resources.contracts.processing import OPEN_STATES, PipelineKind, ProcessingState, Trigger
from chengshu.resources.errors import ProcessingRefused, ResourceNotFound
from chengshu.resources.models import PROCESS, DataPipeline, DataResource, PipelineRun
from chengshu.resources.queries.processing import (
    get_pipeline,
    get_pipeline_run,
    is_dead,
    is_outrun,
    list_due,
    list_standardisable,
    may_resume,
)
from chengshu.resources.rules.lake_tables import lake_table_name

if TYPE_CHECKING:
    from uuid import UUID

    from chengshu.resources.pipelines.declared import Declared

RUN_JOB = "resources.run_pipeline"
_ONCE = 200
"""So many runs are asked for at one time of the clock; the next ones follow minutes later."""


@transaction.atomic
def standardise(resource_ids: Iterable[int], *, actor: User, now: datetime) -> list[DataPipeline]:
    """Give resources a standard table each, made whenever they are delivered; the first runs are asked for at once.

    Those that have one already are left as they are; one that was given up is taken up again.

    Raises:
        ResourceNotFound: one of them was not collected, is not published, or the actor may not process it.
    """
    wanted = set(resource_ids)
    found = list(list_standardisable(actor, on=localdate(now)).filter(pk__in=wanted).order_by("code"))
    standing = DataPipeline.objects.visible_to(actor, on=localdate(now)).filter(resource__in=wanted, is_active=True)
    missing = wanted - {one.pk for one in found} - set(standing.values_list("resource_id", flat=True))
    if missing:
        message = _("有的数据资源不能标准化：它没有发布、还没有归集过，或不归您加工。")
        raise ResourceNotFound(message, resource=min(missing))
    return [_set_up(resource, actor=actor, now=now) for resource in found]


def _set_up(resource: DataResource, *, actor: User, now: datetime) -> DataPipeline:
    outputs = [f"standard/{lake_table_name(resource.code)}"]
    told = {
        "kind": PipelineKind.STANDARD.value,
        "title": f"标准化：{resource.name}"[:200],
        "purpose": f"把“{resource.name}”里合格的行按编目的类型放进标准区。",
        "key": f"standard:{resource.pk}",
        "outputs": outputs,
        "is_active": True,
        "is_automatic": True,
    }
    pipeline, _is_new = DataPipeline.objects.update_or_create(
        resource=resource, defaults=told, create_defaults=told | {"created_at": now, "author": actor}
    )
    record(actor, "resources.set_up_pipeline", subject_of(pipeline), now=now, details={"outputs": outputs})
    order_run(pipeline, actor=actor, now=now)
    pipeline.refresh_from_db()
    return pipeline


@transaction.atomic
def keep_declared(declared: Iterable["Declared"], *, is_whole: bool, now: datetime) -> None:
    """Bring the pipelines that are declared in code in step with it; those whose code is gone run no more.

    While not all files can be read, `is_whole` is false and none is taken for gone.
    """
    keys = set()
    for one in declared:
        name = one.plan.pipeline.name
        keys.add(f"declared:{name}")
        told = {
            "title": name[:200],
            "purpose": one.plan.purpose[:500],
            "outputs": [str(output.table) for output in one.plan.outputs],
            "is_active": True,
        }
        known = DataPipeline.objects.filter(key=f"declared:{name}")
        if not known.filter(**told).exists():
            first = told | {"kind": PipelineKind.DECLARED.value, "created_at": now}
            kept, _is_new = DataPipeline.objects.update_or_create(
                key=f"declared:{name}", defaults=told, create_defaults=first
            )
            record(None, "resources.set_up_pipeline", subject_of(kept), now=now, details={"file": one.file})
    gone = DataPipeline.objects.filter(kind=PipelineKind.DECLARED.value, is_active=True).exclude(key__in=keys)
    for pipeline in gone if is_whole else ():
        DataPipeline.objects.filter(pk=pipeline.pk).update(is_active=False)
        record(None, "resources.remove_pipeline", subject_of(pipeline), now=now)


@transaction.atomic
def switch_pipeline(pipeline_id: int, *, is_automatic: bool, actor: User, now: datetime) -> DataPipeline:
    """Say whether a pipeline runs by itself when its inputs have a new version.

    Raises:
        PipelineNotFound, PermissionRefused: not in sight, or not the actor's to run.
    """
    pipeline = _lock(pipeline_id, actor=actor, now=now)
    if pipeline.is_automatic != is_automatic:
        before = {"is_automatic": pipeline.is_automatic}
        pipeline.is_automatic = is_automatic
        pipeline.save(update_fields=["is_automatic"])
        after = {"is_automatic": is_automatic}
        record(actor, "resources.switch_pipeline", subject_of(pipeline), now=now, before=before, after=after)
    return pipeline


@transaction.atomic
def remove_pipeline(pipeline_id: int, *, actor: User, now: datetime) -> DataPipeline:
    """Give a resource's standard table up: it is made no more; its versions and runs stay.

    Raises:
        PipelineNotFound, PermissionRefused: not in sight, or not the actor's to run.
        ProcessingRefused: it is declared in code, or runs now.
    """
    pipeline = _lock(pipeline_id, actor=actor, now=now)
    if pipeline.kind != PipelineKind.STANDARD:
        raise ProcessingRefused(_("这个加工任务写在代码里，请从加工管道的目录中去掉它。"))
    if pipeline.runs.filter(state__in=OPEN_STATES).exists():
        raise ProcessingRefused(_("它正在运行。请先停止运行，再取消。"))
    if pipeline.is_active:
        pipeline.is_active = False
        pipeline.save(update_fields=["is_active"])
        record(actor, "resources.remove_pipeline", subject_of(pipeline), now=now)
    return pipeline


def ask_run(pipeline_id: int, *, actor: User, now: datetime) -> PipelineRun:
    """Ask for a run of a pipeline over the newest versions; one that waits or runs already is given instead.

    Raises:
        PipelineNotFound, PermissionRefused: not in sight, or not the actor's to run.
        ProcessingRefused: it was given up.
    """
    pipeline = get_pipeline(pipeline_id, viewer=actor, on=localdate(now))
    _require(pipeline, actor, now)
    return order_run(pipeline, actor=actor, now=now)


def repeat_run(uuid: "UUID", *, actor: User, now: datetime) -> PipelineRun:
    """Ask for a finished run once more over the very versions that it read; its rows must come out the same.

    Raises:
        PipelineNotFound, PermissionRefused: not in sight, or not the actor's to run.
        ProcessingRefused: it did not finish, or its pipeline was given up.
    """
    first = get_pipeline_run(uuid, viewer=actor, on=localdate(now))
    _require(first.pipeline, actor, now)
    if first.state != ProcessingState.DONE:
        raise ProcessingRefused(_("只有做完的运行才能照原版本重做；没有做完的请继续。"))
    return order_run(first.pipeline, actor=actor, now=now, again=first)


@transaction.atomic
def order_run(
    pipeline: DataPipeline, *, actor: User | None, now: datetime, again: PipelineRun | None = None
) -> PipelineRun:
    """Queue a run; the one that is open is given instead. The right was looked at by the caller.

    Raises:
        ProcessingRefused: the pipeline was given up.
    """
    locked = DataPipeline.objects.select_for_update().get(pk=pipeline.pk)
    if not locked.is_active:
        raise ProcessingRefused(_("这个加工任务已取消，或它的代码已不在目录里。"))
    if standing := locked.runs.filter(state__in=OPEN_STATES).select_related("job").first():
        if not is_dead(standing):
            return standing
        told = {"state": ProcessingState.CANCELLED.value, "reason": _("处理程序中断或任务已取消，由后来的运行接替。")}
        PipelineRun.objects.filter(pk=standing.pk).update(ended_at=now, **told)
    trigger = Trigger.REPEAT if again else Trigger.PERSON if actor else Trigger.AUTOMATIC
    try:
        with transaction.atomic():
            run = PipelineRun.objects.create(
                pipeline=locked, trigger=trigger.value, again=again, author=actor, queued_at=now
            )
    except IntegrityError:  # databases without row locks: somebody else was quicker
        return locked.runs.get(state__in=OPEN_STATES)
    run.job = jobs.enqueue_job(RUN_JOB, payload={"run": run.pk}, owner=actor, now=now)
    run.save(update_fields=["job"])
    if again is None:  # a repeat writes nothing: the newest run is still the one before
        locked.last_run = run
        locked.save(update_fields=["last_run"])
    if actor is not None:
        details = {"run": str(run.uuid)} | ({"again": str(again.uuid)} if again else {})
        record(actor, "resources.order_run", subject_of(locked), now=now, details=details)
    return run


@transaction.atomic
def stop_run(uuid: "UUID", *, actor: User, now: datetime) -> PipelineRun:
    """Ask a run to stop: one that waits ends at once, a running one at its next asking, an ended one stays.

    Raises:
        PipelineNotFound, PermissionRefused: not in sight, or not the actor's to run.
    """
    run = get_pipeline_run(uuid, viewer=actor, on=localdate(now))
    _require(run.pipeline, actor, now)
    waiting = PipelineRun.objects.filter(pk=run.pk, state=ProcessingState.QUEUED.value)
    told = {"stop_asked_at": now, "reason": _("开始之前已停止。"), "ended_at": now}
    if not waiting.update(state=ProcessingState.CANCELLED.value, **told):
        running = PipelineRun.objects.filter(pk=run.pk, state=ProcessingState.RUNNING.value, stop_asked_at=None)
        if not running.update(stop_asked_at=now):
            return run
    record(actor, "resources.stop_run", subject_of(run.pipeline), now=now, details={"run": str(run.uuid)})
    run.refresh_from_db()
    return run


@transaction.atomic
def resume_run(uuid: "UUID", *, actor: User, now: datetime) -> PipelineRun:
    """Go on with a run that failed, was stopped, or whose worker died, over the versions that it began with.

    Raises:
        PipelineNotFound, PermissionRefused: not in sight, or not the actor's to run.
        ProcessingRefused: it is done, it is still under way, or another run of its pipeline is.
    """
    run = get_pipeline_run(uuid, viewer=actor, on=localdate(now))
    _require(run.pipeline, actor, now)
    DataPipeline.objects.select_for_update().get(pk=run.pipeline_id)
    run = PipelineRun.objects.select_related("job", "pipeline").get(pk=run.pk)
    if is_outrun(run):
        raise ProcessingRefused(_("这个加工任务后来又运行过，继续会把旧的行放回去。请重新运行。"))
    if not may_resume(run):
        raise ProcessingRefused(_("它还在进行，或已经做完，不用继续。"))
    if run.pipeline.runs.filter(state__in=OPEN_STATES).exclude(pk=run.pk).exists():
        raise ProcessingRefused(_("这个加工任务有另一次运行还没有结束。请等它结束，或先停止它。"))
    if not run.pipeline.is_active:
        raise ProcessingRefused(_("这个加工任务已取消，或它的代码已不在目录里。"))
    run.state, run.ended_at, run.stop_asked_at, run.reason = ProcessingState.QUEUED.value, None, None, ""
    run.job = jobs.enqueue_job(RUN_JOB, payload={"run": run.pk}, owner=actor, now=now)
    run.save(update_fields=["state", "ended_at", "stop_asked_at", "reason", "job"])
    record(actor, "resources.order_run", subject_of(run.pipeline), now=now, details={"resumed": str(run.uuid)})
    return run


def order_due(now: datetime) -> int:
    """Ask for a run of each automatic pipeline of a resource that was delivered since; return how many."""
    due = list(list_due().order_by("pk")[:_ONCE])
    for pipeline in due:
        order_run(pipeline, actor=None, now=now)
    return len(due)


def subject_of(pipeline: DataPipeline) -> str:
    """Give the name of a pipeline in the audit."""
    return f"pipeline:{pipeline.pk}"


def _lock(pipeline_id: int, *, actor: User, now: datetime) -> DataPipeline:
    _require(get_pipeline(pipeline_id, viewer=actor, on=localdate(now)), actor, now)
    pipeline: DataPipeline = DataPipeline.objects.select_for_update().get(pk=pipeline_id)
    return pipeline


def _require(pipeline: DataPipeline, actor: User, now: datetime) -> None:
    """Pass if the actor may run the pipeline; one of no department wants the right anywhere."""
    if pipeline.resource is None:
        grants.require_anywhere(actor, PROCESS, on=localdate(now))
    else:
        grants.require(actor, PROCESS, pipeline.resource.department_id, on=localdate(now))
