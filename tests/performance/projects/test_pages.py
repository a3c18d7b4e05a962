"""The pages of projects and money: what a clerk does with them, and that they ask the database a constant number of times."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from performance.projects.town import as_csv, payment

from chengshu.kernel.accounts.facade import User
from chengshu.performance.facade import money, projects
from chengshu.performance.facade.money import Receipt, TableKind
from chengshu.performance.facade.projects import Project, ProjectFacts, ProjectYear
from chengshu.performance.models import BudgetAdjustment

Hand = Callable[..., Receipt]


def _at(name: str, *args: object) -> str:
    return reverse(f"performance:{name}", args=args)


@pytest.fixture
def hand_in(clerk: User, now: datetime) -> Hand:
    def _hand(*rows: tuple[str, ...]) -> Receipt:
        return money.start_table_import(
            TableKind.PAYMENTS, as_csv(rows), name="支付.csv", actor=clerk, clock=lambda: now
        )

    return _hand


def _body(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


class TestLists:
    def test_show_what_is_in_sight(self, as_clerk: Client, project: Project, stranger: User) -> None:
        assert project.name in _body(as_clerk, _at("projects"))
        as_clerk.force_login(stranger)
        page = _body(as_clerk, _at("projects"))
        assert project.name not in page
        assert "还没有项目" in page

    @pytest.mark.parametrize(
        ("query", "is_there"),
        [
            ("?q=平台", True),
            ("?q=P-001", True),
            ("?q=没有", False),
            ("?year=2024", True),
            ("?year=2023", False),
            ("?unit=U1", True),
            ("?department=B1", True),
            ("?state=ended", False),
            ("?sort=-budget", True),
        ],
    )
    def test_narrow_and_sort(self, as_clerk: Client, year: ProjectYear, query: str, *, is_there: bool) -> None:
        assert (year.project.name in _body(as_clerk, _at("projects") + query)) is is_there

    def test_export_names_that_run_as_no_formula(
        self, as_clerk: Client, facts: ProjectFacts, clerk: User, now: datetime
    ) -> None:
        projects.create_project(replace(facts, name="=HYPERLINK(1)"), actor=clerk, now=now)
        answer = as_clerk.get(_at("projects") + "?export=csv")
        assert "'=HYPERLINK(1)" in b"".join(answer).decode()

    @pytest.mark.usefixtures("year")
    @pytest.mark.parametrize("name", ["projects", "project-years"])
    def test_ask_as_often_for_many_as_for_one(
        self, as_clerk: Client, facts: ProjectFacts, clerk: User, now: datetime, name: str
    ) -> None:
        counts = []
        for number in (0, 1, 20):
            for other in range(number):
                new = projects.create_project(replace(facts, code=f"N-{number}-{other}"), actor=clerk, now=now)
                projects.open_year(new.pk, 2024, actor=clerk, now=now)
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert _body(as_clerk, _at(name))
            counts.append(len(asked))
        assert len(set(counts[1:])) == 1, counts

    def test_ask_for_a_login(self, client: Client) -> None:
        assert client.get(_at("projects")).status_code == 302


class TestProjectPage:
    def test_shows_facts_years_and_what_changed(
        self, as_clerk: Client, year: ProjectYear, facts: ProjectFacts, clerk: User, now: datetime
    ) -> None:
        mark = projects.mark_facts(facts)
        projects.change_project(
            year.project_id, replace(facts, name="平台升级"), seen=mark, actor=clerk, now=now, reason="批复"
        )
        page = _body(as_clerk, _at("project", year.project_id))
        assert "大数据中心" in page
        assert "1,200,000.00" in page
        assert "<del>数据平台运维</del>" in page
        assert "<ins>平台升级</ins>" in page

    def test_writes_markup_in_names_as_text(
        self, as_clerk: Client, facts: ProjectFacts, clerk: User, now: datetime
    ) -> None:
        made = projects.create_project(replace(facts, name="<script>x</script>"), actor=clerk, now=now)
        assert "<script>x" not in _body(as_clerk, _at("project", made.pk))

    def test_asks_as_often_with_much_history_as_with_little(
        self, as_clerk: Client, year: ProjectYear, facts: ProjectFacts, clerk: User, now: datetime
    ) -> None:
        counts, standing = [], facts
        _body(as_clerk, _at("project", year.project_id))  # the first page of a session notes where it is
        for number in (1, 8):
            for turn in range(number):
                changed = replace(standing, name=f"名称{number}-{turn}")
                mark = projects.mark_facts(standing)
                projects.change_project(year.project_id, changed, seen=mark, actor=clerk, now=now)
                standing = changed
            with CaptureQueriesContext(connection) as asked:
                _body(as_clerk, _at("project", year.project_id))
            counts.append(len(asked))
        assert counts[0] == counts[1]

    def test_offers_no_edit_to_readers_and_is_not_there_for_others(
        self, client: Client, project: Project, auditor: User, stranger: User
    ) -> None:
        client.force_login(auditor)
        assert _at("project-edit", project.pk) not in _body(client, _at("project", project.pk))
        assert client.get(_at("project-edit", project.pk)).status_code == 403
        client.force_login(stranger)
        for name in ("project", "project-edit", "project-end", "project-open-year"):
            assert client.get(_at(name, project.pk)).status_code == 404


class TestForms:
    FIELDS: ClassVar = {"code": "P-9", "name": "新项目", "unit": "U1", "started_on": "2024-01-01", "description": ""}

    def test_enter_a_project_with_the_department_above(self, as_clerk: Client) -> None:
        answer = as_clerk.post(_at("project-new"), self.FIELDS)
        made = Project.objects.get()
        assert answer.headers["Location"] == _at("project", made.pk)
        assert made.department.code == "B1"

    def test_keep_what_was_typed_and_name_the_field_at_fault(self, as_clerk: Client, project: Project) -> None:
        answer = as_clerk.post(_at("project-new"), self.FIELDS | {"code": project.code, "unit": "U2"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'value="新项目"' in page
        assert 'id="project-unit-error"' in page
        answer = as_clerk.post(_at("project-new"), self.FIELDS | {"code": project.code})
        assert 'id="project-code-error"' in answer.content.decode()

    def test_show_what_somebody_else_changed_and_keep_what_was_typed(
        self, as_clerk: Client, project: Project, facts: ProjectFacts, clerk: User, now: datetime
    ) -> None:
        mark = projects.mark_facts(facts)
        typed = self.FIELDS | {"code": facts.code, "seen": mark, "started_on": "2022-01-01"}
        projects.change_project(project.pk, replace(facts, name="别人改的"), seen=mark, actor=clerk, now=now)
        answer = as_clerk.post(_at("project-edit", project.pk), typed)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "<ins>别人改的</ins>" in page
        assert 'value="新项目"' in page
        again = page.split('name="seen" value="')[1].split('"')[0]
        assert as_clerk.post(_at("project-edit", project.pk), typed | {"seen": again}).status_code == 302
        assert Project.objects.get().name == "新项目"

    def test_lead_from_a_year_to_its_budget_and_an_adjustment_and_back(
        self, as_clerk: Client, project: Project
    ) -> None:
        as_clerk.post(_at("project-open-year", project.pk), {"year": "2024"})
        year = ProjectYear.objects.get()
        as_clerk.post(_at("budget", year.pk), {"fiscal": "1,000,000.00", "carried_over": "", "other": "5"})
        file = SimpleUploadedFile("批复.pdf", b"%PDF-1.7")
        change = {"source": "fiscal", "amount": "-0.5", "adjusted_on": "2024-03-01", "reason": "压减"}
        answer = as_clerk.post(_at("budget-adjust", year.pk), change | {"document": file})
        assert answer.status_code == 302
        move = BudgetAdjustment.objects.get()
        assert b"".join(as_clerk.get(_at("adjustment-document", move.pk))) == b"%PDF-1.7"
        as_clerk.post(_at("adjustment-undo", move.pk), {"reason": "录错"})
        page = _body(as_clerk, _at("project-year", year.pk))
        assert "1,000,005.00" in page
        assert page.count("撤销</span>") >= 2

    @pytest.mark.parametrize(
        ("name", "typed"),
        [
            ("budget", {"fiscal": "一百"}),
            ("budget", {"fiscal": "5", "reason": ""}),
            ("budget-adjust", {"source": "fiscal", "amount": "0", "adjusted_on": "2024-03-01", "reason": "无"}),
            ("budget-adjust", {"source": "none", "amount": "1", "adjusted_on": "2024-03-01", "reason": "无"}),
            ("budget-adjust", {"source": "fiscal", "amount": "1", "adjusted_on": "2023-03-01", "reason": "无"}),
        ],
    )
    def test_say_what_is_wrong_with_money(
        self, as_clerk: Client, year: ProjectYear, name: str, typed: dict[str, str]
    ) -> None:
        answer = as_clerk.post(_at(name, year.pk), typed)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()

    def test_end_and_resume(self, as_clerk: Client, project: Project) -> None:
        as_clerk.post(_at("project-end", project.pk), {"ended_on": "2025-12-31", "reason": "完成"})
        assert str(Project.objects.get().ended_on) == "2025-12-31"
        as_clerk.post(_at("project-end", project.pk), {"reason": "延续"})
        assert Project.objects.get().ended_on is None


class TestYearPage:
    def test_shows_the_money_block_as_the_form_has_it(self, as_clerk: Client, year: ProjectYear, hand_in: Hand) -> None:
        hand_in(payment("V-1", "300000"))
        page = _body(as_clerk, _at("project-year", year.pk))
        for text in ("年度资金总额", "1,200,000.00", "300,000.00", "30.00%", "V-1"):
            assert text in page

    def test_draws_execution_against_the_plan(self, as_clerk: Client, year: ProjectYear, hand_in: Hand) -> None:
        hand_in(payment("V-1", "300000"))
        data = as_clerk.get(_at("execution", year.pk)).json()
        assert data["shape"] == "line"
        assert data["series"][0]["values"][2] == 30.0
        assert data["series"][1]["values"][11] == 120.0
        table = as_clerk.get(_at("execution", year.pk) + "?export=csv").content.decode("utf-8-sig")
        assert table.splitlines()[3].startswith("3 月,30.00,30.00,25.00")

    def test_asks_as_often_for_many_payments_as_for_one(
        self, as_clerk: Client, year: ProjectYear, hand_in: Hand
    ) -> None:
        counts = []
        _body(as_clerk, _at("project-year", year.pk))  # the first page of a session notes where it is
        for number in (1, 30):
            hand_in(*(payment(f"V-{number}-{n}") for n in range(number)))
            with CaptureQueriesContext(connection) as asked:
                _body(as_clerk, _at("project-year", year.pk))
            counts.append(len(asked))
        assert counts[0] == counts[1]

    def test_is_not_there_for_others(self, client: Client, year: ProjectYear, stranger: User) -> None:
        client.force_login(stranger)
        for name in ("project-year", "execution", "budget", "budget-adjust"):
            assert client.get(_at(name, year.pk)).status_code == 404


@pytest.mark.usefixtures("year")
class TestTables:
    def test_are_handed_in_and_answered_by_a_receipt(self, as_clerk: Client) -> None:
        file = SimpleUploadedFile("支付.csv", as_csv([payment(), payment("V-2", "x")], "gb18030"))
        answer = as_clerk.post(_at("table-new"), {"kind": "payments", "table": file}, follow=True)
        page = answer.content.decode()
        assert "支付.csv" in page
        assert "金额“x”读不出来" in page
        assert "支付.csv" in _body(as_clerk, _at("receipts"))

    def test_give_the_refused_rows_back_under_their_own_headers(self, as_clerk: Client, hand_in: Hand) -> None:
        receipt = hand_in(payment("V-1", "=1+1"), payment("V-2"))
        stream = io.BytesIO(b"".join(as_clerk.get(_at("receipt-rejected", receipt.pk))))
        sheet = load_workbook(stream).worksheets[0]
        header, row = ([cell.value for cell in line] for line in sheet.iter_rows())
        assert header[:5] == ["原行号", "退回原因", "项目编码", "年度", "资金来源"]
        assert (row[0], row[7]) == ("2", "=1+1")
        assert {cell.data_type for cell in sheet[2]} == {"s"}

    def test_are_their_authors(self, client: Client, hand_in: Hand, stranger: User, auditor: User) -> None:
        receipt = hand_in(payment())
        client.force_login(stranger)
        for name in ("receipt", "receipt-rejected", "receipt-original"):
            assert client.get(_at(name, receipt.pk)).status_code == 404
        client.force_login(auditor)
        assert client.get(_at("table-new")).status_code == 403

    @pytest.mark.parametrize(
        ("name", "data"), [("空.csv", b""), ("病毒.exe", b"MZ\x00\x01"), ("坏.xlsx", b"PK\x03\x04nothing")]
    )
    def test_that_are_none_say_so(self, as_clerk: Client, name: str, data: bytes) -> None:
        file = SimpleUploadedFile(name, data)
        answer = as_clerk.post(_at("table-new"), {"kind": "payments", "table": file}, follow=True)
        assert 'role="alert"' in answer.content.decode()
