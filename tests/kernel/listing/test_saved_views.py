"""Views that people keep of lists: named, their own, opened by their address alone."""

from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.jobs.facade import Job
from chengshu.kernel.listing.facade import (
    MAX_VIEWS,
    TooManyViews,
    ViewNameInvalid,
    ViewNameTaken,
    ViewNotFound,
    ViewTooLong,
    delete_view,
    list_saved_views,
    save_view,
)
from chengshu.kernel.listing.models import QUERY_LENGTH


@pytest.fixture
def as_officer(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client


def _names(owner: User, list_key: str = "jobs") -> list[str]:
    return [view.name for view in list_saved_views(owner, list_key)]


class TestSaveView:
    def test_is_there_for_the_owner_and_the_list_alone(self, officer: User, admin: User, now: datetime) -> None:
        save_view(officer, "jobs", "  失败  的 ", "state=failed", now=now)
        assert _names(officer) == ["失败 的"]
        assert _names(officer, "forms") == _names(admin) == []

    def test_refuses_a_name_that_the_owner_uses_for_the_list(self, officer: User, admin: User, now: datetime) -> None:
        save_view(officer, "jobs", "失败", "state=failed", now=now)
        save_view(officer, "forms", "失败", "", now=now)
        save_view(admin, "jobs", "失败", "", now=now)
        with pytest.raises(ViewNameTaken, match="失败"):
            save_view(officer, "jobs", "失败", "state=done", now=now)
        assert list_saved_views(officer, "jobs").get().query == "state=failed"

    @pytest.mark.parametrize("name", ["", "   ", "名" * 41, "甲\x00乙", "甲\u202e乙", "\ud800"])
    def test_refuses_names_that_nobody_can_read(self, name: str, officer: User, now: datetime) -> None:
        with pytest.raises(ViewNameInvalid):
            save_view(officer, "jobs", name, "", now=now)

    def test_refuses_more_than_a_person_may_keep_of_a_list(self, officer: User, now: datetime) -> None:
        for number in range(MAX_VIEWS):
            save_view(officer, "jobs", f"视图{number}", "", now=now)
        with pytest.raises(TooManyViews, match="30"):
            save_view(officer, "jobs", "再一个", "", now=now)
        save_view(officer, "forms", "另一个列表", "", now=now)

    def test_refuses_a_query_that_no_server_would_take(self, officer: User, now: datetime) -> None:
        save_view(officer, "jobs", "长", "q" * QUERY_LENGTH, now=now)
        with pytest.raises(ViewTooLong):
            save_view(officer, "jobs", "更长", "q" * (QUERY_LENGTH + 1), now=now)


class TestDeleteView:
    def test_takes_only_ones_own_of_this_list(self, officer: User, admin: User, now: datetime) -> None:
        view = save_view(officer, "jobs", "失败", "state=failed", now=now)
        for actor, list_key in ((admin, "jobs"), (officer, "forms")):
            with pytest.raises(ViewNotFound):
                delete_view(view.pk, list_key, actor=actor)
        delete_view(view.pk, "jobs", actor=officer)
        assert _names(officer) == []


class TestPage:
    def test_keeps_the_state_of_the_list_and_nothing_else_of_the_address(
        self, as_officer: Client, officer: User
    ) -> None:
        address = "/jobs/?state=failed&state=nonsense&sort=-done&page=7&next=//evil.example&columns=kind,done"
        answer = as_officer.post(address, {"save_view": "失败的", "query": "x=1", "next": "//evil.example"})
        assert (answer.status_code, answer["Location"]) == (
            302,
            "/jobs/?state=failed&sort=-done&columns=kind%2Cdone&page=7",
        )
        assert list_saved_views(officer, "jobs").get().query == "state=failed&sort=-done&columns=kind%2Cdone"

    def test_offers_the_view_by_name_and_marks_it_while_it_is_open(
        self, as_officer: Client, officer: User, now: datetime
    ) -> None:
        save_view(officer, "jobs", "<b>失败</b>", "state=failed", now=now)
        link = '<a class="menu-item" href="?state=failed"{}>&lt;b&gt;失败&lt;/b&gt;</a>'
        assert link.format("") in as_officer.get("/jobs/").content.decode()
        assert link.format(' aria-current="true"') in as_officer.get("/jobs/?state=failed").content.decode()

    def test_names_the_fault_and_keeps_what_was_typed(self, as_officer: Client, officer: User, now: datetime) -> None:
        save_view(officer, "jobs", "失败的", "state=failed", now=now)
        answer = as_officer.post("/jobs/?state=done", {"save_view": "失败的"})
        html = answer.content.decode()
        assert answer.status_code == 422
        assert "您已经有名为“失败的”的视图" in html
        assert 'name="save_view" value="失败的"' in html
        assert 'aria-invalid="true"' in html

    def test_removes_ones_own_view_and_comes_back(self, as_officer: Client, officer: User, now: datetime) -> None:
        view = save_view(officer, "jobs", "失败的", "state=failed", now=now)
        answer = as_officer.post("/jobs/?sort=done", {"delete_view": str(view.pk)}, follow=True)
        assert answer.redirect_chain == [("/jobs/?sort=done", 302)]
        assert "已删除视图“失败的”。" in answer.content.decode()
        assert _names(officer) == []

    def test_of_somebody_else_does_not_exist(self, as_officer: Client, admin: User, now: datetime) -> None:
        view = save_view(admin, "jobs", "别人的", "", now=now)
        assert "别人的" not in as_officer.get("/jobs/").content.decode()
        assert as_officer.post("/jobs/", {"delete_view": str(view.pk)}).status_code == 404
        assert _names(admin) == ["别人的"]

    @pytest.mark.parametrize("text", ["", "x", "-1", "²", "1" * 30])
    def test_ids_that_are_none_are_not_found(self, text: str, as_officer: Client) -> None:
        assert as_officer.post("/jobs/", {"delete_view": text}).status_code == 404

    def test_takes_nothing_without_the_key_of_the_form(self, officer: User) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(officer)
        assert client.post("/jobs/", {"save_view": "甲"}).status_code == 403
        assert _names(officer) == []

    def test_asks_the_database_as_often_for_many_views_as_for_none(
        self, as_officer: Client, officer: User, now: datetime
    ) -> None:
        Job.objects.create(kind="k", owner=officer, created_at=now)
        as_officer.get("/jobs/")
        counts = []
        for number in range(2):
            with CaptureQueriesContext(connection) as queries:
                as_officer.get("/jobs/")
            counts.append(len(queries))
            for extra in range(10):
                save_view(officer, "jobs", f"视图{number}-{extra}", "", now=now)
        assert counts[0] == counts[1]
