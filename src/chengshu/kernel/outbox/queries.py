"""Reads of the outbox."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from chengshu.kernel.outbox.contracts import State
from chengshu.kernel.outbox.errors import EndpointNotFound, MessageNotFound
from chengshu.kernel.outbox.models import Delivery, Endpoint, Message

MANAGE = "outbox.manage"


def can_send_email() -> bool:
    """Tell whether the house has a mail server."""
    return bool(settings.EMAIL_IS_SET_UP)


def list_endpoints() -> QuerySet[Endpoint]:
    """Return all endpoints, by name; for who manages the outbox."""
    return Endpoint.objects.select_related("created_by").order_by("name")


def get_endpoint(uuid: UUID) -> Endpoint:
    """Return an endpoint; for who manages the outbox.

    Raises:
        EndpointNotFound: there is none.
    """
    endpoint = list_endpoints().filter(uuid=uuid).first()
    if endpoint is None:
        raise EndpointNotFound("没有这个推送地址", uuid=str(uuid))
    return endpoint


def list_messages() -> QuerySet[Message]:
    """Return all messages, newest first; for who manages the outbox."""
    return Message.objects.select_related("endpoint", "dismissed_by").order_by("-created_at", "-id")


def list_dead() -> QuerySet[Message]:
    """Return the messages that failed for good and that nobody has dealt with."""
    return list_messages().filter(state=State.DEAD)


def get_message(uuid: UUID) -> Message:
    """Return a message; for who manages the outbox.

    Raises:
        MessageNotFound: there is none.
    """
    message = list_messages().filter(uuid=uuid).first()
    if message is None:
        raise MessageNotFound("没有这条消息", uuid=str(uuid))
    return message


def list_deliveries(message: Message) -> QuerySet[Delivery]:
    """Return the attempts at the message, the last one first."""
    return Delivery.objects.filter(message=message).order_by("-at", "-id")


def list_due(now: datetime) -> QuerySet[Message]:
    """Return the messages that may be sent now: those due, and those whose sender was cut off while sending."""
    due = Q(state=State.PENDING, due_at__lte=now) | Q(state=State.SENDING, leased_until__lte=now)
    return Message.objects.filter(due)
