"""A department says that the rule is wrong; the centre rules; the clock stands meanwhile."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from conftest import NOW
from resources.catalogue.town import Town, step
from resources.quality.lake import check, deliver, row, the_issue, the_rule

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.calendars.facade import load_calendar
from chengshu.kernel.grants.facade import PermissionRefused
from chengshu.kernel.notifications.facade import list_notifications
from chengshu.kernel.tickets import facade as tickets
from chengshu.kernel.tickets.facade import ActionNotOffered, ClockState
from chengshu.resources.facade import quality
from chengshu.resources.facade.catalogue import Step
from chengshu.resources.facade.quality import (
    IssueNotFound,
    IssueRow,
    QualityIssue,
    ReasonMissing,
    RuleDraft,
    RuleRefused,
    Ruling,
    StepNotOpen,
)
from chengshu.resources.models import DataResource

LATER = NOW + timedelta(days=3)


@pytest.fixture
def issue(town: Town, resource: DataResource) -> QualityIssue:
    deliver(resource, [row("1", sfzh="H1234"), row("2", sfzh="2"), row("3")])
    check(resource, town)
    return the_issue()


def _dispute(issue: QualityIssue, town: Town) -> None:
    quality.dispute_issue(issue.pk, "港澳居民没有身份证号", actor=town.operator, now=NOW)


def _clocks(issue: QualityIssue) -> dict[str, ClockState]:
    ticket = the_issue(pk=issue.pk).ticket
    assert ticket is not None
    return {
        reading.key: reading.state for reading in tickets.read_clocks([ticket], load_calendar(), now=LATER)[ticket.pk]
    }


def _state(issue: QualityIssue) -> tuple[str, str]:
    now = the_issue(pk=issue.pk)
    assert now.ticket is not None
    return now.state, now.ticket.state


class TestDispute:
    def test_stops_the_clock_and_starts_the_centres(self, town: Town, issue: QualityIssue) -> None:
        _dispute(issue, town)
        assert _clocks(issue) == {"mend": ClockState.PAUSED, "settle": ClockState.RUNNING}
        with pytest.raises(ActionNotOffered):
            _dispute(issue, town)

    def test_needs_words_and_the_right(self, town: Town, issue: QualityIssue) -> None:
        with pytest.raises(ReasonMissing):
            quality.dispute_issue(issue.pk, " ", actor=town.operator, now=NOW)
        with pytest.raises(IssueNotFound):
            quality.dispute_issue(issue.pk, "不是我", actor=town.other, now=NOW)
        with pytest.raises(PermissionRefused):
            quality.dispute_issue(issue.pk, "中心", actor=town.steward, now=NOW)

    def test_is_not_ruled_on_by_who_raised_it_nor_twice(self, town: Town, issue: QualityIssue) -> None:
        ruling = Ruling(upheld=False, reason="规则无误")
        with pytest.raises(StepNotOpen):
            quality.settle_dispute(issue.pk, ruling, actor=town.steward, now=NOW)
        _dispute(issue, town)
        with pytest.raises(PermissionRefused):
            quality.settle_dispute(issue.pk, ruling, actor=town.operator, now=NOW)


def test_a_clock_that_is_over_is_told_to_who_rectifies(town: Town, issue: QualityIssue) -> None:
    before = list_notifications(town.operator, on=NOW.date()).count()
    tickets.sweep_escalations(now=NOW + timedelta(days=60))
    late = (NOW + timedelta(days=60)).date()
    assert list_notifications(town.operator, on=late).count() > before
    assert list_notifications(town.other, on=late).count() == 0
    assert issue.state == "open"


@pytest.mark.parametrize("handles", [False, True])
def test_a_clock_that_is_over_is_told_to_nobody_twice(town: Town, issue: QualityIssue, *, handles: bool) -> None:
    if handles:
        assert issue.ticket_id is not None
        tickets.act(issue.ticket_id, "accept", actor=town.operator, now=NOW, expected_version=None)
    late = NOW + timedelta(days=60)
    before = {person: _count_told(person, late) for person in (town.operator, town.steward)}
    tickets.sweep_escalations(now=late)
    assert {person: _count_told(person, late) - before[person] for person in before} == {
        town.operator: 1,
        town.steward: 1,
    }
    told = list_notifications(town.operator, on=late.date()).order_by("-pk")
    assert told[0].created_at == late


def _count_told(person: User, moment: datetime) -> int:
    return list_notifications(person, on=moment.date()).count()


def test_a_clock_that_is_over_is_told_at_the_data_centre_and_one_that_nears_its_end_is_not(
    town: Town, issue: QualityIssue
) -> None:
    def told(days: int) -> list[str]:
        moment = NOW + timedelta(days=days)
        tickets.sweep_escalations(now=moment)
        found = list_notifications(town.steward, on=moment.date()).filter(template="resources.quality_issue_over")
        return [one.fields["number"] for one in found]

    number = issue.ticket.number if issue.ticket else ""
    assert [told(days) for days in (0, 12, 60)] == [[], [], [number]]


class TestRuling:
    def test_against_the_department_lets_the_clock_go_on(self, town: Town, issue: QualityIssue) -> None:
        _dispute(issue, town)
        quality.settle_dispute(issue.pk, Ruling(upheld=False, reason="规则无误"), actor=town.steward, now=LATER)
        assert _state(issue) == ("open", "mending")
        assert _clocks(issue) == {"mend": ClockState.RUNNING, "settle": ClockState.STOPPED}
        assert the_issue().rows_owed == 2

    def test_that_switches_the_rule_off_voids_all_rows_and_leaves_them_out_of_the_rate(
        self, town: Town, resource: DataResource, issue: QualityIssue
    ) -> None:
        _dispute(issue, town)
        quality.settle_dispute(issue.pk, Ruling(upheld=True, reason="规则不适用"), actor=town.steward, now=NOW)
        assert _state(issue) == ("void", "void")
        assert not the_rule("sfzh.check_digit").is_active
        assert quality.compare_departments(town.steward, on=NOW.date(), now=NOW) == ()
        assert check(resource, town).failed_rules == 0

    def test_that_changes_the_rule_releases_what_it_lets_pass_and_keeps_the_rest_owed(
        self, town: Town, issue: QualityIssue
    ) -> None:
        _dispute(issue, town)
        rule = the_rule("sfzh.check_digit")
        draft = replace(quality.draft_of(rule), definition={**rule.definition, "where": "NOT starts_with(sfzh, 'H')"})
        quality.settle_dispute(
            issue.pk, Ruling(upheld=True, reason="港澳居民除外", draft=draft), actor=town.steward, now=NOW
        )
        assert {line.key[0]: line.fate for line in IssueRow.objects.all()} == {"1": "void", "2": "owed"}
        assert _state(issue) == ("open", "mending")
        assert [one.reason for one in the_rule("sfzh.check_digit").revisions.order_by("number")][-1] == "港澳居民除外"

    def test_with_a_senseless_rule_changes_nothing(self, town: Town, issue: QualityIssue) -> None:
        _dispute(issue, town)
        draft = replace(quality.draft_of(issue.rule), definition={"kind": "matches", "columns": ["sfzh"]})
        with pytest.raises(RuleRefused):
            quality.settle_dispute(issue.pk, Ruling(upheld=True, reason="改", draft=draft), actor=town.steward, now=NOW)
        assert _state(issue) == ("open", "disputed")


class TestRules:
    def test_follow_the_catalogue_and_leave_what_people_changed(self, town: Town, resource: DataResource) -> None:
        keys = set(quality.list_rules(resource).values_list("key", flat=True))
        assert {"djbh.length", "djrq.type", "key.unique", "key.not_null", "sfzh.check_digit"} <= keys
        rule = the_rule("djrq.type")
        quality.amend_rule(
            rule.pk, quality.draft_of(rule), is_active=False, reason="有历史数据", actor=town.steward, now=NOW
        )
        made = quality.remake_rules(resource.pk, actor=town.steward, now=NOW)
        assert (made.created, made.changed, made.retired) == (0, 0, 0)
        assert not the_rule("djrq.type").is_active

    @pytest.mark.parametrize(
        "definition",
        [
            {"kind": "nothing"},
            {"kind": "one_of", "columns": ["xm"], "values_from": {"data": "/etc/passwd", "column": "a"}},
            {"kind": "expression", "expression": "read_text('/etc/passwd') = ''"},
            {"kind": "not_null"},
        ],
    )
    def test_that_make_no_sense_or_read_files_are_refused(
        self, town: Town, resource: DataResource, definition: dict[str, object]
    ) -> None:
        with pytest.raises(RuleRefused):
            quality.write_rule(resource.pk, RuleDraft("x", "某规则", definition), actor=town.steward, now=NOW)

    def test_are_written_by_the_centre_alone(self, town: Town, resource: DataResource) -> None:
        draft = RuleDraft("x", "姓名不得为空", {"kind": "not_null", "columns": ["xm"]})
        with pytest.raises(PermissionRefused):
            quality.write_rule(resource.pk, draft, actor=town.operator, now=NOW)

    def test_of_a_withdrawn_entry_stay_readable(self, town: Town, resource: DataResource) -> None:
        step(resource, Step.WITHDRAW, town.steward, "职责划出")
        assert quality.list_rules(resource).exists()
