"""Events of OpenLineage that others send, read part by part: what they say of a run, its datasets and columns."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from chengshu.dataplane.errors import EventUnreadable
from chengshu.dataplane.lineage.columns import ROWS, Transformation
from chengshu.dataplane.lineage.events import ROW_SUBTYPES, SUBTYPES, Dataset, EventType, Job

_WAYS = {subtype: way for way, subtype in SUBTYPES.items()}
_LONGEST_NAME = 1000


@dataclass(frozen=True, slots=True)
class FieldEdge:
    """A source field of a target field, both by dataset; ROWS stands for the whole; `way` None decides rows."""

    source: Dataset
    source_field: str
    target: Dataset
    target_field: str
    way: Transformation | None


@dataclass(frozen=True, slots=True)
class Event:
    """What one event says. `links` are other names of a dataset, `faults` the facets that could not be read.

    `run_id` is None for events of a job or dataset alone; `job` is None for those of a dataset.
    """

    kind: EventType
    at: datetime
    run_id: UUID | None
    job: Job | None
    inputs: frozenset[Dataset]
    outputs: frozenset[Dataset]
    edges: tuple[FieldEdge, ...]
    told_outputs: frozenset[Dataset]
    """Outputs whose rows this event tells the sources of, beyond the plain lists of inputs and outputs."""
    links: tuple[tuple[Dataset, Dataset], ...]
    faults: tuple[str, ...]


def read_event(event: object) -> Event:
    """Read an event that was posted, of a run, a job or a dataset.

    What belongs to no known facet is passed over; a facet of another form is told among the faults. Raises
    EventUnreadable, naming the place, when the event itself is not in the published form.
    """
    body = _mapping(event, "")
    reader = _Reader()
    is_of_run = "run" in body
    dataset = [body["dataset"]] if "dataset" in body and "job" not in body else []
    inputs = [reader.read_dataset(each, f"inputs/{place}") for place, each in _listed(body, "inputs")]
    outputs = [reader.read_dataset(each, f"outputs/{place}") for place, each in _listed(body, "outputs")]
    for each in dataset:
        reader.read_dataset(each, "dataset")
    return Event(
        kind=_kind(body.get("eventType"), is_of_run=is_of_run),
        at=_moment(body.get("eventTime")),
        run_id=_run_id(_mapping(body["run"], "run").get("runId")) if is_of_run else None,
        job=None if dataset else _job(body.get("job")),
        inputs=frozenset(inputs),
        outputs=frozenset(outputs),
        edges=tuple(dict.fromkeys(reader.edges)),
        told_outputs=frozenset(reader.told),
        links=tuple(dict.fromkeys(reader.links)),
        faults=tuple(reader.faults),
    )


class _Reader:
    """Reads the datasets of one event, and collects what their facets say."""

    def __init__(self) -> None:
        self.edges: list[FieldEdge] = []
        self.told: set[Dataset] = set()
        self.links: list[tuple[Dataset, Dataset]] = []
        self.faults: list[str] = []

    def read_dataset(self, value: object, place: str) -> Dataset:
        body = _mapping(value, place)
        dataset = Dataset(_text(body, "namespace", place), _text(body, "name", place))
        facets = body.get("facets")
        for name, read in (
            ("symlinks", self._read_links),
            ("columnLineage", self._read_column_lineage),
            ("lineage", self._read_lineage),
        ):
            facet = facets.get(name) if isinstance(facets, Mapping) else None
            if facet is None or (isinstance(facet, Mapping) and facet.get("_deleted") is True):
                continue
            try:
                read(dataset, _mapping(facet, f"{place}/facets/{name}"), f"{place}/facets/{name}")
            except EventUnreadable as fault:
                self.faults.append(fault.message)
        return dataset

    def _read_links(self, dataset: Dataset, facet: Mapping[str, Any], place: str) -> None:
        for number, each in _listed(facet, "identifiers", place):
            at = f"{place}/identifiers/{number}"
            body = _mapping(each, at)
            other = Dataset(_text(body, "namespace", at), _text(body, "name", at))
            if str(body.get("type", "")).upper() == "TABLE" and other != dataset:
                self.links.append((dataset, other))

    def _read_column_lineage(self, dataset: Dataset, facet: Mapping[str, Any], place: str) -> None:
        edges: list[FieldEdge] = []
        for name, each in _mapping(facet.get("fields", {}), f"{place}/fields").items():
            at = f"{place}/fields/{name}"
            body = _mapping(each, at)
            for number, source in _listed(body, "inputFields", at):
                edges += self._edges_of(source, dataset, name, f"{at}/inputFields/{number}", body)
        for number, source in _listed(facet, "dataset", place):
            found = self._edges_of(source, dataset, ROWS, f"{place}/dataset/{number}", {})
            edges += [FieldEdge(edge.source, edge.source_field, dataset, ROWS, None) for edge in found]
        self.edges += edges

    def _read_lineage(self, dataset: Dataset, facet: Mapping[str, Any], place: str) -> None:
        edges: list[FieldEdge] = []
        for number, source in _listed(facet, "inputs", place):
            found = self._edges_of(source, dataset, ROWS, f"{place}/inputs/{number}", {})
            edges += [FieldEdge(edge.source, edge.source_field, dataset, ROWS, None) for edge in found]
        for name, each in _mapping(facet.get("fields", {}), f"{place}/fields").items():
            at = f"{place}/fields/{name}"
            body = _mapping(each, at)
            for number, source in _listed(body, "inputs", at):
                edges += self._edges_of(source, dataset, name, f"{at}/inputs/{number}", body)
        if isinstance(facet.get("inputs"), list):
            self.told.add(dataset)
        self.edges += edges

    def _edges_of(
        self, value: object, target: Dataset, field: str, place: str, around: Mapping[str, Any]
    ) -> Iterator[FieldEdge]:
        body = _mapping(value, place)
        if body.get("type") == "JOB":  # a job that feeds a table without a dataset of its own
            return
        source = Dataset(_text(body, "namespace", place), _text(body, "name", place))
        name = _text(body, "field", place) if "field" in body else ROWS
        for way in dict.fromkeys(_ways(body, around, place)):
            yield FieldEdge(source, name, target, ROWS if way is None else field, way)


def _ways(body: Mapping[str, Any], around: Mapping[str, Any], place: str) -> Iterator[Transformation | None]:
    """Give how a source acts; what is not said counts as a computation."""
    listed = [
        _mapping(each, f"{place}/transformations/{number}") for number, each in _listed(body, "transformations", place)
    ]
    if not listed:
        is_same = around.get("transformationType") == "IDENTITY"  # as it was said before version 1-1
        yield Transformation.IDENTITY if is_same else Transformation.EXPRESSION
    for each in listed:
        subtype = str(each.get("subtype") or "").upper()
        if str(each.get("type") or "").upper() == "INDIRECT" and (not subtype or subtype in ROW_SUBTYPES):
            yield None
        else:
            yield _WAYS.get(subtype, Transformation.EXPRESSION)


def _mapping(value: object, place: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise EventUnreadable(f"血缘事件的 {place or '整体'} 应当是一个对象", place=place)
    return value


def _listed(body: Mapping[str, Any], name: str, place: str = "") -> Iterator[tuple[int, object]]:
    value = body.get(name)
    if value is None:
        return
    if not isinstance(value, list):
        at = f"{place}/{name}".strip("/")
        raise EventUnreadable(f"血缘事件的 {at} 应当是一个列表", place=at)
    yield from enumerate(value)


def _text(body: Mapping[str, Any], name: str, place: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value or len(value) > _LONGEST_NAME:
        at = f"{place}/{name}".strip("/")
        raise EventUnreadable(f"血缘事件的 {at} 应当是文字，不超过 {_LONGEST_NAME} 个字", place=at)
    return value


def _kind(value: object, *, is_of_run: bool) -> EventType:
    if value is None:
        return EventType.OTHER if is_of_run else EventType.COMPLETE
    if not isinstance(value, str) or value.upper() not in EventType.__members__:
        raise EventUnreadable(f"血缘事件的 eventType 应当是 {'、'.join(EventType)} 之一", place="eventType")
    return EventType(value.upper())


def _moment(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    except ValueError as error:
        raise EventUnreadable("血缘事件的 eventTime 应当是 ISO 8601 的时刻", place="eventTime") from error


def _run_id(value: object) -> UUID:
    try:
        return UUID(str(value))
    except ValueError as error:
        raise EventUnreadable("血缘事件的 run/runId 应当是 UUID", place="run/runId") from error


def _job(value: object) -> Job:
    body = _mapping(value, "job")
    return Job(_text(body, "namespace", "job"), _text(body, "name", "job"))
