"""The list of forms."""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial, reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.listing.facade import Column, Filter, Kind, ListingSpec
from chengshu.performance import facade
from chengshu.performance.facade import FormRecord
from chengshu.performance.ui.lists.filters import (
    by_batch,
    by_column,
    by_condition,
    list_code_choices,
    list_level_choices,
)
from chengshu.performance.ui.wording import even_score, name_template, share_pct

Rows = QuerySet[FormRecord]

_LEVELS = {"error": Q(error_count__gt=0), "breach": Q(breach_count__gt=0), "hint": Q(hint_count__gt=0)}
_MARKS = {
    "grade_changed": (_("按规则重算后等级有变"), Q(rescoring__changed=True)),
    "unreadable": (_("有无法辨认的栏"), Q(unreadable_count__gt=0)),
    "clean": (_("没有错误和不合规"), Q(error_count=0, breach_count=0)),
}
_PRINTINGS = {
    "first": (_("首次出现"), Q(duplicate_of__isnull=True)),
    "repeated": (_("重复的表"), Q(duplicate_of__isnull=False)),
}


def forms_spec(viewer: User) -> ListingSpec:
    """Give the list of forms; the filters offer what the viewer's forms have."""
    return ListingSpec(
        key="forms",
        columns=_columns(),
        default_sort="file",
        filters=(
            by_column(viewer, "year", _("年度"), lookup="year"),
            by_column(viewer, "unit", _("实施单位"), lookup="unit"),
            by_column(viewer, "template", _("版式"), lookup="template", name=name_template),
            by_column(viewer, "grade", _("自评等级"), lookup="grade"),
            Filter("level", _("有此级别的发现"), list_level_choices, _narrow_to_levels),
            Filter("code", _("有此类别的发现"), partial(list_code_choices, viewer), facade.narrow_to_codes),
            by_condition("mark", _("情况"), _MARKS),
            by_condition("printing", _("重复"), _PRINTINGS),
            by_batch(viewer, _("批次"), lookup="batch"),
        ),
        search=("project__icontains", "unit__icontains", "department__icontains"),
        search_hint=_("项目、实施单位、主管部门"),
        empty=_("还没有自评表。请先导入文件。"),
        file_name="自评表",
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column("project", _("项目名称"), lambda f: f.project or "—", order_by=("project",), url=_form_page),
        Column("year", _("年度"), lambda f: "" if f.year is None else str(f.year), order_by=("year",)),
        Column("unit", _("实施单位"), lambda f: f.unit, order_by=("unit",)),
        Column("department", _("主管部门"), lambda f: f.department, order_by=("department",), is_shown=False),
        Column("budget", _("全年预算数"), lambda f: f.budget_yuan, Kind.MONEY, ("budget_yuan",)),
        Column("executed", _("全年执行数"), lambda f: f.executed_yuan, Kind.MONEY, ("executed_yuan",), is_shown=False),
        Column("rate", _("执行率"), lambda f: share_pct(f.executed_yuan, f.budget_yuan), Kind.PERCENT),
        Column("score", _("自评总分"), lambda f: even_score(f.score), Kind.NUMBER, ("score",)),
        Column("rescored", _("复算总分"), _rescored, Kind.NUMBER, ("rescoring__total",)),
        Column("grade", _("自评等级"), lambda f: f.grade, order_by=("grade",), is_shown=False),
        Column("rule_grade", _("复算等级"), _rule_grade, order_by=("rescoring__grade",), is_shown=False),
        Column("errors", _("错误"), lambda f: f.error_count, Kind.NUMBER, ("error_count",)),
        Column("breaches", _("不合规"), lambda f: f.breach_count, Kind.NUMBER, ("breach_count",)),
        Column("hints", _("提示"), lambda f: f.hint_count, Kind.NUMBER, ("hint_count",)),
        Column("template", _("版式"), lambda f: name_template(f.template), order_by=("template",), is_shown=False),
        Column("file", _("来源"), lambda f: f"{f.source_file} · {f.number}", order_by=("source_file_id", "number")),
        Column("duplicate", _("相同于"), _first_printing, is_shown=False),
        Column("batch", _("批次"), lambda f: f.batch.name, order_by=("batch_id",), is_shown=False),
    )


def _form_page(form: FormRecord) -> str:
    return reverse("performance:form", args=[form.pk])


def _rescored(form: FormRecord) -> Decimal | None:
    scored = getattr(form, "rescoring", None)
    return None if scored is None else even_score(scored.total)


def _rule_grade(form: FormRecord) -> str:
    scored = getattr(form, "rescoring", None)
    return "" if scored is None else str(scored.grade)


def _first_printing(form: FormRecord) -> str:
    first = form.duplicate_of
    return "" if first is None else f"{first.source_file} · {first.number}"


def _narrow_to_levels(rows: Rows, values: Sequence[str]) -> Rows:
    return rows.filter(reduce(or_, (_LEVELS[value] for value in values)))
