"""Invented projects: the same from the same seed, whole in the database, and never twice."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db.models import Sum
from performance.projects.town import Town

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.organisations import facade as organisations
from chengshu.performance.facade import money, projects
from chengshu.performance.models import BudgetAdjustment, Payment, Project, ProjectYear
from chengshu.synthetic.projects import ProjectPlan, make_projects

PLAN = ProjectPlan(seed=7, count=40, first_year=2022, last_year=2024, until=date(2024, 6, 15))
PLACES = [("B1", "U1"), ("B2", "U2")]


class TestMakeProjects:
    def test_gives_the_same_for_the_same_seed_and_other_for_another(self) -> None:
        assert list(make_projects(PLAN, PLACES)) == list(make_projects(PLAN, PLACES))
        other = ProjectPlan(8, 40, 2022, 2024, date(2024, 6, 15))
        assert list(make_projects(other, PLACES)) != list(make_projects(PLAN, PLACES))

    def test_begins_a_longer_series_with_the_shorter(self) -> None:
        longer = ProjectPlan(7, 60, 2022, 2024, date(2024, 6, 15))
        assert list(make_projects(longer, PLACES))[:40] == list(make_projects(PLAN, PLACES))

    def test_moves_no_money_after_the_last_day_and_leaves_no_budget_negative(self) -> None:
        made = [year for project in make_projects(PLAN, PLACES) for year in project.years]
        assert all(payment.paid_on <= PLAN.until for year in made for payment in year.payments)
        assert all(payment.paid_on.year == year.year for year in made for payment in year.payments)
        assert min(year.budget_yuan for year in made) > 0
        assert len({(y.year, p.voucher) for y in made for p in y.payments}) == sum(len(y.payments) for y in made)
        assert any(year.adjustments for year in made)


@pytest.mark.usefixtures("town")
class TestLoadProjects:
    def test_keeps_sums_that_equal_the_rows(self, clerk: User, now: datetime) -> None:
        assert projects.load_projects(PLAN, PLACES, actor=clerk, now=now) == 40
        assert ProjectYear.objects.count() == 120
        for year in ProjectYear.objects.all():
            total = money.get_money_block(year)[0]
            assert (total.initial_yuan, total.budget_yuan, total.executed_yuan) == (
                year.initial_yuan,
                year.budget_yuan,
                year.executed_yuan,
            )

    def test_leaves_what_is_there_and_adds_the_rest(self, clerk: User, now: datetime) -> None:
        projects.load_projects(PLAN, PLACES, actor=clerk, now=now)
        payments = Payment.objects.count()
        assert projects.load_projects(PLAN, PLACES, actor=clerk, now=now) == 0
        longer = ProjectPlan(7, 42, 2022, 2024, date(2024, 6, 15))
        assert projects.load_projects(longer, PLACES, actor=clerk, now=now) == 2
        assert Payment.objects.count() > payments
        assert Project.objects.count() == 42

    def test_asks_for_organisations_that_exist(self, clerk: User, now: datetime) -> None:
        with pytest.raises(organisations.OrganisationNotFound):
            projects.load_projects(PLAN, [("B1", "U9")], actor=clerk, now=now)
        assert not Project.objects.exists()


class TestDemonstration:
    def test_gives_the_demonstration_city_24_projects_over_four_years_once(
        self, town: Town, clerk: User, now: datetime
    ) -> None:
        assert town
        assert projects.load_demonstration_projects(actor=clerk, now=now) == 0
        organisations.build_demonstration_city(now=now)
        assert projects.load_demonstration_projects(actor=clerk, now=now) == 24
        assert projects.load_demonstration_projects(actor=clerk, now=now) == 0
        assert sorted(set(ProjectYear.objects.values_list("year", flat=True))) == [2021, 2022, 2023, 2024]
        officers_own = Project.objects.filter(unit__code="DEMO-D1-B01-U01")
        assert officers_own.exists()
        assert BudgetAdjustment.objects.exists()
        paid = Payment.objects.aggregate(paid=Sum("amount_yuan"))["paid"]
        assert Decimal(paid) > 0
