"""Charts of quality: data for the drawing, and the table beside it that says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengshu.resources.facade.quality import Month, TableProfile, name_bins, shares_of

Number = int | float | Decimal | None
_LINE, _BARS, _LYING = "line", "bars", "lying"
KINDS: dict[str, Promise] = {
    "text": gettext_lazy("文本"),
    "integer": gettext_lazy("整数"),
    "number": gettext_lazy("数"),
    "boolean": gettext_lazy("真假"),
    "date": gettext_lazy("日期"),
    "timestamp": gettext_lazy("日期时间"),
    "other": gettext_lazy("其他类型"),
}


@dataclass(frozen=True, slots=True)
class Series:
    """One line or row of bars; `tone` names a colour of the house."""

    name: str
    values: tuple[Number, ...]
    tone: str = "place"


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: names along it, series, and the unit of its values."""

    key: str
    title: str
    shape: str
    names: tuple[str, ...]
    series: tuple[Series, ...]
    head: str
    unit: str = ""

    @property
    def data_id(self) -> str:
        """The id of the element that holds the data for the drawing."""
        return f"chart-{self.key}-data"

    def drawn(self) -> dict[str, Any]:
        """Give what the script draws."""
        series = [
            {"name": one.name, "values": [_plain(value) for value in one.values], "tone": one.tone}
            for one in self.series
        ]
        return {"shape": self.shape, "categories": list(self.names), "series": series}

    def rows(self) -> list[tuple[str, list[Number]]]:
        """Give the rows of the table."""
        return [(name, [one.values[at] for one in self.series]) for at, name in enumerate(self.names)]


def trend_charts(months: Sequence[Month]) -> tuple[Chart, ...]:
    """Draw how quality went: the share that failed, the share put right, issues opened and settled."""
    names = tuple(one.name for one in months)
    head = _("月份")
    failed = Series(_("不合格占检查数"), tuple(one.failed_pct for one in months), "error")
    rate = Series(_("当月发现的整改率"), tuple(one.rate_pct for one in months), "done")
    opened = Series(_("发现"), tuple(one.opened for one in months), "breach")
    settled = Series(_("办结"), tuple(one.settled for one in months), "done")
    return (
        Chart("failed", _("检查不合格率"), _LINE, names, (failed,), head, "%"),
        Chart("rate", _("整改率"), _LINE, names, (rate,), head, "%"),
        Chart("issues", _("问题发现和办结"), _BARS, names, (opened, settled), head, _("个问题")),
    )


def rows_chart(profiles: Sequence[TableProfile]) -> Chart:
    """Draw how many rows the versions had, the oldest first."""
    names = tuple(_name(one) for one in profiles)
    rows = Series(_("行数"), tuple(one.rows for one in profiles))
    return Chart("rows", _("各版本的行数"), _LINE, names, (rows,), _("数据版本"), _("行"))


def column_charts(profiles: Sequence[TableProfile], column: str) -> tuple[Chart, ...]:
    """Draw a column over the versions, the oldest first: its newest distribution beside the one before, and its counts."""
    found = [(one, record) for one in profiles for record in one.columns if record["name"] == column]
    if not found:
        return ()
    names = tuple(_name(one) for one, _record in found)
    nulls = Series(_("空值占比"), tuple(_pct(record["nulls"], one.rows) for one, record in found), "error")
    distinct = Series(_("不同的值"), tuple(record["distinct"] for _one, record in found))
    history = (
        Chart("nulls", _("空值占比"), _LINE, names, (nulls,), _("数据版本"), "%"),
        Chart("distinct", _("不同值的个数"), _LINE, names, (distinct,), _("数据版本"), _("个值")),
    )
    spread = _distribution(found)
    return (spread, *history) if spread else history


def _distribution(found: Sequence[tuple[TableProfile, dict[str, Any]]]) -> Chart | None:
    (newest, now), *_rest = reversed(found)
    before = next(((one, record) for one, record in reversed(found[:-1])), None)
    if now["bins"]:
        names = tuple(name_bins(now["edges"], is_day=now["kind"] in {"date", "timestamp"}))
        series = [Series(_name(newest), _percents(shares_of(now["bins"])))]
        if before and before[1]["edges"] == now["edges"]:
            series.insert(0, Series(_name(before[0]), _percents(shares_of(before[1]["bins"])), "soft"))
        return Chart("spread", _("分布"), _BARS, names, tuple(series), _("区间"), "%")
    if not now["top"]:
        return None
    names = tuple(value or _("（空文本）") for value, _times in now["top"])
    series = [Series(_name(newest), tuple(_pct(times, newest.rows) for _value, times in now["top"]))]
    if before:
        counts: dict[str, int] = {}
        for value, times in before[1]["top"]:
            counts[value] = counts.get(value, 0) + times
        shares = tuple(_pct(counts.get(value, 0), before[0].rows) for value, _times in now["top"])
        series.insert(0, Series(_name(before[0]), shares, "soft"))
    return Chart("spread", _("最多的值"), _LYING, names, tuple(series), _("值"), "%")


def _name(profile: TableProfile) -> str:
    return _("第 %(version)s 版") % {"version": profile.version}


def _pct(part: int, whole: int) -> Number:
    return round(Decimal(100) * part / whole, 2) if whole else None


def _percents(shares: Sequence[float]) -> tuple[Number, ...]:
    return tuple(round(share * 100, 2) for share in shares)


def _plain(value: Number) -> int | float | None:
    return float(value) if isinstance(value, Decimal) else value
