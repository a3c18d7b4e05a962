"""The figures of the dashboard of the year. The database adds up; here only names are put to the sums.

Earlier years come from imported published forms too: one counts for its project, unit and year by name, and only where
the house has no year of its own for that project.
"""

from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.organisations import facade as organisations
from chengshu.performance.contracts.years import EarlierYear, YearCounts, YearRow, YearScope, YearSums
from chengshu.performance.models import (
    EarlyWarning,
    FormRecord,
    MonitoringPoint,
    MonitoringSheet,
    Project,
    ProjectYear,
)
from chengshu.performance.queries.rectifications import count_by_year
from chengshu.performance.queries.year_sums import count_grades, sum_in_sight, sum_years, total

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
    sums = sum_in_sight(viewer, "unit_id", on=on, scope=_of(scope))
    names = organisations.names_on(list(sums), on)
    rows = [YearRow(str(key), names.get(key, ""), found) for key, found in sums.items()]
    return sorted(rows, key=lambda row: (-row.sums.budget_yuan, row.name))


def sum_by_project(scope: YearScope, viewer: grants.Viewer, *, on: date, most: int) -> list[YearRow]:
    """Sum one year by project: those with the largest budgets. `key` is the id of the project's year."""
    rows = _years(scope, viewer, on).order_by("-budget_yuan", "pk")[:most]
    names = dict(rows.values_list("pk", "project__name"))
    sums = sum_years(ProjectYear.objects.filter(pk__in=list(names)), "pk")
    return [YearRow(str(pk), name, YearSums(sums[pk][0], 0, *sums[pk][1:])) for pk, name in names.items()]


def sum_by_year(viewer: User, *, on: date, unit_id: int | None = None) -> list[YearRow]:
    """Sum all years in sight by year, earliest first, with published forms where the house has no year of its own."""
    forms = FormRecord.objects.visible_to(viewer, on=on).unique().filter(year__isnull=False)
    if unit_id is not None:
        forms = forms.filter(unit=organisations.names_on([unit_id], on).get(unit_id, ""))
    scope = Q() if unit_id is None else Q(unit_id=unit_id)
    sums: dict[int, YearSums] = sum_in_sight(viewer, "year", on=on, scope=scope)
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
        sheets = MonitoringSheet.objects.visible_to(viewer, on=on).filter(point=point)
        if scope.unit_id is not None:
            sheets = sheets.filter(project_year__unit=scope.unit_id)
        lamps = dict(sheets.order_by().values_list("lamp").annotate(n=Count("pk")))
    standing = EarlyWarning.objects.filter(project_year=OuterRef("pk"), ended_at=None)
    return YearCounts(
        goals={state or _NOT_BEGUN: count for state, count in goals.items()},
        point_id=point.pk if point else None,
        point=point.name if point else "",
        lamps=lamps,
        warnings=years.filter(Exists(standing)).count(),
        rates=count_by_year(viewer, on=on, now=now, unit_id=scope.unit_id),
    )


def list_earlier_years(project: Project, viewer: User, *, on: date) -> list[EarlierYear]:
    """List the years of a project that only published forms tell of, by the project's name, newest first."""
    own = project.years.values("year")
    forms = FormRecord.objects.visible_to(viewer, on=on).unique().filter(project=project.name, year__isnull=False)
    rows = forms.exclude(year__in=own).order_by("-year", "pk")[:_MOST_EARLIER]
    columns = ("year", "pk", "budget_yuan", "executed_yuan", "score", "grade")
    return [EarlierYear(year or 0, *row) for year, *row in rows.values_list(*columns)]


def _of(scope: YearScope) -> Q:
    wanted = Q(year=scope.year)
    return wanted if scope.unit_id is None else wanted & Q(unit_id=scope.unit_id)


def _years(scope: YearScope, viewer: grants.Viewer, on: date) -> QuerySet[ProjectYear]:
    rows: QuerySet[ProjectYear] = ProjectYear.objects.visible_to(viewer, on=on).filter(_of(scope))
    return rows


def _sum_forms(forms: QuerySet[FormRecord]) -> dict[int, YearSums]:
    """Add published forms up by year, those left out that the house has a year of its own for."""
    own = ProjectYear.objects.filter(year=OuterRef("year"), project__name=OuterRef("project"))
    sums = {
        "imported": Count("pk"),
        "initial": total("initial_yuan"),
        "budget": total("budget_yuan"),
        "executed": total("executed_yuan"),
        "scored": Count("score"),
        "points": total("score"),
        **count_grades("grade"),
        "errors": Coalesce(Sum("error_count"), 0),
        "breaches": Coalesce(Sum("breach_count"), 0),
        "faulty": Count("pk", filter=Q(error_count__gt=0) | Q(breach_count__gt=0)),
    }
    rows = forms.exclude(Exists(own)).order_by().values_list("year").annotate(**sums)
    return {year: YearSums(0, *found) for year, *found in rows}
