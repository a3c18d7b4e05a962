"""What crosses the boundary of the outbox."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TEST_TOPIC = "outbox.test"


class Channel(StrEnum):
    """How a message leaves the house."""

    EMAIL = "email"
    WEBHOOK = "webhook"


CHANNEL_LABELS = {Channel.EMAIL: _("邮件"), Channel.WEBHOOK: _("推送")}


class State(StrEnum):
    """Where a message stands. `dead` waits for somebody's look; `sent` and `dismissed` are final."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"
    DISMISSED = "dismissed"


STATE_LABELS = {
    State.PENDING: _("等待发送"),
    State.SENDING: _("正在发送"),
    State.SENT: _("已送达"),
    State.DEAD: _("未送达"),
    State.DISMISSED: _("已搁置"),
}


@dataclass(frozen=True, slots=True)
class Topic:
    """A kind of news that endpoints subscribe to. `key` is stable, `domain.happening`."""

    key: str
    label: str | Promise


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message on its way: what a transport needs. `uuid` stays the same however often it is sent.

    `sent_at` is the moment of this attempt, `created_at` that of the news.
    """

    uuid: UUID
    payload: Mapping[str, Any]
    created_at: datetime
    sent_at: datetime
    address: str = ""
    secrets: tuple[str, ...] = ()


class Transport(Protocol):
    """Brings a parcel to the other side."""

    def send(self, parcel: Parcel) -> int | None:
        """Deliver the parcel and return the other side's code, if it has one.

        Raises:
            DeliveryFailed: the other side did not take it.
        """


@dataclass(frozen=True, slots=True)
class NewEndpoint:
    """What is needed to register an endpoint: a name for people, where to post, and the topics it wants."""

    name: str
    url: str
    topics: frozenset[str]


@dataclass(frozen=True, slots=True)
class RoundResult:
    """What one round of deliveries did, in messages."""

    sent: int = 0
    failed: int = 0
    dead: int = 0
