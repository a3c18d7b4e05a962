"""The words of projects and money: fund sources, faults of rows with their cure, what the audit's entries mean."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.audit import facade as audit
from chengshu.kernel.organisations import facade as organisations
from chengshu.performance.facade.money import FundSource, RowFault, TableKind

SOURCES: Mapping[str, Promise] = {
    FundSource.FISCAL: _("当年财政拨款"),
    FundSource.CARRIED_OVER: _("上年结转资金"),
    FundSource.OTHER: _("其他资金"),
}
TABLES: Mapping[str, Promise] = {TableKind.PAYMENTS: _("支付明细"), TableKind.PROJECTS: _("项目及年初预算")}

FAULTS: Mapping[str, Promise] = {
    RowFault.PROJECT_MISSING: _("没有填项目编码。请补上。"),
    RowFault.PROJECT_UNKNOWN: _("没有编码为“%(value)s”的项目，或您不能登记它的资金。请核对编码。"),
    RowFault.PROJECT_DIFFERS: _("与已登记的项目不同：%(value)s。导入不改已有的项目，请在项目页面修改。"),
    RowFault.YEAR_UNREADABLE: _("年度“%(value)s”读不出来。请写成 2024。"),
    RowFault.YEAR_OUTSIDE_PROJECT: _("项目在 %(value)s 年度不实施。请核对年度或项目的起止日期。"),
    RowFault.YEAR_UNOPENED: _("项目没有开设 %(value)s 年度。请先在项目页面开设，再导入这些行。"),
    RowFault.SOURCE_UNKNOWN: _("资金来源“%(value)s”不是当年财政拨款、上年结转资金、其他资金之一。"),
    RowFault.VOUCHER_MISSING: _("没有填凭证号。请补上，凭它认出重复的行。"),
    RowFault.VOUCHER_DIFFERS: _("这个凭证号已登记过，内容不同（%(value)s 元）。请核对金额、日期、来源和摘要。"),
    RowFault.DATE_UNREADABLE: _("日期“%(value)s”读不出来。请写成 2024-03-15。"),
    RowFault.DATE_OUTSIDE_YEAR: _("支付日期 %(value)s 不在这一行的年度内。请核对。"),
    RowFault.DATE_IN_FUTURE: _("支付日期 %(value)s 还没有到。请核对。"),
    RowFault.AMOUNT_UNREADABLE: _("金额“%(value)s”读不出来。请只填数字，公式请先转成数值。"),
    RowFault.AMOUNT_ZERO: _("金额为 0。没有支付就不用填这一行。"),
    RowFault.AMOUNT_NEGATIVE: _("年初预算不能是负数（%(value)s）。"),
    RowFault.AMOUNT_TOO_FINE: _("金额“%(value)s”折合成元后超过四位小数。请核对表头的单位。"),
    RowFault.AMOUNT_TOO_LARGE: _("金额“%(value)s”达到一千亿元。请核对表头的单位。"),
    RowFault.BUDGET_DIFFERS: _("%(value)s 年度的年初预算已登记，与这一行不同。请在年度页面修改。"),
    RowFault.TEXT_TOO_LONG: _("“%(value)s”太长。请缩短后再导入。"),
    RowFault.NAME_MISSING: _("没有填项目名称。请补上。"),
    RowFault.UNIT_UNKNOWN: _("没有实施单位“%(value)s”，或您不能为它登记项目。请填单位的代码或全称。"),
    RowFault.DEPARTMENT_UNKNOWN: _("没有主管部门“%(value)s”。请填部门的代码或全称。"),
    RowFault.START_MISSING: _("新项目要有年度或开始日期。请补上一项。"),
    RowFault.FLAG_UNREADABLE: _("“涉密”一栏只填是或否，这里是“%(value)s”。"),
}

_ACTS: Mapping[str, Promise] = {
    "performance.create_project": _("登记项目"),
    "performance.change_project": _("修改项目"),
    "performance.end_project": _("结束项目"),
    "performance.resume_project": _("恢复项目"),
    "performance.open_year": _("开设年度"),
    "performance.set_budget": _("登记年初预算"),
    "performance.adjust_budget": _("调整预算"),
    "performance.undo_adjustment": _("撤销预算调整"),
}
_FIELDS: Mapping[str, Promise] = {
    "code": _("项目编码"),
    "name": _("项目名称"),
    "department_id": _("主管部门"),
    "unit_id": _("实施单位"),
    "started_on": _("开始日期"),
    "ended_on": _("结束日期"),
    "is_secret": _("涉密"),
    "description": _("项目内容"),
    "year": _("年度"),
    "budget_yuan": _("全年预算数（元）"),
    "fiscal": _("当年财政拨款（元）"),
    "carried_over": _("上年结转资金（元）"),
    "other": _("其他资金（元）"),
}
_ORGANISATIONS = {"department_id", "unit_id"}


@dataclass(frozen=True, slots=True)
class Change:
    """One value before and after, as people read it; empty where there was none."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a project: what, who, when, why, in which budget year, and what changed."""

    label: str
    actor: str
    at: datetime
    reason: str
    year: str
    changes: tuple[Change, ...]


def word_fault(fault: str, value: str) -> str:
    """Tell what is wrong with a row and what to do."""
    words = FAULTS.get(fault)
    return str(words) % {"value": value} if words else fault


def word_history(entries: list[Any]) -> list[Event]:
    """Tell the entries of the audit about a project in words, organisations by name; one query for all of them."""
    ids = {
        int(values[key])
        for entry in entries
        for values in (entry.before or {}, entry.after or {})
        for key in _ORGANISATIONS & set(values)
        if str(values[key]).isdecimal()
    }
    last = max((localdate(entry.at) for entry in entries), default=None)
    names = organisations.names_on(ids, last) if ids and last else {}
    return [_word_entry(entry, names) for entry in entries]


def _word_entry(entry: Any, names: Mapping[int, str]) -> Event:
    year = (entry.details or {}).get("year") or (entry.after or {}).get("year") or ""
    return Event(
        label=str(_ACTS.get(entry.action, entry.action)),
        actor=entry.actor.display_name if entry.actor else _now("系统"),
        at=entry.at,
        reason=entry.reason,
        year=str(year),
        changes=tuple(_changes(entry, names)),
    )


def _changes(entry: Any, names: Mapping[int, str]) -> Iterator[Change]:
    if not entry.before:
        return
    for difference in audit.list_differences(entry.before, entry.after):
        if difference.is_changed and difference.name in _FIELDS:
            label = str(_FIELDS[difference.name])
            yield Change(
                label,
                _value(difference.name, difference.before, names),
                _value(difference.name, difference.after, names),
            )


def _value(name: str, value: str | None, names: Mapping[int, str]) -> str:
    if value in {None, "null", ""}:
        return "—"
    text = str(value)
    if name in _ORGANISATIONS and text.isdecimal():
        return names.get(int(text), text)
    if text in {"true", "false"}:
        return _now("是") if text == "true" else _now("否")
    return text.removesuffix("00") if name.endswith("_yuan") or name in SOURCES else text
