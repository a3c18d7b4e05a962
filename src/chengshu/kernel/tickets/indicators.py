"""What tickets measure, as indicators with evidence: every figure over all kinds, and over each kind by itself.

The figures stand in `queries/figures.py`, where pages break them down; here each becomes one statement that gives the
rows it counts. Times stay in seconds, so that a digest never depends on how a database divides.
"""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.indicators.facade import Aggregation, Direction, FactColumn, FactKind, IndicatorSpec
from chengshu.kernel.tickets.contracts import Text, TicketKind
from chengshu.kernel.tickets.queries.figures import COLUMNS, FIGURES, FigureSpec
from chengshu.kernel.tickets.registry import list_kinds

_COLUMNS = {
    "number": FactColumn("number", _("工单编号")),
    "ticket_id": FactColumn("ticket_id", _("工单"), FactKind.INTEGER),
    "clock": FactColumn("clock", _("时限")),
    "round": FactColumn("round", _("轮次"), FactKind.INTEGER),
    "elapsed_seconds": FactColumn("elapsed_seconds", _("计入秒数"), FactKind.INTEGER),
    "is_met": FactColumn("is_met", _("按时"), FactKind.BOOLEAN),
    "stopped_at": FactColumn("stopped_at", _("止"), FactKind.MOMENT),
    "work_done_at": FactColumn("work_done_at", _("办完时间"), FactKind.MOMENT),
    "followed_up_at": FactColumn("followed_up_at", _("回访时间"), FactKind.MOMENT),
    "rating": FactColumn("rating", _("评分"), FactKind.INTEGER),
}
_PLACE = """(CAST(%(organisation)s AS bigint) IS NULL OR organisation_id IN (
    SELECT descendant_id FROM organisations_ancestry WHERE ancestor_id = %(organisation)s))"""


def list_indicators() -> Iterator[IndicatorSpec]:
    """Give the indicators of tickets: `tickets.on_time_rate`, and `tickets.<kind>.on_time_rate` for each kind."""
    for figure in FIGURES:
        yield _specify(figure, None)
        for kind in list_kinds():
            yield _specify(figure, kind)


def _specify(figure: FigureSpec, kind: TicketKind | None) -> IndicatorSpec:
    name = figure.key.removeprefix("tickets.")
    return IndicatorSpec(
        key=f"tickets.{kind.key.replace('.', '_')}.{name}" if kind else figure.key,
        name=_name_within(kind.label, figure.name) if kind else figure.name,
        unit=figure.unit,
        direction=Direction(figure.direction.value),
        aggregation=Aggregation.PERCENTILE if figure.percentile else Aggregation.RATIO,
        sql=_statement(figure, kind),
        definition=figure.definition,
        columns=tuple(_COLUMNS[column] for column in figure.columns),
        factor=figure.scale,
        divisor=figure.divisor,
        percentile=Decimal(figure.percentile) / 100 if figure.percentile else None,
    )


def _join_names(kind: Text, figure: Text) -> str:
    return gettext("%(kind)s%(figure)s") % {"kind": kind, "figure": figure}


# Names stay lazy: a specification is registered once and read in the language of whoever looks.
_name_within = lazy(_join_names, str)


def _statement(figure: FigureSpec, kind: TicketKind | None) -> str:
    """Put together the statement: all parts are constants of the house, the values of a measurement are parameters."""
    conditions = [*figure.conditions, f"{figure.moment} >= %(from)s", f"{figure.moment} < %(until)s", _PLACE]
    if kind:
        conditions.append(f"kind = '{kind.key}'")
    columns = ", ".join(COLUMNS.get(name, name) for name in figure.columns)
    return (
        f"SELECT CAST({figure.fact} AS text) AS fact_key, {figure.numerator} AS numerator, {figure.denominator} AS denominator,"
        f" {columns}\nFROM {figure.relation}\nWHERE " + "\n  AND ".join(conditions)
    )
