"""The charts of the year: money against results, grades, findings, mending, and what rests on measurement."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.kernel.accounts.facade import User
from chengshu.performance.facade import years
from chengshu.performance.facade.years import YearCounts, YearRow, YearScope, YearSums
from chengshu.performance.ui.charts import Chart, Series, TableCell
from chengshu.performance.ui.wording import write_figure, write_wan

_WAN = Decimal(10_000)
_MOST_BARS, _MOST_PROJECTS = 12, 50
_GRADE_TONES = ("done", "place", "breach", "error")


class YearFacts:
    """What a dashboard of a year speaks of; each part is asked for when somebody wants it, and only once."""

    def __init__(self, viewer: User, scope: YearScope, now: datetime) -> None:
        """Take who asks, of what, and when."""
        self.viewer, self.scope, self.now, self.on = viewer, scope, now, localdate(now)

    @cached_property
    def units(self) -> list[YearRow]:
        """Give the sums of the year by unit."""
        return years.sum_by_unit(self.scope, self.viewer, on=self.on)

    @cached_property
    def total(self) -> YearSums:
        """Give the sums of the year."""
        return sum((row.sums for row in self.units), YearSums())

    @cached_property
    def parts(self) -> list[YearRow]:
        """Give the sums by unit, or by project where there is one unit."""
        if self.has_units:
            return self.units
        return years.sum_by_project(self.scope, self.viewer, on=self.on, most=_MOST_PROJECTS)

    @cached_property
    def years(self) -> list[YearRow]:
        """Give the sums of all years."""
        return years.sum_by_year(self.viewer, on=self.on, unit_id=self.scope.unit_id)

    @cached_property
    def counts(self) -> YearCounts:
        """Give what is counted beside the sums."""
        return years.count_year(self.scope, self.viewer, on=self.on, now=self.now)

    @property
    def has_units(self) -> bool:
        """Whether there is more than one unit to compare."""
        return len(self.units) > 1

    @property
    def part_name(self) -> str:
        """Name what the year is parted into."""
        return _("实施单位") if self.has_units else _("项目")

    def address(self, row: YearRow) -> str:
        """Lead from a part to its dashboard or its page."""
        if self.has_units:
            return f"{reverse('performance:overview')}?{urlencode({'year': str(self.scope.year), 'unit': row.key})}"
        return reverse("performance:project-year", args=[int(row.key)])

    def year_address(self, year: str) -> str:
        """Lead from a year to its dashboard; years that only published forms tell of lead to those."""
        if any(row.key == year and not row.sums.years for row in self.years):
            return f"{reverse('performance:forms')}?{urlencode({'year': year, 'printing': 'first'})}"
        unit = {} if self.scope.unit_id is None else {"unit": str(self.scope.unit_id)}
        return f"{reverse('performance:overview')}?{urlencode({'year': year, **unit})}"


def results_chart(facts: YearFacts) -> Chart:
    """Money against results: execution rate beside the average score."""
    title = _("还没有可以对照的资金和得分")
    if facts.total.rate_pct is not None:
        title = _("执行率 %(rate)s%%，平均得分 %(score)s") % {
            "rate": facts.total.rate_pct,
            "score": _text(facts.total.average),
        }
    shown = facts.parts[:_MOST_BARS]
    return Chart(
        name="results",
        shape="lying",
        title=title,
        unit=_("%、分"),
        categories=tuple(row.name for row in shown),
        series=(
            Series(_("执行率"), "place", tuple(_float(row.sums.rate_pct) for row in shown)),
            Series(_("平均得分"), "done", tuple(_float(row.sums.average) for row in shown)),
        ),
        addresses=tuple(facts.address(row) for row in shown),
        head=(
            facts.part_name,
            _("项目"),
            _("全年预算数（万元）"),
            _("全年执行数（万元）"),
            _("执行率（%）"),
            _("平均得分"),
        ),
        rows=tuple(
            (
                TableCell(row.name, is_numeric=False, address=facts.address(row)),
                TableCell(str(row.sums.years)),
                TableCell(write_wan(row.sums.budget_yuan)),
                TableCell(write_wan(row.sums.executed_yuan)),
                TableCell(_text(row.sums.rate_pct)),
                TableCell(_text(row.sums.average)),
            )
            for row in facts.parts
        ),
    )


def grades_chart(facts: YearFacts) -> Chart:
    """Grades of one year, by unit or project."""
    shown = [row for row in facts.parts if sum(row.sums.by_grade)][:_MOST_BARS]
    graded = sum(facts.total.by_grade)
    title = _("还没有评出等级")
    if graded:
        title = _("%(all)s 个自评中 %(n)s 个为优") % {"all": f"{graded:,}", "n": f"{facts.total.excellent:,}"}
    return _grades("grades", title, facts.part_name, shown, [facts.address(row) for row in shown])


def grades_by_year_chart(facts: YearFacts) -> Chart:
    """Grades of all years."""
    shown = [row for row in facts.years if sum(row.sums.by_grade)]
    title = _("还没有评出等级")
    if shown:
        last = shown[-1].sums
        share = (Decimal(last.excellent) * 100 / sum(last.by_grade)).quantize(Decimal("0.1"))
        title = _("%(year)s 年度 %(share)s%% 为优") % {"year": shown[-1].name, "share": share}
    return _grades("grades-years", title, _("年度"), shown, [facts.year_address(row.key) for row in shown])


def _grades(name: str, title: str, axis: str, rows: Sequence[YearRow], addresses: Sequence[str]) -> Chart:
    labels = (_("优"), _("良"), _("中"), _("差"))
    return Chart(
        name=name,
        shape="stacked",
        title=title,
        unit=_("份"),
        categories=tuple(row.name for row in rows),
        series=tuple(
            Series(label, tone, tuple(float(row.sums.by_grade[at]) for row in rows))
            for at, (label, tone) in enumerate(zip(labels, _GRADE_TONES, strict=True))
        ),
        addresses=tuple(addresses),
        head=(axis, *labels, _("平均得分")),
        rows=tuple(
            (
                TableCell(row.name, is_numeric=False, address=address),
                *(TableCell(str(count)) for count in row.sums.by_grade),
                TableCell(_text(row.sums.average)),
            )
            for row, address in zip(rows, addresses, strict=True)
        ),
    )


def money_chart(facts: YearFacts) -> Chart:
    """Money of all years, published forms among them."""
    rows = facts.years
    imported = sum(row.sums.imported for row in rows)
    title = _("各年度资金")
    if rows and rows[-1].sums.rate_pct is not None:
        title = _("%(year)s 年度执行率 %(rate)s%%") % {"year": rows[-1].name, "rate": rows[-1].sums.rate_pct}
    columns = (
        (_("年初预算数"), "soft", "initial_yuan"),
        (_("全年预算数"), "place", "budget_yuan"),
        (_("全年执行数"), "done", "executed_yuan"),
    )
    unit = _("万元，含导入的 %(n)s 张自评表") % {"n": f"{imported:,}"} if imported else _("万元")
    return Chart(
        name="money",
        shape="bars",
        title=title,
        unit=unit,
        categories=tuple(row.name for row in rows),
        series=tuple(
            Series(label, tone, tuple(float(round(getattr(row.sums, column) / _WAN, 2)) for row in rows))
            for label, tone, column in columns
        ),
        addresses=tuple(facts.year_address(row.key) for row in rows),
        head=(
            _("年度"),
            _("项目"),
            _("导入的自评表"),
            *(f"{label}（{_('万元')}）" for label, _tone, _column in columns),
            _("执行率（%）"),
        ),
        rows=tuple(_lay_money(row, facts.year_address(row.key)) for row in rows),
    )


def _lay_money(row: YearRow, address: str) -> tuple[TableCell, ...]:
    sums = row.sums
    return (
        TableCell(row.name, is_numeric=False, address=address),
        TableCell(str(sums.years)),
        TableCell(str(sums.imported)),
        *(TableCell(write_wan(amount)) for amount in (sums.initial_yuan, sums.budget_yuan, sums.executed_yuan)),
        TableCell(_text(sums.rate_pct)),
    )


def findings_chart(facts: YearFacts) -> Chart:
    """Findings of one year, by unit or project, the most first."""
    rows = sorted(facts.parts, key=lambda row: (-row.sums.errors, -row.sums.breaches, row.name))
    rows = [row for row in rows if row.sums.errors or row.sums.breaches][:_MOST_BARS]
    title = _("自评里没有发现问题")
    if facts.total.faulty:
        title = _("%(n)s 个自评有错误或不合规") % {"n": f"{facts.total.faulty:,}"}
    addresses = [facts.address(row) for row in rows]
    labels = ((_("错误"), "error", "errors"), (_("不合规"), "breach", "breaches"))
    return Chart(
        name="findings",
        shape="stacked",
        title=title,
        unit=_("条"),
        categories=tuple(row.name for row in rows),
        series=tuple(
            Series(label, tone, tuple(float(getattr(row.sums, column)) for row in rows))
            for label, tone, column in labels
        ),
        addresses=tuple(addresses),
        head=(facts.part_name, *(label for label, _tone, _column in labels), _("涉及的自评")),
        rows=tuple(
            (
                TableCell(row.name, is_numeric=False, address=address),
                *(TableCell(str(getattr(row.sums, column))) for _label, _tone, column in labels),
                TableCell(str(row.sums.faulty)),
            )
            for row, address in zip(rows, addresses, strict=True)
        ),
    )


def mending_chart(facts: YearFacts) -> Chart:
    """What was to be mended and what is, by year."""
    rates = sorted(facts.counts.rates, key=lambda rate: rate.name)
    raised, mended = sum(rate.raised for rate in rates), sum(rate.mended for rate in rates)
    title = _("没有下达过整改")
    if raised:
        title = _("%(raised)s 项整改中 %(mended)s 项已完成") % {"raised": f"{raised:,}", "mended": f"{mended:,}"}
    return Chart(
        name="mending",
        shape="bars",
        title=title,
        unit=_("项整改"),
        categories=tuple(rate.name for rate in rates),
        series=(
            Series(_("下达"), "soft", tuple(float(rate.raised) for rate in rates)),
            Series(_("完成"), "done", tuple(float(rate.mended) for rate in rates)),
            Series(_("逾期"), "error", tuple(float(rate.overdue) for rate in rates)),
        ),
        addresses=tuple(facts.year_address(rate.name) for rate in rates),
        head=(_("年度"), _("下达"), _("完成"), _("逾期"), _("整改率（%）")),
        rows=tuple(
            (
                TableCell(rate.name, is_numeric=False),
                TableCell(str(rate.raised)),
                TableCell(str(rate.mended)),
                TableCell(str(rate.overdue)),
                TableCell(_text(rate.rate_pct)),
            )
            for rate in rates
        ),
    )


def evidence_chart(facts: YearFacts) -> Chart:
    """How much of all years rests on measurement: of indicators and of points."""
    rows = [row for row in facts.years if row.sums.indicators]
    title = _("还没有自评指标")
    if rows:
        title = _("%(year)s 年度 %(share)s%% 的分值有计量依据") % {
            "year": rows[-1].name,
            "share": _text(rows[-1].sums.covered_weight_pct),
        }
    return Chart(
        name="evidence",
        shape="line",
        title=title,
        unit="%",
        categories=tuple(row.name for row in rows),
        series=(
            Series(_("按指标"), "soft", tuple(_float(row.sums.covered_pct) for row in rows)),
            Series(_("按分值"), "place", tuple(_float(row.sums.covered_weight_pct) for row in rows)),
        ),
        addresses=tuple(facts.year_address(row.key) for row in rows),
        head=(
            _("年度"),
            _("指标"),
            _("有计量依据"),
            _("占指标（%）"),
            _("分值"),
            _("有计量依据的分值"),
            _("占分值（%）"),
        ),
        rows=tuple(_lay_evidence(row, facts.year_address(row.key)) for row in rows),
    )


def _lay_evidence(row: YearRow, address: str) -> tuple[TableCell, ...]:
    sums = row.sums
    return (
        TableCell(row.name, is_numeric=False, address=address),
        TableCell(str(sums.indicators)),
        TableCell(str(sums.measured)),
        TableCell(_text(sums.covered_pct)),
        TableCell(write_figure(sums.weight)),
        TableCell(write_figure(sums.measured_weight)),
        TableCell(_text(sums.covered_weight_pct)),
    )


def _text(figure: Decimal | None) -> str:
    return "—" if figure is None else str(figure)


def _float(figure: Decimal | None) -> float | None:
    return None if figure is None else float(figure)


YEAR_CHARTS: Mapping[str, Callable[[YearFacts], Chart]] = MappingProxyType(
    {
        "results": results_chart,
        "money": money_chart,
        "grades": grades_chart,
        "grades-years": grades_by_year_chart,
        "findings": findings_chart,
        "mending": mending_chart,
        "evidence": evidence_chart,
    }
)
