"""How the money of a year looks: the form's block, its moves, and execution over time as a chart with its table."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from chengshu.kernel.listing.facade import Kind, format_value
from chengshu.performance.facade.money import BudgetAdjustment, MoneyRow, MonthPoint, execution_rate
from chengshu.performance.facade.projects import ProjectYear
from chengshu.performance.ui.charts import Chart, Series, TableCell
from chengshu.performance.ui.project_words import SOURCES
from chengshu.performance.ui.wording import share_pct, write_wan

_WAN = Decimal(10_000)


@dataclass(frozen=True, slots=True)
class BlockRow:
    """One row of the money block as it is printed; amounts in 元."""

    label: str
    is_total: bool
    amounts: tuple[str, ...]
    rate: str


@dataclass(frozen=True, slots=True)
class Move:
    """One adjustment as it is listed."""

    adjustment: BudgetAdjustment
    source: str
    amount: str
    is_undone: bool
    is_undo: bool


def lay_block(rows: Sequence[MoneyRow]) -> list[BlockRow]:
    """Lay the money block: initial, adjustments, budget, executed and rate, the total first."""
    return [
        BlockRow(
            label=str(SOURCES[row.source]) if row.source else _("年度资金总额"),
            is_total=row.source is None,
            amounts=tuple(
                write_yuan(amount)
                for amount in (row.initial_yuan, row.adjusted_yuan, row.budget_yuan, row.executed_yuan)
            ),
            rate="—" if row.rate is None else f"{row.rate}%",
        )
        for row in rows
    ]


def lay_year(year: ProjectYear) -> tuple[ProjectYear, tuple[str, ...], str]:
    """Lay the kept sums of a year: itself, its amounts in 元 and its rate."""
    rate = execution_rate(year.executed_yuan, year.budget_yuan)
    amounts = tuple(write_yuan(amount) for amount in (year.initial_yuan, year.budget_yuan, year.executed_yuan))
    return year, amounts, "—" if rate is None else str(rate)


def lay_moves(adjustments: Sequence[BudgetAdjustment]) -> list[Move]:
    """Lay the adjustments with their state."""
    return [
        Move(
            adjustment=move,
            source=str(SOURCES[move.source]),
            amount=("+" if move.amount_yuan > 0 else "") + write_yuan(move.amount_yuan),
            is_undone=hasattr(move, "undone_by"),
            is_undo=move.undoes_id is not None,
        )
        for move in adjustments
    ]


def write_yuan(amount: Decimal) -> str:
    """Write an amount of 元, thousands apart, two decimals."""
    return format_value(amount, Kind.MONEY)


def execution_chart(year: ProjectYear, points: Sequence[MonthPoint]) -> Chart:
    """Execution over time against an even plan, in 万元."""
    begun = [point for point in points if point.executed_yuan is not None]
    rate = share_pct(begun[-1].executed_yuan, year.budget_yuan) if begun else None
    title = _("还没有预算")
    if rate is not None:
        plan = share_pct(begun[-1].planned_yuan, year.budget_yuan)
        words = {"month": begun[-1].month, "rate": rate, "plan": plan}
        title = _("到 %(month)s 月底执行 %(rate)s%%，按月均匀支出应为 %(plan)s%%") % words
    elif year.budget_yuan:
        title = _("年度还没有开始")
    return Chart(
        name="execution",
        shape="line",
        title=title,
        unit=_("万元"),
        categories=tuple(_("%(n)s 月") % {"n": point.month} for point in points),
        series=(
            Series(_("累计执行"), "place", tuple(_wan(point.executed_yuan) for point in points)),
            Series(_("均匀计划"), "soft", tuple(_wan(point.planned_yuan) for point in points)),
        ),
        addresses=(),
        head=(_("月份"), _("累计执行（万元）"), _("均匀计划（万元）"), _("执行率（%）")),
        rows=tuple(
            (
                TableCell(_("%(n)s 月") % {"n": point.month}, is_numeric=False),
                TableCell(write_wan(point.executed_yuan)),
                TableCell(write_wan(point.planned_yuan)),
                TableCell(str(_rate(point, year))),
            )
            for point in points
        ),
    )


def _rate(point: MonthPoint, year: ProjectYear) -> Decimal | str:
    return share_pct(point.executed_yuan, year.budget_yuan) or "—"


def _wan(amount: Decimal | None) -> float | None:
    return None if amount is None else float(round(amount / _WAN, 2))
