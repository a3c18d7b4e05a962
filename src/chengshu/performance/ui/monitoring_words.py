"""The words of monitoring pages: lamps with their shapes, reasons of warnings, and reports laid out for reading."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chengshu.performance.facade import monitoring
from chengshu.performance.facade.monitoring import Behind, Clash, MonitoredRow, MonitoringContent, MonitoringSheet
from chengshu.performance.ui.wording import language, write_figure, write_wan

LAMPS: Mapping[str, Promise] = {
    "green": _("绿灯（达成）"),
    "yellow": _("黄灯（部分达成）"),
    "red": _("红灯（未达成）"),
    "": _("未亮灯"),
}
REASONS: Mapping[Behind, Promise] = {
    Behind.OVERDUE: _("监控表逾期未报"),
    Behind.RED_LAMP: _("最近一次监控亮红灯"),
    Behind.SLOW_MONEY: _("支付明显慢于时间进度"),
}
FIELDS: Mapping[str, Promise] = {
    "forecast_yuan": _("预计全年执行数"),
    "value": _("完成值"),
    "forecast": _("预计全年完成值"),
    "lamp": _("灯色"),
    "deviation": _("偏差原因"),
    "measure": _("纠偏措施"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator ready to be shown or edited. `reckoned` is the forecast that counts, `is_open` where a person sets the lamp."""

    number: int
    row: MonitoredRow
    weight: str
    share: str
    reckoned: str
    lamp: str
    lamp_name: str
    is_open: bool
    is_bound: bool


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """The money ready to be shown, in 万元 and per cent."""

    budget: str
    executed: str
    rate: str
    elapsed: str
    forecast: str
    is_own_forecast: bool
    lamp: str
    lamp_name: str


def name_lamp(lamp: str) -> str:
    """Name a lamp."""
    return str(LAMPS[lamp])


def lay_report(sheet: MonitoringSheet, content: MonitoringContent) -> tuple[MoneyLine, list[Line]]:
    """Lay a report out, saved or only typed, with what the rules make of it."""
    reckoned = monitoring.reckon(sheet, content)
    goals = {row.goal_id: row.goal for row in monitoring.rows_of(sheet)}
    lines = []
    for number, (row, reading) in enumerate(zip(content.rows, reckoned.rows, strict=True)):
        lamp = reading.lamp.value if reading.lamp else ""
        goal = goals[row.goal_id]
        lines.append(
            Line(
                number,
                row,
                write_figure(goal.weight),
                _percent(reading.share),
                reading.forecast,
                lamp,
                name_lamp(lamp),
                bool(row.value) and (row.lamp is not None or reading.lamp is None),
                bool(goal.measured_by),
            )
        )
    money = reckoned.money
    lamp = money.lamp.value if money.lamp else ""
    head = MoneyLine(
        write_wan(sheet.budget_yuan),
        write_wan(sheet.executed_yuan),
        _percent(money.rate),
        _percent(money.elapsed),
        write_wan(money.forecast_yuan),
        content.forecast_yuan is not None,
        lamp or "none",
        name_lamp(lamp),
    )
    return head, lines


def list_limits() -> list[tuple[str, str, str]]:
    """List the limits of the lamps: what, figure, source."""
    is_english = language() == "en"
    return [
        (limit.label_en if is_english else limit.label, write_figure(limit.value), limit.source)
        for limit in monitoring.list_thresholds().values()
    ]


def word_clashes(clashes: tuple[Clash, ...]) -> list[tuple[str, str, str, str]]:
    """Word what two people changed differently: indicator, column, the other's, mine."""
    empty = gettext("（空）")
    return [
        (
            clash.name or gettext("预算执行"),
            str(FIELDS[clash.field]),
            _shown(clash.field, clash.theirs) or empty,
            _shown(clash.field, clash.mine) or empty,
        )
        for clash in clashes
    ]


def _shown(field: str, value: str) -> str:
    return name_lamp(value) if field == "lamp" else value


def _percent(share: Decimal | None) -> str:
    return "—" if share is None else f"{write_figure(share.quantize(Decimal('0.01')))}%"
