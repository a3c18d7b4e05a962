"""What the events of a run say together: they come in any order, each with a part, some of them twice."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from chengshu.dataplane.lineage.columns import ROWS, Column
from chengshu.dataplane.lineage.events import ENDED_BADLY, Dataset, EventType, Job
from chengshu.dataplane.lineage.events_in import Event, FieldEdge
from chengshu.dataplane.lineage.graph import GraphEdge

NameTable = Callable[[Dataset], str]


@dataclass(frozen=True, slots=True)
class RunStory:
    """What became of a run, and the edges that it made; none when it ended badly."""

    job: Job | None
    kind: EventType
    edges: tuple[GraphEdge, ...]
    tables: tuple[str, ...]
    """Every table that the run read or wrote, by name."""


def plain_name(dataset: Dataset) -> str:
    """Name a table by its dataset's name alone: for catalogues where these are unique."""
    return dataset.name


def full_name(dataset: Dataset) -> str:
    """Name a table by namespace and name."""
    return f"{dataset.namespace}/{dataset.name}"


def tell_story(events: Iterable[Event], *, name: NameTable = full_name) -> RunStory:
    """Put the events of one run (or of one job without runs) together.

    A dataset with a symbolic link to a table goes by the table's name, whichever event said so. What one event says
    of an output's columns counts with what the others say. Without column lineage an output's rows still come from
    the rows of all inputs.
    """
    told = sorted(set(events), key=lambda event: (event.at, event.kind))
    kind = _state_of(told)
    links = dict(link for event in told for link in event.links)
    inputs = frozenset().union(*(event.inputs for event in told))
    outputs = frozenset().union(*(event.outputs for event in told))

    def table_of(dataset: Dataset) -> str:
        return name(links.get(dataset, dataset))

    tables = tuple(sorted({table_of(dataset) for dataset in inputs | outputs}))
    job = next((event.job for event in told if event.job is not None), None)
    if kind in ENDED_BADLY:
        return RunStory(job, kind, (), tables)
    explicit = frozenset().union(*(event.told_outputs for event in told))
    plain = [
        FieldEdge(source, ROWS, target, ROWS, None)
        for target in outputs - explicit
        for source in inputs
        if source != target
    ]
    edges = {
        GraphEdge(
            Column(table_of(edge.source), edge.source_field), Column(table_of(edge.target), edge.target_field), edge.way
        )
        for edge in (*plain, *(edge for event in told for edge in event.edges))
    }
    return RunStory(job, kind, tuple(sorted(edges, key=_order)), tables)


def _order(edge: GraphEdge) -> tuple[Column, Column, str]:
    return edge.target, edge.source, edge.way or ""


def _state_of(told: list[Event]) -> EventType:
    """Give the state that a run has come to: an end, if there is one, whatever came after it."""
    ends = [event.kind for event in told if event.kind in ENDED_BADLY or event.kind is EventType.COMPLETE]
    if ends:
        return ends[-1]
    running = [event.kind for event in told if event.kind is not EventType.OTHER]
    return running[-1] if running else EventType.OTHER
