"""What the dashboard adds up is the same from kept tallies as from the years themselves, whatever changed since."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from conftest import NOW
from django.db.models import Q
from performance.reviews.town import Town, add_evaluation, found_town
from pytest_django import DjangoAssertNumQueries

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.grants.facade import HouseRole, NewGrant
from chengshu.performance.contracts.years import YearSums
from chengshu.performance.facade import years
from chengshu.performance.models import Evaluation, ProjectYear, YearMark, YearTally
from chengshu.performance.queries.year_sums import sum_in_sight, sum_years

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def town(db: None) -> Town:
    found = found_town()
    for name, unit in (("甲", "U1"), ("乙", "U1"), ("丙", "U2")):
        add_evaluation(found, unit=unit, name=name)
    return found


def _shown(town: Town, who: str = "finance") -> dict[int, YearSums]:
    return sum_in_sight(town[who], "year", on=TODAY, scope=Q())


def _counted(**filters: object) -> dict[int, YearSums]:
    found = sum_years(ProjectYear.objects.filter(**filters), "year")
    return {year: YearSums(figures[0], 0, *figures[1:]) for year, figures in found.items()}


def test_tallies_say_what_the_years_say(town: Town) -> None:
    before = _shown(town)
    years.add_up_years(NOW)
    assert not YearMark.objects.exists()
    assert YearTally.objects.count() == 2
    assert _shown(town) == before == _counted()
    assert before[2023].years == 3


def test_each_sees_the_sums_of_his_own_units(town: Town) -> None:
    years.add_up_years(NOW)
    own = _counted(unit__code="U1")
    assert _shown(town, "officer") == own != _counted()


def _pay(town: Town) -> None:
    ProjectYear.objects.filter(project__name="甲").update(executed_yuan=Decimal("12.34"))


def _score(town: Town) -> None:
    Evaluation.objects.filter(project_year__project__name="丙").update(total=Decimal(61), grade="中", breach_count=2)


def _move(town: Town) -> None:
    ProjectYear.objects.filter(project__name="甲").update(unit=town.places["U2"])


def _add(town: Town) -> None:
    add_evaluation(town, unit="U2", name="丁")


@pytest.mark.parametrize("change", [_pay, _score, _move, _add])
def test_a_change_is_shown_at_once_and_kept_by_the_next_counting(town: Town, change: Callable[[Town], None]) -> None:
    years.add_up_years(NOW)
    before = _shown(town, "finance"), _shown(town, "officer")
    change(town)
    assert _shown(town) == _counted()
    assert _shown(town, "officer") == _counted(unit__code="U1")
    assert (_shown(town), _shown(town, "officer")) != before
    years.add_up_years(NOW)
    assert not YearMark.objects.exists()
    assert _shown(town) == _counted()
    assert _shown(town, "officer") == _counted(unit__code="U1")


def test_what_no_sum_speaks_of_sets_no_mark(town: Town) -> None:
    years.add_up_years(NOW)
    Evaluation.objects.update(actual="另一句话")
    assert town
    assert not YearMark.objects.exists()


def test_who_sees_one_project_only_gets_its_sums(town: Town) -> None:
    years.add_up_years(NOW)
    one = ProjectYear.objects.get(project__name="丙")
    new = NewGrant(
        town["officer"].pk, HouseRole.AUDITOR, town.places["U2"].pk, TODAY, "抽查", scope=f"project:{one.project_id}"
    )
    grants.give_grant(new, actor=None, now=NOW)
    assert _shown(town, "officer") == _counted(project__name__in=("甲", "乙", "丙"))


def test_kept_sums_cost_the_same_few_questions_however_many_years(
    town: Town, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    years.add_up_years(NOW)
    with django_assert_max_num_queries(5):
        assert sum_in_sight(town["finance"], "unit_id", on=date(2024, 3, 15), scope=Q(year=2023))
