"""What each role owes, and by when."""

from datetime import date, timedelta

import pytest
from conftest import HOUSE_UNIT, enter_account, found_house
from django.db import connection
from django.test.utils import CaptureQueriesContext
from performance.monitoring.conftest import AUGUST, DUE, MakeYear, Office

from chengshu.base.calendars import start_of_day
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.calendars.facade import load_calendar
from chengshu.kernel.grants.facade import HouseRole
from chengshu.kernel.tickets import facade as tickets
from chengshu.performance.facade import duties, monitoring
from chengshu.performance.facade.duties import Duty, DutyKind
from chengshu.performance.facade.monitoring import MonitoringPoint, MonitoringSheet
from chengshu.performance.models import Evaluation, GoalSheet, ProjectYear, Review

pytestmark = pytest.mark.django_db
TODAY = AUGUST.date()


def owed(viewer: User, on: date = TODAY, kind: DutyKind | None = None) -> list[Duty]:
    return duties.read_inbox(viewer, on=on, calendar=load_calendar(), most=50, kind=kind).first


def counted(viewer: User, on: date = TODAY) -> dict[DutyKind, int]:
    found: dict[DutyKind, int] = {}
    for count in duties.count_duties(viewer, on=on, calendar=load_calendar()):
        found[count.kind] = found.get(count.kind, 0) + count.count
    return found


def hand_in(sheet: GoalSheet | MonitoringSheet, state: str) -> None:
    type(sheet).objects.filter(pk=sheet.pk).update(state=state)


class TestTheOfficer:
    def test_owes_goals_of_this_year_begun_or_not(self, make_year: MakeYear, office: Office) -> None:
        make_year("未编报", goals=None)
        make_year("编报中", goals="draft")
        make_year("已批复")
        assert [duty.name for duty in owed(office.officer)] == ["未编报", "编报中"]
        assert {duty.kind for duty in owed(office.officer)} == {DutyKind.WRITE_GOALS}

    def test_owes_no_goals_that_nobody_began_in_years_gone_by(self, make_year: MakeYear, office: Office) -> None:
        make_year(year=2020, goals=None)
        assert owed(office.officer) == []

    def test_owes_the_report_by_the_day_that_finance_set(self, sheet: MonitoringSheet, office: Office) -> None:
        only = owed(office.officer)[0]
        assert (only.kind, only.due.day, only.sheet_id) == (DutyKind.MONITOR, DUE, sheet.pk)
        assert only.label == "1—7月监控"
        assert only.unit == "示范中心"

    def test_owes_the_evaluation_of_the_year_that_ended_begun_or_not(self, make_year: MakeYear, office: Office) -> None:
        year = make_year(year=2023)
        on = date(2024, 3, 20)
        assert [(duty.kind, duty.sheet_id, duty.due.day) for duty in owed(office.officer, on)] == [
            (DutyKind.EVALUATE, None, date(2024, 3, 31))
        ]
        begun = Evaluation.objects.create(project_year=year, rules="national-2020", edited_at=AUGUST)
        assert [duty.sheet_id for duty in owed(office.officer, on)] == [begun.pk]

    @pytest.mark.usefixtures("sheet")
    def test_owes_nothing_of_another_unit(self, office: Office) -> None:
        assert owed(office.stranger) == []
        assert counted(office.stranger) == {}

    def test_answers_a_review_once_it_is_issued(self, make_year: MakeYear, office: Office) -> None:
        year = make_year(year=2023)
        paper = Evaluation.objects.create(project_year=year, rules="national-2020", state="approved", edited_at=AUGUST)
        review = Review.objects.create(evaluation=paper, edited_at=AUGUST, state="open")
        assert owed(office.officer) == []
        assert [duty.kind for duty in owed(office.finance_reviewer)] == [DutyKind.SPOT_CHECK]
        Review.objects.filter(pk=review.pk).update(state="issued")
        assert [duty.kind for duty in owed(office.officer)] == [DutyKind.ANSWER_REVIEW]


class TestReviewers:
    def test_the_department_owes_what_was_handed_in_and_finance_what_the_department_passed(
        self, sheet: MonitoringSheet, office: Office
    ) -> None:
        assert owed(office.department_reviewer) == []
        hand_in(sheet, "submitted")
        assert [duty.kind for duty in owed(office.department_reviewer)] == [DutyKind.REVIEW_MONITORING]
        assert owed(office.finance_reviewer) == []
        hand_in(sheet, "department_approved")
        assert owed(office.department_reviewer) == []
        assert [duty.kind for duty in owed(office.finance_reviewer)] == [DutyKind.REVIEW_MONITORING]

    def test_the_term_runs_from_the_day_it_was_handed_in(self, make_year: MakeYear, office: Office) -> None:
        goals = GoalSheet.objects.create(project_year=make_year("新项目", goals=None), edited_at=AUGUST)
        asked = duties.StepAsked(duties.SheetKind.GOAL, goals.pk, "submit", goals.version)
        with pytest.raises(duties.SheetIncomplete):  # nothing was written: it does not come to the reviewer
            duties.take_step(asked, actor=office.officer, now=AUGUST)
        assert owed(office.department_reviewer) == []
        hand_in(goals, "submitted")
        due = owed(office.department_reviewer)[0].due.day
        assert due == date(2024, 8, 19)  # ten working days after Monday 5 August

    def test_the_auditor_owes_nothing(self, sheet: MonitoringSheet, office: Office) -> None:
        hand_in(sheet, "submitted")
        assert owed(office.auditor) == []


class TestOrderAndNumber:
    @pytest.mark.usefixtures("sheet")
    def test_the_most_pressing_come_first_and_kinds_can_be_told_apart(
        self, make_year: MakeYear, office: Office
    ) -> None:
        make_year("明年的项目", year=2025, goals=None)
        make_year("今年的项目", goals="draft")
        days = [duty.due.day for duty in owed(office.officer)]
        assert days == [date(2023, 10, 31), DUE, date(2024, 10, 31)]
        assert [duty.kind for duty in owed(office.officer, kind=DutyKind.MONITOR)] == [DutyKind.MONITOR]
        assert counted(office.officer) == {DutyKind.WRITE_GOALS: 2, DutyKind.MONITOR: 1}

    def test_an_open_ticket_waits_too(self) -> None:
        handler = enter_account("handler", HouseRole.TICKET_HANDLER, code=HOUSE_UNIT)
        new = tickets.NewTicket("repair", "三楼断网", found_house(HOUSE_UNIT).pk)
        ticket = tickets.open_ticket(new, actor=None, now=AUGUST)
        only = owed(handler)[0]
        assert (only.kind, only.sheet_id, only.name, only.label) == (
            DutyKind.TICKET,
            ticket.pk,
            "三楼断网",
            ticket.number,
        )
        assert counted(handler) == {DutyKind.TICKET: 1}

    def test_a_ticket_that_is_due_when_a_day_ends_waits_for_that_day(self) -> None:
        handler = enter_account("handler", HouseRole.TICKET_HANDLER, code=HOUSE_UNIT)
        new = tickets.NewTicket("repair", "三楼断网", found_house(HOUSE_UNIT).pk)
        ticket = tickets.open_ticket(new, actor=None, now=AUGUST)
        tickets.Ticket.objects.filter(pk=ticket.pk).update(due_at=start_of_day(date(2024, 9, 3)))
        assert owed(handler)[0].due.day == date(2024, 9, 2)
        every = duties.count_duties(handler, on=TODAY, calendar=load_calendar())
        assert [count.due.day for count in every] == [date(2024, 9, 2)]

    def test_asks_as_often_for_many_as_for_few(
        self, make_year: MakeYear, point: MonitoringPoint, office: Office
    ) -> None:
        def asked() -> int:
            with CaptureQueriesContext(connection) as queries:
                owed(office.officer)
                counted(office.officer)
            return len(queries)

        make_year("第一个")
        make_year("没有编完的", goals="draft")
        monitoring.open_reports(point.pk, now=AUGUST)
        asked()
        few = asked()
        for number in range(30):
            make_year(f"第{number}", goals="draft" if number % 2 else "approved")
        monitoring.open_reports(point.pk, now=AUGUST + timedelta(hours=1))
        assert asked() == few
        assert ProjectYear.objects.count() == 32
        assert len(owed(office.officer)) == 32
