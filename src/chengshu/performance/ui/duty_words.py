"""The words of duties: their kinds, where each is done, how near its day is, and the groups of the inbox."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from chengshu.base.calendars import WorkCalendar, count_working_days
from chengshu.performance.facade.duties import Duty, DutyCount, DutyKind, SheetKind
from chengshu.performance.ui.goal_words import STATES

KINDS: Mapping[DutyKind, Promise] = {
    DutyKind.WRITE_GOALS: _("编报绩效目标"),
    DutyKind.MONITOR: _("填报绩效监控"),
    DutyKind.EVALUATE: _("填报绩效自评"),
    DutyKind.REVIEW_GOALS: _("审核绩效目标"),
    DutyKind.REVIEW_MONITORING: _("审核监控表"),
    DutyKind.REVIEW_EVALUATION: _("审核自评"),
    DutyKind.SPOT_CHECK: _("抽查复核"),
    DutyKind.ANSWER_REVIEW: _("回复复核意见"),
    DutyKind.TICKET: _("工单"),
}
#: Papers that can be approved from the inbox, and the kind that a step of them names.
APPROVED_HERE: Mapping[DutyKind, SheetKind] = {
    DutyKind.REVIEW_GOALS: SheetKind.GOAL,
    DutyKind.REVIEW_MONITORING: SheetKind.MONITORING,
    DutyKind.REVIEW_EVALUATION: SheetKind.EVALUATION,
}
_SHEETS = {
    DutyKind.WRITE_GOALS: "performance:goal",
    DutyKind.REVIEW_GOALS: "performance:goal",
    DutyKind.MONITOR: "performance:monitoring-sheet",
    DutyKind.REVIEW_MONITORING: "performance:monitoring-sheet",
    DutyKind.EVALUATE: "performance:evaluation",
    DutyKind.REVIEW_EVALUATION: "performance:evaluation",
    DutyKind.SPOT_CHECK: "performance:review",
    DutyKind.ANSWER_REVIEW: "performance:review",
    DutyKind.TICKET: "tickets:record",
}
_NOT_BEGUN = {DutyKind.WRITE_GOALS: "performance:goal-open", DutyKind.EVALUATE: "performance:evaluation-open"}
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Item:
    """One duty ready to be shown. `approves` is the kind of paper that can be approved at once, empty where none can."""

    duty: Duty
    kind: str
    address: str
    state: str
    left: str
    is_over: bool
    approves: str


@dataclass(frozen=True, slots=True)
class Span:
    """The duties that are due within one span of time."""

    key: str
    label: str
    items: list[Item]


@dataclass(frozen=True, slots=True)
class Chip:
    """A kind of duty that the inbox can be narrowed to, with how many there are."""

    value: str
    label: str
    count: int
    over: int
    is_chosen: bool


def address_of(duty: Duty) -> str:
    """Give the page on which a duty is done."""
    if duty.sheet_id is None:
        return reverse(_NOT_BEGUN[duty.kind], args=[duty.project_year_id])
    return reverse(_SHEETS[duty.kind], args=[duty.sheet_id])


def lay_spans(duties: Iterable[Duty], today: date, calendar: WorkCalendar) -> list[Span]:
    """Put duties into spans of time, the most pressing first; empty spans are left out."""
    spans = [
        Span("over", gettext("已超期"), []),
        Span("today", gettext("今天到期"), []),
        Span("week", gettext("七天内到期"), []),
        Span("later", gettext("以后到期"), []),
        Span("paused", gettext("暂停计时"), []),
    ]
    by_key = {span.key: span.items for span in spans}
    for duty in duties:
        by_key[_span_of(duty.due.day, today)].append(_lay_item(duty, today, calendar))
    return [span for span in spans if span.items]


def lay_chips(counts: Iterable[DutyCount], today: date, chosen: str) -> list[Chip]:
    """Add the counts up by kind, in the order of the year."""
    found = list(counts)
    chips = []
    for kind, label in KINDS.items():
        own = [count for count in found if count.kind is kind]
        over = sum(count.count for count in own if count.due.day and count.due.day < today)
        if own:
            chips.append(Chip(kind.value, str(label), sum(c.count for c in own), over, kind.value == chosen))
    return chips


def name_count(count: DutyCount) -> str:
    """Say how many duties of a kind fall due, such as 填报绩效监控 1—7月监控 23 项."""
    name = " ".join(part for part in (str(KINDS[count.kind]), count.label) if part)
    return ngettext("%(name)s %(n)s 项", "%(name)s %(n)s 项", count.count) % {"name": name, "n": count.count}


def _span_of(day: date | None, today: date) -> str:
    if day is None:
        return "paused"
    if day <= today:
        return "over" if day < today else "today"
    return "week" if day - today <= _WEEK else "later"


def _lay_item(duty: Duty, today: date, calendar: WorkCalendar) -> Item:
    state = str(STATES.get(duty.state, duty.state)) if duty.kind is DutyKind.TICKET else _word_state(duty)
    approves = APPROVED_HERE.get(duty.kind)
    return Item(
        duty,
        str(KINDS[duty.kind]),
        address_of(duty),
        state,
        _word_left(duty.due.day, today, calendar),
        bool(duty.due.day and duty.due.day < today),
        approves.value if approves else "",
    )


def _word_state(duty: Duty) -> str:
    own = {"open": gettext("待复核"), "objected": gettext("单位有异议"), "issued": gettext("待单位答复")}
    if duty.state == "none":
        return gettext("未开始")
    return own.get(duty.state) or str(STATES.get(duty.state, duty.state))


def _word_left(day: date | None, today: date, calendar: WorkCalendar) -> str:
    if day is None:
        return ""
    if day == today:
        return gettext("今天")
    if day < today:
        days = (today - day).days
        return ngettext("超期 %(n)s 天", "超期 %(n)s 天", days) % {"n": days}
    days = count_working_days(today, day, calendar)
    return ngettext("还有 %(n)s 个工作日", "还有 %(n)s 个工作日", days) % {"n": days}
