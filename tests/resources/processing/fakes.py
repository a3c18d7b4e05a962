"""Pipelines and runs for the tests, with as little said as the database takes."""

from itertools import count

from conftest import NOW

from chengshu.resources.models import DataPipeline, DataResource, LeftOutRow, PipelineRun

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


def add_left_out_rows(pipeline: DataPipeline, rows: int) -> None:
    """Keep rows that stay out of the table that a pipeline's newest run made."""
    run = pipeline.last_run
    assert run is not None
    PipelineRun.objects.filter(pk=run.pk).update(
        left_out=[{"number": 1, "why": "unreadable", "rule": "", "fields": ["nl"], "rows": rows}],
        recipe={"columns": [{"code": "bh", "is_key": True}]},
    )
    DataPipeline.objects.filter(pk=pipeline.pk).update(standing_run=run, unowed_rows=rows, unowed_since=NOW)
    first = run.left_out_rows.count() + 1
    LeftOutRow.objects.bulk_create(
        LeftOutRow(run=run, number=number, reason=1, key=[str(number)], cells=["三"], copies=1)
        for number in range(first, first + rows)
    )
