"""Keep what the dashboard of the year adds up: the marked units and years are counted anew."""

from datetime import datetime

from django.db import transaction

from chengshu.performance.models import ProjectYear, YearMark, YearTally
from chengshu.performance.queries.year_sums import TALLIED, sum_years

_AT_ONCE = 2_000  # marks read at once
_PLACES = 200  # units and years counted in one transaction


def add_up_years(_now: datetime) -> None:
    """Count every marked unit and year anew and take away its marks; those set meanwhile stand for the next time."""
    while _add_up_some():
        pass


@transaction.atomic
def _add_up_some() -> bool:
    marks = list(YearMark.objects.order_by("year", "unit_id", "pk").values_list("pk", "year", "unit_id")[:_AT_ONCE])
    places = sorted({(year, unit) for _pk, year, unit in marks})[:_PLACES]
    for year, unit in places:
        _count(year, unit)
    done = set(places)
    # Only marks that were seen before the counting: a change that came later has set another.
    YearMark.objects.filter(pk__in=[pk for pk, year, unit in marks if (year, unit) in done]).delete()
    return bool(marks)


def _count(year: int, unit: int) -> None:
    found = sum_years(ProjectYear.objects.filter(year=year, unit=unit), "year").get(year)
    if found is None:
        YearTally.objects.filter(year=year, unit=unit).delete()
        return
    figures = dict(zip(TALLIED, found, strict=True))
    YearTally.objects.update_or_create(year=year, unit_id=unit, defaults=figures)
