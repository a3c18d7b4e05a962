"""Our runs as events of OpenLineage (RunEvent 2-0-2), for catalogues of others and for our own reading."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from chengshu import __version__
from chengshu.dataplane.lineage.columns import ROWS, Column, Reading
from chengshu.dataplane.lineage.events import SUBTYPES, Assertion, Dataset, DatasetNote, EventType, Job

Json = dict[str, Any]

PRODUCER: Final = f"urn:chengshu:{__version__}"
_SPEC: Final = "https://openlineage.io/spec"
_FACETS: Final = {
    "schema": ("1-2-0", "SchemaDatasetFacet", "SchemaDatasetFacet"),
    "columnLineage": ("1-2-0", "ColumnLineageDatasetFacet", "ColumnLineageDatasetFacet"),
    "lineage": ("1-0-0", "LineageFacet", "LineageDatasetFacet"),
    "version": ("1-0-1", "DatasetVersionDatasetFacet", "DatasetVersionDatasetFacet"),
    "inputStatistics": ("1-0-0", "InputStatisticsInputDatasetFacet", "InputStatisticsInputDatasetFacet"),
    "outputStatistics": ("1-0-2", "OutputStatisticsOutputDatasetFacet", "OutputStatisticsOutputDatasetFacet"),
    "dataQualityAssertions": (*("1-1-0", "DataQualityAssertionsDatasetFacet", "DataQualityAssertionsDatasetFacet"),),
    "sql": ("1-1-0", "SQLJobFacet", "SQLJobFacet"),
    "jobType": ("2-0-4", "JobTypeJobFacet", "JobTypeJobFacet"),
    "processing_engine": ("1-1-1", "ProcessingEngineRunFacet", "ProcessingEngineRunFacet"),
    "errorMessage": ("1-0-1", "ErrorMessageRunFacet", "ErrorMessageRunFacet"),
}
"""Each facet's version, file and definition in the published specification."""


@dataclass(frozen=True, slots=True)
class RunNote:
    """What is told of a run: what read, wrote and computed, and where it failed.

    `datasets` gives the dataset of each table name in `reading`; tables that it does not name are not told.
    """

    run_id: UUID
    job: Job
    inputs: tuple[DatasetNote, ...] = ()
    outputs: tuple[DatasetNote, ...] = ()
    datasets: Mapping[str, Dataset] | None = None
    reading: Reading | None = None
    sql: str | None = None
    dialect: str | None = None
    engine: tuple[str, str] | None = None
    """Name and version."""
    error: str | None = None


def run_event(note: RunNote, kind: EventType, *, at: datetime) -> Json:
    """Give the event of a run at an aware moment."""
    facets: Json = {}
    if note.engine is not None:
        facets["processing_engine"] = _facet("processing_engine", name=note.engine[0], version=note.engine[1])
    if note.error is not None:
        facets["errorMessage"] = _facet("errorMessage", message=note.error, programmingLanguage="SQL")
    return {
        "eventType": kind.value,
        "eventTime": at.isoformat(),
        "producer": PRODUCER,
        "schemaURL": f"{_SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent",
        "run": {"runId": str(note.run_id), "facets": facets},
        "job": {"namespace": note.job.namespace, "name": note.job.name, "facets": _job_facets(note)},
        "inputs": [_input(each) for each in note.inputs],
        "outputs": [_output(each, note) for each in note.outputs],
    }


def _facet(facet: str, /, **content: object) -> Json:
    version, file, definition = _FACETS[facet]
    address = f"{_SPEC}/facets/{version}/{file}.json#/$defs/{definition}"
    return {"_producer": PRODUCER, "_schemaURL": address, **content}


def _job_facets(note: RunNote) -> Json:
    facets = {"jobType": _facet("jobType", processingType="BATCH", integration="CHENGSHU", jobType="JOB")}
    if note.sql is not None:
        dialect = {"dialect": note.dialect} if note.dialect is not None else {}
        facets["sql"] = _facet("sql", query=note.sql, **dialect)
    return facets


def _input(note: DatasetNote) -> Json:
    statistics = {"inputStatistics": _facet("inputStatistics", rowCount=note.rows)} if note.rows is not None else {}
    if note.assertions:
        asserted = [_assertion(each) for each in note.assertions]
        statistics["dataQualityAssertions"] = _facet("dataQualityAssertions", assertions=asserted)
    return {**_named(note.dataset), "facets": _dataset_facets(note), "inputFacets": statistics}


def _assertion(said: Assertion) -> Json:
    told = {"assertion": said.kind, "success": said.is_passed, "severity": said.severity, "name": said.name}
    told |= {"description": said.description, "expected": said.expected, "actual": said.actual}
    return told | ({"column": said.column} if said.column is not None else {})


def _output(note: DatasetNote, run: RunNote) -> Json:
    facets = _dataset_facets(note)
    if run.reading is not None:
        facets |= _lineage_facets(note.dataset, run.reading, run.datasets or {})
    statistics = {"outputStatistics": _facet("outputStatistics", rowCount=note.rows)} if note.rows is not None else {}
    return {**_named(note.dataset), "facets": facets, "outputFacets": statistics}


def _named(dataset: Dataset) -> Json:
    return {"namespace": dataset.namespace, "name": dataset.name}


def _dataset_facets(note: DatasetNote) -> Json:
    facets: Json = {}
    if note.columns:
        listed = enumerate(note.columns, 1)
        fields = [{"name": name, "type": kind, "ordinal_position": place} for place, (name, kind) in listed]
        facets["schema"] = _facet("schema", fields=fields)
    if note.version is not None:
        facets["version"] = _facet("version", datasetVersion=note.version)
    return facets


def _lineage_facets(target: Dataset, reading: Reading, datasets: Mapping[str, Dataset]) -> Json:
    """Tell values and conditions by the facet columnLineage, and what hangs on rows alone by the facet lineage."""
    fields: Json = {}
    counted: Json = {}
    for edge in reading.edges:
        if edge.target.table is None or datasets.get(edge.target.table) != target:
            continue
        subtype = SUBTYPES.get(edge.origin.transformation, "IDENTITY")
        listed = _known(edge.origin.sources, datasets)
        acts = [{"type": "DIRECT", "subtype": subtype, "description": "", "masking": False}]
        fields[edge.target.name] = {
            "inputFields": [
                {**_named(dataset), "field": column, "transformations": acts}
                for dataset, column in listed
                if column != ROWS
            ]
        }
        rows = [
            {**_named(dataset), "type": "DATASET", "transformations": acts} for dataset, name in listed if name == ROWS
        ]
        if rows:
            counted[edge.target.name] = {"inputs": rows}
    deciding = _known(reading.rows, datasets)
    acts = [{"type": "INDIRECT", "subtype": "FILTER", "description": "", "masking": False}]
    conditions = [
        {**_named(dataset), "field": name, "transformations": acts} for dataset, name in deciding if name != ROWS
    ]
    read = [
        {**_named(dataset), "type": "DATASET", "transformations": [{"type": "INDIRECT"}]}
        for dataset, name in deciding
        if name == ROWS and dataset != target
    ]
    return {
        "columnLineage": _facet("columnLineage", fields=fields, dataset=conditions),
        "lineage": _facet("lineage", inputs=read, fields=counted),
    }


def _known(columns: Iterable[Column], datasets: Mapping[str, Dataset]) -> Sequence[tuple[Dataset, str]]:
    return [(datasets[column.table], column.name) for column in sorted(columns) if column.table in datasets]
