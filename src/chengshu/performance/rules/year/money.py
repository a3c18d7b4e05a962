"""Money of a project's year: rows of payment tables, the form's money block, execution over time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from chengshu.base.texts import label_key, tidy
from chengshu.performance.contracts.money import FaultyRow, MoneyRow, MonthPoint, PaymentRow, RowFault
from chengshu.performance.contracts.year import FundSource
from chengshu.performance.rules.rounding import round_half_up
from chengshu.performance.rules.year.tables import ColumnSpec, Header, read_date, read_money, read_year

VOUCHER_LENGTH = 60
PURPOSE_LENGTH = 300
_ZERO = Decimal(0)
_MONTHS = 12

#: The columns of a payment table, under the names that officers and their paying systems use.
PAYMENT_COLUMNS = (
    ColumnSpec("project", ("项目编码", "项目编号", "项目代码"), is_needed=True),
    ColumnSpec("year", ("年度", "预算年度", "年份"), is_needed=True),
    ColumnSpec("source", ("资金来源", "资金性质", "来源"), is_needed=True),
    ColumnSpec("voucher", ("凭证号", "支付凭证号", "凭证编号", "支付令号"), is_needed=True),
    ColumnSpec("paid_on", ("支付日期", "付款日期", "支付时间", "日期"), is_needed=True),
    ColumnSpec("amount", ("金额", "支付金额", "付款金额"), is_needed=True, is_money=True),
    ColumnSpec("purpose", ("摘要", "用途", "说明")),
)

_SOURCES: Mapping[str, FundSource] = {
    "当年财政拨款": FundSource.FISCAL,
    "其中:当年财政拨款": FundSource.FISCAL,
    "财政拨款": FundSource.FISCAL,
    "当年财政资金": FundSource.FISCAL,
    "上年结转资金": FundSource.CARRIED_OVER,
    "上年结转": FundSource.CARRIED_OVER,
    "结转资金": FundSource.CARRIED_OVER,
    "其他资金": FundSource.OTHER,
    "其他": FundSource.OTHER,
    "其它资金": FundSource.OTHER,
}


def read_source(text: str) -> FundSource | None:
    """Read a fund source by the words of the form; None for others."""
    return _SOURCES.get(label_key(text))


def read_payment(header: Header, cells: Sequence[str], *, today: date) -> PaymentRow | FaultyRow:  # noqa: PLR0911 - one way out for each fault
    """Read one row of a payment table, or tell the first thing that is wrong with it."""
    project, voucher = header.cell(cells, "project"), header.cell(cells, "voucher")
    if not project:
        return FaultyRow(RowFault.PROJECT_MISSING)
    year_text, source_text = header.cell(cells, "year"), header.cell(cells, "source")
    year = read_year(year_text)
    if year is None:
        return FaultyRow(RowFault.YEAR_UNREADABLE, year_text)
    source = read_source(source_text)
    if source is None:
        return FaultyRow(RowFault.SOURCE_UNKNOWN, source_text)
    if not voucher:
        return FaultyRow(RowFault.VOUCHER_MISSING)
    paid_on = _read_day(header.cell(cells, "paid_on"), year, today)
    if isinstance(paid_on, FaultyRow):
        return paid_on
    amount = read_money(header.cell(cells, "amount"), header.factors["amount"])
    if isinstance(amount, FaultyRow):
        return amount
    if amount == _ZERO:
        return FaultyRow(RowFault.AMOUNT_ZERO, header.cell(cells, "amount"))
    purpose = tidy(header.cell(cells, "purpose"))
    for text, limit in ((project, 40), (voucher, VOUCHER_LENGTH), (purpose, PURPOSE_LENGTH)):
        if len(text) > limit:
            return FaultyRow(RowFault.TEXT_TOO_LONG, text)
    return PaymentRow(project, year, source, voucher, paid_on, amount, purpose)


def _read_day(text: str, year: int, today: date) -> date | FaultyRow:
    """Read a day of payment: in the budget year, which is the calendar year (预算法 第十八条), and not to come."""
    day = read_date(text)
    if day is None:
        return FaultyRow(RowFault.DATE_UNREADABLE, text)
    if day.year != year:
        return FaultyRow(RowFault.DATE_OUTSIDE_YEAR, text)
    return FaultyRow(RowFault.DATE_IN_FUTURE, text) if day > today else day


def execution_rate(executed: Decimal, budget: Decimal) -> Decimal | None:
    """Give executed ÷ budget in per cent at two decimals, half up; None without a budget."""
    return round_half_up(executed / budget * 100, 2) if budget > 0 else None


def lay_money_block(
    initial: Mapping[FundSource, Decimal],
    adjusted: Mapping[FundSource, Decimal],
    executed: Mapping[FundSource, Decimal],
) -> tuple[MoneyRow, ...]:
    """Give the form's money block: the total first, then each source, in the order of the form."""
    rows = [_money_row(s, initial.get(s, _ZERO), adjusted.get(s, _ZERO), executed.get(s, _ZERO)) for s in FundSource]
    total = _money_row(None, sum_up(initial.values()), sum_up(adjusted.values()), sum_up(executed.values()))
    return (total, *rows)


def _money_row(source: FundSource | None, initial: Decimal, adjusted: Decimal, executed: Decimal) -> MoneyRow:
    budget = initial + adjusted
    return MoneyRow(source, initial, adjusted, budget, executed, execution_rate(executed, budget))


def sum_up(amounts: Iterable[Decimal]) -> Decimal:
    """Add amounts; 0 for none."""
    return sum(amounts, _ZERO)


def lay_execution(
    year: int, budget: Decimal, paid_by_month: Mapping[int, Decimal], *, today: date
) -> tuple[MonthPoint, ...]:
    """Give twelve points: money paid by the end of each month, against a twelfth of the budget a month."""
    points, paid = [], _ZERO
    for month in range(1, _MONTHS + 1):
        paid += paid_by_month.get(month, _ZERO)
        has_begun = date(year, month, 1) <= today
        planned = round_half_up(budget * month / _MONTHS, 2)
        points.append(MonthPoint(month, planned, paid if has_begun else None))
    return tuple(points)
