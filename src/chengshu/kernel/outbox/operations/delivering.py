"""Delivering what is due: each message is taken for a while, sent outside any transaction, and marked."""

import secrets
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from chengshu.kernel.jobs.facade import Backoff, reckon_wait
from chengshu.kernel.outbox.contracts import Channel, Parcel, RoundResult, State, Transport
from chengshu.kernel.outbox.errors import DeliveryFailed
from chengshu.kernel.outbox.models import REASON_LENGTH, Delivery, Message
from chengshu.kernel.outbox.queries import list_due
from chengshu.kernel.outbox.rules.boxes import unseal
from chengshu.kernel.outbox.transports.mail import MailTransport
from chengshu.kernel.outbox.transports.web import WebTransport

log = structlog.get_logger(__name__)

#: Ten attempts over about a day.
BACKOFF = Backoff(attempts=10, first=timedelta(seconds=30), factor=3, most=timedelta(hours=8))
#: Longer than any attempt lasts; afterwards its sender counts as cut off.
LEASE = timedelta(minutes=2)
_AT_ONCE = 100
_chance = secrets.SystemRandom()


def run_round(now: datetime) -> None:
    """Deliver what is due, as the worker does again and again, and say what was done."""
    del now  # a round lasts; every attempt looks at the clock
    result = deliver_due(clock=timezone.now)
    if result != RoundResult():
        log.info("outbox_round", sent=result.sent, failed=result.failed, dead=result.dead)


def deliver_due(
    *, clock: Callable[[], datetime], transports: Mapping[Channel, Transport] | None = None, most: int = _AT_ONCE
) -> RoundResult:
    """Try every message that is due, at most `most` of them.

    A message is delivered at least once: who is killed between the sending and the mark leaves it to be sent again,
    with the same id. An endpoint that did not take one message is not asked for others in the same round.
    """
    carriers = transports or {Channel.EMAIL: MailTransport(), Channel.WEBHOOK: WebTransport.from_settings()}
    count: Counter[State] = Counter()
    silent: set[int] = set()
    for pk, endpoint in list(list_due(clock()).order_by("due_at", "id").values_list("pk", "endpoint_id")[:most]):
        if endpoint in silent:
            continue
        message = _take(pk, clock())
        if message is None:
            continue
        state = _deliver(message, carriers, clock)
        count[state] += 1
        if state is not State.SENT and endpoint is not None:
            silent.add(endpoint)
    return RoundResult(sent=count[State.SENT], failed=count[State.PENDING], dead=count[State.DEAD])


def _take(pk: int, now: datetime) -> Message | None:
    """Take the message for this sender alone; None when another was quicker."""
    taken = list_due(now).filter(pk=pk)
    if not taken.update(state=State.SENDING, leased_until=now + LEASE, attempts=F("attempts") + 1):
        return None
    return Message.objects.select_related("endpoint").get(pk=pk)


def _deliver(message: Message, carriers: Mapping[Channel, Transport], clock: Callable[[], datetime]) -> State:
    started, began = clock(), time.monotonic()
    failure: DeliveryFailed | None = None
    status: int | None = None
    try:
        status = carriers[Channel(message.channel)].send(_pack(message, started))
    except DeliveryFailed as error:
        failure, status = error, error.status
    except Exception as error:
        log.exception("delivery_failed", message=str(message.uuid), channel=message.channel)
        failure = DeliveryFailed(f"程序出错（{type(error).__name__}）")
    lasted = round((time.monotonic() - began) * 1000)
    return _mark(message, failure, Delivery(at=started, status=status, milliseconds=lasted), clock())


def _pack(message: Message, now: datetime) -> Parcel:
    """Return what the transport needs; while a new secret is being introduced, the old one signs as well.

    Raises:
        DeliveryFailed: there is no use in sending it.
    """
    if message.attempts > BACKOFF.attempts:  # its senders were cut off again and again
        raise DeliveryFailed("发送多次中断", is_final=True)
    endpoint = message.endpoint
    if endpoint is None:
        return Parcel(message.uuid, message.payload, message.created_at, now)
    if not endpoint.is_active:
        raise DeliveryFailed("推送地址已停用", is_final=True)
    boxes = [endpoint.secret_box]
    if endpoint.old_secret_box and endpoint.old_until and endpoint.old_until > now:
        boxes.append(endpoint.old_secret_box)
    opened = tuple(unseal(box, house_key=settings.SECRET_KEY) for box in boxes)
    return Parcel(message.uuid, message.payload, message.created_at, now, endpoint.url, opened)


@transaction.atomic
def _mark(message: Message, failure: DeliveryFailed | None, delivery: Delivery, now: datetime) -> State:
    """Keep what became of the attempt; a message that another sender has taken meanwhile is left to that one."""
    columns: dict[str, object] = {"leased_until": None, "reason": ""}
    if failure is None:
        state = State.SENT
        columns |= {"sent_at": now}
    else:
        wait = None if failure.is_final else reckon_wait(BACKOFF, message.attempts, chance=_chance.random())
        state = State.PENDING if wait is not None else State.DEAD
        columns |= {"reason": failure.message[:REASON_LENGTH], "due_at": now + wait if wait else message.due_at}
    own = Message.objects.filter(pk=message.pk, state=State.SENDING, attempts=message.attempts)
    own.update(state=state, **columns)
    delivery.message, delivery.is_taken = message, failure is None
    delivery.reason = failure.message[:REASON_LENGTH] if failure else ""
    delivery.save()
    if state is State.DEAD:
        log.warning("outbox_message_dead", message=str(message.uuid), channel=message.channel)
    return state
