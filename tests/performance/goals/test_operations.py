"""Writing goals: what is kept, who may, what is refused, what is never lost."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from performance.goals.conftest import Office, OpenYear, Save
from performance.goals.years import ROWS, TODAY, a_content, a_row, with_row

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.grants.facade import PermissionRefused
from chengshu.performance.contracts.goals import GoalContent, Mark
from chengshu.performance.contracts.year import SheetKind, SheetState, StepAsked
from chengshu.performance.errors import (
    GoalInUse,
    GoalInvalid,
    NothingToCopy,
    ProjectNotFound,
    ReasonMissing,
    SheetClosed,
    SheetIncomplete,
    SheetNotFound,
    SheetStale,
)
from chengshu.performance.facade import goals
from chengshu.performance.facade.goals import GoalSheet
from chengshu.performance.models import EvaluatedIndicator, Evaluation, GoalIndicator

pytestmark = pytest.mark.django_db
Step = Callable[..., None]


@pytest.fixture
def step(now: datetime) -> Step:
    """Take a step with a sheet as it stands."""

    def _step(sheet: GoalSheet, action: str, actor: User, reason: str = "") -> None:
        sheet.refresh_from_db()
        asked = StepAsked(SheetKind.GOAL, sheet.pk, action, sheet.version, reason)
        goals.take_step(asked, actor=actor, now=now)
        sheet.refresh_from_db()

    return _step


def kept(sheet: GoalSheet) -> GoalContent:
    return goals.content_of(GoalSheet.objects.prefetch_related("indicators").get(pk=sheet.pk))


class TestOpenGoals:
    def test_twice_gives_the_same_sheet(self, open_year: OpenYear, office: Office, now: datetime) -> None:
        year = open_year()
        first = goals.open_goals(year.pk, actor=office.officer, now=now)
        assert goals.open_goals(year.pk, actor=office.colleague, now=now).pk == first.pk

    def test_is_refused_to_readers_and_hidden_from_strangers(
        self, open_year: OpenYear, office: Office, now: datetime
    ) -> None:
        year = open_year()
        with pytest.raises(PermissionRefused):
            goals.open_goals(year.pk, actor=office.auditor, now=now)
        with pytest.raises(ProjectNotFound):
            goals.open_goals(year.pk, actor=office.stranger, now=now)
        assert not GoalSheet.objects.exists()


class TestSaveGoals:
    def test_keeps_every_row_in_the_order_of_the_paper(self, open_year: OpenYear, save: Save) -> None:
        sheet = save(open_year(), replace(a_content(), rows=tuple(reversed(ROWS))))
        assert [row.name for row in kept(sheet).rows] == [row.name for row in ROWS]

    def test_tells_what_changed_and_keeps_the_rows_themselves(
        self, sheet: GoalSheet, office: Office, now: datetime
    ) -> None:
        before = kept(sheet)
        after = with_row(before, 1, target="≥99.99%")
        after = replace(after, rows=(*after.rows[:3], *after.rows[4:], a_row("应急演练次数", "≥1次", 5)))
        _, changes = goals.save_goals(sheet.pk, after, sheet.version, actor=office.colleague, now=now)
        assert {(c.name, c.field) for c in changes} == {
            ("网络可用率", "target"),
            ("单位线路成本", "row"),
            ("应急演练次数", "row"),
        }
        assert {row.key for row in kept(sheet).rows} >= {row.key for row in before.rows if row.name != "单位线路成本"}
        assert sheet.version + 1 == GoalSheet.objects.get().version

    def test_without_a_change_writes_nothing(self, sheet: GoalSheet, office: Office, now: datetime) -> None:
        _, changes = goals.save_goals(sheet.pk, kept(sheet), sheet.version, actor=office.officer, now=now)
        assert changes == ()
        assert GoalSheet.objects.get().version == sheet.version

    def test_leaves_an_audit_entry_and_an_edition_with_what_changed(
        self, sheet: GoalSheet, office: Office, now: datetime
    ) -> None:
        after = with_row(kept(sheet), 0, weight=Decimal(25))
        goals.save_goals(sheet.pk, after, sheet.version, actor=office.colleague, now=now)
        newest = goals.list_editions(sheet)[0]
        assert (newest.editor, newest.version) == (office.colleague, sheet.version + 1)
        assert newest.changes == [
            {"row": kept(sheet).rows[0].key, "name": "线路巡检次数", "field": "weight", "before": "20", "after": "25"}
        ]
        entry = audit.list_all_entries().filter(action="performance.save_goal").order_by("-pk")[0]
        assert entry.subject == f"goal:{sheet.pk}"

    def test_that_saw_an_older_version_is_refused_and_names_who_was_first(
        self, sheet: GoalSheet, office: Office, now: datetime
    ) -> None:
        mine, theirs = with_row(kept(sheet), 0, target="≥6次"), with_row(kept(sheet), 1, target="≥99.5%")
        goals.save_goals(sheet.pk, theirs, sheet.version, actor=office.colleague, now=now)
        with pytest.raises(SheetStale) as refused:
            goals.save_goals(sheet.pk, mine, sheet.version, actor=office.officer, now=now)
        assert refused.value.details["editor"] == "李专员"
        assert kept(sheet).rows[0].target == "≥4次"

    def test_refuses_rows_of_another_sheet_and_texts_that_are_too_long(
        self, sheet: GoalSheet, open_year: OpenYear, save: Save, office: Office, now: datetime
    ) -> None:
        other = save(open_year(name="政务云运行维护"))
        foreign = replace(kept(sheet), rows=(*kept(sheet).rows, kept(other).rows[0]))
        too_long = with_row(kept(sheet), 0, name="长" * 201)
        unknown = with_row(kept(sheet), 0, measured_by="no.such")
        for content in (foreign, too_long, unknown):
            with pytest.raises(GoalInvalid):
                goals.save_goals(sheet.pk, content, sheet.version, actor=office.officer, now=now)
        assert len(kept(other).rows) == len(ROWS)

    def test_refuses_to_remove_what_has_a_result(self, sheet: GoalSheet, office: Office, now: datetime) -> None:
        evaluation = Evaluation.objects.create(
            project_year=sheet.project_year, rules="shanghai-2024", edited_by=office.officer, edited_at=now
        )
        EvaluatedIndicator.objects.create(
            evaluation=evaluation, goal=GoalIndicator.objects.get(name="网络可用率"), actual="99.95%"
        )
        content = replace(kept(sheet), rows=tuple(row for row in kept(sheet).rows if row.name != "网络可用率"))
        with pytest.raises(GoalInUse, match="网络可用率"):
            goals.save_goals(sheet.pk, content, sheet.version, actor=office.officer, now=now)
        assert len(kept(sheet).rows) == len(ROWS)

    @pytest.mark.parametrize("who", ["department_reviewer", "finance_reviewer", "auditor"])
    def test_is_refused_to_who_only_reads(self, who: str, sheet: GoalSheet, office: Office, now: datetime) -> None:
        with pytest.raises(PermissionRefused):
            goals.save_goals(sheet.pk, a_content(), sheet.version, actor=getattr(office, who), now=now)

    def test_is_hidden_from_other_units(self, sheet: GoalSheet, office: Office, now: datetime) -> None:
        with pytest.raises(SheetNotFound):
            goals.save_goals(sheet.pk, a_content(), sheet.version, actor=office.stranger, now=now)
        with pytest.raises(SheetNotFound):
            goals.get_goals(sheet.pk, viewer=office.stranger, on=TODAY)


class TestRestoreGoals:
    def test_brings_an_earlier_version_back_as_a_new_one(self, sheet: GoalSheet, office: Office, now: datetime) -> None:
        fewer = replace(kept(sheet), rows=kept(sheet).rows[:2], expected="改过的目标")
        goals.save_goals(sheet.pk, fewer, sheet.version, actor=office.officer, now=now)
        goals.restore_goals(sheet.pk, sheet.version, sheet.version + 1, actor=office.officer, now=now)
        back = kept(sheet)
        assert back.expected == a_content().expected
        assert [(r.name, r.target, r.weight) for r in back.rows] == [(r.name, r.target, r.weight) for r in ROWS]
        assert [edition.cause for edition in goals.list_editions(sheet)] == ["restore", "save", "save", "open"]


class TestCopyLastYear:
    @pytest.fixture
    def this_year(self, open_year: OpenYear, save: Save, office: Office, now: datetime) -> GoalSheet:
        last = open_year(2023)
        content = a_content("2023年保障政务外网全年稳定运行。")
        content = replace(content, rows=(*content.rows, a_row("2023年新增点位数", "≥20个", 5)))
        sheet = save(last, content)
        evaluation = Evaluation.objects.create(
            project_year=last, rules="shanghai-2023", edited_by=office.officer, edited_at=now
        )
        for name, actual in (("网络可用率", "99.1%"), ("线路巡检次数", "6次")):
            goal = GoalIndicator.objects.get(sheet=sheet, name=name)
            EvaluatedIndicator.objects.create(evaluation=evaluation, goal=goal, actual=actual)
        year = open_year(2024, project=last.project)
        empty = goals.open_goals(year.pk, actor=office.officer, now=now)
        return goals.copy_last_year(empty.pk, empty.version, actor=office.officer, now=now)

    def test_marks_what_has_to_change(self, this_year: GoalSheet) -> None:
        marks = {row.name: set(row.marks) for row in kept(this_year).rows}
        assert marks["2023年新增点位数"] == {Mark.DATES, Mark.SAME_TARGET}
        assert marks["网络可用率"] == {Mark.SAME_TARGET, Mark.FAILED}
        assert marks["线路巡检次数"] == {Mark.SAME_TARGET}

    def test_is_not_handed_in_before_every_mark_is_gone(
        self, this_year: GoalSheet, office: Office, now: datetime, step: Step
    ) -> None:
        with pytest.raises(SheetIncomplete):
            step(this_year, "submit", office.officer)
        content = kept(this_year)
        changed = tuple(
            replace(row, name=row.name.replace("2023年", ""), target=row.target.replace("≥", "≥1"))
            for row in content.rows
        )
        changed = tuple(replace(row, marks=()) if row.target[0] != "≥" else row for row in changed)
        rows = tuple(replace(row, weight=Decimal(15)) if row.weight == 20 else row for row in changed)
        content = replace(content, rows=rows, expected="保障政务外网全年稳定运行，增加点位。")
        goals.save_goals(this_year.pk, content, this_year.version, actor=office.officer, now=now)
        assert {row.marks for row in kept(this_year).rows} == {()}
        step(this_year, "submit", office.officer)
        assert this_year.state == SheetState.SUBMITTED

    def test_can_be_undone(self, this_year: GoalSheet, office: Office, now: datetime) -> None:
        goals.restore_goals(this_year.pk, 1, this_year.version, actor=office.officer, now=now)
        assert kept(this_year) == GoalContent()

    def test_needs_an_earlier_year(self, sheet: GoalSheet, office: Office, now: datetime) -> None:
        with pytest.raises(NothingToCopy):
            goals.copy_last_year(sheet.pk, sheet.version, actor=office.officer, now=now)


class TestTheWayOfGoals:
    def test_from_the_unit_over_the_department_to_finance_and_back_by_a_reopening(
        self, sheet: GoalSheet, office: Office, step: Step
    ) -> None:
        step(sheet, "submit", office.officer)
        step(sheet, "return", office.department_reviewer, "时效指标再细一些")
        step(sheet, "submit", office.colleague)
        step(sheet, "withdraw", office.officer)
        step(sheet, "submit", office.officer)
        step(sheet, "approve", office.department_reviewer)
        step(sheet, "approve", office.finance_reviewer)
        assert sheet.state == SheetState.APPROVED
        assert not Evaluation.objects.exists()
        step(sheet, "reopen", office.finance_reviewer, "预算调减")
        assert sheet.state == SheetState.DRAFT
        actions = [decision.action for decision in goals.list_decisions(sheet)]
        assert actions == ["reopen", "approve", "approve", "submit", "withdraw", "submit", "return", "submit"]

    def test_returns_need_a_reason(self, sheet: GoalSheet, office: Office, step: Step) -> None:
        step(sheet, "submit", office.officer)
        with pytest.raises(ReasonMissing):
            step(sheet, "return", office.department_reviewer, "  ")

    @pytest.mark.parametrize("who", ["department_reviewer", "finance_reviewer", "auditor"])
    def test_only_the_unit_hands_in(self, who: str, sheet: GoalSheet, office: Office, step: Step) -> None:
        with pytest.raises(PermissionRefused):
            step(sheet, "submit", getattr(office, who))

    def test_the_unit_does_not_approve_itself(self, sheet: GoalSheet, office: Office, step: Step) -> None:
        step(sheet, "submit", office.officer)
        with pytest.raises(PermissionRefused):
            step(sheet, "approve", office.officer)

    def test_what_was_handed_in_is_not_edited(
        self, sheet: GoalSheet, office: Office, step: Step, now: datetime
    ) -> None:
        step(sheet, "submit", office.officer)
        with pytest.raises(SheetClosed):
            goals.save_goals(sheet.pk, a_content(), sheet.version, actor=office.officer, now=now)

    def test_names_every_place_that_holds_it_back(
        self, open_year: OpenYear, save: Save, bad_content: GoalContent, office: Office, step: Step
    ) -> None:
        sheet = save(open_year(), bad_content)
        with pytest.raises(SheetIncomplete) as refused:
            step(sheet, "submit", office.officer)
        assert {field for field, _ in refused.value.gaps} == {
            "/total/weight",
            "/indicators/1/target",
            "/indicators/1/weight",
            "/indicators/2/target",
        }

    def test_waits_for_the_one_whose_turn_it_is(self, sheet: GoalSheet, office: Office, step: Step) -> None:
        def waits_for() -> set[str]:
            people = ("officer", "department_reviewer", "finance_reviewer", "stranger", "auditor")
            return {name for name in people if goals.list_waiting_goals(getattr(office, name), on=TODAY).exists()}

        assert waits_for() == {"officer"}
        step(sheet, "submit", office.officer)
        assert waits_for() == {"department_reviewer"}
        step(sheet, "approve", office.department_reviewer)
        assert waits_for() == {"finance_reviewer"}
        step(sheet, "approve", office.finance_reviewer)
        assert waits_for() == set()

    def test_years_without_goals_wait_for_the_unit(self, open_year: OpenYear, office: Office) -> None:
        open_year()
        assert goals.list_years_without_goals(office.officer, on=TODAY).count() == 1
        assert goals.list_years_without_goals(office.finance_reviewer, on=TODAY).count() == 0


def test_moments_come_from_the_caller(sheet: GoalSheet, office: Office) -> None:
    later = datetime(2024, 5, 6, tzinfo=UTC)
    goals.save_goals(sheet.pk, with_row(kept(sheet), 0, target="≥5次"), sheet.version, actor=office.officer, now=later)
    assert goals.list_editions(sheet)[0].saved_at == later
    assert date(2024, 5, 6) == GoalSheet.objects.get().edited_at.date()
