"""Reads of monitoring: points, reports, what the rules make of them, what is behind, what the year-end form takes over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    BigIntegerField,
    Count,
    DecimalField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Round
from django.utils.translation import gettext as _

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.organisations import facade as organisations
from chengshu.performance.contracts.monitoring import (
    Behind,
    LastValue,
    Money,
    MoneyReading,
    MonitoredRow,
    MonitoringContent,
    Need,
    RowReading,
)
from chengshu.performance.contracts.year import Lamp, SheetKind, SheetState, Step
from chengshu.performance.errors import SheetNotFound
from chengshu.performance.models import (
    BudgetAdjustment,
    BudgetLine,
    Decision,
    EarlyWarning,
    Edition,
    GoalIndicator,
    MonitoredIndicator,
    MonitoringPoint,
    MonitoringSheet,
    Payment,
    ProjectYear,
)
from chengshu.performance.queries.evaluations import is_measurable
from chengshu.performance.queries.forms_of_years import rules_of_year
from chengshu.performance.rules.rulesets import get_rule_set
from chengshu.performance.rules.stages import list_steps
from chengshu.performance.rules.year.monitoring import (
    list_needs,
    list_thresholds,
    read_money,
    read_row,
    share_of_year,
    worst,
)
from chengshu.performance.rules.year.monitoring_merging import from_record

_SUM = DecimalField(max_digits=24, decimal_places=4)
_UNITS = 10_000  # of the last place kept in one 元
_HANDED_IN = (SheetState.SUBMITTED, SheetState.DEPARTMENT_APPROVED, SheetState.APPROVED)


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What the rules make of a report: each indicator, the money, the worst lamp, and what is missing."""

    rows: tuple[RowReading, ...]
    money: MoneyReading
    lamp: Lamp | None
    needs: tuple[tuple[str, str, Need], ...]


def list_points() -> QuerySet[MonitoringPoint]:
    """Return the points of all years, unordered, with how many reports there are and how many were handed in."""
    handed_in = Count("sheets", filter=Q(sheets__state__in=_HANDED_IN))
    return MonitoringPoint.objects.select_related("created_by").annotate(opened=Count("sheets"), handed_in=handed_in)


def name_points() -> list[tuple[int, int, str]]:
    """List the points of all years, newest first: id, year, name."""
    return list(MonitoringPoint.objects.order_by("-until_on").values_list("pk", "year", "name"))


def get_point(point_id: int) -> MonitoringPoint:
    """Return one point; raise SheetNotFound when there is none."""
    point = list_points().filter(pk=point_id).first()
    if point is None:
        raise SheetNotFound(_("没有这个监控时点。"), point=point_id)
    return point


def list_monitoring(viewer: grants.Viewer, *, on: date) -> QuerySet[MonitoringSheet]:
    """Return the reports in sight with year, project, point and editor, unordered, each with its `unit_name`."""
    name = organisations.name_expression(on, of="project_year__unit_id")
    rows: QuerySet[MonitoringSheet] = MonitoringSheet.objects.visible_to(viewer, on=on)
    return rows.select_related("project_year__project", "point", "edited_by").annotate(unit_name=name)


def get_monitoring(sheet_id: int, *, viewer: grants.Viewer, on: date) -> MonitoringSheet:
    """Return one report in sight with its indicators and their promises.

    Raises:
        SheetNotFound: there is none, or not for this person.
    """
    rows = list_monitoring(viewer, on=on).select_related("project_year__unit")
    sheet = rows.prefetch_related("indicators__goal").filter(pk=sheet_id).first()
    if sheet is None:
        raise SheetNotFound(_("没有这份监控表，或您无权查看。"), sheet=sheet_id)
    return sheet


def rows_of(sheet: MonitoringSheet) -> list[MonitoredIndicator]:
    """Give the indicators of a report in the order of the goals."""
    return sorted(sheet.indicators.all(), key=lambda row: (row.goal.number, row.pk))


def content_of_monitoring(sheet: MonitoringSheet) -> MonitoringContent:
    """Give what is kept of a report; lamps only where a person had to set them."""
    content = MonitoringContent(
        sheet.forecast_yuan, sheet.deviation, sheet.measure, tuple(_row_of(row) for row in rows_of(sheet))
    )
    return leave_own_lamps(sheet, content)


def _row_of(row: MonitoredIndicator) -> MonitoredRow:
    return MonitoredRow(
        goal_id=row.goal_id,
        name=row.goal.name,
        target=row.goal.target,
        value=row.value,
        forecast=row.forecast,
        lamp=Lamp(row.lamp) if row.lamp else None,
        deviation=row.deviation,
        measure=row.measure,
        measurement_id=row.measurement_id,
    )


def leave_own_lamps(sheet: MonitoringSheet, content: MonitoringContent) -> MonitoringContent:
    """Take off the lamps that the rules light by themselves."""
    rules, until = get_rule_set(rules_of_year(sheet.project_year.year)), sheet.point.until_on
    rows = tuple(
        replace(row, lamp=None) if read_row(replace(row, lamp=None), until, rules).lamp is not None else row
        for row in content.rows
    )
    return replace(content, rows=rows)


def reckon(sheet: MonitoringSheet, content: MonitoringContent, money: Money | None = None) -> Reckoned:
    """Apply the rules to a report, saved or only typed, by the rule set of its year."""
    rules, until = get_rule_set(rules_of_year(sheet.project_year.year)), sheet.point.until_on
    rows = tuple(read_row(row, until, rules) for row in content.rows)
    sums = money or Money(sheet.budget_yuan, sheet.executed_yuan)
    spent = read_money(sums, until, content.forecast_yuan)
    bound = frozenset(row.goal_id for row in sheet.indicators.all() if is_measurable(row.goal))
    has_entries = any(row.value for row in content.rows)
    lamp = worst([spent.lamp, *(row.lamp for row in rows)]) if has_entries else None
    return Reckoned(rows, spent, lamp, tuple(list_needs(content, rows, spent, bound)))


def read_money_until(year_ids: Sequence[int], until: date) -> dict[int, Money]:
    """Give budget and payments of years up to a day, by id of the year."""
    initial = _sums(BudgetLine.objects.filter(project_year__in=year_ids), "initial_yuan")
    adjusted = _sums(BudgetAdjustment.objects.filter(project_year__in=year_ids, adjusted_on__lte=until), "amount_yuan")
    paid = _sums(Payment.objects.filter(project_year__in=year_ids, paid_on__lte=until), "amount_yuan")
    zero = Decimal(0)
    return {pk: Money(initial.get(pk, zero) + adjusted.get(pk, zero), paid.get(pk, zero)) for pk in year_ids}


def _sums(rows: QuerySet[Any], column: str) -> dict[int, Decimal]:
    # Counted in whole units of the last place: exact on every database.
    units = Cast(Round(F(column) * _UNITS), BigIntegerField())
    sums = rows.order_by().values_list("project_year").annotate(units=Sum(units))
    return {year: Decimal(counted) / _UNITS for year, counted in sums}


def list_unopened_years(point: MonitoringPoint) -> QuerySet[ProjectYear]:
    """Return the years with approved goals that have no report at the point yet, by id."""
    opened = MonitoringSheet.objects.filter(point=point, project_year=OuterRef("pk"))
    rows: QuerySet[ProjectYear] = ProjectYear.objects.filter(year=point.year, goal_sheet__state=SheetState.APPROVED)
    return rows.filter(~Exists(opened)).order_by("pk")


def list_promises_of(year_ids: Sequence[int]) -> dict[int, list[int]]:
    """Give the ids of the promised indicators of years, by id of the year."""
    found: dict[int, list[int]] = {}
    rows = GoalIndicator.objects.filter(sheet__project_year__in=year_ids).order_by("number")
    for year, goal in rows.values_list("sheet__project_year", "pk"):
        found.setdefault(year, []).append(goal)
    return found


def list_open_monitoring_steps(sheet: MonitoringSheet, *, viewer: grants.Viewer, on: date) -> tuple[Step, ...]:
    """List the steps that the viewer may take with the report as it stands."""
    year = sheet.project_year
    return tuple(
        step
        for step in list_steps(SheetKind.MONITORING, SheetState(sheet.state))
        if grants.is_permitted(viewer, step.permission, year.unit_id, on=on, scope=f"project:{year.project_id}")
    )


def list_monitoring_decisions(sheet: MonitoringSheet) -> QuerySet[Decision]:
    """Return the decisions on a report, newest first."""
    rows = Decision.objects.filter(kind=SheetKind.MONITORING, sheet_id=sheet.pk)
    return rows.select_related("actor").order_by("-decided_at", "-pk")


def list_monitoring_editions(sheet: MonitoringSheet) -> QuerySet[Edition]:
    """Return every save of a report, newest first, without contents."""
    rows = Edition.objects.filter(kind=SheetKind.MONITORING, sheet_id=sheet.pk)
    return rows.select_related("editor").defer("content").order_by("-version")


def content_of_edition(sheet: MonitoringSheet, version: int) -> MonitoringContent:
    """Give what a version held; an empty report for one that no save kept."""
    rows = Edition.objects.filter(kind=SheetKind.MONITORING, sheet_id=sheet.pk, version=version)
    edition = rows.first()
    return from_record(edition.content) if edition else MonitoringContent()


def read_last_values(project_year_id: int) -> Mapping[int, LastValue]:
    """Give what the last point of a year said of each promise, by id of the promise; for the year-end form.

    Only reports that were handed in count.
    """
    handed_in = MonitoringSheet.objects.filter(project_year=project_year_id, state__in=_HANDED_IN)
    last = handed_in.order_by("-point__until_on").values("pk")[:1]
    rows = MonitoredIndicator.objects.filter(sheet__in=Subquery(last)).select_related("sheet__point")
    return {
        row.goal_id: LastValue(
            row.sheet.point.name,
            row.sheet.point.until_on,
            row.value,
            row.share,
            row.forecast,
            row.lamp,
            row.deviation,
        )
        for row in rows
    }


def find_behind(reason: Behind, today: date) -> QuerySet[ProjectYear]:
    """Return the years that are behind today for a reason, of the budget year that runs, unordered."""
    years: QuerySet[ProjectYear] = ProjectYear.objects.filter(year=today.year)
    if reason is Behind.OVERDUE:
        late = MonitoringSheet.objects.filter(
            project_year=OuterRef("pk"), state=SheetState.DRAFT, point__due_on__lt=today
        )
        return years.filter(Exists(late))
    if reason is Behind.RED_LAMP:
        sheets = MonitoringSheet.objects.filter(project_year=OuterRef("pk"), state__in=_HANDED_IN)
        last = sheets.order_by("-point__until_on").values("lamp")[:1]
        return years.annotate(last_lamp=Subquery(last)).filter(last_lamp=Lamp.RED)
    limits, elapsed = list_thresholds(), share_of_year(today)
    if elapsed * 100 < limits["warning_elapsed"].value:
        return years.none()
    least = F("budget_yuan") * Value(limits["warning_money"].value * elapsed, output_field=_SUM)
    return years.filter(budget_yuan__gt=0, executed_yuan__lt=least)


def list_warnings(viewer: grants.Viewer, *, on: date) -> QuerySet[EarlyWarning]:
    """Return the warnings that stand, of years in sight, unordered, with project and `unit_name`."""
    name = organisations.name_expression(on, of="project_year__unit_id")
    rows: QuerySet[EarlyWarning] = EarlyWarning.objects.visible_to(viewer, on=on).filter(ended_at__isnull=True)
    return rows.select_related("project_year__project").annotate(unit_name=name)


def list_officers(unit_ids: Sequence[int], *, on: date) -> dict[int, tuple[int, ...]]:
    """Give the accounts that fill monitoring reports at each of these units by an unlimited grant, by id of the unit."""
    roles = grants.roles_holding("performance.monitor")
    above = organisations.Ancestry.objects.filter(descendant__in=set(unit_ids))
    places: dict[int, set[int]] = {}
    for ancestor, unit in above.values_list("ancestor", "descendant"):
        places.setdefault(ancestor, set()).add(unit)
    held = grants.Grant.objects.in_force_on(on).filter(
        role__in=roles, scope_kind="", organisation__in=places, account__is_active=True
    )
    found: dict[int, set[int]] = {unit: set() for unit in unit_ids}
    for account, place in held.values_list("account", "organisation"):
        for unit in places[place]:
            found[unit].add(account)
    return {unit: tuple(sorted(accounts)) for unit, accounts in found.items()}
