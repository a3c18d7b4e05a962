"""A department's operator does the day's work from one inbox; everybody else sees what is theirs."""

from datetime import timedelta
from io import BytesIO

import pytest
from conftest import NOW
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate
from openpyxl import load_workbook
from resources.catalogue.town import Town, open_person
from resources.quality.fakes import add_issue
from resources.quality.lake import BAD_ID, GOOD_ID, check, deliver, held, row, the_issue, the_rule

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.tickets.facade import Ticket
from chengshu.resources.facade import quality
from chengshu.resources.facade.quality import CheckRun, QualityIssue
from chengshu.resources.models import DataResource

FILL = "更正为：公民身份号码（sfzh）"


@pytest.fixture
def issue(town: Town, resource: DataResource) -> QualityIssue:
    deliver(resource, [row("1", sfzh=BAD_ID), row("2")])
    check(resource, town)
    return the_issue()


def _page(client: Client, person: User, address: str) -> str:
    client.force_login(person)
    return client.get(address).content.decode()


class TestInbox:
    def test_holds_what_the_department_owes_and_not_what_others_do(
        self, client: Client, town: Town, issue: QualityIssue
    ) -> None:
        assert "公民身份号码校验码正确" in _page(client, town.operator, "/resources/quality/")
        assert "没有待整改的数据质量问题" in _page(client, town.other, "/resources/quality/")
        client.force_login(town.other)
        for address in (f"/resources/quality/issues/{issue.pk}/", f"/resources/quality/checks/{issue.opened_in_id}/"):
            assert client.get(address).status_code == 404
        client.force_login(town.reader)
        assert client.get("/resources/quality/").status_code == 403

    def test_is_reached_from_the_ticket_that_people_were_told_of(
        self, client: Client, town: Town, issue: QualityIssue
    ) -> None:
        link = f'href="/resources/quality/issues/{issue.pk}/"'
        assert link in _page(client, town.operator, f"/tickets/{issue.ticket_id}/")

    def test_checks_are_narrowed_to_a_department(self, client: Client, town: Town, issue: QualityIssue) -> None:
        name = issue.resource.name
        own = _page(client, town.steward, "/resources/quality/checks/?department=S-MZ")
        others = _page(client, town.steward, "/resources/quality/checks/?department=S-SC")
        assert (name in own, name in others) == (True, False)

    def test_puts_first_what_is_overdue_and_narrows_by_due_time_and_step(
        self, client: Client, town: Town, resource: DataResource
    ) -> None:
        now = timezone.now()
        tickets = [add_issue(resource, key=f"r{number}", rows=number + 1).ticket_id or 0 for number in range(4)]
        for ticket, due in zip(tickets, (9, 2, -1, None), strict=True):
            Ticket.objects.filter(pk=ticket).update(due_at=None if due is None else now + timedelta(days=due))
        counts = quality.count_owed(town.operator, on=localdate(), now=now)
        assert counts == {"over": 1, "soon": 1, "later": 1, "paused": 1, "rows": 10}
        html = _page(client, town.operator, "/resources/quality/")
        numbers = list(Ticket.objects.filter(pk__in=tickets).order_by("pk").values_list("number", flat=True))
        assert sorted(numbers, key=html.index) == [numbers[2], numbers[1], numbers[0], numbers[3]]
        assert 'class="due-over" href="?due=over"' in html
        assert "quality_inbox.js" in html
        for query, shown in (("due=over", [2]), ("due=soon&due=paused", [1, 3]), ("step=disputed", [])):
            found = _page(client, town.operator, f"/resources/quality/?{query}")
            assert [at for at, number in enumerate(numbers) if number in found] == shown
        file = b"".join(client.get("/resources/quality/?due=over&export=csv"))
        assert numbers[2] in file.decode("utf-8-sig")

    def test_leads_to_a_sheet_whose_return_closes_the_issue(
        self, client: Client, town: Town, resource: DataResource, issue: QualityIssue
    ) -> None:
        client.force_login(town.operator)
        page = f"/resources/quality/issues/{issue.pk}/"
        book = load_workbook(BytesIO(b"".join(client.get(f"{page}rows.xlsx"))))
        sheet = book.worksheets[0]
        header = [cell.value for cell in sheet[1]]
        sheet.cell(2, header.index(FILL) + 1, GOOD_ID)
        file = BytesIO()
        book.save(file)
        answer = client.post(page, {"step": "return", "sheet": SimpleUploadedFile("更正.xlsx", file.getvalue())})
        assert answer.status_code == 302
        assert "收下" in client.get(answer["Location"]).content.decode()
        assert held(resource)["1"]["sfzh"] == GOOD_ID
        assert the_issue().state == "rectified"
        assert "100.00%" in _page(client, town.steward, "/resources/quality/issues/")


class TestIssue:
    def test_shows_values_to_who_fixes_them_and_to_others_masked_by_their_grade(
        self, client: Client, town: Town, issue: QualityIssue
    ) -> None:
        page = f"/resources/quality/issues/{issue.pk}/"
        assert BAD_ID in _page(client, town.operator, page)
        client.force_login(open_person("onlooker", "data_service", town.civil))
        for query in ("", "?export=csv"):
            told = b"".join(client.get(page + query)).decode()
            assert BAD_ID not in told
            assert f"{BAD_ID[:3]}***" in told

    def test_says_of_a_row_what_else_is_wrong_with_it(self, client: Client, town: Town, resource: DataResource) -> None:
        deliver(resource, [row("1", sfzh=BAD_ID, djrq="去年"), row("2", sfzh="2"), row("3")])
        check(resource, town)
        one, other = the_issue(rule__key="sfzh.check_digit"), the_issue(rule__key="djrq.type")
        for here, there in ((one, other), (other, one)):
            html = _page(client, town.operator, f"/resources/quality/issues/{here.pk}/")
            assert html.count("这一行另有 1 个问题") == 1
            assert f'href="/resources/quality/issues/{there.pk}/"' in html
        deliver(resource, [row("1", sfzh=BAD_ID), row("2", sfzh="2"), row("3")])
        quality.recheck_resource(resource.pk, actor=None, now=NOW)
        assert "这一行另有" not in _page(client, town.operator, f"/resources/quality/issues/{one.pk}/")

    def test_is_disputed_and_ruled_on_by_page(self, client: Client, town: Town, issue: QualityIssue) -> None:
        page = f"/resources/quality/issues/{issue.pk}/"
        client.force_login(town.operator)
        refused = client.post(page, {"step": "dispute", "reason": ""})
        assert (refused.status_code, "写明原因" in refused.content.decode()) == (422, True)
        assert client.post(page, {"step": "dispute", "reason": "规则不对"}).status_code == 302
        client.force_login(town.steward)
        assert client.post(page, {"step": "uphold", "reason": "属实"}).status_code == 302
        assert the_issue().state == "void"

    @pytest.mark.parametrize("data", [{}, {"sheet": SimpleUploadedFile("x.xlsx", b"no workbook")}])
    def test_says_what_is_wrong_with_a_file(
        self, client: Client, town: Town, issue: QualityIssue, data: dict[str, object]
    ) -> None:
        client.force_login(town.operator)
        answer = client.post(f"/resources/quality/issues/{issue.pk}/", {"step": "return", **data})
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()


class TestRules:
    @pytest.mark.usefixtures("issue")
    def test_are_made_checked_and_changed_by_the_centre(
        self, client: Client, town: Town, resource: DataResource
    ) -> None:
        client.force_login(town.steward)
        page = f"/resources/{resource.pk}/quality/"
        assert client.post(page, {"step": "make"}).status_code == 302
        assert client.post(page, {"step": "check"}).status_code == 302
        assert CheckRun.objects.filter(kind="full", state="done").count() == 2
        rule = the_rule("sfzh.check_digit")
        fields = {"name": rule.name, "definition": "{", "severity": "major", "threshold": "0", "reason": "改"}
        answer = client.post(f"/resources/quality/rules/{rule.pk}/", fields)
        assert (answer.status_code, "定义不是 JSON" in answer.content.decode()) == (422, True)
        fields["definition"] = '{"kind": "not_null", "columns": ["sfzh"]}'
        assert client.post(f"/resources/quality/rules/{rule.pk}/", fields).status_code == 302
        assert not the_rule("sfzh.check_digit").is_active  # the box was not ticked
        assert the_issue().state == "void"

    def test_are_said_in_words_to_who_only_reads_them(self, client: Client, town: Town, issue: QualityIssue) -> None:
        rule = the_rule("xm.length")
        html = _page(client, town.operator, f"/resources/quality/rules/{rule.pk}/")
        assert "姓名的字数应不大于 50" in html
        assert html.index("<details><summary>定义（JSON）") < html.index("&quot;length&quot;")
        page = _page(client, town.operator, f"/resources/quality/issues/{issue.pk}/")
        assert "sfzh.check_digit" not in page

    def test_are_not_for_the_department_to_change(self, client: Client, town: Town, resource: DataResource) -> None:
        client.force_login(town.operator)
        page = f"/resources/{resource.pk}/quality/"
        for address, told in ((page, {"step": "make"}), (page, {"step": "check"}), (f"{page}new/", {})):
            assert client.post(address, told).status_code == 403

    @pytest.mark.usefixtures("issue")
    def test_stand_on_the_page_of_the_resource_with_the_last_check(
        self, client: Client, town: Town, resource: DataResource
    ) -> None:
        html = _page(client, town.operator, f"/resources/{resource.pk}/")
        assert f"{NOW:%Y-%m-%d} 检查了 2 行" in html
        assert "待整改行" in html
        assert "待整改行" not in _page(client, town.reader, f"/resources/{resource.pk}/")
