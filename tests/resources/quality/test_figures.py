"""What is measured can be measured again by an outsider, and says the same; plans and months add up."""

from datetime import date, timedelta
from decimal import Decimal

from conftest import NOW
from resources.catalogue.town import Town
from resources.quality.lake import check, deliver, row

from chengshu.kernel.indicators.facade import Window, measure, verify_measurement
from chengshu.resources.facade import quality
from chengshu.resources.facade.quality import IssueRow
from chengshu.resources.models import DataResource

TODAY = NOW.date()
MONTH = Window(date(2024, 3, 1), date(2024, 3, 31))


def _measured(key: str) -> tuple[Decimal | None, int]:
    found = measure(f"resources.{key}", MONTH, "", actor=None, now=NOW + timedelta(days=40))
    return found.value, found.counted


def _half(resource: DataResource, town: Town) -> None:
    deliver(resource, [row("1", sfzh="1"), row("2", sfzh="2"), row("3")])
    check(resource, town)
    deliver(resource, [row("1"), row("2", sfzh="2"), row("3")])
    check(resource, town)


def test_the_rate_counts_every_found_row_once_with_its_proof(town: Town, resource: DataResource) -> None:
    _half(resource, town)
    first = measure("resources.rectification_rate", MONTH, "", actor=None, now=NOW)
    again = measure("resources.rectification_rate", MONTH, "", actor=None, now=NOW)
    assert (first.value, first.counted) == (Decimal(50), 2)
    assert first.digest == again.digest
    assert verify_measurement(first).same
    deliver(resource, [row("1"), row("2"), row("3")])
    quality.recheck_resource(resource.pk, actor=None, now=NOW)
    assert _measured("rectification_rate") == (Decimal(100), 2)
    assert not verify_measurement(first).same


def test_what_is_mended_in_the_next_month_leaves_the_evidence_of_this_one_as_it_was(
    town: Town, resource: DataResource
) -> None:
    _half(resource, town)
    keys = ("rectification_rate", "issues_rectified_rate", "issues_found", "issues_rectified")
    kept = [measure(f"resources.{key}", MONTH, "", actor=None, now=NOW) for key in keys]
    deliver(resource, [row("1"), row("2"), row("3")])
    quality.recheck_resource(resource.pk, actor=None, now=NOW + timedelta(days=30))
    assert [verify_measurement(one).same for one in kept] == [True] * len(keys)
    april = measure("resources.issues_rectified", Window(date(2024, 4, 1), date(2024, 4, 30)), "", actor=None, now=NOW)
    assert april.value == 1


def test_issues_checks_and_coverage_are_counted(town: Town, resource: DataResource) -> None:
    assert quality.plan_checks(TODAY, None, actor=town.steward, now=NOW) == 1
    assert quality.plan_checks(TODAY, None, actor=town.steward, now=NOW) == 0
    assert quality.measure_coverage(town.steward, TODAY, on=TODAY).rate_pct == 0
    _half(resource, town)
    assert _measured("check_coverage") == (Decimal(100), 1)
    assert _measured("checks_done") == (Decimal(2), 2)
    assert _measured("issues_found") == (Decimal(1), 1)
    assert _measured("issues_rectified_rate") == (Decimal(0), 1)
    assert _measured("issues_rectified") == (Decimal(0), 0)
    assert quality.measure_coverage(town.steward, TODAY, on=TODAY).rate_pct == 100


def test_departments_and_months_are_compared_by_what_is_in_sight(town: Town, resource: DataResource) -> None:
    _half(resource, town)
    late = NOW + timedelta(days=60)
    (standing,) = quality.compare_departments(town.steward, on=TODAY, now=late)
    assert (standing.name, standing.rows, standing.verified, standing.overdue) == ("民政局", 2, 1, 1)
    (month,) = quality.trend_by_month(town.steward, on=TODAY)
    assert (month.name, month.rate_pct) == ("2024-03", Decimal(50))
    assert quality.compare_departments(town.other, on=TODAY, now=late) == ()
    assert quality.trend_by_month(town.other, on=TODAY) == ()
    assert not quality.list_issues(town.other, on=TODAY).exists()
    assert not quality.list_runs(town.reader, on=TODAY).exists()


def test_what_is_taken_for_a_row_is_counted_in_its_issue(town: Town, resource: DataResource) -> None:
    _half(resource, town)
    issue = quality.list_issues(town.operator, on=TODAY).get()
    counted = IssueRow.objects.filter(issue=issue)
    assert (issue.rows_total, issue.rows_owed) == (counted.count(), counted.filter(fate="owed").count())
