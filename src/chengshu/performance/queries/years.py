"""The figures of the dashboard of the year. The database adds up; here only names are put to the sums.

Earlier years come from imported published forms too: one counts for its project, unit and year by name, and only where
the house has no year of its own for that project.
"""

from datetime import date, datetime
from typing import Any

from django.db.models import Count, DecimalField, Exists, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.organisations import facade as organisations
from chengshu.performance.contracts.year import SheetState
from chengshu.performance.contracts.years import GRADES, EarlierYear, YearCounts, YearRow, YearScope, YearSums
from chengshu.performance.models import (
    EarlyWarning,
    FormRecord,
    MonitoringPoint,
    MonitoringSheet,
    Project,
    ProjectYear,
)
from chengshu.performance.queries.rectifications import count_by_year

_SUM: Any = DecimalField(max_digits=24, decimal_places=4)
_NOT_BEGUN = "none"
_MOST_EARLIER = 20


def list_years_in_sight(viewer: grants.Viewer, *, on: date) -> list[int]:
    """List the budget years in sight, newest first."""
    rows = ProjectYear.objects.visible_to(viewer, on=on).order_by().values_list("year", flat=True)
    return sorted(rows.distinct(), reverse=True)


def list_units_in_sight(viewer: grants.Viewer, *, on: date) -> list[tuple[int, str, str]]:
    """List the units that have years in sight, by name: id, name, code."""
    rows = ProjectYear.objects.visible_to(viewer, on=on).order_by()
    codes = dict(rows.values_list("unit_id", "unit__code").distinct())
    names = organisations.names_on(list(codes), on)
    return sorted(((pk, names.get(pk, ""), code) for pk, code in codes.items()), key=lambda unit: (unit[1], unit[0]))


def sum_by_unit(scope: YearScope, viewer: grants.Viewer, *, on: date) -> list[YearRow]:
    """Sum one year by unit, the largest budgets first."""
    sums = _sum(_years(scope, viewer, on), "unit_id")
    names = organisations.names_on(list(sums), on)
    rows = [YearRow(str(key), names.get(key, ""), found) for key, found in sums.items()]
    return sorted(rows, key=lambda row: (-row.sums.budget_yuan, row.name))


def sum_by_project(scope: YearScope, viewer: grants.Viewer, *, on: date, most: int) -> list[YearRow]:
    """Sum one year by project: those with the largest budgets. `key` is the id of the project's year."""
    rows = _years(scope, viewer, on).order_by("-budget_yuan", "pk")[:most]
    names = dict(rows.values_list("pk", "project__name"))
    sums = _sum(ProjectYear.objects.filter(pk__in=list(names)), "pk")
    return [YearRow(str(pk), name, sums[pk]) for pk, name in names.items()]


def sum_by_year(viewer: User, *, on: date, unit_id: int | None = None) -> list[YearRow]:
    """Sum all years in sight by year, earliest first, with published forms where the house has no year of its own."""
    own = ProjectYear.objects.visible_to(viewer, on=on)
    forms = FormRecord.objects.visible_to(viewer, on=on).unique().filter(year__isnull=False)
    if unit_id is not None:
        own = own.filter(unit_id=unit_id)
        forms = forms.filter(unit=organisations.names_on([unit_id], on).get(unit_id, ""))
    sums: dict[int, YearSums] = _sum(own, "year")
    for year, found in _sum_forms(forms).items():
        sums[year] = sums.get(year, YearSums()) + found
    return [YearRow(str(year), str(year), sums[year]) for year in sorted(sums)]


def count_year(scope: YearScope, viewer: grants.Viewer, *, on: date, now: datetime) -> YearCounts:
    """Count goals by state, lamps of the year's last point, standing warnings; and the mending rates of all years."""
    years = _years(scope, viewer, on).order_by()
    goals = dict(years.values_list("goal_sheet__state").annotate(n=Count("pk")))
    point = MonitoringPoint.objects.filter(year=scope.year, sheets__isnull=False).order_by("-until_on").first()
    lamps: dict[str, int] = {}
    if point is not None:
        sheets = MonitoringSheet.objects.visible_to(viewer, on=on).filter(_of(scope, "project_year__"), point=point)
        lamps = dict(sheets.order_by().values_list("lamp").annotate(n=Count("pk")))
    standing = EarlyWarning.objects.visible_to(viewer, on=on).filter(_of(scope, "project_year__"), ended_at=None)
    return YearCounts(
        goals={state or _NOT_BEGUN: count for state, count in goals.items()},
        point_id=point.pk if point else None,
        point=point.name if point else "",
        lamps=lamps,
        warnings=standing.values("project_year").distinct().count(),
        rates=count_by_year(viewer, on=on, now=now, unit_id=scope.unit_id),
    )


def list_earlier_years(project: Project, viewer: User, *, on: date) -> list[EarlierYear]:
    """List the years of a project that only published forms tell of, by the project's name, newest first."""
    own = project.years.values("year")
    forms = FormRecord.objects.visible_to(viewer, on=on).unique().filter(project=project.name, year__isnull=False)
    rows = forms.exclude(year__in=own).order_by("-year", "pk")[:_MOST_EARLIER]
    columns = ("year", "pk", "budget_yuan", "executed_yuan", "score", "grade")
    return [EarlierYear(year or 0, *row) for year, *row in rows.values_list(*columns)]


def _of(scope: YearScope, path: str = "") -> Q:
    wanted = Q(**{f"{path}year": scope.year})
    return wanted if scope.unit_id is None else wanted & Q(**{f"{path}unit_id": scope.unit_id})


def _years(scope: YearScope, viewer: grants.Viewer, on: date) -> QuerySet[ProjectYear]:
    rows: QuerySet[ProjectYear] = ProjectYear.objects.visible_to(viewer, on=on).filter(_of(scope))
    return rows


def _sum(rows: QuerySet[ProjectYear], group: str) -> dict[Any, YearSums]:
    """Add years up by a column: one question, with the self-evaluations beside the money."""
    paper = "evaluation__"
    grades = {
        name: Count("pk", filter=Q(**{f"{paper}grade": grade}))
        for name, grade in zip(("excellent", "good", "fair", "poor"), GRADES, strict=True)
    }
    sums = {
        "years": Count("pk"),
        "imported": Value(0),
        "initial": _total("initial_yuan"),
        "budget": _total("budget_yuan"),
        "executed": _total("executed_yuan"),
        "scored": Count(f"{paper}total"),
        "points": _total(f"{paper}total"),
        **grades,
        "errors": Coalesce(Sum(f"{paper}error_count"), 0),
        "breaches": Coalesce(Sum(f"{paper}breach_count"), 0),
        "faulty": Count("pk", filter=Q(**{f"{paper}error_count__gt": 0}) | Q(**{f"{paper}breach_count__gt": 0})),
        "approved": Count("pk", filter=Q(**{f"{paper}state": SheetState.APPROVED})),
        "indicators": Coalesce(Sum(f"{paper}indicator_count"), 0),
        "measured": Coalesce(Sum(f"{paper}evidence_count"), 0),
        "weight": _total(f"{paper}indicator_weight"),
        "measured_weight": _total(f"{paper}evidence_weight"),
    }
    return {key: YearSums(*found) for key, *found in rows.order_by().values_list(group).annotate(**sums)}


def _sum_forms(forms: QuerySet[FormRecord]) -> dict[int, YearSums]:
    """Add published forms up by year, those left out that the house has a year of its own for."""
    own = ProjectYear.objects.filter(year=OuterRef("year"), project__name=OuterRef("project"))
    grades = {
        name: Count("pk", filter=Q(grade=grade))
        for name, grade in zip(("excellent", "good", "fair", "poor"), GRADES, strict=True)
    }
    sums = {
        "imported": Count("pk"),
        "initial": _total("initial_yuan"),
        "budget": _total("budget_yuan"),
        "executed": _total("executed_yuan"),
        "scored": Count("score"),
        "points": _total("score"),
        **grades,
        "errors": Coalesce(Sum("error_count"), 0),
        "breaches": Coalesce(Sum("breach_count"), 0),
        "faulty": Count("pk", filter=Q(error_count__gt=0) | Q(breach_count__gt=0)),
    }
    rows = forms.exclude(Exists(own)).order_by().values_list("year").annotate(**sums)
    return {year: YearSums(0, *found) for year, *found in rows}


def _total(column: str) -> Any:
    return Coalesce(Sum(column), 0, output_field=_SUM)
