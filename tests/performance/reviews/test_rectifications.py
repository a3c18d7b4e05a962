"""What is to be mended: raised as a ticket of the unit, shown next year, counted as a rate."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from conftest import NOW
from django.test import Client
from performance.reviews.town import TODAY, Town, add_evaluation, add_year

from chengshu.kernel.audit.facade import list_all_entries
from chengshu.kernel.grants.facade import PermissionRefused
from chengshu.kernel.tickets import facade as tickets
from chengshu.performance.facade import reviews
from chengshu.performance.facade.reviews import ReasonMissing, Rectification, SheetNotFound
from chengshu.performance.models import EvaluatedIndicator, Evaluation, ProjectYear

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def _raise(town: Town, paper: Evaluation, problem: str = "补齐原始记录", who: str = "finance") -> Rectification:
    line = EvaluatedIndicator.objects.get(evaluation=paper, goal__name="办件提速")
    return reviews.raise_rectification(paper.pk, problem, actor=town[who], now=NOW, indicator_id=line.pk)


def _ticket_of(row: Rectification) -> tickets.Ticket:
    assert row.ticket_id is not None
    return tickets.Ticket.objects.get(pk=row.ticket_id)


def _act(town: Town, row: Rectification, action: str, who: str, note: str = "") -> None:
    ticket = _ticket_of(row)
    given = tickets.Given(note=note, outcome=tickets.Outcome.SOLVED if action == "confirm" else None)
    tickets.act(ticket.pk, action, actor=town[who], now=LATER, expected_version=ticket.version, given=given)


def _mend(town: Town, row: Rectification) -> None:
    _act(town, row, "accept", "officer")
    _act(town, row, "finish", "officer", note="补齐了")
    _act(town, row, "confirm", "department")


class TestRaising:
    def test_opens_a_ticket_that_the_unit_owes_in_working_days(self, town: Town, paper: Evaluation) -> None:
        row = _raise(town, paper)
        ticket = _ticket_of(row)
        assert (ticket.organisation_id, ticket.state) == (town.places["U1"].pk, "new")
        assert ticket.title == "办件提速：补齐原始记录"
        entry = list_all_entries().filter(action="performance.raise_rectification").get()
        assert entry.reason == "补齐原始记录"

    @pytest.mark.parametrize("problem", ["", " \n", "长" * 2001])
    def test_says_what_is_wrong(self, town: Town, paper: Evaluation, problem: str) -> None:
        with pytest.raises(ReasonMissing):
            _raise(town, paper, problem)
        assert not Rectification.objects.exists()

    def test_a_unit_does_not_have_itself_mended(self, town: Town, paper: Evaluation) -> None:
        with pytest.raises(PermissionRefused):
            _raise(town, paper, who="officer")
        with pytest.raises(SheetNotFound):
            _raise(town, paper, who="stranger")

    def test_a_line_of_another_paper_is_not_found(self, town: Town, paper: Evaluation) -> None:
        other = add_evaluation(town, unit="U2", name="养老平台运维")
        line = EvaluatedIndicator.objects.filter(evaluation=other)[0]
        with pytest.raises(SheetNotFound):
            reviews.raise_rectification(paper.pk, "补齐", actor=town["finance"], now=NOW, indicator_id=line.pk)


class TestNextYear:
    @pytest.fixture
    def next_year(self, town: Town, paper: Evaluation) -> ProjectYear:
        year = add_year(town, paper.project_year.project, year=2024, total="90", grade="优").project_year
        year.goal_sheet.__class__.objects.filter(pk=year.goal_sheet.pk).update(state="draft")
        return year

    def test_what_is_open_stands_on_the_pages_of_its_goals(
        self, client: Client, town: Town, paper: Evaluation, next_year: ProjectYear
    ) -> None:
        row = _raise(town, paper)
        client.force_login(town["officer"])
        for page in ("", "edit/"):
            html = client.get(f"/performance/goals/{next_year.goal_sheet.pk}/{page}").content.decode()
            assert "以前年度还有 1 项整改没有办结" in html
            assert "补齐原始记录" in html
            assert f'href="/tickets/{row.ticket_id}/"' in html

    def test_what_is_mended_or_revoked_does_not(
        self, client: Client, town: Town, paper: Evaluation, next_year: ProjectYear
    ) -> None:
        _mend(town, _raise(town, paper))
        _act(town, _raise(town, paper, "看错了"), "void", "finance", note="不成立")
        assert reviews.list_to_carry(next_year, on=TODAY) == []
        client.force_login(town["officer"])
        html = client.get(f"/performance/goals/{next_year.goal_sheet.pk}/").content.decode()
        assert "没有办结" not in html

    def test_nothing_is_carried_into_the_year_itself(self, town: Town, paper: Evaluation) -> None:
        _raise(town, paper)
        assert reviews.list_to_carry(paper.project_year, on=TODAY) == []


class TestRate:
    def test_counts_what_is_mended_and_what_ran_past_its_day(self, town: Town, paper: Evaluation) -> None:
        _mend(town, _raise(town, paper))
        _raise(town, paper, "第二个")
        _act(town, _raise(town, paper, "看错了"), "void", "finance", note="不成立")
        late = NOW + timedelta(days=120)
        (rate,) = reviews.count_rectified_by_unit(town["finance"], on=TODAY, now=late)
        assert (rate.name, rate.raised, rate.mended, rate.overdue) == ("政务局中心", 2, 1, 1)
        assert rate.rate_pct == Decimal("50.00")

    def test_each_unit_sees_its_own(self, town: Town, paper: Evaluation) -> None:
        _raise(town, paper)
        assert reviews.count_rectified_by_year(town["stranger"], on=TODAY, now=NOW) == ()
        assert [row.name for row in reviews.count_rectified_by_year(town["officer"], on=date(2030, 1, 1), now=NOW)] == [
            "2023"
        ]
