"""The door of processing: pipelines, their runs, standard tables."""

from chengshu.resources.contracts.processing import OPEN_STATES, PipelineKind, ProcessingState, Trigger
from chengshu.resources.errors import PipelineNotFound, ProcessingRefused, ResourceNotFound
from chengshu.resources.models import PROCESS, SEE_PROCESSING, DataPipeline, PipelineRun
from chengshu.resources.operations.processing import (
    RUN_JOB,
    ask_run,
    order_run,
    remove_pipeline,
    repeat_run,
    resume_run,
    standardise,
    stop_run,
    switch_pipeline,
)
from chengshu.resources.queries.processing import (
    compare_repeat,
    get_pipeline,
    get_pipeline_run,
    is_dead,
    list_pipeline_runs,
    list_pipelines,
    list_standardisable,
    may_process,
    may_resume,
)

__all__ = [
    "OPEN_STATES",
    "PROCESS",
    "RUN_JOB",
    "SEE_PROCESSING",
    "DataPipeline",
    "PipelineKind",
    "PipelineNotFound",
    "PipelineRun",
    "ProcessingRefused",
    "ProcessingState",
    "ResourceNotFound",
    "Trigger",
    "ask_run",
    "compare_repeat",
    "get_pipeline",
    "get_pipeline_run",
    "is_dead",
    "list_pipeline_runs",
    "list_pipelines",
    "list_standardisable",
    "may_process",
    "may_resume",
    "order_run",
    "remove_pipeline",
    "repeat_run",
    "resume_run",
    "standardise",
    "stop_run",
    "switch_pipeline",
]
