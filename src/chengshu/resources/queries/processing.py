"""Reads of processing: pipelines, their runs, and resources that could have a standard table."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.jobs import facade as jobs
from chengshu.kernel.organisations import facade as organisations
from chengshu.resources.contracts.catalogue import ResourceState
from chengshu.resources.contracts.collection import DeliveryState
from chengshu.resources.contracts.processing import OPEN_STATES, ProcessingState
from chengshu.resources.errors import PipelineNotFound
from chengshu.resources.models import PROCESS, DataPipeline, DataResource, Delivery, PipelineRun


def list_pipelines(viewer: grants.Viewer, *, on: date) -> QuerySet[DataPipeline]:
    """List the pipelines in sight, unordered, each with its newest run and, as `owner_name`, its department."""
    rows: QuerySet[DataPipeline] = DataPipeline.objects.visible_to(viewer, on=on)
    named: dict[str, Any] = {"owner_name": organisations.name_expression(on, of="resource__department_id")}
    return rows.select_related("last_run", "resource", "standing_run__pipeline__resource").annotate(**named)


def get_pipeline(pipeline_id: int, *, viewer: grants.Viewer, on: date) -> DataPipeline:
    """Return a pipeline in sight.

    Raises:
        PipelineNotFound: there is none in sight.
    """
    found = list_pipelines(viewer, on=on).filter(pk=pipeline_id).first()
    if found is None:
        raise PipelineNotFound(_("没有这个加工任务，或您无权查看。"), pipeline=pipeline_id)
    return found


def list_pipeline_runs(viewer: grants.Viewer, *, on: date, pipeline_id: int | None = None) -> QuerySet[PipelineRun]:
    """List the runs in sight, unordered, all of them or those of one pipeline."""
    rows: QuerySet[PipelineRun] = PipelineRun.objects.visible_to(viewer, on=on)
    if pipeline_id is not None:
        rows = rows.filter(pipeline=pipeline_id)
    return rows.select_related("pipeline__resource", "author", "again", "job")


def get_pipeline_run(uuid: UUID, *, viewer: grants.Viewer, on: date) -> PipelineRun:
    """Return a run in sight.

    Raises:
        PipelineNotFound: there is none in sight.
    """
    found = list_pipeline_runs(viewer, on=on).filter(uuid=uuid).first()
    if found is None:
        raise PipelineNotFound(_("没有这次加工运行，或您无权查看。"), run=str(uuid))
    return found


def may_process(viewer: grants.Viewer, pipeline: DataPipeline, *, on: date) -> bool:
    """Tell whether the viewer may run a pipeline that day; one of no department wants the right anywhere."""
    if pipeline.resource is None:
        return grants.is_permitted_anywhere(viewer, PROCESS, on=on)
    return grants.is_permitted(viewer, PROCESS, pipeline.resource.department_id, on=on)


def list_standardisable(viewer: grants.Viewer, *, on: date) -> QuerySet[DataResource]:
    """List published resources that were collected and have no standard table, where the viewer may process; unordered."""
    rows: QuerySet[DataResource] = DataResource.objects.permitted_to(viewer, PROCESS, on=on)
    collected = Delivery.objects.filter(source__resource=OuterRef("pk"), state=DeliveryState.TAKEN.value)
    named: dict[str, Any] = {"owner_name": organisations.name_expression(on, of="department_id")}
    listed = rows.filter(Exists(collected), state=ResourceState.PUBLISHED.value)
    return listed.exclude(pipeline__is_active=True).annotate(**named)


def list_due() -> QuerySet[DataPipeline]:
    """List the automatic pipelines of resources whose source took a delivery since the newest run began."""
    taken = Delivery.objects.filter(source__resource=OuterRef("resource"), state=DeliveryState.TAKEN.value)
    newer = Exists(taken.filter(ended_at__gt=OuterRef("last_run__queued_at")))
    is_open = Q(last_run__state__in=OPEN_STATES) & ~Q(last_run__job__state__in=jobs.FINAL_STATES)
    since = Q(last_run=None) | (Q(newer) & ~is_open)
    rows: QuerySet[DataPipeline] = DataPipeline.objects.filter(
        Exists(taken), since, is_active=True, is_automatic=True, resource__isnull=False
    )
    return rows


def is_dead(run: PipelineRun) -> bool:
    """Tell whether a run stands open though its work has ended: its worker died too often."""
    return run.state in OPEN_STATES and run.job is not None and run.job.state in jobs.FINAL_STATES


def may_resume(run: PipelineRun) -> bool:
    """Tell whether a run can be gone on with."""
    return (run.state in {ProcessingState.FAILED, ProcessingState.CANCELLED} or is_dead(run)) and not is_outrun(run)


def is_outrun(run: PipelineRun) -> bool:
    """Tell whether its pipeline finished a run that was asked for later: going on would put older rows back."""
    later = PipelineRun.objects.filter(pipeline=run.pipeline_id, again=None, state=ProcessingState.DONE.value)
    return run.again_id is None and later.filter(pk__gt=run.pk).exists()


def compare_repeat(run: PipelineRun) -> tuple[tuple[str, bool], ...]:
    """Tell of each table that a repeated run made whether its rows are those of the run before."""
    if run.again is None or run.state != ProcessingState.DONE:
        return ()
    first = {item["table"]: item["digest"] for item in run.again.outputs}
    return tuple((item["table"], first.get(item["table"]) == item["digest"]) for item in run.outputs)
