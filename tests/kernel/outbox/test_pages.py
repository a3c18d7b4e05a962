"""Administrators register endpoints, see the secret once, try them, and deal with what was not delivered."""

import re
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse
from kernel.outbox.conftest import TOPIC, Clock, Receiver

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.outbox.facade import Endpoint, Message, deliver_due, enqueue, publish

SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]+")


@pytest.fixture
def desk(client: Client, admin: User) -> Client:
    client.force_login(admin)
    return client


class TestRegistering:
    def test_shows_the_secret_once(self, desk: Client, receiver: Receiver) -> None:
        body = {"name": "政务微信", "url": receiver.url, "topics": [TOPIC]}
        answer = desk.post(reverse("outbox:register"), body)
        assert SECRET.search(answer.content.decode())
        assert "no-store" in answer["Cache-Control"]
        page = desk.get(reverse("outbox:endpoint", args=[Endpoint.objects.get().uuid]))
        assert not SECRET.search(page.content.decode())

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            ({"url": "https://evil.example/"}, "不在允许推送的名单里"),
            ({"name": " "}, "请起一个没有用过的名称"),
            ({"topics": ["tests.unknown"]}, "请至少选择一个主题"),
        ],
    )
    def test_tells_what_is_wrong_and_keeps_what_was_typed(
        self, desk: Client, receiver: Receiver, change: dict[str, str], told: str
    ) -> None:
        body = {"name": "政务微信", "url": receiver.url, "topics": [TOPIC]} | change
        answer = desk.post(reverse("outbox:register"), body)
        assert answer.status_code == 422
        assert told in answer.content.decode()
        assert not Endpoint.objects.exists()

    def test_is_for_administrators(self, client: Client, officer: User) -> None:
        client.force_login(officer)
        for name in ("outbox:list", "outbox:dead", "outbox:endpoints", "outbox:register"):
            assert client.get(reverse(name)).status_code == 403


class TestEndpoint:
    def test_is_tried_switched_and_given_a_new_secret(self, desk: Client, endpoint: Endpoint) -> None:
        there = [endpoint.uuid]
        assert SECRET.search(desk.post(reverse("outbox:rotate", args=there)).content.decode())
        answer = desk.post(reverse("outbox:test", args=there))
        assert answer["Location"] == reverse("outbox:message", args=[Message.objects.get().uuid])
        desk.post(reverse("outbox:switch", args=there), {"active": "no"})
        html = desk.get(reverse("outbox:endpoint", args=there)).content.decode()
        assert "新旧密钥同时签名" in html
        assert "outbox.test" in html
        assert "试推送</button>" not in html


class TestMessages:
    @pytest.mark.usefixtures("endpoint")
    def test_show_how_it_went_and_never_the_text(self, desk: Client, receiver: Receiver, clock: Clock) -> None:
        receiver.statuses = [410]
        [message] = publish(TOPIC, {"phone": "13800000000"}, key="a", now=clock.now)
        deliver_due(clock=clock)
        page = desk.get(reverse("outbox:message", args=[message.uuid])).content.decode()
        assert "410" in page
        assert "13800000000" not in page
        assert desk.post(reverse("outbox:dismiss", args=[message.uuid]), {"reason": ""}).status_code == 422
        assert desk.post(reverse("outbox:retry", args=[message.uuid])).status_code == 302
        assert desk.post(reverse("outbox:retry", args=[message.uuid])).status_code == 409

    def test_show_of_a_mail_address_only_as_much_as_is_needed(self, desk: Client, now: datetime) -> None:
        mail = {"to": "wang.wu@example.gov.cn", "subject": "<b>工单", "text": "x"}
        message = enqueue("email", mail, key="a", now=now)
        for address in (reverse("outbox:list"), reverse("outbox:message", args=[message.uuid])):
            html = desk.get(address).content.decode()
            assert "wang.wu" not in html
            assert "w…@example.gov.cn" in html
            assert "&lt;b&gt;工单" in html

    def test_speak_english(self, desk: Client) -> None:
        desk.cookies["django_language"] = "en"
        assert "Nothing has been sent yet" in desk.get(reverse("outbox:list")).content.decode()
