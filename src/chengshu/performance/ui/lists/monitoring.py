"""The lists of monitoring: reports, and the warnings that stand."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.listing.facade import Choice, Column, Filter, Kind, ListingSpec
from chengshu.performance.facade import goals, monitoring
from chengshu.performance.facade.monitoring import Behind, EarlyWarning, MonitoringSheet
from chengshu.performance.ui.goal_words import STATES, name_state
from chengshu.performance.ui.monitoring_words import LAMPS, REASONS, name_lamp

Rows = QuerySet[Any]
_SHEET_STATES = ("draft", "submitted", "department_approved", "approved")


def monitoring_spec(viewer: User, *, on: date) -> ListingSpec:
    """Give the list of reports."""
    return ListingSpec(
        key="monitoring",
        columns=(
            Column("project", _("项目名称"), _project_name, order_by=("project_year__project__name",), url=_page),
            Column("unit", _("实施单位"), lambda s: s.unit_name, order_by=("project_year__unit_id",)),
            Column("point", _("监控时点"), lambda s: s.point.name, order_by=("point_id",)),  # set one after the other
            Column(
                "lamp",
                _("灯色"),
                lambda s: name_lamp(s.lamp),
                order_by=("lamp",),
                template="performance/monitoring/cells/lamp.html",
            ),
            Column(
                "state",
                _("状态"),
                lambda s: name_state(s.state),
                order_by=("state",),
                template="performance/monitoring/cells/state.html",
            ),
            Column("due", _("报送截止"), lambda s: s.point.due_on, Kind.DATE, ("point__due_on",)),
            Column("budget", _("预算数"), lambda s: s.budget_yuan, Kind.MONEY, ("budget_yuan",)),
            Column("executed", _("已执行"), lambda s: s.executed_yuan, Kind.MONEY, ("executed_yuan",)),
            Column("edited", _("最后修改"), lambda s: s.edited_at, Kind.MOMENT, ("edited_at",), is_shown=False),
        ),
        default_sort="-point",
        filters=(
            Filter("point", _("监控时点"), _point_choices, _narrow("point_id")),
            Filter("year", _("年度"), lambda: _year_choices(viewer, on), _narrow("project_year__year")),
            Filter("unit", _("实施单位"), lambda: _unit_choices(viewer, on), _narrow("project_year__unit_id")),
            Filter("lamp", _("灯色"), _lamp_choices, _narrow_lamps),
            Filter("state", _("状态"), _state_choices, lambda rows, values: rows.filter(state__in=values)),
        ),
        search=("project_year__project__name__icontains", "project_year__project__code__icontains"),
        search_hint=_("项目名称、项目编码"),
        empty=_("还没有监控表。财政部门设定监控时点后，系统为目标已批复的项目下发。"),
        file_name="绩效监控",
    )


def warnings_spec() -> ListingSpec:
    """Give the list of warnings that stand."""
    return ListingSpec(
        key="warnings",
        columns=(
            Column("project", _("项目名称"), _warned_name, order_by=("project_year__project__name",), url=_year_page),
            Column("unit", _("实施单位"), lambda w: w.unit_name, order_by=("project_year__unit_id",)),
            Column("year", _("年度"), lambda w: str(w.project_year.year), order_by=("project_year__year",)),
            Column("reason", _("原因"), lambda w: str(REASONS[Behind(w.reason)]), order_by=("reason",)),
            Column(
                "budget",
                _("全年预算数"),
                lambda w: w.project_year.budget_yuan,
                Kind.MONEY,
                ("project_year__budget_yuan",),
            ),
            Column(
                "executed",
                _("已执行"),
                lambda w: w.project_year.executed_yuan,
                Kind.MONEY,
                ("project_year__executed_yuan",),
            ),
            Column("raised", _("预警时间"), lambda w: w.raised_at, Kind.MOMENT, ("raised_at",)),
        ),
        default_sort="-raised",
        filters=(
            Filter(
                "reason",
                _("原因"),
                lambda: [Choice(reason.value, name) for reason, name in REASONS.items()],
                lambda rows, values: rows.filter(reason__in=values),
            ),
        ),
        search=("project_year__project__name__icontains", "project_year__project__code__icontains"),
        search_hint=_("项目名称、项目编码"),
        empty=_("没有落后的项目。"),
        file_name="预警项目",
    )


def _project_name(sheet: MonitoringSheet) -> str:
    return str(sheet.project_year.project.name)


def _page(sheet: MonitoringSheet) -> str:
    return reverse("performance:monitoring-sheet", args=[sheet.pk])


def _warned_name(warning: EarlyWarning) -> str:
    return str(warning.project_year.project.name)


def _year_page(warning: EarlyWarning) -> str:
    return reverse("performance:project-year", args=[warning.project_year_id])


def _point_choices() -> list[Choice]:
    return [Choice(str(pk), f"{year} {name}") for pk, year, name in monitoring.name_points()]


def _year_choices(viewer: User, on: date) -> list[Choice]:
    return [Choice(str(year), str(year)) for year in goals.list_goal_budget_years(viewer, on=on)]


def _unit_choices(viewer: User, on: date) -> list[Choice]:
    return [Choice(str(pk), name) for pk, name in goals.list_goal_units(viewer, on=on)]


def _lamp_choices() -> list[Choice]:
    return [Choice(lamp or "none", name) for lamp, name in LAMPS.items()]


def _state_choices() -> list[Choice]:
    return [Choice(state, STATES[state]) for state in _SHEET_STATES]


def _narrow_lamps(rows: Rows, values: Sequence[str]) -> Rows:
    return rows.filter(lamp__in=["" if value == "none" else value for value in values])


def _narrow(column: str) -> Any:
    def narrow(rows: Rows, values: Sequence[str]) -> Rows:
        return rows.filter(**{f"{column}__in": [int(value) for value in values]})

    return narrow
