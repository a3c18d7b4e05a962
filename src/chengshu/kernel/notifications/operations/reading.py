"""Marking as read, and taking that back."""

from collections.abc import Collection
from datetime import datetime

from django.utils.timezone import localdate

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.notifications.models import Notification
from chengshu.kernel.notifications.queries import list_notifications


def mark_read(viewer: User, *, now: datetime, ids: Collection[int] | None = None) -> int:
    """Mark the viewer's unread notifications as read, all of them without `ids`; return how many.

    `now` names this marking: `unmark_read` takes it back by it.
    """
    unread = list_notifications(viewer, on=localdate(now)).filter(read_at=None)
    chosen = unread if ids is None else unread.filter(pk__in=ids)
    return Notification.objects.filter(pk__in=list(chosen.values_list("pk", flat=True))).update(read_at=now)


def unmark_read(viewer: User, *, marked_at: datetime) -> int:
    """Make unread again what was marked at that moment; return how many."""
    return Notification.objects.filter(account=viewer, read_at=marked_at).update(read_at=None)
