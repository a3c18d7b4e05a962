"""The forms of monitoring: points of the year, and a report as it was typed."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengshu.base.quantities import parse_amount
from chengshu.performance.facade.monitoring import Lamp, MonitoredRow, MonitoringContent

_WAN = Decimal(10_000)


class PointForm(forms.Form):
    """A date of the year at which every project reports."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    until_on = forms.DateField(label=gettext_lazy("监控截至日期"))
    due_on = forms.DateField(label=gettext_lazy("报送截止日期"))

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="point-%s")


class DueForm(forms.Form):
    """Another day by which the reports of a point are due."""

    due_on = forms.DateField(label=gettext_lazy("报送截止日期"))

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="due-%s")


@dataclass(frozen=True, slots=True)
class Typed:
    """A report as typed: what could be read, the version that was seen, and what could not be read, by field."""

    content: MonitoringContent
    version: int
    faults: dict[str, str] = field(default_factory=dict)
    forecast_text: str = ""


def read_typed(data: QueryDict, kept: MonitoringContent) -> Typed:
    """Read the posted report; rows that are not in the kept one are left out, names and targets come from it."""
    faults: dict[str, str] = {}
    text = data.get("forecast_yuan", "").strip()[:40]
    wan = parse_amount(text) if text else None
    if text and wan is None:
        faults["forecast_yuan"] = _("请填数字，如 120.50。")
    rows = tuple(_read_row(data, row) for row in kept.rows)
    content = MonitoringContent(
        None if wan is None else wan * _WAN, data.get("deviation", ""), data.get("measure", ""), rows
    )
    return Typed(content, _number(data.get("version", "")), faults, text)


def _read_row(data: QueryDict, kept: MonitoredRow) -> MonitoredRow:
    def typed(name: str, before: str) -> str:
        return str(data.get(f"{name}-{kept.goal_id}", before))

    lamp = typed("lamp", kept.lamp.value if kept.lamp else "")
    return MonitoredRow(
        goal_id=kept.goal_id,
        name=kept.name,
        target=kept.target,
        value=kept.value if kept.measurement_id is not None else typed("value", kept.value),
        forecast=typed("forecast", kept.forecast),
        lamp=Lamp(lamp) if lamp in set(Lamp) else None,
        deviation=typed("deviation", kept.deviation),
        measure=typed("measure", kept.measure),
        measurement_id=kept.measurement_id,
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
