"""Webhooks arrive signed, at least once, and what nobody takes waits for a person."""

import json
import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from kernel.outbox.conftest import TOPIC, Clock, Receiver
from standardwebhooks import Webhook, WebhookVerificationError

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.outbox.facade import (
    ChannelUnknown,
    Delivery,
    Endpoint,
    Message,
    MessageNotDead,
    ReasonMissing,
    RoundResult,
    State,
    deliver_due,
    dismiss_message,
    enqueue,
    forget_contents,
    publish,
    retry_message,
    rotate_secret,
    send_test,
    switch_endpoint,
)
from chengshu.kernel.outbox.operations.delivering import BACKOFF, LEASE
from chengshu.kernel.outbox.rules.signing import draw_secret, sign

DAY = timedelta(days=1)


class TestSigning:
    def test_is_what_the_standard_asks_for(self) -> None:
        """Judged by the standard's own library, which also looks at the clock."""
        uuid, body, old, new = uuid4(), '{"data":"数"}', draw_secret(), draw_secret()
        moment = datetime.now().astimezone()
        headers = sign(uuid, moment, body.encode(), secrets_=[new, old])
        for secret in (old, new):
            assert Webhook(secret).verify(body, headers) == {"data": "数"}
        with pytest.raises(WebhookVerificationError):
            Webhook(new).verify(body + " ", headers)
        with pytest.raises(WebhookVerificationError):
            Webhook(draw_secret()).verify(body, headers)


@pytest.mark.usefixtures("endpoint")
class TestPublish:
    def test_arrives_signed_with_what_happened(
        self, registered: tuple[Endpoint, str], receiver: Receiver, clock: Clock
    ) -> None:
        [message] = publish(TOPIC, {"数": 1}, key="a", now=clock.now)
        assert deliver_due(clock=clock) == RoundResult(sent=1)
        [(headers, body)] = receiver.came
        assert json.loads(body) == {"type": TOPIC, "timestamp": clock.now.isoformat(), "data": {"数": 1}}
        assert headers["webhook-id"] == str(message.uuid)
        again = sign(message.uuid, clock.now, body, secrets_=[registered[1]])
        assert headers["webhook-signature"] == again["webhook-signature"]
        assert deliver_due(clock=clock) == RoundResult()

    def test_leaves_out_whom_it_does_not_concern(self, endpoint: Endpoint, admin: User, now: datetime) -> None:
        assert publish("tests.other", {}, key="a", now=now) == []
        switch_endpoint(endpoint.uuid, is_active=False, actor=admin, now=now)
        assert publish(TOPIC, {}, key="a", now=now) == []

    def test_says_one_thing_once(self, now: datetime) -> None:
        first = publish(TOPIC, {}, key="a", now=now)
        assert publish(TOPIC, {"n": 2}, key="a", now=now) == first
        assert Message.objects.count() == 1

    def test_says_nothing_of_what_was_undone(self, clock: Clock) -> None:
        with transaction.atomic():
            assert publish(TOPIC, {}, key="a", now=clock.now)
            transaction.set_rollback(True)
        assert deliver_due(clock=clock) == RoundResult()

    def test_waits_until_it_may(self, clock: Clock) -> None:
        publish(TOPIC, {}, key="a", now=clock.now, not_before=clock.now + DAY)
        assert deliver_due(clock=clock) == RoundResult()
        clock.wait(DAY)
        assert deliver_due(clock=clock) == RoundResult(sent=1)


@pytest.mark.usefixtures("endpoint")
class TestFailing:
    def test_is_tried_ten_times_with_the_same_id_and_then_waits_for_a_person(
        self, receiver: Receiver, clock: Clock
    ) -> None:
        [message] = publish(TOPIC, {}, key="a", now=clock.now)
        receiver.statuses = [500, 503, 404, 302, 429, *[500] * 5]
        waits = []
        for _attempt in range(BACKOFF.attempts):
            deliver_due(clock=clock)
            message.refresh_from_db()
            waits.append(message.due_at - clock.now)
            clock.now = max(clock.now, message.due_at)
        assert message.state == State.DEAD
        assert receiver.ids == [str(message.uuid)] * 10
        assert sum(waits, timedelta()) > DAY * 0.7
        assert [d.status for d in Delivery.objects.order_by("id")][:5] == [500, 503, 404, 302, 429]
        assert deliver_due(clock=clock) == RoundResult()

    def test_follows_no_redirect(self, receiver: Receiver, clock: Clock) -> None:
        publish(TOPIC, {}, key="a", now=clock.now)
        receiver.statuses = [307]
        assert deliver_due(clock=clock) == RoundResult(failed=1)
        assert len(receiver.came) == 1

    def test_gives_up_at_once_where_the_other_side_is_gone(self, receiver: Receiver, clock: Clock) -> None:
        publish(TOPIC, {}, key="a", now=clock.now)
        receiver.statuses = [410]
        assert deliver_due(clock=clock) == RoundResult(dead=1)

    def test_asks_a_silent_side_once_a_round(self, receiver: Receiver, clock: Clock) -> None:
        for number in range(3):
            publish(TOPIC, {}, key=str(number), now=clock.now)
        receiver.statuses = [500]
        assert deliver_due(clock=clock) == RoundResult(failed=1)
        assert len(receiver.came) == 1

    def test_of_one_message_keeps_no_other_from_leaving(self, receiver: Receiver, clock: Clock) -> None:
        broken = publish(TOPIC, {}, key="a", now=clock.now)[0]
        Message.objects.filter(pk=broken.pk).update(payload={})
        publish(TOPIC, {}, key="b", now=clock.now)
        deliver_due(clock=clock)
        deliver_due(clock=clock)
        assert len(receiver.came) == 1


class TestSecrets:
    def test_are_not_readable_in_the_database(self, registered: tuple[Endpoint, str]) -> None:
        _endpoint, secret = registered
        assert secret.startswith("whsec_")
        assert secret.removeprefix("whsec_") not in Endpoint.objects.values_list("secret_box", flat=True).get()
        told = str([(entry.details, entry.after) for entry in audit.list_all_entries()])
        assert secret not in told

    def test_old_and_new_sign_for_a_day(
        self, registered: tuple[Endpoint, str], receiver: Receiver, admin: User, clock: Clock
    ) -> None:
        endpoint, old = registered
        _same, new = rotate_secret(endpoint.uuid, actor=admin, now=clock.now)
        for key in "ab":
            publish(TOPIC, {}, key=key, now=clock.now)
            deliver_due(clock=clock)
            clock.wait(DAY)
        both, one = [headers["webhook-signature"].split() for headers, _body in receiver.came]
        assert (len(both), len(one)) == (2, 1)
        headers, body = receiver.came[0]
        [message] = Message.objects.filter(uuid=headers["webhook-id"])
        expected = sign(message.uuid, clock.now - 2 * DAY, body, secrets_=[new, old])
        assert " ".join(both) == expected["webhook-signature"]


@pytest.mark.usefixtures("endpoint")
class TestDead:
    @pytest.fixture
    def dead(self, receiver: Receiver, clock: Clock) -> Message:
        receiver.statuses = [410]
        [message] = publish(TOPIC, {}, key="a", now=clock.now)
        deliver_due(clock=clock)
        return message

    def test_is_sent_again_with_its_old_id(self, dead: Message, receiver: Receiver, admin: User, clock: Clock) -> None:
        retry_message(dead.uuid, actor=admin, now=clock.now)
        assert deliver_due(clock=clock) == RoundResult(sent=1)
        assert receiver.ids == [str(dead.uuid)] * 2
        with pytest.raises(MessageNotDead):
            retry_message(dead.uuid, actor=admin, now=clock.now)

    def test_is_put_aside_with_a_reason(self, dead: Message, admin: User, clock: Clock) -> None:
        with pytest.raises(ReasonMissing):
            dismiss_message(dead.uuid, actor=admin, now=clock.now, reason="")
        dismiss_message(dead.uuid, actor=admin, now=clock.now, reason="对方已下线")
        clock.wait(DAY)
        assert deliver_due(clock=clock) == RoundResult()

    def test_what_was_settled_long_ago_is_emptied(self, dead: Message, admin: User, clock: Clock) -> None:
        clock.wait(40 * DAY)
        assert forget_contents(now=clock.now) == 0
        dismiss_message(dead.uuid, actor=admin, now=clock.now, reason="对方已下线")
        assert forget_contents(now=clock.now) == 1
        dead.refresh_from_db()
        assert dead.payload == {}


def test_a_test_delivery_says_which_endpoint_it_is_for(
    endpoint: Endpoint, receiver: Receiver, admin: User, clock: Clock
) -> None:
    send_test(endpoint.uuid, actor=admin, now=clock.now)
    deliver_due(clock=clock)
    assert json.loads(receiver.came[0][1])["type"] == "outbox.test"


_SEND = """
import os, sys, django
django.setup()
from datetime import datetime
from chengshu.kernel.outbox.facade import deliver_due
now = datetime.fromisoformat(sys.argv[1])
deliver_due(clock=lambda: now)
"""


@pytest.mark.usefixtures("endpoint")
@pytest.mark.django_db(transaction=True)
class TestKilled:
    @staticmethod
    def _start(now: datetime, folder: Path) -> subprocess.Popen[bytes]:
        place = connection.settings_dict
        url = (
            f"sqlite:///{place['NAME']}"
            if connection.vendor == "sqlite"
            else "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**place)
        )
        environment = {
            "PATH": os.defpath,
            "DATABASE_URL": url,
            "CHENGSHU_VAR_DIR": str(folder),
            "CHENGSHU_SECRET_KEY": django_settings.SECRET_KEY,
            "CHENGSHU_WEBHOOK_LOOPBACK": "true",
            "DJANGO_SETTINGS_MODULE": "chengshu.config.settings",
        }
        return subprocess.Popen([sys.executable, "-c", _SEND, now.isoformat()], env=environment)

    def test_between_sending_and_marking_it_is_sent_again_with_the_same_id(
        self, receiver: Receiver, clock: Clock, tmp_path: Path
    ) -> None:
        [message] = publish(TOPIC, {"n": 1}, key="a", now=clock.now)
        processes: list[subprocess.Popen[bytes]] = []

        def kill() -> None:
            processes[0].kill()
            processes[0].wait(timeout=30)

        receiver.before_answer = kill
        processes.append(self._start(clock.now, tmp_path))
        assert processes[0].wait(timeout=60) == -signal.SIGKILL
        receiver.before_answer = lambda: None
        assert deliver_due(clock=clock) == RoundResult(), "nobody else may send while it is being sent"
        clock.wait(LEASE)
        assert deliver_due(clock=clock) == RoundResult(sent=1)
        message.refresh_from_db()
        assert (message.state, message.attempts) == (State.SENT, 2)
        assert receiver.ids == [str(message.uuid)] * 2
        assert receiver.came[0][1] == receiver.came[1][1]

    def test_again_and_again_it_is_given_up(self, receiver: Receiver, clock: Clock) -> None:
        [message] = publish(TOPIC, {}, key="a", now=clock.now)
        Message.objects.filter(pk=message.pk).update(
            state=State.SENDING, attempts=BACKOFF.attempts, leased_until=clock.now
        )
        assert deliver_due(clock=clock) == RoundResult(dead=1)
        assert receiver.came == []


@pytest.mark.django_db
def test_what_no_transport_delivers_is_refused(now: datetime) -> None:
    for kind, payload in (("fax", {}), ("email", {"to": "a@example.cn"})):
        with pytest.raises(ChannelUnknown):
            enqueue(kind, payload, key="a", now=now)
