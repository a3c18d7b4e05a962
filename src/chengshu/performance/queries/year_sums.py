"""Sums over project years: from the kept tallies where they hold, from the years themselves where something changed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, DecimalField, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from chengshu.kernel.grants import facade as grants
from chengshu.performance.contracts.year import SheetState
from chengshu.performance.contracts.years import GRADES, YearSums
from chengshu.performance.models import ProjectYear, YearMark, YearTally

SUM: Any = DecimalField(max_digits=24, decimal_places=4)
SEE = "performance.see_project"
#: The columns of a tally, in the order of YearSums without `imported`.
TALLIED = (
    "years", "initial", "budget", "executed", "scored", "points", "excellent", "good", "fair", "poor",
    "errors", "breaches", "faulty", "approved", "indicators", "measured", "weight", "measured_weight",
)  # fmt: skip
_MOST_MARKED = 300  # units and years counted beside the tallies; beyond that all are counted


def sum_in_sight(viewer: grants.Viewer, group: str, *, on: date, scope: Q) -> dict[Any, YearSums]:
    """Add up the years in sight by `group` ("year" or "unit_id"); `scope` narrows by year and unit.

    Who sees single projects only has few of them: they are counted as they stand.
    """
    rows: QuerySet[ProjectYear] = ProjectYear.objects.visible_to(viewer, on=on).filter(scope)
    marked = set(YearMark.objects.filter(scope).values_list("year", "unit_id").distinct()[: _MOST_MARKED + 1])
    if len(marked) > _MOST_MARKED or grants.is_limited(viewer, SEE, on=on, kind="project"):
        return _as_sums(sum_years(rows, group))
    sums = defaultdict(YearSums, _as_sums(_sum_tallies(viewer, group, on=on, scope=scope)))
    if marked:
        for key, found in _as_sums(sum_years(rows.filter(_any_of(marked)), group)).items():
            sums[key] += found
    return dict(sums)


def sum_years(rows: QuerySet[ProjectYear], group: str) -> dict[Any, Sequence[Any]]:
    """Add years up by a column: one question, with the self-evaluations beside the money; figures as in TALLIED."""
    paper = "evaluation__"
    sums = {
        "years": Count("pk"),
        "initial": total("initial_yuan"),
        "budget": total("budget_yuan"),
        "executed": total("executed_yuan"),
        "scored": Count(f"{paper}total"),
        "points": total(f"{paper}total"),
        **count_grades(f"{paper}grade"),
        "errors": Coalesce(Sum(f"{paper}error_count"), 0),
        "breaches": Coalesce(Sum(f"{paper}breach_count"), 0),
        "faulty": Count("pk", filter=Q(**{f"{paper}error_count__gt": 0}) | Q(**{f"{paper}breach_count__gt": 0})),
        "approved": Count("pk", filter=Q(**{f"{paper}state": SheetState.APPROVED})),
        "indicators": Coalesce(Sum(f"{paper}indicator_count"), 0),
        "measured": Coalesce(Sum(f"{paper}evidence_count"), 0),
        "weight": total(f"{paper}indicator_weight"),
        "measured_weight": total(f"{paper}evidence_weight"),
    }
    return {key: found for key, *found in rows.order_by().values_list(group).annotate(**sums)}


def count_grades(column: str) -> dict[str, Any]:
    """Count the rows of each grade."""
    names = zip(("excellent", "good", "fair", "poor"), GRADES, strict=True)
    return {name: Count("pk", filter=Q(**{column: grade})) for name, grade in names}


def total(column: str) -> Any:
    """Add a column up; 0 for no rows."""
    return Coalesce(Sum(column), 0, output_field=SUM)


def _sum_tallies(viewer: grants.Viewer, group: str, *, on: date, scope: Q) -> dict[Any, Sequence[Any]]:
    changed = YearMark.objects.filter(year=OuterRef("year"), unit_id=OuterRef("unit_id"))
    standing = YearTally.objects.filter(scope, unit__in=grants.permitted(viewer, SEE, on=on)).exclude(Exists(changed))
    money = {"initial", "budget", "executed", "points", "weight", "measured_weight"}
    sums = {f"sum_{name}": total(name) if name in money else Coalesce(Sum(name), 0) for name in TALLIED}
    return {key: found for key, *found in standing.order_by().values_list(group).annotate(**sums)}


def _as_sums(found: Mapping[Any, Sequence[Any]]) -> dict[Any, YearSums]:
    return {key: YearSums(figures[0], 0, *figures[1:]) for key, figures in found.items()}


def _any_of(marked: set[tuple[int, int]]) -> Q:
    units: dict[int, list[int]] = defaultdict(list)
    for year, unit in sorted(marked):
        units[year].append(unit)
    condition = Q(pk__in=())
    for year, places in units.items():
        condition |= Q(year=year, unit_id__in=places)
    return condition
