"""The list of goals: every year of a project, with those that nobody opened yet."""

from collections.abc import Sequence
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.listing.facade import Choice, Column, Filter, Kind, ListingSpec
from chengshu.performance.facade import goals
from chengshu.performance.facade.goals import GoalSheet, ProjectYear
from chengshu.performance.ui.goal_words import NOT_OPENED, STATES, name_state

Rows = QuerySet[Any]


def goals_spec(viewer: User, *, on: date) -> ListingSpec:
    """Give the list of goals; the filters offer what the viewer sees."""
    return ListingSpec(
        key="goals",
        columns=(
            Column("project", _("项目名称"), lambda y: y.project.name, order_by=("project__name",), url=_page),
            Column("code", _("项目编码"), lambda y: y.project.code, order_by=("project__code",), is_shown=False),
            Column("year", _("年度"), lambda y: str(y.year), order_by=("year",)),
            Column("unit", _("实施单位"), lambda y: y.unit_name, order_by=("unit_id",)),
            Column(
                "state",
                _("状态"),
                lambda y: name_state(state_of(y)),
                order_by=("goal_sheet__state",),
                template="performance/goals/cells/state.html",
            ),
            Column("indicators", _("指标数"), lambda y: y.indicator_count, Kind.NUMBER),
            Column("budget", _("全年预算数"), lambda y: y.budget_yuan, Kind.MONEY, ("budget_yuan",)),
            Column("editor", _("最后修改人"), _editor),
            Column("edited", _("最后修改"), _edited_at, Kind.MOMENT, ("goal_sheet__edited_at",)),
        ),
        default_sort="-year",
        filters=(
            Filter("year", _("年度"), lambda: _year_choices(viewer, on), _narrow("year")),
            Filter("unit", _("实施单位"), lambda: _unit_choices(viewer, on), _narrow("unit_id")),
            Filter("state", _("状态"), lambda: [Choice(key, name) for key, name in STATES.items()], _narrow_states),
        ),
        search=("project__name__icontains", "project__code__icontains"),
        search_hint=_("项目名称、项目编码"),
        empty=_("还没有项目年度。请先登记项目并开立年度。"),
        file_name="绩效目标",
    )


def sheet_of(year: ProjectYear) -> GoalSheet | None:
    """Give the goals of a year; None where nobody opened them."""
    return getattr(year, "goal_sheet", None)


def state_of(year: ProjectYear) -> str:
    """Give the state of a year's goals, "none" where nobody opened them."""
    sheet = sheet_of(year)
    return NOT_OPENED if sheet is None else str(sheet.state)


def _page(year: ProjectYear) -> str:
    sheet = sheet_of(year)
    if sheet is None:
        return reverse("performance:goal-open", args=[year.pk])
    return reverse("performance:goal", args=[sheet.pk])


def _editor(year: ProjectYear) -> str:
    sheet = sheet_of(year)
    return sheet.edited_by.display_name if sheet is not None and sheet.edited_by is not None else ""


def _edited_at(year: ProjectYear) -> object:
    sheet = sheet_of(year)
    return None if sheet is None else sheet.edited_at


def _year_choices(viewer: User, on: date) -> list[Choice]:
    return [Choice(str(year), str(year)) for year in goals.list_goal_budget_years(viewer, on=on)]


def _unit_choices(viewer: User, on: date) -> list[Choice]:
    return [Choice(str(pk), name) for pk, name in goals.list_goal_units(viewer, on=on)]


def _narrow(column: str) -> Any:
    def narrow(rows: Rows, values: Sequence[str]) -> Rows:
        return rows.filter(**{f"{column}__in": [int(value) for value in values]})

    return narrow


def _narrow_states(rows: Rows, values: Sequence[str]) -> Rows:
    parts = [Q(goal_sheet__isnull=True) if value == NOT_OPENED else Q(goal_sheet__state=value) for value in values]
    return rows.filter(reduce(or_, parts))
