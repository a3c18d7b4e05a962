"""A run from the command line: it is carried out here, as the worker would, and may be stopped by Ctrl-C."""

from collections.abc import Callable
from uuid import UUID

from django.utils import timezone

from chengshu.resources.facade import processing, processing_work
from chengshu.resources.facade.processing import OPEN_STATES, DataPipeline, PipelineNotFound, PipelineRun

Tell = Callable[[str, int, int], object]


def run_now(key: str, again: str | None, tell: Tell) -> tuple[PipelineRun, bool]:
    """Carry out the open run of a pipeline, or a new one; tell whether a repeated one gave the same rows.

    Raises:
        PipelineNotFound: there is no such pipeline or run.
        ProcessingRefused, DataplaneError: it could not be done; it is kept as failed.
    """
    processing_work.sync_declared(timezone.now())
    pipeline = DataPipeline.objects.filter(key=key).first()
    if pipeline is None:
        raise PipelineNotFound(f"没有加工任务“{key}”。用 chengshu resources pipelines 看有哪些。")
    run = pipeline.runs.filter(state__in=OPEN_STATES).first()
    if run is None or again is not None:
        run = processing.order_run(pipeline, actor=None, now=timezone.now(), again=_find(pipeline, again))
    done = processing_work.carry_out(run.pk, tell=tell)
    return done, all(is_same for _table, is_same in processing.compare_repeat(done))


def _find(pipeline: DataPipeline, again: str | None) -> PipelineRun | None:
    if again is None:
        return None
    try:
        found = pipeline.runs.filter(uuid=UUID(again)).first()
    except ValueError:
        found = None
    if found is None:
        raise PipelineNotFound(f"这个加工任务没有编号为“{again}”的运行。")
    return found
