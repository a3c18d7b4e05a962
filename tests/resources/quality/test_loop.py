"""Failing rows are owed until a check proves them right: found, fixed, verified, closed, and found again."""

import pytest
from conftest import NOW
from resources.catalogue.town import Town
from resources.quality.lake import BAD_ID, check, deliver, row, the_issue, the_rule

from chengshu.kernel.notifications.facade import list_notifications
from chengshu.kernel.tickets import facade as tickets
from chengshu.kernel.tickets.facade import ActionRefused, TicketEvent
from chengshu.resources.facade import quality
from chengshu.resources.facade.quality import CheckFailed, CheckRun, IssueRow, QualityIssue, RowFate, RuleDraft
from chengshu.resources.models import DataResource


def _fates() -> dict[str, str]:
    return {line.key[0]: line.fate for line in IssueRow.objects.all()}


class TestCheck:
    def test_makes_one_issue_a_rule_that_the_department_owes_in_working_days(
        self, town: Town, resource: DataResource
    ) -> None:
        deliver(resource, [row("1"), row("2", sfzh=BAD_ID), row("3", sfzh="1"), row("4", djrq="去年")])
        run = check(resource, town)
        assert (run.state, run.version, run.rows, run.failed_rules) == ("done", 0, 4, 2)
        issue = the_issue(rule__key="sfzh.check_digit")
        assert (issue.organisation, issue.rows_owed, issue.state) == (town.civil, 2, "open")
        assert issue.ticket is not None
        assert (issue.ticket.kind, issue.ticket.organisation_id) == ("quality_issue", town.civil.pk)
        assert issue.ticket.due_at is not None
        assert sorted(issue.rows.values_list("value", flat=True)) == ["1", BAD_ID]
        assert the_issue(rule__key="djrq.type").rows.get().key == ["4"]

    def test_tells_who_rectifies_there_and_nobody_else(self, town: Town, resource: DataResource) -> None:
        deliver(resource, [row("1", sfzh="1")])
        check(resource, town)
        told = list_notifications(town.operator, on=NOW.date()).filter(template="resources.quality_issue")
        assert told.count() == 1
        assert list_notifications(town.other, on=NOW.date()).count() == 0

    def test_again_owes_nothing_twice(self, town: Town, resource: DataResource) -> None:
        deliver(resource, [row("1", sfzh="1"), row("2")])
        check(resource, town)
        deliver(resource, [row("1", sfzh="1"), row("2", sfzh="2")])
        check(resource, town)
        assert sorted(QualityIssue.objects.values_list("rows_total", flat=True)) == [1, 1]
        assert IssueRow.objects.count() == 2

    def test_without_a_table_is_kept_as_failed_with_the_reason(self, town: Town, resource: DataResource) -> None:
        with pytest.raises(CheckFailed):
            check(resource, town)
        assert "没有表" in CheckRun.objects.get(state="failed").fault

    def test_within_the_threshold_owes_nothing(self, town: Town, resource: DataResource) -> None:
        from dataclasses import replace  # noqa: PLC0415 - only here
        from decimal import Decimal  # noqa: PLC0415 - the same

        rule = the_rule("sfzh.check_digit")
        draft = replace(quality.draft_of(rule), threshold=Decimal("0.5"))
        quality.amend_rule(rule.pk, draft, is_active=True, reason="历史数据", actor=town.steward, now=NOW)
        deliver(resource, [row("1", sfzh="1"), row("2")])
        assert check(resource, town).failed_rules == 0
        assert not QualityIssue.objects.exists()


class TestNewVersion:
    def test_verifies_what_holds_and_what_is_gone_and_closes_by_itself(
        self, town: Town, resource: DataResource
    ) -> None:
        deliver(resource, [row("1", sfzh="1"), row("2", sfzh="2"), row("3")])
        check(resource, town)
        version = deliver(resource, [row("1"), row("3")])
        run = quality.recheck_resource(resource.pk, actor=None, now=NOW)
        assert run is not None
        assert (run.kind, run.version, run.rows) == ("recheck", version, 2)
        assert _fates() == {"1": "fixed", "2": "gone"}
        assert set(IssueRow.objects.values_list("verified_in", flat=True)) == {run.pk}
        issue = the_issue()
        assert issue.ticket is not None
        assert (issue.state, issue.rows_verified, issue.ticket.state) == ("rectified", 2, "closed")
        assert TicketEvent.objects.get(ticket=issue.ticket, action="close").actor is None

    def test_leaves_owed_what_still_fails(self, town: Town, resource: DataResource) -> None:
        deliver(resource, [row("1", sfzh="1"), row("2", sfzh="2")])
        check(resource, town)
        deliver(resource, [row("1"), row("2", sfzh="3")])
        quality.recheck_resource(resource.pk, actor=None, now=NOW)
        assert _fates() == {"1": "fixed", "2": "owed"}
        issue = the_issue()
        assert issue.ticket is not None
        assert (issue.state, issue.rows_owed, issue.ticket.state) == ("open", 1, "new")

    def test_is_rechecked_by_a_job_when_collection_tells_of_it(self, town: Town, resource: DataResource) -> None:
        deliver(resource, [row("1", sfzh="1")])
        check(resource, town)
        version = deliver(resource, [row("1")])
        assert quality.note_new_version(resource.pk, version, now=NOW) is not None
        assert _fates() == {"1": "fixed"}
        assert quality.note_new_version(resource.pk, version, now=NOW) is None

    def test_does_not_look_for_other_rows(self, town: Town, resource: DataResource) -> None:
        deliver(resource, [row("1", sfzh="1"), row("2")])
        check(resource, town)
        deliver(resource, [row("1"), row("2", sfzh="2")])
        quality.recheck_resource(resource.pk, actor=None, now=NOW)
        assert _fates() == {"1": "fixed"}

    def test_of_a_repeated_key_is_fixed_when_one_is_left(self, town: Town, resource: DataResource) -> None:
        deliver(resource, [row("1"), row("1", xm="赵六"), row("2")])
        check(resource, town)
        assert the_issue().rows_total == 1
        deliver(resource, [row("1"), row("2")])
        quality.recheck_resource(resource.pk, actor=None, now=NOW)
        assert _fates() == {"1": "fixed"}


def test_a_verified_row_that_fails_again_is_a_recurrence_of_its_issue(town: Town, resource: DataResource) -> None:
    deliver(resource, [row("1", sfzh="1")])
    check(resource, town)
    first = the_issue()
    deliver(resource, [row("1")])
    check(resource, town)
    deliver(resource, [row("1", sfzh="1"), row("2", sfzh="2")])
    check(resource, town)
    again = the_issue(recurrence_of__isnull=False)
    assert (again.recurrence_of, [line.key for line in again.rows.all()]) == (first, [["1"]])
    assert the_issue(state="open", recurrence_of=None).rows.get().key == ["2"]


def test_rows_owed_for_a_gap_are_looked_at_apart_from_other_gaps(town: Town, resource: DataResource) -> None:
    draft = RuleDraft("gap", "姓名必填", {"kind": "not_null", "columns": ["xm"]})
    quality.write_rule(resource.pk, draft, actor=town.steward, now=NOW)
    deliver(resource, [row("1", xm=None), row("2")])
    check(resource, town)
    deliver(resource, [row("1"), row("2", xm=None)])
    run = quality.recheck_resource(resource.pk, actor=None, now=NOW)
    assert run is not None
    assert run.outcomes.values_list("checked", "failed").get(rule__key="gap") == (1, 0)
    assert the_issue(rule__key="gap").rows_verified == 1


def test_nobody_closes_by_hand_while_rows_fail(town: Town, resource: DataResource) -> None:
    deliver(resource, [row("1", sfzh="1")])
    check(resource, town)
    ticket = the_issue().ticket
    assert ticket is not None
    with pytest.raises(ActionRefused):
        tickets.act(ticket.pk, "close", actor=town.steward, now=NOW, expected_version=None)
    with pytest.raises(ActionRefused):
        tickets.act(ticket.pk, "close", actor=None, now=NOW, expected_version=None)


class _Killed(BaseException):
    """As a process that ends."""


def test_a_check_that_is_cut_in_the_middle_leaves_nothing_and_runs_again(town: Town, resource: DataResource) -> None:
    deliver(resource, [row("1", sfzh="1", djrq="去年"), row("2", sfzh="2")])

    def cut(stage: str, done: int, _total: int) -> None:
        if stage == "登记问题" and done > 2:
            raise _Killed

    with pytest.raises(_Killed):
        quality.check_resource(resource.pk, actor=town.steward, now=NOW, tell=cut)
    assert not QualityIssue.objects.exists()
    assert CheckRun.objects.get().state == "running"
    check(resource, town)
    check(resource, town)
    assert IssueRow.objects.filter(fate=RowFate.OWED).count() == 3
    assert QualityIssue.objects.count() == 2
    assert sorted(CheckRun.objects.filter(kind="full").values_list("state", flat=True)) == [
        "done",
        "done",
        "interrupted",
    ]
