"""What the house did, as events of OpenLineage for catalogues of others: deliveries, checks, runs of pipelines."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Final, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from chengshu.dataplane.lineage.columns import Column, Edge, Reading, Target, identity_of
from chengshu.dataplane.lineage.events import Assertion, Dataset, DatasetNote, EventType, Job
from chengshu.dataplane.lineage.events_out import Json, RunNote, run_event
from chengshu.dataplane.runs.events import JOBS, LAKE, events_of, run_uuid
from chengshu.dataplane.runs.journal import list_runs
from chengshu.resources.contracts.collection import DeliveryState
from chengshu.resources.contracts.quality import RunState
from chengshu.resources.errors import LineageRefused
from chengshu.resources.models import CheckRun, DataSource, Delivery, RuleOutcome
from chengshu.resources.queries.lake import open_lake, raw_table

SOURCES: Final = "chengshu://sources"
"""The namespace of what departments deliver; the names in it are the department's code and the table's name."""
_AT_ONCE = 500
_FIRST_YEAR, _LAST_YEAR, _MARGIN = 2000, 9999, timedelta(minutes=10)
"""Between these years records were begun; by so much the clocks of the store and of this machine may differ."""
_CHECKS_ENDED: Final = {
    RunState.DONE.value: EventType.COMPLETE,
    RunState.FAILED.value: EventType.FAIL,
    RunState.INTERRUPTED.value: EventType.ABORT,
}


class _Told(NamedTuple):
    """The events of one delivery, check or run, by its place: the moment that it began, its kind and its id."""

    place: tuple[datetime, str, str]
    events: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class EventsTold:
    """Some of the events, and where to go on; empty when these were the last."""

    events: tuple[Json, ...]
    cursor: str = ""


def list_events(since: datetime) -> Iterator[Json]:
    """Give the events of all that began or ended at an aware moment or later, by when it began.

    The same delivery, check or run gives the same events each time, under the same id: who reads them again is told
    nothing new.

    Raises:
        LakeBusy: the store does not answer.
    """
    for told in _list_told(since, None):
        yield from told.events


def bound_moment(moment: datetime) -> datetime:
    """Give a moment, or the nearest one that records could be of: at its ends the calendar cannot be reckoned with."""
    if _FIRST_YEAR <= moment.year < _LAST_YEAR:
        return moment
    return datetime(_FIRST_YEAR if moment.year < _FIRST_YEAR else _LAST_YEAR - 1, 1, 1, tzinfo=UTC)


def page_events(since: datetime, *, cursor: str, most: int) -> EventsTold:
    """Give those of the next `most` deliveries, checks and runs after a cursor; begin with an empty one.

    What begins later while somebody pages is given too. What ends later that began before the cursor is given to who
    asks again since the moment of his first page.

    Raises:
        LineageRefused: the cursor is none that was given.
        LakeBusy: as `list_events`.
    """
    some = list(islice(_list_told(since, _read_cursor(cursor)), most + 1))
    following = _write_cursor(some[most - 1].place) if len(some) > most else ""
    return EventsTold(tuple(event for told in some[:most] for event in told.events), following)


def _write_cursor(place: tuple[datetime, str, str]) -> str:
    at, kind, key = place
    return urlsafe_b64encode(json.dumps([at.isoformat(), kind, key]).encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[datetime, str, str] | None:
    if not cursor:
        return None
    try:
        at, kind, key = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        place = datetime.fromisoformat(at), str(kind), str(key)
        is_whole = place[0].tzinfo is not None and _FIRST_YEAR <= place[0].year < _LAST_YEAR
    except (ValueError, TypeError):
        is_whole = False
    if not is_whole:
        raise LineageRefused(_("游标不是本接口给出的，请从头读取。"), field="cursor")
    return place


def _list_told(since: datetime, after: tuple[datetime, str, str] | None) -> Iterator[_Told]:
    begun = after[0] if after is not None else None
    merged = merge(_deliveries(since, begun), _checks(since, begun), _runs(since), key=lambda told: told.place)
    return (told for told in merged if after is None or told.place > after)


def _deliveries(since: datetime, begun: datetime | None) -> Iterator[_Told]:
    rows = Delivery.objects.filter(Q(received_at__gte=since) | Q(ended_at__gte=since))
    if begun is not None:
        rows = rows.filter(received_at__gte=begun)
    rows = rows.select_related("source__department").order_by("received_at", "pk")
    for delivery in rows.iterator(_AT_ONCE):
        event = run_event(_delivered(delivery, is_over=False), EventType.START, at=delivery.received_at)
        place = (delivery.received_at, "delivery", f"{delivery.pk:020}")
        yield _Told(place, (event, *_delivery_ended(delivery)))


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


def _checks(since: datetime, begun: datetime | None) -> Iterator[_Told]:
    rows = CheckRun.objects.filter(Q(started_at__gte=since) | Q(finished_at__gte=since))
    if begun is not None:
        rows = rows.filter(started_at__gte=begun)
    rows = rows.prefetch_related("outcomes__rule").order_by("started_at", "pk")
    for run in rows.iterator(_AT_ONCE):
        events = [run_event(_checked(run, is_over=False), EventType.START, at=run.started_at)]
        if run.finished_at is not None and run.state in _CHECKS_ENDED:
            events.append(run_event(_checked(run, is_over=True), _CHECKS_ENDED[run.state], at=run.finished_at))
        yield _Told((run.started_at, "check", f"{run.pk:020}"), tuple(events))


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
    written = None if since.year < _FIRST_YEAR else since - _MARGIN
    for run in sorted(list_runs(open_lake(), since=written), key=lambda run: (run.started_at, run.id)):
        if (run.ended_at or run.started_at) >= since:
            yield _Told((run.started_at, "run", run.id), events_of(run))
