"""The pages of goals as a browser without scripts gets them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html
from performance.goals.conftest import Office, OpenYear, Save
from performance.goals.years import ROWS, TODAY, with_row

from chengshu.kernel.accounts.facade import User
from chengshu.performance.facade import goals
from chengshu.performance.facade.goals import GoalSheet

pytestmark = pytest.mark.django_db
As = Callable[[User], Client]


@pytest.fixture
def enter() -> As:
    def _enter(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return _enter


def at(name: str, *args: object) -> str:
    return reverse(f"performance:{name}", args=args)


def editor_of(client: Client, sheet: GoalSheet) -> dict[str, list[str]]:
    """Read the fields of the editor as a browser would send them, without boxes that are not ticked."""
    return editor_from(client.get(at("goal-edit", sheet.pk)).content.decode())


def editor_from(page: str) -> dict[str, list[str]]:
    """Read the same from a page at hand."""
    sent: dict[str, list[str]] = {}
    tree: Any = html.document_fromstring(page)  # the stubs know no forms
    form = next(form for form in tree.forms if form.get("id") == "editor")
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value)
    return sent


class TestList:
    def test_shows_years_with_and_without_goals(
        self, open_year: OpenYear, sheet: GoalSheet, office: Office, enter: As
    ) -> None:
        year = open_year(name="政务云运行维护")
        page = enter(office.officer).get(at("goals")).content.decode()
        assert at("goal", sheet.pk) in page
        assert at("goal-open", year.pk) in page
        assert "编报中" in page
        assert "未编报" in page

    @pytest.mark.usefixtures("sheet")
    def test_filters_by_state(self, open_year: OpenYear, office: Office, enter: As) -> None:
        open_year(name="政务云运行维护")
        page = enter(office.officer).get(at("goals"), {"state": "none"}).content.decode()
        assert "政务云运行维护" in page
        assert "政务外网运行维护" not in page

    def test_asks_the_database_as_often_for_many_rows_as_for_few(
        self,
        open_year: OpenYear,
        save: Save,
        office: Office,
        enter: As,
    ) -> None:
        client = enter(office.officer)
        save(open_year(name="第一"))
        few = _count(client, at("goals"))
        for number in range(8):
            save(open_year(name=f"更多{number}"))
        assert _count(client, at("goals")) == few


class TestPage:
    def test_shows_the_paper_and_what_may_be_done_next(self, sheet: GoalSheet, office: Office, enter: As) -> None:
        page = enter(office.officer).get(at("goal", sheet.pk)).content.decode()
        for row in ROWS:
            assert row.name in page
        assert 'value="submit"' in page
        assert 'value="approve"' not in page

    def test_names_what_holds_it_back(
        self, open_year: OpenYear, save: Save, office: Office, enter: As, bad_content: goals.GoalContent
    ) -> None:
        sheet = save(open_year(), bad_content)
        client = enter(office.officer)
        answer = client.post(at("goal-step", sheet.pk), {"action": "submit", "version": sheet.version})
        assert answer.status_code == 422
        assert "分值合计80分，应为90分" in answer.content.decode()

    def test_a_return_without_reason_keeps_the_page(
        self, sheet: GoalSheet, office: Office, enter: As, now: datetime
    ) -> None:
        asked = goals.StepAsked(goals.SheetKind.GOAL, sheet.pk, "submit", sheet.version)
        goals.take_step(asked, actor=office.officer, now=now)
        client = enter(office.department_reviewer)
        answer = client.post(at("goal-step", sheet.pk), {"action": "return", "version": sheet.version, "reason": " "})
        assert answer.status_code == 422
        assert "请写明理由" in answer.content.decode()

    def test_is_hidden_from_other_units(self, sheet: GoalSheet, office: Office, enter: As) -> None:
        client = enter(office.stranger)
        assert client.get(at("goal", sheet.pk)).status_code == 404
        assert client.get(at("goal-versions", sheet.pk)).status_code == 404
        assert client.post(at("goal-edit", sheet.pk), {"version": "2"}).status_code == 404
        assert client.post(at("goal-check", sheet.pk), {}).status_code == 404

    def test_a_reader_cannot_save(self, sheet: GoalSheet, office: Office, enter: As) -> None:
        client = enter(office.auditor)
        assert client.post(at("goal-edit", sheet.pk), {"version": sheet.version}).status_code == 403


class TestEditor:
    def test_saves_what_was_typed_in_one_go(self, sheet: GoalSheet, office: Office, enter: As) -> None:
        client = enter(office.officer)
        sent = editor_of(client, sheet)
        first, second = sent["row"][:2]
        sent |= {f"target-{first}": ["≥6次"], f"weight-{second}": ["15.5"], f"gone-{sent['row'][3]}": ["on"]}
        answer = client.post(at("goal-edit", sheet.pk), {**sent, "do": "save"})
        assert answer.status_code == 302
        kept = goals.content_of(goals.get_goals(sheet.pk, viewer=office.officer, on=TODAY))
        assert [row.name for row in kept.rows] == [row.name for row in ROWS if row.name != "单位线路成本"]
        assert kept.rows[0].target == "≥6次"
        assert str(kept.rows[1].weight) == "15.5"

    def test_adds_a_row_and_moves_it_without_losing_what_was_typed(
        self, sheet: GoalSheet, office: Office, enter: As
    ) -> None:
        client = enter(office.officer)
        sent = editor_of(client, sheet)
        sent[f"target-{sent['row'][0]}"] = ["≥9次"]
        added = client.post(at("goal-edit", sheet.pk), {**sent, "do": "add:产出指标/数量指标"})
        assert added.status_code == 200
        page = added.content.decode()
        assert 'value="new1"' in page
        assert "≥9次" in page
        assert goals.get_goals(sheet.pk, viewer=office.officer, on=TODAY).version == sheet.version

    def test_a_weight_that_is_no_figure_comes_back_as_typed(self, sheet: GoalSheet, office: Office, enter: As) -> None:
        client = enter(office.officer)
        sent = editor_of(client, sheet)
        sent[f"weight-{sent['row'][0]}"] = ["二十"]
        answer = client.post(at("goal-edit", sheet.pk), {**sent, "do": "save"})
        assert answer.status_code == 422
        assert 'value="二十"' in answer.content.decode()

    def test_the_second_of_two_sees_both_texts_side_by_side(
        self, sheet: GoalSheet, office: Office, enter: As, now: datetime
    ) -> None:
        second = enter(office.officer)
        sent = editor_of(second, sheet)
        content = goals.content_of(sheet)
        first_edit = with_row(with_row(content, 0, target="≥6次"), 1, target="≥99.95%")
        goals.save_goals(sheet.pk, first_edit, sheet.version, actor=office.colleague, now=now)
        sent[f"target-{sent['row'][0]}"] = ["≥12次"]
        sent["expected"] = ["第二个人改写的总体目标"]
        answer = second.post(at("goal-edit", sheet.pk), {**sent, "do": "save"})
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "李专员" in page
        for text in ("≥4次", "≥6次", "≥12次", "≥99.95%", "第二个人改写的总体目标"):
            assert text in page
        again = editor_from(page)
        assert second.post(at("goal-edit", sheet.pk), {**again, "do": "save"}).status_code == 302
        kept = goals.content_of(goals.get_goals(sheet.pk, viewer=office.officer, on=TODAY))
        assert kept.expected == "第二个人改写的总体目标"
        assert [row.target for row in kept.rows[:2]] == ["≥12次", "≥99.95%"]

    def test_checks_what_is_typed_and_keeps_nothing(self, sheet: GoalSheet, office: Office, enter: As) -> None:
        client = enter(office.officer)
        sent = editor_of(client, sheet)
        sent[f"weight-{sent['row'][0]}"] = ["10"]
        page = client.post(at("goal-check", sheet.pk), sent).content.decode()
        assert "还差 10 分" in page
        assert goals.get_goals(sheet.pk, viewer=office.officer, on=TODAY).version == sheet.version

    def test_the_mark_of_a_copied_goal_falls_silent_when_its_target_is_typed_anew(
        self, open_year: OpenYear, save: Save, office: Office, enter: As, now: datetime
    ) -> None:
        last = open_year(2023)
        save(last)
        empty = goals.open_goals(open_year(2024, project=last.project).pk, actor=office.officer, now=now)
        copied = goals.copy_last_year(empty.pk, empty.version, actor=office.officer, now=now)
        client = enter(office.officer)
        sent = editor_of(client, copied)
        told = "指标“线路巡检次数”从上年复制而来，还没有核对"
        assert told in client.post(at("goal-check", copied.pk), sent).content.decode()
        sent[f"target-{sent['row'][0]}"] = ["≥8次"]
        assert told not in client.post(at("goal-check", copied.pk), sent).content.decode()

    def test_an_approved_sheet_opens_no_editor(
        self, sheet: GoalSheet, office: Office, enter: As, now: datetime
    ) -> None:
        asked = goals.StepAsked(goals.SheetKind.GOAL, sheet.pk, "submit", sheet.version)
        goals.take_step(asked, actor=office.officer, now=now)
        assert enter(office.officer).get(at("goal-edit", sheet.pk)).status_code == 302


def _count(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)
