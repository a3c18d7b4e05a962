"""The figures of the dashboard of the year, counted by hand."""

from datetime import date
from decimal import Decimal

import pytest
from conftest import NOW, enter_account
from performance.monitoring.conftest import AUGUST, MakeYear, Office
from performance.years.forms import import_form

from chengshu.kernel.grants.facade import HouseRole
from chengshu.performance.facade import monitoring, years
from chengshu.performance.facade.monitoring import MonitoringPoint, MonitoringSheet
from chengshu.performance.facade.years import YearScope, YearSums
from chengshu.performance.models import EarlyWarning, Evaluation, ProjectYear

pytestmark = pytest.mark.django_db
TODAY = AUGUST.date()
SCOPE = YearScope(2024)


def evaluate(year: ProjectYear, total: int, grade: str, *, errors: int = 0, measured: int = 0) -> Evaluation:
    made: Evaluation = Evaluation.objects.create(
        project_year=year,
        rules="national-2020",
        total=total,
        grade=grade,
        error_count=errors,
        indicator_count=3,
        indicator_weight=90,
        evidence_count=measured,
        evidence_weight=30 * measured,
        edited_at=AUGUST,
    )
    return made


class TestSums:
    def test_add_money_and_results_up_by_unit(self, make_year: MakeYear, office: Office) -> None:
        evaluate(make_year("甲", paid=600_000), 95, "优", measured=2)
        evaluate(make_year("乙", paid=900_000), 82, "良", errors=1, measured=1)
        make_year("丙", paid=300_000)
        make_year("去年的", year=2023)
        only = years.sum_by_unit(SCOPE, office.officer, on=TODAY)
        assert [row.name for row in only] == ["示范中心"]
        sums = only[0].sums
        assert (sums.years, sums.budget_yuan, sums.executed_yuan) == (3, Decimal(3_000_000), Decimal(1_800_000))
        assert (sums.rate_pct, sums.average) == (Decimal("60.00"), Decimal("88.50"))
        assert sums.by_grade == (1, 1, 0, 0)
        assert (sums.errors, sums.faulty) == (1, 1)
        assert (sums.covered_pct, sums.covered_weight_pct) == (Decimal("50.00"), Decimal("50.00"))

    def test_are_empty_for_whom_nothing_is_in_sight(self, make_year: MakeYear, office: Office) -> None:
        make_year()
        assert years.sum_by_unit(SCOPE, office.stranger, on=TODAY) == []
        assert years.list_years_in_sight(office.stranger, on=TODAY) == []

    def test_shares_of_nothing_are_not_told(self) -> None:
        assert (YearSums().rate_pct, YearSums().average, YearSums().covered_pct) == (None, None, None)

    def test_give_projects_with_the_largest_budgets_first(self, make_year: MakeYear, office: Office) -> None:
        small, large = make_year("小"), make_year("大")
        ProjectYear.objects.filter(pk=large.pk).update(budget_yuan=5_000_000)
        rows = years.sum_by_project(SCOPE, office.officer, on=TODAY, most=2)
        assert [(row.key, row.name) for row in rows] == [(str(large.pk), "大"), (str(small.pk), "小")]


class TestYears:
    def test_published_forms_count_as_earlier_years_once(self, make_year: MakeYear) -> None:
        make_year("政务云")
        reader = enter_account("reader", HouseRole.ADMIN)
        import_form(reader, "政务云", 2022)
        import_form(reader, "政务云", 2024)  # the house has this year itself
        found = {row.key: row.sums for row in years.sum_by_year(reader, on=TODAY)}
        assert {key: sums.imported for key, sums in found.items()} == {"2022": 1}
        assert found["2022"].budget_yuan > 0

    def test_a_projects_earlier_years_come_by_its_name(self, make_year: MakeYear, office: Office) -> None:
        year = make_year("政务云")
        reader = enter_account("reader", HouseRole.ADMIN)
        form = import_form(reader, "政务云", 2022)
        import_form(reader, "政务云", 2024)
        import_form(reader, "别的项目", 2021)
        earlier = years.list_earlier_years(year.project, reader, on=TODAY)
        assert [(found.year, found.form_id) for found in earlier] == [(2022, form.pk)]
        assert years.list_earlier_years(year.project, office.stranger, on=TODAY) == []

    def test_come_earliest_first(self, make_year: MakeYear, office: Office) -> None:
        make_year("今年", year=2024)
        evaluate(make_year("前年", year=2022), 91, "优")
        rows = years.sum_by_year(office.officer, on=TODAY)
        assert [(row.key, row.sums.years, row.sums.excellent) for row in rows] == [("2022", 1, 1), ("2024", 1, 0)]


class TestCounts:
    def test_tell_goals_lamps_and_warnings(
        self, sheet: MonitoringSheet, make_year: MakeYear, point: MonitoringPoint, office: Office
    ) -> None:
        make_year("未编报", goals=None)
        make_year("编报中", goals="draft")
        make_year("第二个")
        monitoring.open_reports(point.pk, now=AUGUST)
        MonitoringSheet.objects.filter(pk=sheet.pk).update(lamp="red")
        for reason in ("overdue", "red_lamp"):  # two reasons, one project
            EarlyWarning.objects.create(project_year=sheet.project_year, reason=reason, raised_at=AUGUST)
        counts = years.count_year(SCOPE, office.finance_reviewer, on=TODAY, now=AUGUST)
        assert counts.goals == {"approved": 2, "none": 1, "draft": 1}
        assert counts.lamps == {"red": 1, "": 1}
        assert (counts.point, counts.warnings) == (point.name, 1)

    def test_tell_of_the_last_point_alone(self, sheet: MonitoringSheet, office: Office) -> None:
        later = monitoring.set_point(
            "1—10月监控", date(2024, 10, 31), date(2024, 11, 30), actor=office.finance_reviewer, now=NOW
        )
        monitoring.open_reports(later.pk, now=AUGUST)
        MonitoringSheet.objects.filter(pk=sheet.pk).update(lamp="red")
        counts = years.count_year(SCOPE, office.finance_reviewer, on=TODAY, now=AUGUST)
        assert (counts.point, counts.lamps) == ("1—10月监控", {"": 1})
