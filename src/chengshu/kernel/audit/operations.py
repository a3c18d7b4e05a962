"""The one write of the audit."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chengshu.kernel.accounts.models import User
from chengshu.kernel.audit.models import Entry


def record(
    actor: User | None,
    action: str,
    subject: str,
    *,
    now: datetime,
    reason: str = "",
    details: Mapping[str, Any] | None = None,
) -> Entry:
    """Add one entry, in the caller's transaction.

    Args:
        actor: the account, or None when the system acts by itself.
        action: domain and verb, such as `performance.correct_cell`.
        subject: kind and id of the object, such as `form:12`.
        now: the moment, aware.
        reason: why, in the actor's words; may be empty.
        details: plain JSON values, such as the old and the new value.
    """
    return Entry.objects.create(
        at=now, actor=actor, action=action, subject=subject, reason=reason, details=dict(details or {})
    )
