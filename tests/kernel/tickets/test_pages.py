"""What people see of tickets, and what they can do on the pages."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from kernel.tickets.conftest import Hire, Open

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import list_entries
from chengshu.kernel.grants.facade import HouseRole
from chengshu.kernel.organisations.facade import Organisation
from chengshu.kernel.tickets import facade
from chengshu.kernel.tickets.facade import Given, Outcome, Ticket
from chengshu.kernel.tickets.rules.privacy import holds_contact


@pytest.fixture
def now() -> datetime:
    """Pages read the clock themselves, so what they show began a moment ago."""
    return timezone.now() - timedelta(minutes=5)


@pytest.fixture
def page(client: Client, handler: User) -> Client:
    client.force_login(handler)
    return client


def _step(ticket: Ticket, action: str, **fields: Any) -> tuple[str, dict[str, Any]]:
    return f"/tickets/{ticket.pk}/act/", {"action": action, "version": ticket.version, **fields}


class TestInbox:
    def test_groups_by_due_time_and_names_the_clock(self, page: Client, open_one: Open) -> None:
        open_one("刚报的")
        open_one("早就报的", after=-600)
        text = page.get("/tickets/inbox/").content.decode()
        assert text.index("已超时") < text.index("早就报的") < text.index("刚报的")
        assert "响应时限：还剩 24 分钟" in text or "响应时限：还剩 25 分钟" in text

    def test_acts_in_place_and_offers_to_take_it_back(self, page: Client, ticket: Ticket) -> None:
        address, fields = _step(ticket, "accept", next="/tickets/inbox/")
        text = page.post(address, fields, follow=True).content.decode()
        assert "已做“受理”" in text
        back = page.post(f"/tickets/{ticket.pk}/undo/", {"next": "/tickets/inbox/"}, follow=True).content.decode()
        assert "已撤回" in back
        ticket.refresh_from_db()
        assert (ticket.state, ticket.assignee) == ("new", None)

    def test_keeps_what_was_typed_when_a_step_fails(
        self, page: Client, ticket: Ticket, handler: User, now: datetime
    ) -> None:
        facade.act(ticket.pk, "accept", actor=handler, now=now, expected_version=1)
        fields = {"action": "wait", "version": 1, "note": "门锁着", "next": "/tickets/inbox/"}
        answer = page.post(f"/tickets/{ticket.pk}/act/", fields)
        text = answer.content.decode()
        assert answer.status_code == 409
        assert "门锁着" in text
        assert "handler的姓名 受理" in text

    def test_says_why_a_clock_stands(self, page: Client, ticket: Ticket, handler: User, now: datetime) -> None:
        facade.act(ticket.pk, "accept", actor=handler, now=now, expected_version=1)
        given = Given(note="机房没人开门")
        facade.act(ticket.pk, "wait", actor=handler, now=now, expected_version=2, given=given)
        text = page.get("/tickets/inbox/").content.decode()
        assert "暂停中" in text
        assert "已暂停：机房没人开门" in text

    def test_of_somebody_with_nothing_to_do_says_so(self, client: Client, officer: User) -> None:
        client.force_login(officer)
        assert "没有等您办理的工单" in client.get("/tickets/inbox/").content.decode()

    def test_shows_call_backs_to_those_who_make_them(
        self, client: Client, leader: User, handler: User, ticket: Ticket, now: datetime
    ) -> None:
        facade.act(ticket.pk, "accept", actor=handler, now=now, expected_version=1)
        facade.act(ticket.pk, "finish", actor=handler, now=now, expected_version=2, given=Given(note="好了"))
        client.force_login(leader)
        assert "回访：已解决" in client.get("/tickets/inbox/").content.decode()

    def test_makes_the_step_that_leads_on_the_main_one_for_each_person(
        self, page: Client, ticket: Ticket, handler: User, leader: User, now: datetime
    ) -> None:
        def main_steps(person: User) -> list[str]:
            page.force_login(person)
            groups = page.get("/tickets/inbox/").context["groups"]
            steps = [step for group in groups for card in group.cards for step in card.steps]
            return [step.action.key for step in steps if step.is_primary]

        assert main_steps(handler) == ["accept"]
        facade.act(ticket.pk, "accept", actor=handler, now=now, expected_version=1)
        assert main_steps(handler) == ["finish"]
        facade.act(ticket.pk, "wait", actor=handler, now=now, expected_version=2, given=Given(note="等钥匙"))
        assert main_steps(handler) == ["go_on"]
        facade.act(ticket.pk, "go_on", actor=handler, now=now, expected_version=3)
        facade.act(ticket.pk, "finish", actor=handler, now=now, expected_version=4, given=Given(note="好了"))
        assert main_steps(handler) == []
        assert main_steps(leader) == ["confirm"]

    def test_asks_as_much_for_many_as_for_one(
        self, page: Client, open_one: Open, django_assert_max_num_queries: Any
    ) -> None:
        for number in range(30):
            open_one(f"第{number}张", after=-number)
        with django_assert_max_num_queries(30):
            page.get("/tickets/inbox/")


class TestList:
    def test_shows_what_the_person_may_see(self, page: Client, client: Client, ticket: Ticket, stranger: User) -> None:
        assert ticket.number in page.get("/tickets/").content.decode()
        client.force_login(stranger)
        assert ticket.number not in client.get("/tickets/").content.decode()

    @pytest.mark.parametrize(
        ("query", "is_shown"),
        [
            ("role=work", True),
            ("role=ended", False),
            ("kind=opening", False),
            ("due=over", False),
            ("person=free", True),
        ],
    )
    def test_is_narrowed_by_filters(self, page: Client, ticket: Ticket, query: str, is_shown: bool) -> None:  # noqa: FBT001
        assert (ticket.number in page.get(f"/tickets/?{query}").content.decode()) is is_shown

    def test_asks_as_much_for_many_as_for_one(
        self, page: Client, open_one: Open, django_assert_max_num_queries: Any
    ) -> None:
        for number in range(30):
            open_one(f"第{number}张")
        with django_assert_max_num_queries(24):
            page.get("/tickets/")

    def test_leads_to_one_step_with_many(self, page: Client, open_one: Open) -> None:
        tickets = [open_one(f"第{number}张") for number in range(2)]
        selected = [str(ticket.pk) for ticket in tickets]
        asked = page.post("/tickets/batch/", {"selected": selected}).content.decode()
        assert "受理（2 张适用）" in asked
        done = page.post("/tickets/batch/", {"selected": [*selected, "999999"], "action": "accept"}).content.decode()
        assert "3 张中 2 张办成" in done
        assert "没有这张工单" in done

    def test_wants_a_selection(self, page: Client) -> None:
        assert page.post("/tickets/batch/", {}).status_code == 422


class TestRecord:
    def test_shows_facts_clocks_and_what_happened(self, page: Client, ticket: Ticket) -> None:
        text = page.get(f"/tickets/{ticket.pk}/").content.decode()
        for part in (ticket.number, "网络运维中心", "修复时限：还剩", "开单", "受理"):
            assert part in text

    def test_is_not_there_for_others(self, client: Client, stranger: User, ticket: Ticket) -> None:
        client.force_login(stranger)
        assert client.get(f"/tickets/{ticket.pk}/").status_code == 404
        address, fields = _step(ticket, "accept")
        assert client.post(address, fields).status_code == 404
        for name in ("undo", "assign", "reclassify", "remark"):
            assert client.post(f"/tickets/{ticket.pk}/{name}/", {"note": "x"}).status_code == 404

    def test_takes_remarks_and_files_and_gives_them_back(
        self, page: Client, client: Client, ticket: Ticket, stranger: User
    ) -> None:
        upload = SimpleUploadedFile("照片.txt", b"what the rack looks like")
        page.post(f"/tickets/{ticket.pk}/remark/", {"note": "看照片", "file": upload})
        attachment = facade.Attachment.objects.get()
        address = f"/tickets/{ticket.pk}/files/{attachment.pk}/"
        answer = page.get(address)
        assert b"".join(answer.streaming_content) == b"what the rack looks like"  # type: ignore[attr-defined]
        assert answer.headers["Content-Disposition"].startswith("attachment")
        client.force_login(stranger)
        assert client.get(address).status_code == 404

    def test_assigns_and_reclassifies_for_leaders(
        self, client: Client, leader: User, handler: User, ticket: Ticket
    ) -> None:
        client.force_login(leader)
        client.post(f"/tickets/{ticket.pk}/assign/", {"assignee": handler.pk, "version": 1})
        client.post(f"/tickets/{ticket.pk}/reclassify/", {"priority": "urgent", "version": 2, "note": "考试"})
        ticket.refresh_from_db()
        assert (ticket.assignee, ticket.priority) == (handler, "urgent")

    def test_takes_outcome_and_rating(
        self, client: Client, leader: User, handler: User, ticket: Ticket, now: datetime
    ) -> None:
        facade.act(ticket.pk, "accept", actor=handler, now=now, expected_version=1)
        facade.act(ticket.pk, "finish", actor=handler, now=now, expected_version=2, given=Given(note="好了"))
        client.force_login(leader)
        ticket.refresh_from_db()
        client.post(*_step(ticket, "confirm", outcome=Outcome.SOLVED.value))
        ticket.refresh_from_db()
        client.post(*_step(ticket, "rate", rating="5"))
        ticket.refresh_from_db()
        assert (ticket.state, ticket.rating) == ("closed", 5)

    @pytest.mark.parametrize("version", ["", "x", "9" * 30])
    def test_does_not_act_on_an_unknown_version(self, page: Client, ticket: Ticket, version: str) -> None:
        answer = page.post(f"/tickets/{ticket.pk}/act/", {"action": "accept", "version": version})
        assert answer.status_code == 422

    def test_leads_nowhere_outside(self, page: Client, ticket: Ticket) -> None:
        address, fields = _step(ticket, "accept", next="https://elsewhere.example/tickets/")
        assert page.post(address, fields).headers["Location"] == f"/tickets/{ticket.pk}/"

    def test_shows_html_in_titles_as_text(self, page: Client, open_one: Open) -> None:
        ticket = open_one("<script>alert(1)</script>")
        assert "<script>alert" not in page.get(f"/tickets/{ticket.pk}/").content.decode()


class TestOpening:
    def test_opens_and_shows_the_number(self, page: Client, unit: Organisation) -> None:
        fields = {"kind": "repair", "title": "五楼电话不通", "organisation": unit.pk, "category": "user"}
        text = page.post("/tickets/open/", fields, follow=True).content.decode()
        ticket = Ticket.objects.get()
        assert f"编号 {ticket.number}" in text
        assert (ticket.category, ticket.priority) == ("user", "normal")

    @pytest.mark.parametrize(
        ("field", "value"), [("title", " "), ("title", "字" * 201), ("organisation", ""), ("priority", "x")]
    )
    def test_says_at_the_field_what_is_missing(self, page: Client, unit: Organisation, field: str, value: str) -> None:
        fields = {"kind": "repair", "title": "五楼", "organisation": unit.pk, "description": "细节", field: value}
        answer = page.post("/tickets/open/", fields)
        text = answer.content.decode()
        assert answer.status_code == 422
        assert f'href="#{field}"' in text
        assert "细节" in text

    def test_is_for_those_who_may(self, client: Client, hire: Hire, unit: Organisation) -> None:
        client.force_login(hire("reader", HouseRole.AUDITOR, unit))
        assert client.get("/tickets/open/").status_code == 403


class TestSightOfContacts:
    def test_is_kept_when_a_text_tells_how_to_reach_somebody(self, page: Client, open_one: Open, handler: User) -> None:
        bare, telling = open_one("断网"), open_one("断网", description="联系人王某，138 0013 8000")
        for ticket in (bare, telling):
            assert page.get(f"/tickets/{ticket.pk}/").status_code == 200
        seen = list_entries(f"ticket:{telling.pk}").filter(action="audit.view_personal_data")
        assert [(entry.actor, entry.details) for entry in seen] == [(handler, {"fields": ["description"]})]
        assert not list_entries(f"ticket:{bare.pk}").filter(action="audit.view_personal_data").exists()

    @pytest.mark.parametrize(
        ("text", "tells"),
        [
            ("电话13800138000", True),
            ("138-0013-8000 找他", True),
            ("座机 021-12345678", True),
            ("身份证11010519491231002X", True),
            ("wang@example.org", True),
            ("单号20240315138001380001", False),
            ("带宽 1000 兆，3 楼 302 室", False),
        ],
    )
    def test_is_told_by_what_numbers_look_like(self, text: str, tells: bool) -> None:  # noqa: FBT001 - a table
        assert holds_contact(text) is tells
