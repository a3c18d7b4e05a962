"""A person reads what he was told, marks it as read, takes that back, and chooses how to be told."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from kernel.notifications.conftest import plain

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.notifications.facade import Notification, get_preferences, notify

LIST = "/notifications/"


@pytest.fixture
def desk(client: Client, officer: User, unit_id: int) -> Client:
    for key in "ab":
        notify([officer.pk], plain(unit_id, key, what=f"<b>材料{key}"), now=timezone.now())
    client.force_login(officer)
    return client


class TestList:
    def test_shows_what_came_and_how_many_are_unread(self, desk: Client) -> None:
        html = desk.get(LIST).content.decode()
        assert "&lt;b&gt;材料a来了" in html
        assert "通知，2 条未读" in html
        assert "通知，2 条未读" in desk.get("/jobs/").content.decode()

    def test_leads_to_the_page_and_marks_as_read(self, desk: Client) -> None:
        told = Notification.objects.get(key="a")
        assert desk.post(reverse("notifications:open", args=[told.pk]))["Location"] == "/performance/goals/1/"
        assert "通知，1 条未读" in desk.get(LIST).content.decode()

    def test_all_are_marked_and_that_is_taken_back(self, desk: Client) -> None:
        html = desk.post(reverse("notifications:read-all"), follow=True).content.decode()
        moment = re.search(r'name="marked_at" value="([^"]+)"', html)
        assert moment is not None
        assert "条未读" not in html
        desk.post(reverse("notifications:undo"), {"marked_at": moment[1]})
        html = desk.get(LIST).content.decode()
        assert "通知，2 条未读" in html
        assert "marked_at" not in html

    def test_the_selected_are_marked(self, desk: Client) -> None:
        told = Notification.objects.get(key="a")
        desk.post(reverse("notifications:read"), {"selected": [str(told.pk), "x", "-1", "9" * 40]})
        assert Notification.objects.filter(read_at=None).count() == 1

    @pytest.mark.parametrize("moment", ["", "yesterday", "2024-13-45T00:00:00Z", "2024-03-15T00:00:00"])
    def test_a_moment_that_is_none_takes_nothing_back(self, desk: Client, moment: str) -> None:
        assert desk.post(reverse("notifications:undo"), {"marked_at": moment}).status_code == 302

    def test_is_empty_for_who_was_told_nothing(self, client: Client, reviewer: User) -> None:
        client.force_login(reviewer)
        assert "还没有通知" in client.get(LIST).content.decode()


class TestPreferences:
    def test_are_chosen(self, desk: Client, officer: User) -> None:
        body = {
            "email": "wang@example.cn",
            "language": "en",
            "digest": "daily",
            "quiet_from": "21:30",
            "quiet_until": "06:00",
            "mail": ["tests.urgent"],
            "webhook": ["tests.plain"],
        }
        assert desk.post(reverse("notifications:preferences"), body).status_code == 302
        chosen = get_preferences(officer)
        assert "tests.plain" in chosen.no_email
        assert "tests.urgent" not in chosen.no_email
        assert chosen.webhook == {"tests.plain"}
        assert 'value="21:30"' in desk.get(reverse("notifications:preferences")).content.decode()

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            ({"email": "wang"}, "请填写完整的邮箱地址"),
            ({"quiet_from": "25:00"}, "请把时刻写成"),
            ({"language": "xx"}, "请选择语言"),
        ],
    )
    def test_that_cannot_be_are_told(self, desk: Client, change: dict[str, str], told: str) -> None:
        body = {"email": "", "language": "en", "digest": "daily", "quiet_from": "21:30", "quiet_until": "06:00"}
        answer = desk.post(reverse("notifications:preferences"), body | change)
        assert answer.status_code == 422
        assert told in answer.content.decode()

    def test_speak_english(self, desk: Client) -> None:
        desk.cookies["django_language"] = "en"
        assert "Quiet hours" in desk.get(reverse("notifications:preferences")).content.decode()
