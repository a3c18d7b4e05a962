"""The door of the outbox."""

from chengshu.kernel.outbox.contracts import (
    CHANNEL_LABELS,
    STATE_LABELS,
    Channel,
    NewEndpoint,
    Parcel,
    RoundResult,
    State,
    Topic,
    Transport,
)
from chengshu.kernel.outbox.errors import (
    ChannelUnknown,
    DeliveryFailed,
    EndpointInvalid,
    EndpointNotFound,
    EndpointRefused,
    MessageNotDead,
    MessageNotFound,
    OutboxError,
    ReasonMissing,
)
from chengshu.kernel.outbox.models import Delivery, Endpoint, Message
from chengshu.kernel.outbox.operations.delivering import deliver_due, run_round
from chengshu.kernel.outbox.operations.endpoints import (
    register_endpoint,
    rotate_secret,
    send_test,
    switch_endpoint,
)
from chengshu.kernel.outbox.operations.enqueuing import enqueue, publish
from chengshu.kernel.outbox.operations.keeping import dismiss_message, forget_contents, retry_message
from chengshu.kernel.outbox.queries import (
    MANAGE,
    can_send_email,
    get_endpoint,
    get_message,
    list_dead,
    list_deliveries,
    list_endpoints,
    list_messages,
)
from chengshu.kernel.outbox.registry import list_topics, register_topic

__all__ = [
    "CHANNEL_LABELS",
    "MANAGE",
    "STATE_LABELS",
    "Channel",
    "ChannelUnknown",
    "Delivery",
    "DeliveryFailed",
    "Endpoint",
    "EndpointInvalid",
    "EndpointNotFound",
    "EndpointRefused",
    "Message",
    "MessageNotDead",
    "MessageNotFound",
    "NewEndpoint",
    "OutboxError",
    "Parcel",
    "ReasonMissing",
    "RoundResult",
    "State",
    "Topic",
    "Transport",
    "can_send_email",
    "deliver_due",
    "dismiss_message",
    "enqueue",
    "forget_contents",
    "get_endpoint",
    "get_message",
    "list_dead",
    "list_deliveries",
    "list_endpoints",
    "list_messages",
    "list_topics",
    "publish",
    "register_endpoint",
    "register_topic",
    "retry_message",
    "rotate_secret",
    "run_round",
    "send_test",
    "switch_endpoint",
]
