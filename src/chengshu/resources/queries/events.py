"""What the house did, as events of OpenLineage for catalogues of others: deliveries, checks, runs of pipelines."""

from collections.abc import Iterator
from datetime import datetime
from heapq import merge
from typing import Final, NamedTuple

from django.db.models import Q

from chengshu.dataplane.lineage.columns import Column, Edge, Reading, Target, identity_of
from chengshu.dataplane.lineage.events import Assertion, Dataset, DatasetNote, EventType, Job
from chengshu.dataplane.lineage.events_out import Json, RunNote, run_event
from chengshu.dataplane.runs.events import JOBS, LAKE, events_of, run_uuid
from chengshu.dataplane.runs.journal import list_runs
from chengshu.resources.contracts.collection import DeliveryState
from chengshu.resources.contracts.quality import RunState
from chengshu.resources.models import CheckRun, DataSource, Delivery, RuleOutcome
from chengshu.resources.queries.lake import open_lake, raw_table

SOURCES: Final = "chengshu://sources"
"""The namespace of what departments deliver; the names in it are the department's code and the table's name."""
_AT_ONCE = 500
_CHECKS_ENDED: Final = {
    RunState.DONE.value: EventType.COMPLETE,
    RunState.FAILED.value: EventType.FAIL,
    RunState.INTERRUPTED.value: EventType.ABORT,
}


class _Told(NamedTuple):
    """The events of one delivery, check or run, by the moment that it began."""

    at: datetime
    events: tuple[Json, ...]


def list_events(since: datetime) -> Iterator[Json]:
    """Give the events of all that began or ended at an aware moment or later, by when it began.

    The same delivery, check or run gives the same events each time, under the same id: who reads them again is told
    nothing new.

    Raises:
        LakeBusy: the store does not answer.
    """
    for told in merge(_deliveries(since), _checks(since), _runs(since), key=lambda told: told.at):
        yield from told.events


def _deliveries(since: datetime) -> Iterator[_Told]:
    rows = Delivery.objects.filter(Q(received_at__gte=since) | Q(ended_at__gte=since))
    rows = rows.select_related("source__department").order_by("received_at", "pk")
    for delivery in rows.iterator(_AT_ONCE):
        begun = run_event(_delivered(delivery, is_over=False), EventType.START, at=delivery.received_at)
        yield _Told(delivery.received_at, (begun, *_delivery_ended(delivery)))


def _delivery_ended(delivery: Delivery) -> Iterator[Json]:
    ended = delivery.ended_at or delivery.received_at
    if delivery.state == DeliveryState.TAKEN.value:
        yield run_event(_delivered(delivery, is_over=True), EventType.COMPLETE, at=ended)
    elif delivery.state == DeliveryState.FAILED.value:
        yield run_event(_delivered(delivery, is_over=False, error=delivery.reason), EventType.FAIL, at=ended)


def _delivered(delivery: Delivery, *, is_over: bool, error: str | None = None) -> RunNote:
    source = delivery.source
    table, given = str(raw_table(source)), f"{source.department.code}/{source.table}"
    datasets = {table: Dataset(LAKE, table), given: Dataset(SOURCES, given)}
    columns = tuple((str(column["name"]), str(column["type"])) for column in source.columns)
    version = str(delivery.version) if delivery.version is not None else None
    written = DatasetNote(datasets[table], columns, version, delivery.taken)
    return RunNote(
        run_id=delivery.uuid,
        job=Job(JOBS, f"collect/{source.table}"),
        inputs=(DatasetNote(datasets[given], rows=delivery.sent if is_over else None),),
        outputs=(written,) if is_over and version is not None else (),
        datasets=datasets,
        reading=_carried(source, given, table) if is_over else None,
        error=error or None,
    )


def _carried(source: DataSource, given: str, table: str) -> Reading:
    """Tell that every column comes from the one of the same name, as it was delivered."""
    names = [str(column["name"]) for column in source.columns]
    edges = tuple(Edge(Target(table, name), identity_of(Column(given, name))) for name in names)
    return Reading("COLLECT", edges, written=(table,))


def _checks(since: datetime) -> Iterator[_Told]:
    rows = CheckRun.objects.filter(Q(started_at__gte=since) | Q(finished_at__gte=since))
    rows = rows.prefetch_related("outcomes__rule").order_by("started_at", "pk")
    for run in rows.iterator(_AT_ONCE):
        events = [run_event(_checked(run, is_over=False), EventType.START, at=run.started_at)]
        if run.finished_at is not None and run.state in _CHECKS_ENDED:
            events.append(run_event(_checked(run, is_over=True), _CHECKS_ENDED[run.state], at=run.finished_at))
        yield _Told(run.started_at, tuple(events))


def _checked(run: CheckRun, *, is_over: bool) -> RunNote:
    is_done = is_over and run.state == RunState.DONE.value
    read = DatasetNote(
        Dataset(LAKE, run.table),
        version=str(run.version) if run.version is not None else None,
        rows=run.rows if is_done else None,
        assertions=tuple(_asserted(outcome) for outcome in run.outcomes.all()) if is_done else (),
    )
    return RunNote(
        run_id=run_uuid(f"check/{run.table}/{run.pk}/{run.started_at.isoformat()}"),
        job=Job(JOBS, f"check/{run.table}"),
        inputs=(read,),
        error=(run.fault or None) if is_over else None,
    )


def _asserted(outcome: RuleOutcome) -> Assertion:
    """Tell how a rule came out; one that could not be asked has not passed, and says why."""
    rule = outcome.rule
    columns = rule.definition.get("columns") or []
    return Assertion(
        kind=str(rule.definition.get("kind")),
        is_passed=outcome.is_passed,
        name=rule.key,
        description=f"{rule.name}（{outcome.fault}）" if outcome.fault else rule.name,
        severity=rule.severity,
        expected=f"<= {rule.threshold:f}",
        actual=f"{outcome.failed}/{outcome.checked}",
        column=str(columns[0]) if len(columns) == 1 else None,
    )


def _runs(since: datetime) -> Iterator[_Told]:
    for run in reversed(list_runs(open_lake())):  # the oldest first
        if (run.ended_at or run.started_at) >= since:
            yield _Told(run.started_at, events_of(run))
