"""What has to hold before a monitoring report is handed in."""

from datetime import datetime
from typing import cast

from django.utils.translation import gettext as _

from chengshu.performance.contracts.monitoring import Need
from chengshu.performance.errors import SheetIncomplete
from chengshu.performance.models import MonitoringSheet
from chengshu.performance.operations.sheets import AnySheet
from chengshu.performance.queries.monitoring import content_of_monitoring, reckon


def check_monitoring_gate(sheet: AnySheet, _now: datetime) -> None:
    """Pass if every indicator has a value and a lamp, and every yellow or red one its cause and a measure.

    Raises:
        SheetIncomplete: something is missing; `gaps` has the cell and what to do for each.
    """
    report = cast("MonitoringSheet", sheet)
    needs = reckon(report, content_of_monitoring(report)).needs
    if needs:
        said = _("还不能提交：有 %(count)s 处要先补上。") % {"count": len(needs)}
        raise SheetIncomplete(said, [(place, word_need(name, need)) for place, name, need in needs])


def word_need(name: str, need: Need) -> str:
    """Say what is missing and what to do, with the indicator's name before it; money where there is none."""
    words = {
        Need.VALUE: _("没有填完成值。"),
        Need.MEASUREMENT: _("还没有计量，请点“计量到时点”；没有可计量的事实时，请直接填完成值。"),
        Need.LAMP: _("规则无法判断进展，请选择灯色。"),
        Need.DEVIATION: _("黄灯、红灯要写明偏差原因。"),
        Need.MEASURE: _("黄灯、红灯要写明纠偏措施。"),
    }
    return _("%(name)s：%(said)s") % {"name": name or _("预算执行"), "said": words[need]}
