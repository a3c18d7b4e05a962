"""Mails reach a mail server, once or again with the same id, and never with another line than was meant."""

import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message as Mail
from email.policy import default as policy
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from kernel.outbox.conftest import Clock
from pytest_django import Settings

from chengshu.config.outbox import _mail
from chengshu.config.setting import SettingUnreadable
from chengshu.kernel.outbox.facade import Message, RoundResult, State, deliver_due, enqueue

TEXT = {"to": "wang@example.gov.cn", "subject": "工单 T-1 已派给您", "text": "请办理。\n"}


class Postbox:
    """Takes mails, or answers as it is told."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.answer = "250 OK"

    async def handle_RCPT(  # noqa: N802 - the name is aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        self.mails.append(message_from_bytes(envelope.content or b"", policy=policy))  # type: ignore[arg-type]
        return "250 OK"


@pytest.fixture
def postbox(settings: Settings, db: None) -> Iterator[Postbox]:
    box = Postbox()
    with socket.socket() as free:  # the controller cannot take a port that the machine chooses
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield box
    server.stop()


class TestMail:
    def test_arrives(self, postbox: Postbox, clock: Clock) -> None:
        message = enqueue("email", TEXT, key="a", now=clock.now)
        assert deliver_due(clock=clock) == RoundResult(sent=1)
        [mail] = postbox.mails
        assert (mail["To"], mail["Subject"]) == (TEXT["to"], TEXT["subject"])
        assert mail["Message-ID"] == f"<{message.uuid}@chengshu>"
        assert mail["Auto-Submitted"] == "auto-generated"

    def test_is_tried_again_when_the_server_is_busy(self, postbox: Postbox, clock: Clock) -> None:
        message = enqueue("email", TEXT, key="a", now=clock.now)
        postbox.answer = "451 later"
        assert deliver_due(clock=clock) == RoundResult(failed=1)
        postbox.answer = "250 OK"
        message.refresh_from_db()
        clock.now = message.due_at
        assert deliver_due(clock=clock) == RoundResult(sent=1)

    def test_to_nobody_fails_for_good_and_names_nobody(self, postbox: Postbox, clock: Clock) -> None:
        enqueue("email", TEXT, key="a", now=clock.now)
        postbox.answer = "550 no such mailbox"
        assert deliver_due(clock=clock) == RoundResult(dead=1)
        message = Message.objects.get()
        assert message.state == State.DEAD
        assert "wang" not in message.reason

    @pytest.mark.django_db
    def test_without_a_server_waits(self, settings: Settings, clock: Clock) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        enqueue("email", TEXT, key="a", now=clock.now)
        assert deliver_due(clock=clock) == RoundResult(failed=1)

    def test_carries_no_header_that_a_subject_smuggles_in(self, postbox: Postbox, clock: Clock) -> None:
        enqueue("email", TEXT | {"subject": "a\r\nBcc: all@example.cn"}, key="a", now=clock.now)
        deliver_due(clock=clock)
        assert all(mail["Bcc"] is None for mail in postbox.mails)


class TestServerAddress:
    @pytest.mark.parametrize(
        ("address", "port", "tls", "ssl"),
        [("smtp://m", 25, False, False), ("smtp+tls://a:b%40c@m", 587, True, False), ("smtps://m:99", 99, False, True)],
    )
    def test_tells_port_and_encryption(self, address: str, port: int, tls: bool, ssl: bool) -> None:  # noqa: FBT001 - a row of a table
        found = _mail(address)
        assert (found["EMAIL_PORT"], found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (port, tls, ssl)

    def test_holds_name_and_password(self) -> None:
        found = _mail("smtp+tls://a:b%40c@m")
        assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("a", "b@c")

    @pytest.mark.parametrize("address", ["mail.example.cn", "http://m", "smtp://"])
    def test_that_is_none_stops_the_program(self, address: str) -> None:
        with pytest.raises(SettingUnreadable):
            _mail(address)
