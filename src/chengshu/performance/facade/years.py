"""The door of the dashboard of the year."""

from chengshu.performance.contracts.reviews import RectificationRate
from chengshu.performance.contracts.years import GRADES, EarlierYear, YearCounts, YearRow, YearScope, YearSums
from chengshu.performance.operations.year_tallies import add_up_years
from chengshu.performance.queries.years import (
    count_year,
    list_earlier_years,
    list_units_in_sight,
    list_years_in_sight,
    sum_by_project,
    sum_by_unit,
    sum_by_year,
)

__all__ = [
    "GRADES",
    "EarlierYear",
    "RectificationRate",
    "YearCounts",
    "YearRow",
    "YearScope",
    "YearSums",
    "add_up_years",
    "count_year",
    "list_earlier_years",
    "list_units_in_sight",
    "list_years_in_sight",
    "sum_by_project",
    "sum_by_unit",
    "sum_by_year",
]
