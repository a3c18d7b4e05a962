"""Pipelines and runs for the tests, with as little said as the database takes."""

from itertools import count

from conftest import NOW

from chengshu.resources.models import DataPipeline, DataResource, PipelineRun

_numbers = count(1)


def add_pipeline(resource: DataResource) -> DataPipeline:
    """Keep the pipeline of a resource's standard table."""
    number = next(_numbers)
    return DataPipeline.objects.create(
        key=f"standard:{resource.pk}",
        kind="standard",
        title=f"标准化：{resource.name}{number}",
        resource=resource,
        outputs=[f"standard/表{number}"],
        created_at=NOW,
    )


def add_pipeline_run(pipeline: DataPipeline) -> PipelineRun:
    """Keep a run that is done."""
    run = PipelineRun.objects.create(
        pipeline=pipeline, trigger="automatic", state="done", queued_at=NOW, started_at=NOW, ended_at=NOW
    )
    DataPipeline.objects.filter(pk=pipeline.pk).update(last_run=run)
    return run
