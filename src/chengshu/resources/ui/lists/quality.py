"""Lists of quality: issues with their rows, checks with what rules found, rules, the plan, refused corrections."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.listing.facade import Choice, Column, Filter, Kind, ListingSpec
from chengshu.resources.facade import quality
from chengshu.resources.facade.quality import (
    DueState,
    IssueState,
    PlanState,
    QualityIssue,
    RowFate,
    RuleSeverity,
    RunKind,
    RunState,
)
from chengshu.resources.ui.lists.resources import department_filter

ISSUE_STATES: Mapping[str, Promise] = {
    IssueState.OPEN.value: _("待整改"),
    IssueState.RECTIFIED.value: _("已整改"),
    IssueState.VOID.value: _("已撤销"),
}
DUE_STATES: Mapping[str, Promise] = {
    DueState.OVER.value: _("已超期"),
    DueState.SOON.value: _("三天内到期"),
    DueState.LATER.value: _("三天以后到期"),
    DueState.PAUSED.value: _("暂停计时"),
}
FATES: Mapping[str, Promise] = {
    RowFate.OWED.value: _("待整改"),
    RowFate.FIXED.value: _("已更正"),
    RowFate.GONE.value: _("已删除"),
    RowFate.VOID.value: _("不计"),
}
SEVERITIES: Mapping[str, Promise] = {
    RuleSeverity.CRITICAL.value: _("严重"),
    RuleSeverity.MAJOR.value: _("一般"),
    RuleSeverity.MINOR.value: _("轻微"),
}
PLAN_STATES: Mapping[str, Promise] = {
    PlanState.DONE.value: _("已完成"),
    PlanState.MISSING.value: _("未做"),
    PlanState.LATE.value: _("逾期未做"),
}
RUN_KINDS: Mapping[str, Promise] = {RunKind.FULL.value: _("全量检查"), RunKind.RECHECK.value: _("复检")}
RUN_STATES: Mapping[str, Promise] = {
    RunState.RUNNING.value: _("进行中"),
    RunState.DONE.value: _("已完成"),
    RunState.FAILED.value: _("未完成"),
    RunState.INTERRUPTED.value: _("中断"),
}


def issues_spec(owners: Sequence[tuple[int, str]]) -> ListingSpec:
    """Give the list of all issues; `owners` are the departments that owe or owed them, by name."""
    return ListingSpec(
        key="quality-issues",
        columns=(
            *_issue_columns(("ticket_due",)),
            Column("opened", _("发现时间"), lambda r: r.opened_at, Kind.MOMENT, ("opened_at",)),
            Column("settled", _("办结时间"), lambda r: r.settled_at, Kind.MOMENT, ("settled_at",), is_shown=False),
        ),
        default_sort="-opened",
        filters=(
            _by("state", _("状态"), ISSUE_STATES),
            _by("severity", _("程度"), SEVERITIES, path="rule__severity"),
            *_by_owner(owners),
        ),
        search=_ISSUE_SEARCH,
        search_hint=_("问题、资源名称或目录编码"),
        empty=_("还没有发现数据质量问题。"),
        file_name=_now("数据质量问题"),
    )


def inbox_spec(owners: Sequence[tuple[int, str]]) -> ListingSpec:
    """Give the list of open issues, what is overdue first; `owners` are the departments that owe them, by name."""
    states = {state: quality.name_ticket_state(state) for state in ("new", "mending", "disputed")}
    return ListingSpec(
        key="quality-inbox",
        columns=(
            *_issue_columns(("due_order", "ticket_due"), template="resources/quality/due_cell.html"),
            Column("opened", _("发现时间"), lambda r: r.opened_at, Kind.MOMENT, ("opened_at",), is_shown=False),
        ),
        default_sort="due",
        filters=(
            _by("due", _("时限"), DUE_STATES, path="due_state"),
            _by("severity", _("程度"), SEVERITIES, path="rule__severity"),
            _by("step", _("办理"), states, path="ticket_state"),
            *_by_owner(owners),
        ),
        search=_ISSUE_SEARCH,
        search_hint=_("问题、资源名称或目录编码"),
        empty=_("没有待整改的数据质量问题。"),
        file_name=_now("待整改的数据质量问题"),
    )


def _by_owner(owners: Sequence[tuple[int, str]]) -> tuple[Filter, ...]:
    """Filter by department where there are several."""
    named = {str(id_): name for id_, name in owners}
    return (_by("owner", _("责任单位"), named, path="organisation_id"),) if len(named) > 1 else ()


_ISSUE_SEARCH = ("rule__name__icontains", "resource__name__icontains", "resource__code__icontains")


def _issue_columns(due: tuple[str, ...], template: str = "") -> tuple[Column, ...]:
    return (
        Column("rule", _("问题"), lambda r: r.rule.name, order_by=("rule__name",), url=_issue_page),
        Column("resource", _("数据资源"), lambda r: r.resource.name, order_by=("resource__name",)),
        Column("due", _("到期"), lambda r: r.ticket_due, Kind.DEADLINE, due, template=template),
        Column("owed", _("待整改行"), lambda r: r.rows_owed, Kind.NUMBER, ("rows_owed",)),
        Column("total", _("问题行"), lambda r: r.rows_total, Kind.NUMBER, ("rows_total",)),
        Column("owner", _("责任单位"), lambda r: r.owner_name, order_by=("organisation_id",)),
        Column("state", _("状态"), lambda r: quality.name_ticket_state(r.ticket_state or "")),
        Column("severity", _("程度"), lambda r: SEVERITIES[r.rule.severity]),
        Column("number", _("工单"), lambda r: r.ticket_number, order_by=("ticket_number",)),
        Column("again", _("重现"), lambda r: _now("是") if r.recurrence_of_id else "", is_shown=False),
    )


def rows_spec(issue: QualityIssue, *, is_whole: bool) -> ListingSpec:
    """Give the list of an issue's rows; cells are masked by their grades, unless the viewer sees rows as they are."""
    key_grade, value_grade = (1, 1) if is_whole else quality.grades_of(issue)
    if quality.is_whole(issue):
        value_grade = 1  # counts and moments, no cells
    subject = quality.name_subject(issue.rule)
    return ListingSpec(
        key="quality-rows",
        columns=(
            Column("key", _("标识"), lambda r: name_row(r, key_grade) or subject),
            Column("value", _("不合格的值"), lambda r: name_failing(r, value_grade)),
            Column("fate", _("结果"), lambda r: FATES[r.fate], order_by=("fate", "pk")),
            Column("verified", _("复检"), _verifying, url=_verifying_page),
            Column("others", _("同一行的其他问题"), _name_others, url=_other_issue_page),
            Column("settled", _("办结时间"), lambda r: r.settled_at, Kind.MOMENT, ("settled_at",)),
            Column("number", _("行编号"), lambda r: r.pk, Kind.NUMBER, ("pk",), is_shown=False),
        ),
        default_sort="number",
        filters=(_by("fate", _("结果"), FATES),),
        empty=_("没有这样的行。"),
        file_name=_now("问题行"),
    )


def runs_spec(viewer: User, *, today: date) -> ListingSpec:
    """Give the list of checks."""
    return ListingSpec(
        key="quality-checks",
        columns=(
            Column("resource", _("数据资源"), lambda r: r.resource.name, order_by=("resource__name",), url=_run_page),
            Column("owner", _("责任单位"), lambda r: r.owner_name, order_by=("resource__department_id",)),
            Column("kind", _("检查"), lambda r: RUN_KINDS[r.kind]),
            Column("state", _("状态"), lambda r: RUN_STATES[r.state]),
            Column("version", _("数据版本"), lambda r: r.version, Kind.NUMBER),
            Column("rows", _("行数"), lambda r: r.rows, Kind.NUMBER, ("rows",)),
            Column("failed", _("未通过的规则"), lambda r: r.failed_rules, Kind.NUMBER, ("failed_rules",)),
            Column("started", _("开始"), lambda r: r.started_at, Kind.MOMENT, ("started_at",)),
            Column("fault", _("原因"), lambda r: r.fault, is_shown=False),
        ),
        default_sort="-started",
        filters=(
            department_filter(viewer, today, path="resource__department__code"),
            _by("kind", _("检查"), RUN_KINDS),
            _by("state", _("状态"), RUN_STATES),
        ),
        search=("resource__name__icontains", "resource__code__icontains"),
        search_hint=_("资源名称或目录编码"),
        empty=_("还没有检查过。在数据资源的质量规则页上生成规则，再开始检查。"),
        file_name=_now("数据质量检查"),
    )


def plan_spec(month: date) -> ListingSpec:
    """Give the list of a month's plan."""
    return ListingSpec(
        key="quality-plan",
        columns=(
            Column("resource", _("数据资源"), lambda r: r.resource.name, order_by=("resource__name",), url=_rules_page),
            Column("owner", _("责任单位"), lambda r: r.owner_name, order_by=("resource__department_id",)),
            Column("state", _("检查"), lambda r: PLAN_STATES[r.plan_state], order_by=("plan_state", "resource__name")),
            Column("done", _("完成时间"), lambda r: r.done_at, Kind.MOMENT, ("done_at",), url=_planned_run_page),
            Column("found", _("未通过的规则"), lambda r: r.found, Kind.NUMBER, ("found",)),
            Column("fault", _("没有做成的原因"), lambda r: "" if r.done_at else r.fault or ""),
            Column("code", _("目录编码"), lambda r: r.resource.code, order_by=("resource__code",), is_shown=False),
            Column("planned", _("列入时间"), lambda r: r.planned_at, Kind.MOMENT, ("planned_at",), is_shown=False),
        ),
        default_sort="-state",
        filters=(_by("state", _("检查"), PLAN_STATES, path="plan_state"),),
        search=("resource__name__icontains", "resource__code__icontains"),
        search_hint=_("资源名称或目录编码"),
        empty=_("这个月还没有检查计划。"),
        file_name=_now("数据质量检查计划-%(month)s") % {"month": f"{month:%Y-%m}"},
    )


def outcomes_spec() -> ListingSpec:
    """Give the list of what rules found in one check."""
    return ListingSpec(
        key="quality-outcomes",
        columns=(
            Column("rule", _("规则"), lambda r: r.rule.name, order_by=("rule__name",), url=_outcome_page),
            Column("passed", _("结果"), _outcome, order_by=("is_passed", "rule__name")),
            Column("failed", _("不合格"), lambda r: r.failed, Kind.NUMBER, ("failed",)),
            Column("checked", _("检查数"), lambda r: r.checked, Kind.NUMBER),
            Column("beyond", _("未列入问题的行"), lambda r: r.unattached, Kind.NUMBER, ("unattached",)),
            Column("seen", _("看到"), lambda r: r.fault or r.observed),
            Column("ms", _("用时（毫秒）"), lambda r: r.milliseconds, Kind.NUMBER, is_shown=False),
        ),
        default_sort="passed",
        search=("rule__name__icontains", "rule__key__icontains"),
        search_hint=_("规则"),
        empty=_("这次检查没有留下结果。"),
        file_name=_now("检查结果"),
    )


def rules_spec() -> ListingSpec:
    """Give the list of a resource's rules."""
    return ListingSpec(
        key="quality-rules",
        columns=(
            Column("name", _("规则"), lambda r: r.name, order_by=("name",), url=_rule_page),
            Column("key", _("编号"), lambda r: r.key, order_by=("key",)),
            Column("severity", _("程度"), lambda r: SEVERITIES[r.severity]),
            Column(
                "active", _("启用"), lambda r: _now("启用") if r.is_active else _now("已停用"), order_by=("is_active",)
            ),
            Column("origin", _("来历"), lambda r: _now("编目") if r.origin == "catalogue" else _now("人工")),
            Column("revision", _("修订"), lambda r: r.revision, Kind.NUMBER),
            Column("changed", _("最近改动"), lambda r: r.changed_at, Kind.MOMENT, ("changed_at",)),
        ),
        default_sort="key",
        filters=(_by("severity", _("程度"), SEVERITIES),),
        search=("name__icontains", "key__icontains"),
        search_hint=_("规则或编号"),
        empty=_("还没有规则。可由编目生成，也可以新写。"),
        file_name=_now("质量规则"),
    )


def refusals_spec() -> ListingSpec:
    """Give the list of corrections that were refused."""
    return ListingSpec(
        key="quality-refusals",
        columns=(
            Column("row", _("表中行"), lambda r: r.row, Kind.NUMBER, ("row",)),
            Column("reason", _("原因和改法"), lambda r: r.reason, order_by=("reason", "row")),
        ),
        default_sort="row",
        empty=_("全部收下，没有被退回的行。"),
        file_name=_now("退回的更正"),
    )


def _by(key: str, label: Promise, words: Mapping[str, Promise | str], *, path: str = "") -> Filter:
    """Filter by a column that keeps keys of a vocabulary."""
    return Filter(
        key, label, lambda: [Choice(value, shown) for value, shown in words.items()], partial(_narrow, path or key)
    )


def _narrow(path: str, rows: QuerySet[Any], values: Sequence[str]) -> QuerySet[Any]:
    return rows.filter(**{f"{path}__in": list(values)})


def _issue_page(issue: QualityIssue) -> str:
    return reverse("resources:quality-issue", args=[issue.pk])


def _run_page(run: Any) -> str:
    return reverse("resources:quality-check", args=[run.pk])


def _planned_run_page(planned: Any) -> str | None:
    return None if planned.run_id is None else reverse("resources:quality-check", args=[planned.run_id])


def _rules_page(planned: Any) -> str:
    return reverse("resources:quality-rules", args=[planned.resource_id])


def _rule_page(rule: Any) -> str:
    return reverse("resources:quality-rule", args=[rule.pk])


def _outcome_page(outcome: Any) -> str:
    return _rule_page(outcome.rule)


def name_row(row: Any, grade: int) -> str:
    """Name a row by its key, with the one it had before that was corrected."""
    shown = quality.show_masked(row.key, grade)
    if row.former_key is None:
        return shown
    before = quality.show_masked(row.former_key, grade)
    return _now("%(shown)s（原为 %(before)s）") % {"shown": shown, "before": before}


def _name_others(row: Any) -> str:
    return _now("这一行另有 %(n)s 个问题") % {"n": row.others} if row.others and row.key else ""


def _other_issue_page(row: Any) -> str | None:
    return reverse("resources:quality-issue", args=[row.other_issue]) if row.others and row.key else None


def name_failing(row: Any, grade: int) -> str:
    """Give the failing cell of a row, with the one it was found with when that was corrected and fails still."""
    found = quality.show_masked([row.value], grade)
    if row.failing_value is None:
        return found
    now = quality.show_masked([row.failing_value], grade) or _now("（空）")
    return _now("%(shown)s（原为 %(before)s）") % {"shown": now, "before": found or _now("（空）")}


def _verifying(row: Any) -> str:
    if row.verified_in is not None:
        return _now("数据版本 %(version)s") % {"version": row.verified_in.version}
    if row.failing_in is None:
        return ""
    told = {"version": row.failing_in.version, "at": f"{localtime(row.failing_in.finished_at):%Y-%m-%d %H:%M}"}
    return _now("仍不合格（%(at)s，数据版本 %(version)s）") % told


def _verifying_page(row: Any) -> str | None:
    run = row.verified_in or row.failing_in
    return None if run is None else _run_page(run)


def _outcome(outcome: Any) -> str:
    if outcome.fault:
        return _now("未能检查")
    return _now("通过") if outcome.is_passed else _now("未通过")
