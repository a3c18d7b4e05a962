"""Putting messages in, within the business transaction: they leave only when it is kept."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chengshu.kernel.outbox.contracts import TEST_TOPIC, Channel
from chengshu.kernel.outbox.errors import ChannelUnknown
from chengshu.kernel.outbox.models import Endpoint, Message
from chengshu.kernel.outbox.queries import list_endpoints

_NEEDED = {
    Channel.EMAIL.value: {"to", "subject", "text"},
    Channel.WEBHOOK.value: {"topic", "data", "endpoint"},
}


def enqueue(
    kind: str, payload: Mapping[str, Any], *, key: str, now: datetime, not_before: datetime | None = None
) -> Message:
    """Put a message in; the worker delivers it at least once after the caller's transaction is kept.

    A second call with the same `key` puts in nothing and returns the first one's message. Between messages, also those
    to one endpoint, no order is promised: what was retried comes later than what was put in after it.

    Args:
        kind: `email` (payload `to`, `subject`, `text`) or `webhook` (payload `topic`, `data`, `endpoint`: its row id).
        payload: plain JSON values.
        key: names the happening, such as `ticket:12:assigned:4`; at most 200 characters.
        now: the moment, aware.
        not_before: the moment to wait for, such as the end of the quiet hours; None for at once.

    Raises:
        ChannelUnknown: another kind, or a payload that lacks something.
    """
    if kind not in _NEEDED or not _NEEDED[kind] <= set(payload):
        raise ChannelUnknown(f"不能发送“{kind}”，或缺少内容", kind=kind)
    is_webhook = kind == Channel.WEBHOOK
    message, _is_new = Message.objects.get_or_create(
        key=key,
        defaults={
            "channel": kind,
            "topic": payload["topic"] if is_webhook else "",
            "endpoint_id": payload["endpoint"] if is_webhook else None,
            "payload": {name: value for name, value in payload.items() if name != "endpoint"},
            "due_at": max(now, not_before or now),
            "created_at": now,
        },
    )
    return message


def publish(
    topic: str, data: Mapping[str, Any], *, key: str, now: datetime, not_before: datetime | None = None
) -> list[Message]:
    """Put in one webhook for each active endpoint that wants the topic."""
    wanting = [found for found in list_endpoints().filter(is_active=True) if topic in found.topics]
    return [
        enqueue(
            Channel.WEBHOOK,
            {"topic": topic, "data": dict(data), "endpoint": endpoint.pk},
            key=f"{key}:{endpoint.pk}",
            now=now,
            not_before=not_before,
        )
        for endpoint in wanting
    ]


def enqueue_test(endpoint: Endpoint, *, key: str, now: datetime) -> Message:
    """Put in a webhook that says nothing, to see whether the endpoint takes it."""
    payload = {"topic": TEST_TOPIC, "data": {"name": endpoint.name}, "endpoint": endpoint.pk}
    return enqueue(Channel.WEBHOOK, payload, key=key, now=now)
