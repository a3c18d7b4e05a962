"""Processing in the demonstration: standard tables of what the city delivers, and the topic tables that are declared in code.

Run again it changes nothing.
"""

from pathlib import Path
from typing import Final

from django.utils import timezone

from chengshu.cli import demonstration_people as people
from chengshu.kernel.jobs.facade import Job, State
from chengshu.resources.facade import processing, processing_work
from chengshu.resources.facade.processing import RUN_JOB, ProcessingState

PIPELINES: Final = Path(__file__).parent / "demonstration_pipelines"


def load_processing() -> None:
    """Give each resource that was collected a standard table, and carry out what is due."""
    now, steward = timezone.now(), people.find("bianmu")
    collected = processing.list_standardisable(steward, on=timezone.localdate())
    processing.standardise(collected.values_list("pk", flat=True), actor=steward, now=now)
    _carry_out()
    processing_work.sync_declared(now)
    processing_work.order_declared_due(now)
    _carry_out()


def _carry_out() -> None:
    for run in processing.PipelineRun.objects.filter(state=ProcessingState.QUEUED.value).order_by("pk"):
        processing_work.carry_out(run.pk, tell=lambda _stage, _done, _total: None)
    # What was queued on the way was done here.
    queued = Job.objects.filter(kind=RUN_JOB, state=State.QUEUED)
    queued.update(state=State.DONE, finished_at=timezone.now(), message="准备演示数据时已办理")
