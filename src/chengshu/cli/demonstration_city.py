"""The city at work: five systems of three departments deliver month by month, the centre checks, faults are mended.

Everything goes through the doors of the domain, with the rights of the people, at moments of the last months. Run again
it changes nothing.
"""

import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from random import Random

from django.utils import timezone

from chengshu.cli import demonstration_people as people
from chengshu.cli.demonstration_rectifying import NARROW_FIRMS, Desk, rectify
from chengshu.kernel.jobs.facade import Job, State
from chengshu.resources.facade import catalogue, collection, quality
from chengshu.resources.facade.addresses import inbox_folder
from chengshu.resources.facade.catalogue import Cycle, DataResource, ValueType
from chengshu.resources.facade.collection import (
    ColumnContent,
    DataSource,
    Delivery,
    DeliveryState,
    PromiseContent,
    SourceContent,
    SourceKind,
    WriteMode,
)
from chengshu.resources.facade.quality import CHECK_JOB, RECHECK_JOB, RuleDraft
from chengshu.synthetic.city.delivering import CityPlan, Stock, draw_city, write_csv, write_sqlite, write_xlsx
from chengshu.synthetic.city.shapes import TABLES, Table

_SEED, _ROWS, _EACH = 20240601, 800, 2
_MONTHS = 3
"""Whole months before this one."""
_FIRST_SHARE = 0.7
"""Of the rows are there in the first month; the rest come month by month."""
_MORNING = 2  # o'clock UTC: ten in the morning of the office
_DUE_HOURS = 240
_NEVER = 99
_SETTLED = timedelta(hours=1)
"""Since when a file in a watched folder has lain still."""


@dataclass(frozen=True, slots=True)
class Flow:
    """How a table comes: in which form, on which day of the month, and after how many months its faults are mended.

    `since` is the month of the first delivery, from 0. `pace` is drawn from, fault by fault; `misses` says that this month's delivery does not come, `adds` that
    another one does, with a column that nobody announced.
    """

    table: str
    kind: SourceKind
    day: int
    since: int
    pace: tuple[int, ...]
    misses: bool = False
    adds: bool = False


FLOWS = (
    Flow("hydj", SourceKind.FOLDER, 2, 0, (1, 1, 1, 1, 2)),
    Flow("gysml", SourceKind.FOLDER, 9, 1, (1, 1, 1, 2)),
    Flow("dbdx", SourceKind.FOLDER, 6, 2, (1,), adds=True),
    Flow("cght", SourceKind.DATABASE, 10, 1, (1, 1, 1, 2, _NEVER), misses=True),
    Flow("zwbj", SourceKind.FOLDER, 15, 2, (1, 1, 1, 1, 1, 1, _NEVER)),
)
"""One system after the other was joined, suppliers before the contracts that name them; the service hall's file is always late."""


@dataclass(frozen=True)
class System:
    """A system of a department that delivers: its table, its entry in the catalogue, and the source that takes it in."""

    flow: Flow
    stock: Stock
    resource: DataResource
    source: DataSource

    @cached_property
    def waits(self) -> Mapping[int, int]:
        """After how many months each faulty row is mended, by its number."""
        draw = Random(f"{_SEED}:{self.flow.table}:pace")  # noqa: S311 - invented data
        return {one.number: draw.choice(self.flow.pace) for one in self.stock.planted}

    def rows_by(self, month: int) -> int:
        """How many rows the table has in a month, counted from 0; what others refer to is there from the beginning."""
        if any(self.flow.table in table.refers.values() for table in TABLES.values()):
            return _ROWS
        return int(_ROWS * (_FIRST_SHARE + (1 - _FIRST_SHARE) * month / _MONTHS))

    def mended_by(self, month: int) -> Collection[int]:
        """The rows that were mended by a month; a few come back as they were a month later."""
        mended = set()
        for number, wait in self.waits.items():
            seen = next(at for at in range(self.flow.since, _MONTHS + 1) if self.rows_by(at) >= number)
            is_back = number % 29 == 0 and month == seen + wait + 1
            if month >= seen + wait and not is_back:
                mended.add(number)
        return mended


def load_city() -> None:
    """Register the sources, replay the deliveries and checks of the last months, and let people rectify."""
    if DataSource.objects.exists():
        return
    desk = Desk(operator=people.find("shuju"), clerk=people.find("minzheng"), steward=people.find("bianmu"))
    months = _list_months(timezone.localdate())
    systems = list(_register_systems(desk, months))
    for at, month in enumerate(months):
        for system in systems:
            _live_a_month(system, at, month, desk)
        ids = [system.resource.pk for system in systems if system.flow.since <= at]
        quality.plan_checks(month, ids, actor=desk.steward, now=_moment(month, 1))
    collection.note_dues(timezone.now())
    # What was queued on the way was done here.
    kinds = [collection.JOB, CHECK_JOB, RECHECK_JOB]
    queued = Job.objects.filter(kind__in=kinds, state=State.QUEUED)
    queued.update(state=State.DONE, finished_at=timezone.now(), message="准备演示数据时已办理")


def _list_months(today: date) -> list[date]:
    """Give the first days of the last months and of this one, the oldest first."""
    months = [today.replace(day=1)]
    while len(months) <= _MONTHS:
        months.insert(0, (months[0] - timedelta(days=1)).replace(day=1))
    return months


def _moment(month: date, day: int, *, hours: int = 0) -> datetime:
    """Ten in the morning of a day of that month, some hours on."""
    return datetime(month.year, month.month, day, _MORNING, tzinfo=UTC) + timedelta(hours=hours)


def _register_systems(desk: Desk, months: list[date]) -> Iterator[System]:
    """Register the source of each flow with its promise, join it to its entry, and make the rules."""
    city = draw_city(CityPlan(seed=_SEED, rows=_ROWS, each=_EACH, until=months[0]))
    folder = inbox_folder() / "demo-city"
    folder.mkdir(parents=True, exist_ok=True)
    for flow in FLOWS:
        since = months[flow.since]
        now = _moment(since, 1)
        table = TABLES[flow.table]
        resource = catalogue.list_resources(desk.steward, on=timezone.localdate()).get(name=table.title)
        content = SourceContent(
            name=f"{table.title}（{resource.system}）",
            department=resource.department.code,
            kind=flow.kind,
            table=flow.table,
            columns=tuple(_columns(table)),
            mode=WriteMode.REPLACE,
            address=_address(flow, folder),
        )
        source = collection.register_source(content, actor=desk.operator, now=now)
        source = collection.link_source(source, resource, actor=desk.operator, now=now)
        promise = PromiseContent(Cycle.MONTHLY, _DUE_HOURS, since)
        collection.keep_promise(source, promise, actor=desk.operator, now=now)
        source.refresh_from_db()
        _write_rules(resource, table, desk, now)
        yield System(flow, city[flow.table], resource, source)


def _columns(table: Table) -> Iterator[ColumnContent]:
    for column in table.columns:
        kind = ValueType(column.kind.value) if column.is_typed else ValueType.TEXT
        yield ColumnContent(column.code, kind, is_nullable=not (column.is_key and column.is_typed))


def _address(flow: Flow, folder: Path) -> dict[str, str]:
    if flow.kind is SourceKind.FOLDER:
        return {"folder": f"demo-{flow.table}"}
    return {"url": f"sqlite:///{folder / flow.table}.sqlite3", "table": flow.table}


def _write_rules(resource: DataResource, table: Table, desk: Desk, now: datetime) -> None:
    """Make the rules that follow from the entry, and write those that people would add."""
    quality.remake_rules(resource.pk, actor=desk.steward, now=now)
    drafts = [RuleDraft(rule.key, rule.name, rule.definition) for rule in table.rules]
    if table.name == "gysml":
        drafts = [replace(draft, definition={**draft.definition, "pattern": NARROW_FIRMS}) for draft in drafts]
    for column in table.columns:
        if column.is_needed:
            told = {"kind": "not_null", "blank": True, "columns": [column.code]}
            drafts.append(RuleDraft(f"{column.code}.needed", f"{column.name}应当填写", told))
    for code, other in table.refers.items():
        known = DataResource.objects.get(name=TABLES[other].title)
        looked_up = {"data": known.code, "columns": [TABLES[other].key]}
        told = {"kind": "references", "columns": [code], "references": looked_up}
        drafts.append(RuleDraft(f"{code}.known", f"{table.column(code).name}应在{TABLES[other].title}中", told))
    for draft in drafts:
        quality.write_rule(resource.pk, draft, actor=desk.steward, now=now)


def _live_a_month(system: System, at: int, month: date, desk: Desk) -> None:
    """Let a system deliver, the centre check, and people do what they owe; what is still to come is left out."""
    flow, came = system.flow, _moment(month, system.flow.day)
    is_newest = at == _MONTHS
    if at < flow.since or came >= timezone.now() or (is_newest and flow.misses):
        return
    _deliver(system, at, came, desk)
    checked, again = came + timedelta(hours=3), came + timedelta(days=7)
    if checked < timezone.now():
        run = quality.check_resource(system.resource.pk, actor=desk.steward, now=checked)
        if at >= _MONTHS - 1:
            quality.profile_resource(system.resource.pk, now=checked, run=run)
        rectify(system.resource, at - flow.since, desk, checked, is_newest=is_newest)
    if is_newest and flow.adds and again < timezone.now():
        _deliver(system, at, again, desk, more={"bz": ""})


def _deliver(system: System, at: int, now: datetime, desk: Desk, *, more: Mapping[str, str] | None = None) -> None:
    """Hand a month's rows over as the system does, and take them."""
    from chengshu.resources.facade import deliveries  # noqa: PLC0415 - heavy: imported where it runs

    table, source = system.stock.table, system.source
    rows = system.stock.cells(until=system.rows_by(at), mended=system.mended_by(at))
    if system.flow.kind is SourceKind.DATABASE:
        write_sqlite(Path(source.address["url"].removeprefix("sqlite://")), table, rows)
        collection.ask_pull(source, actor=desk.operator, now=now)
    else:
        folder = inbox_folder() / source.address["folder"]
        folder.mkdir(parents=True, exist_ok=True)
        is_sheet = table.name == "gysml"
        path = folder / f"{table.title}{now:%Y%m%d}.{'xlsx' if is_sheet else 'csv'}"
        path.write_bytes(write_xlsx(table, rows) if is_sheet else write_csv(table, rows, more=more))
        _let_lie(path)
        collection.watch_folders(now)
    delivery = Delivery.objects.get(source=source, state=DeliveryState.WAITING.value)
    deliveries.take_delivery(delivery.pk, report=_tell_nobody, now=lambda: now)


def _let_lie(path: Path) -> None:
    """Make a file look as if nobody had written to it for a while."""
    before = (timezone.now() - _SETTLED).timestamp()
    os.utime(path, (before, before))


def _tell_nobody(_stage: str, _rows: int) -> None:
    """Nobody listens."""
