"""Writing self-evaluations: what is measured, what is scored, who may, what is refused, what is never lost."""

import io
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from performance.evaluations.conftest import RESULT, TODAY, Office, make_year, reload, type_in

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.grants.facade import PermissionRefused
from chengshu.kernel.indicators import facade as indicators
from chengshu.performance.contracts.year import SheetKind, SheetState, StepAsked
from chengshu.performance.errors import (
    GoalsNotApproved,
    ProjectNotFound,
    ResultInvalid,
    SheetClosed,
    SheetIncomplete,
    SheetNotFound,
    SheetStale,
)
from chengshu.performance.facade import evaluations
from chengshu.performance.facade.evaluations import Evaluation, ProjectYear, Proof
from chengshu.performance.models import Edition, GoalSheet

pytestmark = pytest.mark.django_db


def _take(evaluation: Evaluation, action: str, actor: User, now: datetime, reason: str = "") -> None:
    version = Evaluation.objects.get(pk=evaluation.pk).version
    asked = StepAsked(SheetKind.EVALUATION, evaluation.pk, action, version, reason)
    evaluations.take_step(asked, actor=actor, now=now)


def _gaps(evaluation: Evaluation, office: Office, now: datetime) -> list[tuple[str, str]]:
    with pytest.raises(SheetIncomplete) as refused:
        _take(evaluation, "submit", office.officer, now)
    return list(refused.value.gaps)


class TestOpen:
    def test_twice_gives_the_same_with_a_result_for_every_promise(
        self, year: ProjectYear, office: Office, now: datetime
    ) -> None:
        first = evaluations.open_evaluation(year.pk, actor=office.officer, now=now)
        assert evaluations.open_evaluation(year.pk, actor=office.colleague, now=now).pk == first.pk
        assert first.indicators.count() == 5
        assert first.rules == "shanghai-2024"

    def test_waits_for_the_approval_of_the_goals(self, year: ProjectYear, office: Office, now: datetime) -> None:
        GoalSheet.objects.filter(project_year=year).update(state=SheetState.SUBMITTED)
        with pytest.raises(GoalsNotApproved):
            evaluations.open_evaluation(year.pk, actor=office.officer, now=now)

    def test_is_hidden_from_strangers_and_refused_to_readers(
        self, year: ProjectYear, office: Office, now: datetime
    ) -> None:
        with pytest.raises(ProjectNotFound):
            evaluations.open_evaluation(year.pk, actor=office.stranger, now=now)
        with pytest.raises(PermissionRefused):
            evaluations.open_evaluation(year.pk, actor=office.auditor, now=now)

    def test_is_done_by_the_system_when_the_year_has_ended(
        self, year: ProjectYear, office: Office, now: datetime
    ) -> None:
        make_year(office.unit, office.officer, code="P002", number=2025)
        assert evaluations.open_due_evaluations(now) == 1
        assert evaluations.open_due_evaluations(now) == 0
        assert list(Evaluation.objects.values_list("project_year", flat=True)) == [year.pk]


class TestScores:
    def test_follow_the_rules_and_add_up(self, filled: Evaluation) -> None:
        rows = {row.goal.name: row for row in filled.indicators.select_related("goal")}
        assert rows["线路巡检次数"].score == 20
        assert rows["在用账号比例"].actual == "100%"
        assert rows["报修办结及时性"].score == 10
        assert filled.execution_score == Decimal("9.5")
        assert (filled.total, filled.grade) == (Decimal("99.5"), "优")

    def test_of_a_missed_target_are_in_proportion(self, filled: Evaluation, office: Office, now: datetime) -> None:
        content = type_in(filled)
        rows = (
            replace(content.rows[0], actual="3次", deviation="一次巡检遇台风取消，改到下年一月。"),
            *content.rows[1:],
        )
        evaluations.save_evaluation(
            filled.pk, replace(content, rows=rows), filled.version, actor=office.officer, now=now
        )
        again = reload(filled, office.officer)
        assert again.total == Decimal("94.5")
        assert evaluations.results_of(again)[rows[0].goal_id].rule_score == 15

    def test_by_hand_stand_beside_the_rules_and_follow_no_more(
        self, filled: Evaluation, office: Office, now: datetime
    ) -> None:
        content = type_in(filled)
        lowered = replace(content.rows[2], score=Decimal(9), deviation="年初有两件超时，已增派人手。")
        rows = (*content.rows[:2], lowered, *content.rows[3:])
        evaluations.save_evaluation(
            filled.pk, replace(content, rows=rows), filled.version, actor=office.officer, now=now
        )
        kept = evaluations.results_of(reload(filled, office.officer))[lowered.goal_id]
        assert (kept.rule_score, kept.score) == (Decimal(10), Decimal(9))

    def test_coverage_counts_indicators_and_points(self, filled: Evaluation) -> None:
        assert (filled.evidence_count, filled.evidence_weight) == (1, Decimal(20))
        assert (filled.indicator_count, filled.indicator_weight) == (5, Decimal(90))
        form = evaluations.assess_content(filled, evaluations.content_of_evaluation(filled))
        covered = evaluations.cover(form.form, form.content)
        assert (covered.indicators, covered.points) == (5, Decimal(90))


class TestMeasure:
    def test_keeps_the_measurement_over_the_year_and_the_unit(self, filled: Evaluation) -> None:
        (kept,) = evaluations.read_measurements(filled).values()
        assert (kept.first_day.isoformat(), kept.last_day.isoformat()) == ("2024-01-01", "2024-12-31")
        assert (kept.scope, kept.counted) == ("organisation:U1", 2)
        assert indicators.verify_measurement(kept).same

    def test_is_not_typed_over(self, filled: Evaluation, office: Office, now: datetime) -> None:
        content = type_in(filled)
        rows = (content.rows[0], replace(content.rows[1], actual="12%"), *content.rows[2:])
        _sheet, changes = evaluations.save_evaluation(
            filled.pk, replace(content, rows=rows), filled.version, actor=office.officer, now=now
        )
        assert changes == ()

    def test_may_be_taken_off_for_a_document(self, filled: Evaluation, office: Office, now: datetime) -> None:
        goal = evaluations.list_promises(filled)[1]
        evaluations.drop_measurement(filled.pk, goal.pk, filled.version, actor=office.officer, now=now)
        again = reload(filled, office.officer)
        assert (again.evidence_count, again.evidence_weight, again.total) == (0, Decimal(0), None)
        assert ("/indicators/1/evidence") in [field for field, _said in _gaps(again, office, now)]

    def test_of_an_indicator_that_nobody_registered_is_refused(
        self, evaluation: Evaluation, office: Office, now: datetime
    ) -> None:
        goal = evaluations.list_promises(evaluation)[0]
        with pytest.raises(ResultInvalid):
            evaluations.measure_indicator(evaluation.pk, goal.pk, 1, actor=office.officer, now=now)


class TestDocument:
    def test_is_given_to_who_sees_the_sheet_only(self, filled: Evaluation, office: Office) -> None:
        goal = evaluations.list_promises(filled)[0]
        name, stream = evaluations.open_evidence_document(filled.pk, goal.pk, viewer=office.auditor, on=TODAY)
        with stream:
            assert (name, stream.read()) == ("佐证0.pdf", b"%PDF-1.7 proof 0")
        with pytest.raises(SheetNotFound):
            evaluations.open_evidence_document(filled.pk, goal.pk, viewer=office.stranger, on=TODAY)

    def test_that_is_empty_is_refused(self, evaluation: Evaluation, office: Office, now: datetime) -> None:
        goal = evaluations.list_promises(evaluation)[0]
        with pytest.raises(ResultInvalid):
            evaluations.attach_document(
                evaluation.pk, goal.pk, Proof("空.pdf", io.BytesIO()), 1, actor=office.officer, now=now
            )


class TestSubmit:
    def test_names_every_gap_with_its_place(self, evaluation: Evaluation, office: Office, now: datetime) -> None:
        gaps = dict(_gaps(evaluation, office, now))
        assert {"/goal/actual", "/indicators/0/actual", "/indicators/0/evidence", "/indicators/4/actual"} <= set(gaps)
        assert "还没有计量" in gaps["/indicators/1/evidence"]

    def test_asks_for_a_score_where_the_rules_cannot_say(
        self, filled: Evaluation, office: Office, now: datetime
    ) -> None:
        content = type_in(filled)
        rows = (replace(content.rows[0], actual="见巡检台账"), *content.rows[1:])
        evaluations.save_evaluation(
            filled.pk, replace(content, rows=rows), filled.version, actor=office.officer, now=now
        )
        assert "/indicators/0/score" in dict(_gaps(filled, office, now))

    def test_refuses_a_deduction_without_a_word(self, filled: Evaluation, office: Office, now: datetime) -> None:
        content = type_in(filled)
        rows = (replace(content.rows[0], actual="3次"), *content.rows[1:])
        evaluations.save_evaluation(
            filled.pk, replace(content, rows=rows), filled.version, actor=office.officer, now=now
        )
        assert [field for field, _said in _gaps(filled, office, now)] == ["/indicators/0/reason"]

    def test_refuses_a_raised_score_without_a_word(self, filled: Evaluation, office: Office, now: datetime) -> None:
        content = type_in(filled)
        raised = replace(content.rows[0], actual="3次", score=Decimal(18), deviation="一次巡检遇台风取消。")
        sheet, _changes = evaluations.save_evaluation(
            filled.pk,
            replace(content, rows=(raised, *content.rows[1:])),
            filled.version,
            actor=office.officer,
            now=now,
        )
        ((field, said),) = _gaps(filled, office, now)
        assert field == "/indicators/0/score"
        assert "调整理由" in said
        worded = replace(raised, score_reason="台风红色预警期间按规定停止外勤。")
        evaluations.save_evaluation(
            filled.pk, replace(content, rows=(worded, *content.rows[1:])), sheet.version, actor=office.officer, now=now
        )
        _take(filled, "submit", office.officer, now)

    def test_leads_through_department_and_finance_with_every_decision_kept(
        self, filled: Evaluation, office: Office, now: datetime
    ) -> None:
        _take(filled, "submit", office.officer, now)
        _take(filled, "approve", office.department_reviewer, now)
        _take(filled, "approve", office.finance_reviewer, now)
        again = reload(filled, office.officer)
        assert again.state == SheetState.APPROVED
        assert [d.action for d in evaluations.list_evaluation_decisions(again)] == ["approve", "approve", "submit"]
        with pytest.raises(SheetClosed):
            evaluations.save_evaluation(
                filled.pk, type_in(again, actual="改"), again.version, actor=office.officer, now=now
            )

    def test_waits_for_the_next_person(self, filled: Evaluation, office: Office, now: datetime) -> None:
        assert evaluations.list_waiting_evaluations(office.officer, on=TODAY).count() == 1
        _take(filled, "submit", office.officer, now)
        assert evaluations.list_waiting_evaluations(office.officer, on=TODAY).count() == 0
        assert evaluations.list_waiting_evaluations(office.department_reviewer, on=TODAY).count() == 1


class TestSave:
    def test_of_nothing_new_writes_nothing(self, filled: Evaluation, office: Office, now: datetime) -> None:
        _sheet, changes = evaluations.save_evaluation(
            filled.pk, type_in(filled), filled.version, actor=office.officer, now=now
        )
        assert changes == ()
        assert Evaluation.objects.get(pk=filled.pk).version == filled.version

    def test_refuses_what_was_seen_before_somebody_else_saved(
        self, filled: Evaluation, office: Office, now: datetime
    ) -> None:
        seen = filled.version
        evaluations.save_evaluation(
            filled.pk, type_in(filled, actual="同事写的"), seen, actor=office.colleague, now=now
        )
        with pytest.raises(SheetStale) as refused:
            evaluations.save_evaluation(
                filled.pk, type_in(filled, actual="我写的"), seen, actor=office.officer, now=now
            )
        assert refused.value.details["editor"] == "李专员"

    def test_keeps_every_version_and_brings_one_back(self, filled: Evaluation, office: Office, now: datetime) -> None:
        seen = filled.version
        evaluations.save_evaluation(filled.pk, type_in(filled, actual="另写"), seen, actor=office.officer, now=now)
        evaluations.restore_evaluation(filled.pk, seen, seen + 1, actor=office.officer, now=now)
        again = reload(filled, office.officer)
        assert again.actual == RESULT
        causes = Edition.objects.filter(sheet_id=filled.pk, kind="evaluation").order_by("-version")
        assert list(causes.values_list("cause", flat=True))[:2] == ["restore", "save"]

    @pytest.mark.parametrize(
        ("column", "value"),
        [("actual", "九" * 201), ("score", Decimal(-1)), ("score", Decimal("1.00001")), ("deviation", "字" * 2001)],
    )
    def test_refuses_what_does_not_fit(
        self, evaluation: Evaluation, office: Office, now: datetime, column: str, value: object
    ) -> None:
        content = type_in(evaluation)
        rows = (replace(content.rows[0], **{column: value}), *content.rows[1:])  # type: ignore[arg-type]  # the columns of a row
        with pytest.raises(ResultInvalid):
            evaluations.save_evaluation(
                evaluation.pk, replace(content, rows=rows), evaluation.version, actor=office.officer, now=now
            )
