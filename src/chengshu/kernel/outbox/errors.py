"""Errors of the outbox.

OutboxError
├── ChannelUnknown    no transport delivers this
├── EndpointRefused   an address to which nothing may be sent
├── EndpointInvalid   name or topics of an endpoint cannot be kept
├── EndpointNotFound  no such endpoint
├── MessageNotFound   no such message
├── MessageNotDead    neither failed for good nor waiting for somebody's look
├── ReasonMissing     a message is put aside without a reason
└── DeliveryFailed    the other side did not take it; says whether time could mend that
"""

from chengshu.base.errors import ChengshuError


class OutboxError(ChengshuError):
    """The root of the outbox's errors."""

    code = "OUTBOX_ERROR"


class ChannelUnknown(OutboxError):
    """No transport delivers this."""

    code = "OUTBOX_CHANNEL_UNKNOWN"


class EndpointRefused(OutboxError):
    """Nothing may be sent to this address."""

    code = "OUTBOX_ENDPOINT_REFUSED"


class EndpointInvalid(OutboxError):
    """The endpoint cannot be kept as given."""

    code = "OUTBOX_ENDPOINT_INVALID"


class EndpointNotFound(OutboxError):
    """There is no such endpoint."""

    code = "OUTBOX_ENDPOINT_NOT_FOUND"


class MessageNotFound(OutboxError):
    """There is no such message."""

    code = "OUTBOX_MESSAGE_NOT_FOUND"


class MessageNotDead(OutboxError):
    """The message did not fail for good, or somebody has dealt with it."""

    code = "OUTBOX_MESSAGE_NOT_DEAD"


class ReasonMissing(OutboxError):
    """There is no reason where one has to be."""

    code = "OUTBOX_REASON_MISSING"


class DeliveryFailed(OutboxError):
    """The other side did not take the message. `is_final` when it never will; `status` is its HTTP or SMTP code."""

    code = "OUTBOX_DELIVERY_FAILED"

    def __init__(self, message: str, *, status: int | None = None, is_final: bool = False) -> None:
        super().__init__(message, status=status, is_final=is_final)
        self.status = status
        self.is_final = is_final
