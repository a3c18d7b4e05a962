"""The charts: each a finding in a sentence, a few series, and the table behind them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.kernel.accounts.facade import User
from chengshu.performance import facade
from chengshu.performance.ui.wording import share_pct, words, write_move, write_score, write_wan

_WAN = Decimal(10_000)
_MOST_BARS = 12


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell of the table under a chart."""

    text: str
    is_numeric: bool = True
    address: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """One series: `tone` names its colour (a level, `place`, `soft`)."""

    name: str
    tone: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart.

    `shape` is "stacked" (lying bars, one after the other), "lying" or "bars" (lying or standing bars side by side) or
    "pairs" (points of two series against each other). `title` says the finding. `addresses` lead from each category to its list.
    """

    name: str
    shape: str
    title: str
    unit: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    addresses: tuple[str, ...]
    head: tuple[str, ...]
    rows: tuple[tuple[TableCell, ...], ...]

    def as_json(self) -> dict[str, Any]:
        """Give what the page's script draws."""
        return {
            "shape": self.shape,
            "title": self.title,
            "unit": self.unit,
            "categories": self.categories,
            "series": [{"name": s.name, "tone": s.tone, "values": s.values} for s in self.series],
            "addresses": self.addresses,
        }


def codes_chart(viewer: User, batch_id: int | None) -> Chart:
    """Findings by class and level."""
    named = words()
    counts = facade.count_by_code(viewer, batch_id, on=localdate())
    grave = [item for item in counts if item.errors or item.breaches]
    shown = (grave or counts)[:_MOST_BARS]
    title = _("没有发现问题")
    if shown:
        title = _("最常见的是“%(name)s”，涉及 %(n)s 张表") % {"name": named.code(shown[0].code), "n": shown[0].forms}
    levels = (("error", "errors"), ("breach", "breaches"), ("hint", "hints"))
    return Chart(
        name="codes",
        shape="stacked",
        title=title,
        unit=_("条"),
        categories=tuple(named.code(item.code) for item in shown),
        series=tuple(
            Series(named.levels[level], level, tuple(float(getattr(item, column)) for item in shown))
            for level, column in levels
        ),
        addresses=tuple(_findings_list(item.code, batch_id) for item in shown),
        head=(_("类别"), *(named.levels[level] for level, _column in levels), _("涉及的表")),
        rows=tuple(
            (
                TableCell(named.code(item.code), is_numeric=False, address=_findings_list(item.code, batch_id)),
                *(TableCell(str(getattr(item, column))) for _level, column in levels),
                TableCell(str(item.forms)),
            )
            for item in counts
        ),
    )


def scores_chart(viewer: User, batch_id: int | None) -> Chart:
    """Printed totals against those by rule."""
    compared = facade.compare_scores(viewer, batch_id, on=localdate())
    pairs = compared.pairs
    title = _("没有能整表复算的自评表")
    if pairs:
        title = _("%(all)s 张能整表复算，其中 %(n)s 张与自评总分不同") % {
            "all": f"{compared.forms:,}",
            "n": f"{compared.differing:,}",
        }
    pages = tuple(reverse("performance:form", args=[pair.form_id]) for pair in pairs)
    return Chart(
        name="scores",
        shape="pairs",
        title=title,
        unit=_("分"),
        categories=tuple(pair.project for pair in pairs),
        series=(
            Series(_("自评总分"), "place", tuple(float(pair.printed) for pair in pairs)),
            Series(_("复算总分"), "soft", tuple(float(pair.rescored) for pair in pairs)),
        ),
        addresses=pages,
        head=(_("项目名称"), _("自评总分"), _("复算总分"), _("相差")),
        rows=tuple(
            (
                TableCell(pair.project or "—", is_numeric=False, address=page),
                TableCell(write_score(pair.printed)),
                TableCell(write_score(pair.rescored)),
                TableCell(write_move(pair.printed - pair.rescored) or "0"),
            )
            for pair, page in zip(pairs, pages, strict=True)
        ),
    )


def years_chart(viewer: User, batch_id: int | None) -> Chart:
    """Money by year."""
    sums = facade.sum_money_by_year(viewer, batch_id, on=localdate())
    title = _("各年度资金")
    if sums and (rate := share_pct(sums[-1].executed_yuan, sums[-1].budget_yuan)) is not None:
        title = _("%(year)s 年度执行率 %(rate)s%%") % {"year": sums[-1].name, "rate": rate}
    return _money_chart("years", title, _("年度"), "year", sums, batch_id)


def units_chart(viewer: User, batch_id: int | None) -> Chart:
    """Money by unit."""
    sums = facade.sum_money_by_unit(viewer, batch_id, on=localdate())
    title = _("各单位资金")
    if sums:
        title = _("预算最多的单位是%(unit)s，%(budget)s 万元") % {
            "unit": sums[0].name,
            "budget": write_wan(sums[0].budget_yuan),
        }
    chart = _money_chart("units", title, _("实施单位"), "unit", sums, batch_id)
    return replace(chart, shape="lying")


def _money_chart(
    name: str, title: str, axis: str, key: str, sums: Sequence[facade.MoneySum], batch_id: int | None
) -> Chart:
    columns = (
        (_("年初预算数"), "soft", "initial_yuan"),
        (_("全年预算数"), "place", "budget_yuan"),
        (_("全年执行数"), "done", "executed_yuan"),
    )
    addresses = tuple(_forms_list(key, item.name, batch_id) for item in sums)
    return Chart(
        name=name,
        shape="bars",
        title=title,
        unit=_("万元"),
        categories=tuple(item.name for item in sums),
        series=tuple(
            Series(label, tone, tuple(_wan(getattr(item, column)) for item in sums)) for label, tone, column in columns
        ),
        addresses=addresses,
        head=(axis, _("自评表"), *(f"{label}（{_('万元')}）" for label, _tone, _column in columns), _("执行率（%）")),
        rows=tuple(
            (
                TableCell(item.name, is_numeric=False, address=address),
                TableCell(str(item.forms)),
                *(TableCell(write_wan(getattr(item, column))) for _label, _tone, column in columns),
                TableCell(str(share_pct(item.executed_yuan, item.budget_yuan) or "—")),
            )
            for item, address in zip(sums, addresses, strict=True)
        ),
    )


def _wan(amount: Decimal | None) -> float | None:
    return None if amount is None else float(round(amount / _WAN, 2))


def _findings_list(code: str, batch_id: int | None) -> str:
    return f"{reverse('performance:findings')}?{urlencode(_scoped({'code': code, 'printing': 'first'}, batch_id))}"


def _forms_list(key: str, value: str, batch_id: int | None) -> str:
    return f"{reverse('performance:forms')}?{urlencode(_scoped({key: value, 'printing': 'first'}, batch_id))}"


def _scoped(narrowed: dict[str, str], batch_id: int | None) -> dict[str, str]:
    return narrowed if batch_id is None else {**narrowed, "batch": str(batch_id)}


CHARTS: Mapping[str, Callable[[User, int | None], Chart]] = MappingProxyType(
    {"codes": codes_chart, "scores": scores_chart, "years": years_chart, "units": units_chart}
)
