"""Events built as the published client's own classes, field by field: what they do not know is refused.

The classes are generated from OpenLineage's JSON Schemas, which no package carries. What the schemas ask and the classes
fill in by themselves (producer and schema of every event and facet) is asked for here; nothing is taken for another type.
"""

import types
from collections.abc import Mapping
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

import attr
from openlineage.client.event_v2 import RunEvent
from openlineage.client.facet_v2 import (
    column_lineage_dataset,
    data_quality_assertions_dataset,
    dataset_version_dataset,
    error_message_run,
    input_statistics_input_dataset,
    job_type_job,
    lineage,
    output_statistics_output_dataset,
    processing_engine_run,
    schema_dataset,
    sql_job,
)
from openlineage.client.generated.base import BaseEvent, BaseFacet

FACETS = {
    "schema": schema_dataset.SchemaDatasetFacet,
    "columnLineage": column_lineage_dataset.ColumnLineageDatasetFacet,
    "lineage": lineage.LineageDatasetFacet,
    "version": dataset_version_dataset.DatasetVersionDatasetFacet,
    "inputStatistics": input_statistics_input_dataset.InputStatisticsInputDatasetFacet,
    "outputStatistics": output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet,
    "dataQualityAssertions": data_quality_assertions_dataset.DataQualityAssertionsDatasetFacet,
    "sql": sql_job.SQLJobFacet,
    "jobType": job_type_job.JobTypeJobFacet,
    "processing_engine": processing_engine_run.ProcessingEngineRunFacet,
    "errorMessage": error_message_run.ErrorMessageRunFacet,
}


def build_run_event(event: Mapping[str, Any]) -> RunEvent:
    """Build the client's event; raise AssertionError or TypeError where ours does not fit its classes."""
    built: RunEvent = _build(RunEvent, event)
    return built


def _build(kind: Any, value: Any) -> Any:
    if get_origin(kind) in {Union, types.UnionType}:
        return _build_one_of(get_args(kind), value)
    if get_origin(kind) is Literal:
        assert value in get_args(kind)
        return value
    if get_origin(kind) is list:
        assert isinstance(value, list)
        return [_build(get_args(kind)[0], each) for each in value]
    if get_origin(kind) is dict:
        assert isinstance(value, dict)
        return {name: _build(FACETS.get(name, get_args(kind)[1]), each) for name, each in value.items()}
    if attr.has(kind):
        return _build_class(kind, value)
    return _build_plain(kind, value)


def _build_plain(kind: Any, value: Any) -> Any:
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    assert type(value) is kind or (kind is float and type(value) is int), value
    return value


def _build_one_of(kinds: tuple[Any, ...], value: Any) -> Any:
    if value is None:
        assert type(None) in kinds
        return None
    faults = []
    for kind in kinds:
        try:
            return _build(kind, value)
        except (AssertionError, TypeError) as fault:
            faults.append(str(fault))
    raise AssertionError(faults)


def _build_class(kind: Any, value: Any) -> Any:
    assert isinstance(value, dict)
    given = dict(value)
    marked = {"_producer", "_schemaURL"} if issubclass(kind, BaseFacet) else {"producer", "schemaURL"}
    if issubclass(kind, BaseFacet | BaseEvent):
        assert marked <= set(given), marked - set(given)
        assert all(urlsplit(given[name]).scheme for name in marked)
    address = given.pop("_schemaURL", None) or given.pop("schemaURL", None)
    hints = get_type_hints(kind)
    fields = {field.name: field for field in attr.fields(kind)}
    assert set(given) <= set(fields), set(given) - set(fields)
    arguments = {fields[name].alias: _build(hints[name], each) for name, each in given.items()}
    built = kind(**arguments)
    if address is not None:
        assert address == kind._get_schema()  # noqa: SLF001 - the only place that the client keeps it
    return built


def without_empties(value: Any) -> Any:
    """Leave out what the client fills in for what was not said."""
    if isinstance(value, Mapping):
        kept = {name: without_empties(each) for name, each in value.items()}
        return {name: each for name, each in kept.items() if each not in ({}, [], None)}
    return [without_empties(each) for each in value] if isinstance(value, list) else value
