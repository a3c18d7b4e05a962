"""The list of today's work."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.listing.facade import Choice, Column, Filter, Kind, ListingSpec
from chengshu.kernel.organisations.facade import Organisation
from chengshu.resources.facade.work import WorkDue, WorkItem, WorkKind
from chengshu.resources.ui.lists.resources import narrow
from chengshu.resources.ui.words import by_words

WORK_KINDS: Mapping[str, Promise] = {
    WorkKind.ISSUE: _("质量问题待整改"),
    WorkKind.RETURNED: _("编目被退回"),
    WorkKind.DISPUTE: _("异议待答复"),
    WorkKind.HELD: _("结构变化待处理"),
    WorkKind.FAILED: _("交付没有成功"),
    WorkKind.DUE: _("应交付"),
    WorkKind.DEMAND: _("需求清单待编目"),
    WorkKind.SERVICE: _("服务工单"),
    WorkKind.LEFT_OUT: _("进不了标准表的行"),
}
DUES: Mapping[str, Promise] = {
    WorkDue.OVER: _("已超期"),
    WorkDue.SOON: _("三天内到期"),
    WorkDue.LATER: _("三天以后到期"),
    WorkDue.NONE: _("没有期限"),
}
ACTS: Mapping[str, Promise] = {
    WorkKind.ISSUE: _("看怎么办"),
    WorkKind.RETURNED: _("修改后提交"),
    WorkKind.DISPUTE: _("答复"),
    WorkKind.HELD: _("看变化，决定收不收"),
    WorkKind.FAILED: _("看原因，重新交付"),
    WorkKind.DUE: _("交付"),
    WorkKind.DEMAND: _("编目"),
    WorkKind.SERVICE: _("办理"),
    WorkKind.LEFT_OUT: _("看是哪些行，更正后重新交付"),
}
_PRESSING = ("due_order", "due_at", "since_at")
_PAGES: Mapping[str, str] = {
    WorkKind.ISSUE: "resources:quality-issue",
    WorkKind.RETURNED: "resources:resource",
    WorkKind.DISPUTE: "tickets:record",
    WorkKind.HELD: "resources:delivery",
    WorkKind.FAILED: "resources:delivery",
    WorkKind.DUE: "resources:source",
    WorkKind.DEMAND: "resources:resource",
    WorkKind.SERVICE: "tickets:record",
    WorkKind.LEFT_OUT: "resources:pipeline-left-out",
}


def work_spec(departments: Sequence[Organisation], now: datetime) -> ListingSpec:
    """Give the list of what the departments owe."""
    is_shared = len(departments) > 1
    return ListingSpec(
        key="resources-work",
        columns=(
            Column("title", _("事项"), lambda w: w.title, order_by=("title",), url=work_page),
            Column("due", _("到期"), lambda w: w.due_at, Kind.DEADLINE, _PRESSING, template="resources/work_due.html"),
            Column("kind", _("种类"), lambda w: WORK_KINDS[w.kind], order_by=("kind",)),
            Column("note", _("说明"), _note),
            Column("act", _("办理"), _act, template="resources/work_act.html"),
            Column("place", _("所属"), lambda w: w.place, order_by=("place",)),
            Column("since", _("从何时起"), lambda w: w.since_at, Kind.MOMENT, ("since_at",)),
            Column("late", _("超期小时"), partial(_hours_late, now), Kind.NUMBER, _PRESSING),
            Column("owner", _("责任单位"), lambda w: w.owner_name, order_by=("department_id",), is_shown=is_shared),
        ),
        default_sort="due",
        filters=(
            by_words("kind", _("种类"), WORK_KINDS, narrow),
            Filter("due", _("时限"), partial(_choices, DUES), partial(narrow, "due_state")),
            *_by_owner(departments),
        ),
        search=("title__icontains", "place__icontains", "note__icontains"),
        search_hint=_("事项、所属或说明"),
        empty=_("今天没有待办的数据工作。"),
        file_name=_now("今日待办"),
    )


def work_page(item: WorkItem) -> str:
    """Give the address where an item is worked on."""
    return reverse(_PAGES[item.kind], args=[item.subject_id])


def _by_owner(departments: Sequence[Organisation]) -> tuple[Filter, ...]:
    """Filter by department where there are several."""
    named = {found.code: str(found.name) for found in departments}
    return (
        (Filter("owner", _("责任单位"), partial(_choices, named), partial(narrow, "department__code")),)
        if len(named) > 1
        else ()
    )


def _choices(words: Mapping[str, str | Promise]) -> list[Choice]:
    return [Choice(key, label) for key, label in words.items()]


def _note(item: Any) -> str:
    """Say what is to be known before the item is opened."""
    if item.kind == WorkKind.ISSUE:
        return _now("%(rows)s 行待更正") % {"rows": f"{item.amount:,}"} if item.amount else _now("整张表的问题")
    if item.kind == WorkKind.LEFT_OUT:
        return _now("%(rows)s 行，质量规则没有指出") % {"rows": f"{item.amount:,}"}
    return str(item.note)[:200]


def _hours_late(now: datetime, item: Any) -> int | None:
    """Give the full hours that an item is over its due time."""
    if item.due_at is None or item.due_at >= now:
        return None
    return int((now - item.due_at).total_seconds() // 3600)


def _act(item: Any) -> str:
    """Say what is done with an item; of failing rows to whom they are given that they are taken out and handed in."""
    return _now("导出问题行，交回更正") if item.may_correct else str(ACTS[item.kind])
