"""A table that comes late, or is not what it used to be, is owed like a failing row: by ticket, until a check passes."""

from datetime import timedelta
from decimal import Decimal

import pytest
from conftest import NOW
from django.test import Client
from resources.catalogue.town import Town
from resources.quality.lake import check, deliver, row, the_issue

from chengshu.kernel.notifications.facade import list_notifications
from chengshu.resources.contracts.quality import Definition
from chengshu.resources.facade import quality
from chengshu.resources.facade.quality import (
    CheckRun,
    IssueRow,
    QualityIssue,
    RuleDraft,
    RuleRefused,
    Ruling,
    SheetRefused,
    TableProfile,
)
from chengshu.resources.models import DataResource
from chengshu.resources.rules.table_tests import Measured, judge, read_table_test

DRIFT = {"kind": "history_drift", "measure": "nulls", "column": "xm", "tolerance": 0.2}
LONG_AGO = {"kind": "timeliness", "columns": ["djrq"], "within": "31d"}


def _write(resource: DataResource, town: Town, definition: Definition) -> None:
    quality.write_rule(resource.pk, RuleDraft("whole", "整表规则", definition), actor=town.steward, now=NOW)


def _remember(resource: DataResource, run: CheckRun, *nulls: int) -> None:
    """Keep profiles of versions before those of the check, each of ten rows."""
    for version, missing in enumerate(nulls):
        TableProfile.objects.create(
            resource=resource,
            table=run.table,
            version=version,
            rows=10,
            columns=[{"name": "xm", "nulls": missing, "distinct": 5}],
            made_at=NOW,
        )


def test_a_table_whose_newest_row_is_old_is_owed_until_a_newer_one_comes(
    client: Client, town: Town, resource: DataResource
) -> None:
    _write(resource, town, LONG_AGO)
    deliver(resource, [row("1", djrq="2023-12-01")])
    check(resource, town)
    issue = the_issue()
    assert (issue.rows_total, issue.rows.get().key, issue.organisation_id) == (1, [], town.civil.pk)
    assert issue.ticket is not None
    assert "最新为 2023-12-01" in issue.ticket.title
    told = list_notifications(town.operator, on=NOW.date()).filter(template="resources.quality_table_issue")
    assert told.count() == 1
    client.force_login(town.operator)
    html = client.get(f"/resources/quality/issues/{issue.pk}/").content.decode()
    assert "重新交付数据" in html
    assert "rows.xlsx" not in html
    with pytest.raises(SheetRefused):
        quality.export_sheet(issue.pk, actor=town.operator, now=NOW)
    check(resource, town)
    assert QualityIssue.objects.count() == 1  # owed once
    deliver(resource, [row("1", djrq="2024-03-01")])
    quality.recheck_resource(resource.pk, actor=None, now=NOW)
    after = the_issue()
    assert after.ticket is not None
    assert (after.state, after.rows_verified, after.ticket.state) == ("rectified", 1, "closed")
    assert after.rows.get().verified_in is not None


def test_a_share_of_nulls_beyond_what_it_used_to_be_is_owed_and_may_be_disputed(
    town: Town, resource: DataResource
) -> None:
    _write(resource, town, DRIFT)
    for number in range(4):
        deliver(resource, [row(str(number))])
    first = check(resource, town)
    assert not QualityIssue.objects.exists()  # nothing to compare with yet
    assert "不足" in first.outcomes.get(rule__key="whole").observed
    _remember(resource, first, 0, 1, 1)
    deliver(resource, [row(str(number), xm=None if number % 2 else "王五") for number in range(10)])
    check(resource, town)
    issue = the_issue()
    assert issue.rows.get().value == "空值占 50.0%，以往多为 10.0%"
    quality.dispute_issue(issue.pk, "新栏目本来就可以不填", actor=town.operator, now=NOW)
    quality.settle_dispute(issue.pk, Ruling(upheld=True, reason="属实"), actor=town.steward, now=NOW)
    assert (the_issue().state, IssueRow.objects.get().fate) == ("void", "void")


def test_a_late_delivery_follows_from_the_cycle_of_the_catalogue(town: Town, resource: DataResource) -> None:
    DataResource.objects.filter(pk=resource.pk).update(cycle="monthly")
    quality.remake_rules(resource.pk, actor=town.steward, now=NOW)
    deliver(resource, [row("1")])
    at = quality.check_resource(resource.pk, actor=None, now=NOW).started_at
    late = at + timedelta(days=365 * 20)  # the lake's own clock says when it was written
    quality.check_resource(resource.pk, actor=None, now=late)
    assert the_issue().rule.key == "table.delivery_timeliness"


@pytest.mark.parametrize(
    ("definition", "named"),
    [
        ({"kind": "history_drift", "measure": "rows", "column": "xm", "tolerance": 1}, "column"),
        ({"kind": "history_drift", "measure": "nulls", "tolerance": 1}, "column"),
        ({"kind": "history_drift", "measure": "many", "tolerance": 1}, "measure"),
        ({"kind": "history_drift", "measure": "rows", "tolerance": "large"}, "tolerance"),
        ({"kind": "history_drift", "measure": "rows", "tolerance": 1, "last": 1}, "last"),
        ({"kind": "history_drift", "measure": "rows", "tolerance": 1, "limit": 1}, "limit"),
        ({"kind": "delivery_timeliness", "within": "soon"}, "within"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_place(definition: Definition, named: str) -> None:
    with pytest.raises(RuleRefused, match=named):
        read_table_test(definition)


def test_history_is_judged_by_its_median() -> None:
    def rows(count: int) -> Measured:
        return Measured(count, {"xm": 0}, {"xm": count})

    usual = [rows(100), rows(90), rows(5000)]
    for measure, column in (("rows", {}), ("distinct", {"column": "xm"})):
        test = read_table_test({"kind": "history_drift", "measure": measure, "tolerance": Decimal("0.3"), **column})
        assert [judge(test, rows(count), usual, now=NOW)[0] for count in (131, 130, 70, 69, 0)] == [
            True,
            False,
            False,
            True,
            True,
        ]
    assert judge(test, rows(1), [rows(0)] * 3, now=NOW)[0]
    assert not judge(test, rows(0), [rows(0)] * 3, now=NOW)[0]
