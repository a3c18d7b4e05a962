"""What failed for good, and what was delivered long ago."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.base.texts import drop_controls
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.outbox.contracts import State
from chengshu.kernel.outbox.errors import MessageNotDead, ReasonMissing
from chengshu.kernel.outbox.models import REASON_LENGTH, Message
from chengshu.kernel.outbox.queries import MANAGE

RETRY, DISMISS = "outbox.retry", "outbox.dismiss"
#: How long the content of what was delivered or put aside is kept; the trace of the delivery stays.
CONTENT_DAYS = 30


@transaction.atomic
def retry_message(uuid: UUID, *, actor: User, now: datetime) -> Message:
    """Let a message that failed for good be sent again, with all its attempts anew and the same id.

    Raises:
        PermissionRefused: the actor does not manage the outbox.
        MessageNotDead: it did not fail for good.
    """
    grants.require_in_city(actor, MANAGE, on=localdate(now))
    message = _lock_dead(uuid)
    message.state, message.attempts, message.due_at = State.PENDING, 0, now
    message.save(update_fields=["state", "attempts", "due_at"])
    audit.record(actor, RETRY, f"message:{message.pk}", now=now)
    return message


@transaction.atomic
def dismiss_message(uuid: UUID, *, actor: User, now: datetime, reason: str) -> Message:
    """Put aside a message that failed for good.

    Raises:
        PermissionRefused: the actor does not manage the outbox.
        MessageNotDead: it did not fail for good.
        ReasonMissing: there is no reason.
    """
    grants.require_in_city(actor, MANAGE, on=localdate(now))
    told = drop_controls(reason).strip()[:REASON_LENGTH]
    if not told:
        raise ReasonMissing(_("请写明为什么不再发送。"))
    message = _lock_dead(uuid)
    message.state, message.dismissed_by, message.dismiss_reason = State.DISMISSED, actor, told
    message.save(update_fields=["state", "dismissed_by", "dismiss_reason"])
    audit.record(actor, DISMISS, f"message:{message.pk}", now=now, reason=told)
    return message


def forget_contents(*, now: datetime) -> int:
    """Empty the contents of what was delivered or put aside long ago: addresses and texts; return how many."""
    old = Message.objects.filter(
        state__in=[State.SENT, State.DISMISSED], created_at__lt=now - timedelta(days=CONTENT_DAYS)
    )
    return old.exclude(payload={}).update(payload={})


def _lock_dead(uuid: UUID) -> Message:
    message = Message.objects.select_for_update().filter(uuid=uuid, state=State.DEAD).first()
    if message is None:
        raise MessageNotDead(_("这条消息没有失败，或者已经有人处理。"), uuid=str(uuid))
    return message
