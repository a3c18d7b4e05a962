"""The lists of projects and of their years."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.listing.facade import Choice, Column, Filter, Kind, ListingSpec
from chengshu.performance.facade import projects
from chengshu.performance.facade.money import execution_rate
from chengshu.performance.ui.lists.filters import by_condition, narrow_in


def projects_spec(viewer: User, *, today: date) -> ListingSpec:
    """Give the list of projects; the filters offer what the viewer's projects have."""
    states = {
        "running": (_("实施中"), Q(ended_on__isnull=True) | Q(ended_on__gte=today)),
        "ended": (_("已结束"), Q(ended_on__lt=today)),
    }
    return ListingSpec(
        key="projects",
        columns=(
            Column("name", _("项目名称"), lambda p: p.name, order_by=("name",), url=_project_page),
            Column("code", _("项目编码"), lambda p: p.code, order_by=("code",)),
            Column("unit", _("实施单位"), lambda p: p.unit_name, order_by=("unit_id", "name")),
            Column("department", _("主管部门"), lambda p: p.department_name, order_by=("department_id", "name")),
            Column("year", _("最近年度"), lambda p: _text(p.newest_year)),
            Column("budget", _("最近年度预算"), lambda p: p.newest_budget_yuan, Kind.MONEY, ("newest_budget_yuan",)),
            Column("executed", _("最近年度执行"), lambda p: p.newest_executed_yuan, Kind.MONEY),
            Column("rate", _("执行率"), _newest_rate, Kind.PERCENT),
            Column("started", _("开始日期"), lambda p: p.started_on, Kind.DATE, ("started_on",), is_shown=False),
            Column("ended", _("结束日期"), lambda p: p.ended_on, Kind.DATE, ("ended_on",), is_shown=False),
            Column("secret", _("涉密"), _secrecy, is_shown=False),
        ),
        default_sort="name",
        filters=(
            *_organisation_filters(viewer, today, department="department"),
            Filter("year", _("有此年度"), partial(_year_choices, viewer, today), _narrow_to_years),
            by_condition("state", _("状态"), states),
        ),
        search=("name__icontains", "code__icontains"),
        search_hint=_("项目名称或编码"),
        empty=_("还没有项目。请登记一个，或从表格导入。"),
        file_name=_now("项目"),
    )


def years_spec(viewer: User, *, today: date) -> ListingSpec:
    """Give the list of the years of projects with their money."""
    return ListingSpec(
        key="project-years",
        columns=(
            Column("name", _("项目名称"), lambda y: y.project.name, url=year_page),
            Column("code", _("项目编码"), lambda y: y.project.code, is_shown=False),
            Column("year", _("年度"), lambda y: str(y.year), order_by=("year", "unit_id")),
            Column("unit", _("实施单位"), lambda y: y.unit_name),
            Column("initial", _("年初预算数"), lambda y: y.initial_yuan, Kind.MONEY),
            Column("budget", _("全年预算数"), lambda y: y.budget_yuan, Kind.MONEY, ("year", "budget_yuan")),
            Column("executed", _("全年执行数"), lambda y: y.executed_yuan, Kind.MONEY),
            Column("rate", _("执行率"), lambda y: execution_rate(y.executed_yuan, y.budget_yuan), Kind.PERCENT),
        ),
        default_sort="-year",
        filters=(
            Filter("year", _("年度"), partial(_year_choices, viewer, today), partial(narrow_in, "year")),
            *_organisation_filters(viewer, today, department="project__department"),
            by_condition("money", _("资金"), _MONEY),
        ),
        search=("project__name__icontains", "project__code__icontains"),
        search_hint=_("项目名称或编码"),
        empty=_("还没有年度。请在项目页面开设，或从表格导入。"),
        file_name=_now("项目年度资金"),
    )


_MONEY = {
    "none": (_("没有登记预算"), Q(budget_yuan=0)),
    "unpaid": (_("有预算，没有支付"), Q(budget_yuan__gt=0, executed_yuan=0)),
    "over": (_("支付超过预算"), Q(executed_yuan__gt=F("budget_yuan"))),
}


def _organisation_filters(viewer: User, today: date, *, department: str) -> tuple[Filter, Filter]:
    return (
        Filter("unit", _("实施单位"), partial(_choices, projects.list_units, viewer, today), partial(_narrow, "unit")),
        Filter(
            "department",
            _("主管部门"),
            partial(_choices, projects.list_departments, viewer, today),
            partial(_narrow, department),
        ),
    )


def _choices(list_them: Any, viewer: User, today: date) -> list[Choice]:
    return [Choice(found.code, found.name) for found in list_them(viewer, on=today)]


def _narrow(path: str, rows: QuerySet[Any], codes: Sequence[str]) -> QuerySet[Any]:
    return rows.filter(**{f"{path}__code__in": list(codes)})


def _year_choices(viewer: User, today: date) -> list[Choice]:
    return [Choice(str(year), str(year)) for year in projects.list_budget_years(viewer, on=today)]


def _narrow_to_years(rows: QuerySet[Any], years: Sequence[str]) -> QuerySet[Any]:
    """Leave the projects that have one of the years; a subquery, so that no project comes twice."""
    return rows.filter(pk__in=projects.ProjectYear.objects.filter(year__in=list(years)).values("project"))


def _project_page(project: projects.Project) -> str:
    return reverse("performance:project", args=[project.pk])


def year_page(year: projects.ProjectYear) -> str:
    """Give the address of a year's page."""
    return reverse("performance:project-year", args=[year.pk])


def _newest_rate(project: Any) -> object:
    if project.newest_budget_yuan is None:
        return None
    return execution_rate(project.newest_executed_yuan, project.newest_budget_yuan)


def _secrecy(project: projects.Project) -> str:
    return _now("涉密") if project.is_secret else _now("否")


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
