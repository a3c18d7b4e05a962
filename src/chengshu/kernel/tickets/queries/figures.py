"""What tickets measure: figures as data, and the statements that count them. They read settled facts only.

Each figure names the rows that it counts (one relation with numerator and denominator a row), so that whoever keeps
evidence can keep the rows. All of them hold what stood when the window ended: a step that is taken, or taken back, after
that alters no figure of the window. The value is the sum of numerators over that of denominators; a percentile is the nearest
rank. Statements run unchanged on SQLite and PostgreSQL.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class Direction(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"


class GroupBy(StrEnum):
    """By what a figure may be broken down."""

    KIND = "kind"
    CATEGORY = "category"
    ORGANISATION = "organisation_id"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class FigureSpec:
    """One figure.

    Args:
        key: stable, `tickets.…`.
        name: as people call it.
        unit: of the value.
        direction: which way is better.
        relation: the table that holds the counted rows.
        moment: its column that places a row in the window.
        numerator: SQL for one row's part above the line.
        denominator: SQL for one row's part below the line.
        conditions: SQL that a counted row meets.
        columns: those of a row that a sample shows; any of `COLUMNS` has its own SQL.
        fact: the column that tells the counted rows apart.
        percentile: 1 to 99 for a percentile of the numerators; 0 for the quotient of the sums.
        scale: what the quotient is multiplied by, such as 100 for per cent.
        divisor: what the numerators are divided by at the end, so that whole numbers are summed and ranked: 60 for
            minutes out of seconds.
        definition: in words what is counted over what.
    """

    key: str
    name: str | Promise
    unit: str
    direction: Direction
    relation: str
    moment: str
    numerator: str
    denominator: str
    conditions: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    percentile: int = 0
    scale: int = 1
    divisor: int = 1
    definition: str | Promise = ""
    fact: str = "id"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which rows are counted: those of the window `[since, until)` and of every part that is not None."""

    since: datetime
    until: datetime
    kind: str | None = None
    clock: str | None = None
    category: str | None = None
    organisation_ids: Sequence[int] | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """What was counted. `value` is None where nothing was."""

    value: Decimal | None
    numerator: Decimal
    denominator: Decimal
    group: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with named places, and what stands in them."""

    sql: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


COLUMNS: Mapping[str, str] = {
    "number": "(select t.number from tickets_ticket t where t.id = ticket_id) as number",
}
"""The columns of samples that are not the relation's own, in SQL."""
_SETTLED = ("ticket_id", "clock", "round", "elapsed_seconds", "is_met", "stopped_at")
_TICKET = ("number", "work_done_at", "followed_up_at", "rating")
_SETTLEMENTS, _STANDINGS = "tickets_settlement", "tickets_ticketstanding"
#: A stop that was taken back only after the window still stands in it.
_NOT_REVOKED = "(revoked_at is null or revoked_at >= %(until)s)"
#: Declaring a ticket void stops its clocks: that is no work done in time, nor does it undo a limit that was over.
_NO_SHORTCUT = "not (is_void and is_met)"
_STOOD = ("since_at < %(until)s", "(ended_at is null or ended_at >= %(until)s)")
_SECONDS, _IN_MINUTES = "elapsed_seconds", 60


_TIME = _("计入时限的时间合计 ÷ 期间停止的时限数；因作废而停止的不计；以期末为准，期末之后撤回的照计")
_RANK = _("期间停止的时限按用时从短到长排列，取最近名次的一个；因作废而停止的不计；以期末为准，期末之后撤回的照计")


def _time_figure(key: str, name: Promise, clock: str, percentile: int = 0) -> FigureSpec:
    return FigureSpec(
        f"tickets.{key}",
        name,
        gettext_noop("分钟"),
        Direction.DOWN,
        _SETTLEMENTS,
        "stopped_at",
        _SECONDS,
        "1",
        (_NOT_REVOKED, "not is_void", f"clock = '{clock}'"),
        _SETTLED,
        percentile,
        divisor=_IN_MINUTES,
        definition=_RANK if percentile else _TIME,
    )


FIGURES = (
    FigureSpec(
        "tickets.on_time_rate",
        _("按时率"),
        "%",
        Direction.UP,
        _SETTLEMENTS,
        "stopped_at",
        "case when is_met then 1 else 0 end",
        "1",
        (_NOT_REVOKED, _NO_SHORTCUT),
        _SETTLED,
        scale=100,
        definition=_(
            "期间停止且没有超期的时限数 ÷ 期间停止的时限数；没有超期就作废的不计，作废前已经超期的照计；"
            "以期末为准，期末之后撤回的照计"
        ),
    ),
    _time_figure("response_minutes_mean", _("平均响应时间"), "response"),
    _time_figure("response_minutes_p90", _("响应时间九成分位"), "response", 90),
    _time_figure("repair_minutes_mean", _("平均修复时间"), "repair"),
    _time_figure("repair_minutes_p50", _("修复时间中位数"), "repair", 50),
    _time_figure("repair_minutes_p90", _("修复时间九成分位"), "repair", 90),
    FigureSpec(
        "tickets.follow_up_rate",
        _("回访率"),
        "%",
        Direction.UP,
        _STANDINGS,
        "work_done_at",
        "case when followed_up_at is null then 0 else 1 end",
        "1",
        ("work_done_at is not null", *_STOOD),
        _TICKET,
        scale=100,
        definition=_("期间办完且已回访的工单数 ÷ 期间办完的工单数；以期末的情形为准，期末之后重办、撤回或回访的不改变"),
        fact="ticket_id",
    ),
    FigureSpec(
        "tickets.satisfaction_rate",
        _("满意率"),
        "%",
        Direction.UP,
        _STANDINGS,
        "rated_at",
        "case when rating >= 4 then 1 else 0 end",
        "1",
        ("rated_at is not null", *_STOOD),
        _TICKET,
        scale=100,
        definition=_(
            "期间评为四星及以上的工单数 ÷ 期间有评价的工单数；以期末的评价为准，期末之后重办、撤回或改评的不改变"
        ),
        fact="ticket_id",
    ),
    FigureSpec(
        "tickets.rating_mean",
        _("平均评分"),
        gettext_noop("分"),
        Direction.UP,
        _STANDINGS,
        "rated_at",
        "rating",
        "1",
        ("rated_at is not null", *_STOOD),
        _TICKET,
        definition=_("期间评价的星数合计 ÷ 期间有评价的工单数；以期末的评价为准，期末之后重办、撤回或改评的不改变"),
        fact="ticket_id",
    ),
)


def find_figure(key: str) -> FigureSpec:
    """Return the figure with this key.

    Raises:
        KeyError: there is none.
    """
    return {figure.key: figure for figure in FIGURES}[key]


def rows_sql(spec: FigureSpec, scope: Scope) -> Statement:
    """Return the statement that gives the counted rows by key, each with its numerator and denominator."""
    where, parameters = _where(spec, scope)
    parts = f"{spec.numerator}{_divided(spec)} as numerator, {spec.denominator} as denominator"
    columns = ", ".join((spec.fact, *(COLUMNS.get(name, name) for name in spec.columns), parts))
    return Statement(_select(columns, f"{spec.relation} where {where} order by {spec.fact}"), parameters)


def value_sql(spec: FigureSpec, scope: Scope, by: GroupBy | None = None) -> Statement:
    """Return the statement that gives group, numerator, denominator and value, by group in order."""
    where, parameters = _where(spec, scope)
    parts = f"{_group_sql(spec, by)} as grouped, {spec.numerator} as numerator, {spec.denominator} as denominator"
    counted = _select(parts, f"{spec.relation} where {where}")
    if spec.percentile:
        return Statement(_percentile_sql(counted, spec), parameters)
    value = f"sum(numerator){_divided(spec)} * {float(spec.scale)} / nullif(sum(denominator), 0)"
    columns = f"grouped, sum(numerator){_divided(spec)}, sum(denominator), {value}"
    return Statement(_select(columns, f"({counted}) counted group by grouped order by grouped"), parameters)


def _divided(spec: FigureSpec) -> str:
    return f" / {float(spec.divisor)}" if spec.divisor != 1 else ""


def _percentile_sql(counted: str, spec: FigureSpec) -> str:
    """Put equal numerators together before they are ranked: there are far fewer values than rows."""
    sums = "grouped, numerator, sum(denominator) as denominator, count(*) as many"
    values = _select(sums, f"({counted}) counted group by grouped, numerator")
    place = "sum(many) over (partition by grouped order by numerator rows unbounded preceding) as upto"
    size = "sum(many) over (partition by grouped) as size"
    ranked = _select(f"grouped, numerator, denominator, many, {place}, {size}", f"({values}) measured")
    nearest = f"min(case when upto * 100 >= size * {spec.percentile} then numerator end){_divided(spec)}"
    columns = f"grouped, sum(numerator * many){_divided(spec)}, sum(denominator), {nearest}"
    return _select(columns, f"({ranked}) ranked group by grouped order by grouped")


def _select(columns: str, source: str) -> str:
    """Join the parts of a statement: all of them constants of this module, values come as parameters."""
    return f"select {columns} from {source}"  # noqa: S608 - see above


def measure_figure(spec: FigureSpec, scope: Scope) -> Figure:
    """Count one figure."""
    figures = break_down(spec, scope, None)
    return figures[0] if figures else Figure(None, Decimal(0), Decimal(0))


def break_down(spec: FigureSpec, scope: Scope, by: GroupBy | None) -> list[Figure]:
    """Count one figure for each kind, category, organisation or month, in order; groups without rows are left out."""
    return [
        Figure(_decimal(value), _decimal(above) or Decimal(0), _decimal(below) or Decimal(0), str(group))
        for group, above, below, value in run_statement(value_sql(spec, scope, by))
    ]


def run_statement(statement: Statement) -> list[tuple[Any, ...]]:
    """Run a statement and return its rows; moments are given as this database keeps them."""
    adapted = {
        name: connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
        for name, value in statement.parameters.items()
    }
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, adapted)
        return [tuple(row) for row in cursor.fetchall()]


def _where(spec: FigureSpec, scope: Scope) -> tuple[str, dict[str, Any]]:
    conditions = [*spec.conditions, f"{spec.moment} >= %(since)s", f"{spec.moment} < %(until)s"]
    parameters: dict[str, Any] = {"since": scope.since, "until": scope.until}
    for name in ("kind", "category", "clock"):
        value = getattr(scope, name)
        if value is not None and (name != "clock" or spec.relation == _SETTLEMENTS):
            conditions.append(f"{name} = %({name})s")
            parameters[name] = value
    if scope.organisation_ids is not None:
        places = {f"organisation_{number}": place for number, place in enumerate(scope.organisation_ids)}
        names = ", ".join(f"%({name})s" for name in places) or "null"
        conditions.append(f"organisation_id in ({names})")
        parameters |= places
    return " and ".join(conditions), parameters


def _group_sql(spec: FigureSpec, by: GroupBy | None) -> str:
    """Return what rows are put together by; months are those of the city."""
    if by is None:
        return "''"
    if by is not GroupBy.MONTH:
        return by.value
    if connection.vendor == "sqlite":
        return f"substr(datetime({spec.moment}, '+8 hours'), 1, 7)"
    return f"to_char({spec.moment} at time zone 'Asia/Shanghai', 'YYYY-MM')"


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))
