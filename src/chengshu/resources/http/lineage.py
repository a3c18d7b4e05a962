"""Lineage over HTTP: events of OpenLineage and SQL scripts come in; impact and origins are asked for."""

from typing import Annotated, Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as _
from ninja import Body, Query, Router, Schema, Status
from pydantic import AwareDatetime, Field

from chengshu.kernel.http.facade import (
    Asked,
    Line,
    Page,
    PageAsked,
    person_of,
    read_page,
    register_malformed_listener,
)
from chengshu.resources.facade import arrivals, lineage
from chengshu.resources.facade.arrivals import HEAD_KEPT, Arrival, ArrivalKind, Sender
from chengshu.resources.facade.lineage import KEEP_LINEAGE, HitKind, NodeKind, ScriptGiven, ScriptsGiven, TellerKind

router = Router(tags=["lineage"])

_MOST_EVENTS = 500
_Text = Annotated[str, Field(max_length=4_000_000)]
_Node = Annotated[
    str, Field(min_length=1, max_length=600, pattern=r"^[^\x00-\x1f\x7f]+$", description="表名或目录编码")
]


class EventsTaken(Schema):
    """What became of events: how many came, and how many of them were not known before."""

    received: int
    taken: int


class EventsAsked(Schema):
    """Since when, and after which page."""

    since: AwareDatetime = Field(description="从何时起（带时区）：给出此时及以后开始或结束的每一次")
    cursor: Annotated[str, Field(max_length=500)] = Field("", description="上一页给出的 cursor；第一页不填")
    size: int = Field(100, ge=1, le=200, description="一页几次归集、检查或处理，每次一至两个事件")


class EventsPage(Schema):
    """A page of events by when their run began; `cursor` is empty on the last page."""

    items: list[dict[str, Any]]
    cursor: str


class ScriptAsked(Asked):
    """One SQL file."""

    name: Line
    text: _Text


class ScriptsAsked(Asked):
    """All SQL files of one teller; what it said before is replaced."""

    title: Line = Field(description="血缘来源的名称，再次交来时凭它认出")
    department: Line = Field(description="负责部门的代码")
    dialect: Line = Field(description="postgres、mysql、hive、spark、oracle、duckdb 或 tsql")
    is_report: bool = Field(default=False, description="每个文件是一张报表")
    scripts: list[ScriptAsked] = Field(min_length=1, max_length=2000)


class ScriptsTaken(Schema):
    """The version that the scripts are kept as; `is_new` is false when they stood already."""

    teller_id: int
    version: int
    is_new: bool
    statements: int
    edges: int
    faults: int


class LineageAsked(PageAsked):
    """Of which field; without one, of the whole table."""

    table: _Node
    column: Annotated[str, Field(max_length=400, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""


class HitRow(Schema):
    """A table, report or indicator that is hit."""

    node: str
    title: str
    kind: NodeKind
    department: str
    hit: HitKind
    depth: int
    columns: int


class HitPage(Page[HitRow]):
    """One page of what is hit, the nearest first."""


class StepRow(Schema):
    """A column on the way to a value: what it feeds, and who answers for it."""

    depth: int
    table: str
    column: str
    feeds_table: str
    feeds_column: str
    department: str


class StepList(Schema):
    """The way back of a value, the nearest first; at most a thousand steps."""

    items: list[StepRow]


@router.post("", response={201: EventsTaken}, summary=_("收一个 OpenLineage 事件"))
def take_event(request: HttpRequest, event: Annotated[dict[str, Any], Body()]) -> Status[EventsTaken]:
    """Take an event as the http transport of OpenLineage's clients posts it."""
    return Status(201, _take(request, [event]))


@router.post("/batch", response={201: EventsTaken}, summary=_("收一批 OpenLineage 事件"))
def take_events(
    request: HttpRequest, events: Annotated[list[dict[str, Any]], Body(max_length=_MOST_EVENTS)]
) -> Status[EventsTaken]:
    """Take several events; either all are taken or none."""
    return Status(201, _take(request, events))


def _take(request: HttpRequest, events: list[dict[str, Any]]) -> EventsTaken:
    from chengshu.resources.facade import lineage_work  # noqa: PLC0415 - heavy: imported where it runs

    taken = lineage_work.take_events(events, actor=person_of(request), now=timezone.now())
    return EventsTaken(received=len(events), taken=taken)


@router.get("/events", response=EventsPage, summary=_("本平台的 OpenLineage 事件"))
def tell_events(request: HttpRequest, asked: Query[EventsAsked]) -> EventsPage:
    """Give the house's deliveries, checks and runs as events of OpenLineage; the same run gives the same events each time."""
    from chengshu.resources.facade import events  # noqa: PLC0415 - heavy: imported where it runs

    told = events.tell_events(
        asked.since, cursor=asked.cursor, most=asked.size, actor=person_of(request), now=timezone.now()
    )
    return EventsPage(items=list(told.events), cursor=told.cursor)


@router.post("/scripts", response={201: ScriptsTaken}, summary=_("交 SQL 脚本或报表"))
def take_scripts(request: HttpRequest, asked: ScriptsAsked) -> Status[ScriptsTaken]:
    """Take SQL scripts of a department and trace them."""
    from chengshu.resources.facade import lineage_work  # noqa: PLC0415 - the same

    given = ScriptsGiven(
        asked.title,
        asked.department,
        asked.dialect,
        tuple(ScriptGiven(script.name, script.text) for script in asked.scripts),
        TellerKind.REPORTS if asked.is_report else TellerKind.SCRIPTS,
    )
    edition, is_new = lineage_work.take_scripts(given, actor=person_of(request), now=timezone.now())
    told = ScriptsTaken(
        teller_id=edition.teller_id,
        version=edition.number,
        is_new=is_new,
        statements=edition.statement_count,
        edges=edition.edge_count,
        faults=edition.fault_count,
    )
    return Status(201, told)


@router.get("/impact", response=HitPage, summary=_("影响分析"))
def find_impact(request: HttpRequest, asked: Query[LineageAsked]) -> dict[str, Any]:
    """List what is hit if a field is wrong, or a whole table late; a table that nobody knows hits nothing."""
    from chengshu.resources.facade import lineage_work  # noqa: PLC0415 - the same

    today = localdate()
    lineage.require_sight(person_of(request), on=today)
    told = lineage_work.tell_impact(asked.table, asked.column or None)
    rows = lineage.list_hits(told, on=today)
    for word in asked.q.split():
        rows = rows.filter(node__icontains=word)
    return read_page(rows, asked, _write_hit, order=["depth"])


@router.get("/origins", response=StepList, summary=_("溯源"))
def find_origins(request: HttpRequest, asked: Query[LineageAsked]) -> StepList:
    """List what a field's value, or those of a whole table, are made of, with who answers for each step."""
    from chengshu.resources.facade import lineage_work  # noqa: PLC0415 - the same

    today = localdate()
    lineage.require_sight(person_of(request), on=today)
    steps = lineage_work.list_steps(asked.table, asked.column or None)
    tables: dict[str, Any] = {**lineage.tables_of_nodes([step.column.table for step in steps], on=today)}
    return StepList(
        items=[
            StepRow(
                depth=step.depth,
                table=step.column.table,
                column=step.column.name,
                feeds_table=step.via.table,
                feeds_column=step.via.name,
                department=tables[step.column.table].department_name or "" if step.column.table in tables else "",
            )
            for step in steps
        ]
    )


def _write_hit(row: Any) -> HitRow:
    return HitRow(
        node=row.node,
        title=row.resource_name or row.title or row.node,
        kind=NodeKind(row.kind),
        department=row.department_name or "",
        hit=HitKind(row.hit),
        depth=row.depth,
        columns=row.columns_hit,
    )


def keep_malformed(request: HttpRequest, reason: str) -> None:
    """Keep what was posted as lineage and is no JSON, lacks what every such request has, or is too large to be read."""
    if request.method != "POST":
        return
    content, length = _read_head(request)
    kind = ArrivalKind.SCRIPTS if request.path.rstrip("/").endswith("/scripts") else ArrivalKind.EVENTS
    arrival = Arrival(kind, f"{kind.value}.json", content, is_cut=length > len(content), length=length)
    arrivals.keep_refused(arrival, reason, Sender(person_of(request), KEEP_LINEAGE, timezone.now()))


def _read_head(request: HttpRequest) -> tuple[bytes, int]:
    """Give the body and its length; of one that is too large its head."""
    try:
        return request.body, len(request.body)
    except RequestDataTooBig:
        told = request.headers.get("Content-Length", "")
        return request.read(HEAD_KEPT), int(told) if told.isdecimal() else 0


register_malformed_listener("/api/v1/lineage", keep_malformed)
