"""What waits for a person in the performance year, by due day: the first of each kind, and how many there are.

One question to the database for each kind that the person may do, and two more where something waits, however many
duties there are.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import CharField, Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, TruncDate

from chengshu.base.calendars import WorkCalendar, last_day
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.tickets import facade as tickets
from chengshu.performance.contracts.duties import DueOn, Duty, DutyCount, DutyKind
from chengshu.performance.contracts.year import SheetState
from chengshu.performance.models import (
    Evaluation,
    GoalSheet,
    MonitoringSheet,
    ProjectYear,
    Review,
    ReviewState,
    Sheet,
)
from chengshu.performance.queries.local_days import LocalDay
from chengshu.performance.rules.year.duties import due_after, due_of_year

Rows = QuerySet[Any]
_NOT_BEGUN = "none"
_LAST_MOMENT = F("due_at") - Value(timedelta(microseconds=1))  # midnight ends the day before it
_DEPARTMENT, _FINANCE = "performance.review_department", "performance.review_finance"


@dataclass(frozen=True, slots=True)
class _Source:
    """Where duties of a kind come from. `path` leads from a row to its year, `sheet` to the paper, `key` to what sets the day."""

    kind: DutyKind
    permission: str
    table: Any
    wanted: Callable[[User, date], Q]
    path: str
    sheet: str
    key: str
    order: str
    label: str = ""


def _goals_to_write(_viewer: User, on: date) -> Q:
    # Goals of a year that has passed cannot be promised any more; those begun are still open.
    return Q(goal_sheet__state=SheetState.DRAFT) | Q(goal_sheet__isnull=True, year__gte=on.year)


def _years_to_evaluate(_viewer: User, on: date) -> Q:
    fresh = Q(evaluation__isnull=True, goal_sheet__state=SheetState.APPROVED, year=on.year - 1)
    return Q(evaluation__state=SheetState.DRAFT) | fresh


def _in_state(state: str) -> Callable[[User, date], Q]:
    return lambda _viewer, _on: Q(state=state)


def _to_check(viewer: User, _on: date) -> Q:
    mine = Q(reviewer__isnull=True) | Q(reviewer=viewer.pk)
    return mine & Q(state__in=(ReviewState.OPEN, ReviewState.OBJECTED))


_YEARLY = ("year", "year")
_LATELY = ("since", "edited_at")


def _list_reviewing() -> Iterator[_Source]:
    for kind, table in (
        (DutyKind.REVIEW_GOALS, GoalSheet),
        (DutyKind.REVIEW_MONITORING, MonitoringSheet),
        (DutyKind.REVIEW_EVALUATION, Evaluation),
    ):
        label = "point__name" if table is MonitoringSheet else ""
        for permission, state in (
            (_DEPARTMENT, SheetState.SUBMITTED),
            (_FINANCE, SheetState.DEPARTMENT_APPROVED),
        ):
            yield _Source(kind, permission, table, _in_state(state), "project_year__", "", *_LATELY, label)


_SOURCES = (
    _Source(DutyKind.WRITE_GOALS, "performance.edit_goal", ProjectYear, _goals_to_write, "", "goal_sheet__", *_YEARLY),
    _Source(
        DutyKind.MONITOR,
        "performance.monitor",
        MonitoringSheet,
        _in_state(SheetState.DRAFT),
        "project_year__",
        "",
        "point__due_on",
        "point__due_on",
        label="point__name",
    ),
    _Source(DutyKind.EVALUATE, "performance.evaluate", ProjectYear, _years_to_evaluate, "", "evaluation__", *_YEARLY),
    *_list_reviewing(),
    _Source(
        DutyKind.SPOT_CHECK, "performance.spot_check", Review, _to_check, "evaluation__project_year__", "", *_LATELY
    ),
    _Source(
        DutyKind.ANSWER_REVIEW,
        "performance.object",
        Review,
        _in_state(ReviewState.ISSUED),
        "evaluation__project_year__",
        "",
        *_LATELY,
    ),
)


@dataclass(frozen=True, slots=True)
class Inbox:
    """What waits for a person: how many of each kind on each day, and those that are due first."""

    counts: list[DutyCount]
    first: list[Duty]


@dataclass(frozen=True, slots=True)
class _Heap:
    """How many duties of a source share what sets their day."""

    key: Any
    label: str
    count: int


def read_inbox(viewer: User, *, on: date, calendar: WorkCalendar, most: int, kind: DutyKind | None = None) -> Inbox:
    """Count all duties; return the `most` that are due first, those without a day last, of one kind if it is named."""
    counts, first = list[DutyCount](), list[Duty]()
    for source in _sources_of(viewer, on):
        heaps = _heaps_of(source, viewer, on)
        counts += [_count(source, heap, calendar) for heap in heaps]
        if kind in {None, source.kind}:
            first += _list_of(source, viewer, heaps, on=on, calendar=calendar, most=most)
    counts += _count_tickets(viewer, on=on)
    if kind in {None, DutyKind.TICKET}:
        first += _list_tickets(viewer, on=on, most=most)
    first.sort(key=lambda duty: (duty.due.day or date.max, duty.kind, duty.name))
    return Inbox(_by_day(counts), first[:most])


def count_duties(viewer: User, *, on: date, calendar: WorkCalendar) -> list[DutyCount]:
    """Return how many duties of each kind fall due on each day, earliest first, those without a day last."""
    counts = [
        _count(source, heap, calendar) for source in _sources_of(viewer, on) for heap in _heaps_of(source, viewer, on)
    ]
    return _by_day([*counts, *_count_tickets(viewer, on=on)])


def _by_day(counts: list[DutyCount]) -> list[DutyCount]:
    return sorted(counts, key=lambda count: (count.due.day or date.max, count.kind, count.key))


def _sources_of(viewer: User, on: date) -> Iterator[_Source]:
    held = grants.held_permissions(viewer, on=on)
    return (source for source in _SOURCES if source.permission in held)


def _rows_of(source: _Source, viewer: User, on: date) -> Rows:
    rows: Rows = source.table.objects.visible_to(viewer, on=on, permission=source.permission)
    return _dated(source, rows.filter(source.wanted(viewer, on)))


def _dated(source: _Source, rows: Rows) -> Rows:
    if source.key != "since":
        return rows
    began: Any = Coalesce("state_at", "edited_at") if issubclass(source.table, Sheet) else F("edited_at")
    dated: Rows = rows.annotate(since=LocalDay(began))
    return dated


def _heaps_of(source: _Source, viewer: User, on: date) -> list[_Heap]:
    rows = _rows_of(source, viewer, on).annotate(duty_key=F(source.key), duty_label=_label(source))
    counted = rows.order_by().values_list("duty_key", "duty_label").annotate(duties=Count("pk"))
    return [_Heap(*row) for row in counted.order_by("duty_key", "duty_label")]


def _keys_of(source: _Source, viewer: User, heaps: list[_Heap], on: date, most: int) -> list[int]:
    """Return which rows come first, asked of the narrow rows alone, and only where something is known to lie."""
    rows = _rows_of(source, viewer, on).order_by(source.order, "pk")
    if source.key != "since":  # which is computed for each row anyway
        wanted, counted = list[Any](), 0
        for heap in heaps:
            if counted >= most:
                break
            wanted.append(heap.key)
            counted += heap.count
        rows = rows.filter(**{f"{source.key}__in": wanted})
    return list(rows.values_list("pk", flat=True)[:most])


def _list_of(
    source: _Source, viewer: User, heaps: list[_Heap], *, on: date, calendar: WorkCalendar, most: int
) -> Iterator[Duty]:
    if not heaps:
        return
    path, sheet = source.path, source.sheet
    keys = _keys_of(source, viewer, heaps, on, most)
    rows = _dated(source, source.table.objects.filter(pk__in=keys)).order_by(source.order, "pk")
    named = rows.annotate(unit_name=organisations.name_expression(on, of=f"{path}unit_id"))
    columns = (
        F(source.key),
        F(f"{sheet}pk"),
        F(f"{path}pk"),
        F(f"{path}project__name"),
        F("unit_name"),
        F(f"{path}year"),
        F(f"{sheet}state"),
        F(f"{sheet}version"),
        _label(source),
    )
    for key, pk, year_id, name, unit, year, state, version, label in named.values_list(*columns):
        due = _due_on(source, key, calendar)
        yield Duty(source.kind, due, pk, year_id, name, unit, year, state or _NOT_BEGUN, label, version or 0)


def _count(source: _Source, heap: _Heap, calendar: WorkCalendar) -> DutyCount:
    due = _due_on(source, heap.key, calendar)
    return DutyCount(source.kind, due, heap.count, f"{source.permission}:{heap.key}", heap.label)


def _label(source: _Source) -> Any:
    return F(source.label) if source.label else Value("", output_field=CharField())


def _due_on(source: _Source, key: Any, calendar: WorkCalendar) -> DueOn:
    if source.key == "year":
        return due_of_year(source.kind, key, calendar)
    return DueOn(key) if source.key == "point__due_on" else due_after(source.kind, key, calendar)


def _list_tickets(viewer: User, *, on: date, most: int) -> Iterator[Duty]:
    rows = tickets.list_owed(viewer, on=on).order_by(F("due_at").asc(nulls_last=True), "pk")
    added: dict[str, Any] = {"unit_name": organisations.name_expression(on, of="organisation_id")}
    columns = ("pk", "title", "unit_name", "kind", "state", "number", "due_at", "version")
    for pk, title, unit, kind, state, number, due_at, version in rows.annotate(**added).values_list(*columns)[:most]:
        word = str(tickets.get_kind(kind).state(state).label)
        yield Duty(DutyKind.TICKET, _day_of(due_at), pk, None, title, unit, None, word, number, version)


def _count_tickets(viewer: User, *, on: date) -> Iterator[DutyCount]:
    rows = tickets.list_owed(viewer, on=on).order_by().annotate(duty_day=TruncDate(_LAST_MOMENT))
    for day, count in rows.values_list("duty_day").annotate(duties=Count("pk")):
        yield DutyCount(DutyKind.TICKET, DueOn(day), count, str(day))


def _day_of(moment: datetime | None) -> DueOn:
    return DueOn(last_day(moment) if moment else None)
