"""Adding entries."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from chengshu.kernel.accounts.models import User
from chengshu.kernel.audit.contracts import EntryRecord
from chengshu.kernel.audit.models import Entry
from chengshu.kernel.audit.operations.linking import link_after_commit
from chengshu.kernel.audit.registry import current_origin
from chengshu.kernel.audit.rules.encoding import digest_entry, plain, plain_text

VIEW = "audit.view_personal_data"
REFUSE = "audit.refuse_access"


def record(  # noqa: PLR0913 - who, what, on what, when, why, from what, to what: an entry has these parts
    actor: User | None,
    action: str,
    subject: str,
    *,
    now: datetime,
    reason: str = "",
    details: Mapping[str, Any] | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> Entry:
    """Add one entry in the caller's transaction; right after its commit the entry is linked into the chain.

    From where comes from the running request. Fractions, decimals, moments and ids in the data are kept as text.

    Args:
        actor: the account, or None when the system acts by itself.
        action: domain and verb, such as `performance.correct_cell`; at most 64 signs.
        subject: kind and id of the object, such as `form:12`; at most 128 signs.
        now: the moment, aware.
        reason: why, in the actor's words; may be empty; at most 256 signs.
        details: what else belongs to the action.
        before: the changed values as they were.
        after: the same as they are now.

    Raises:
        ValueNotPlain: a value can be kept by no database as it is.
    """
    content = EntryRecord(
        **_who(actor, now),
        action=plain_text(action),
        subject=plain_text(subject),
        reason=plain_text(str(reason)),
        details=plain(details or {}),
        before=plain(before),
        after=plain(after),
        **asdict(current_origin()),
    )
    return _keep(replace(content, digest=digest_entry(content)), actor)


def record_view(
    actor: User | None, subject: str, *, now: datetime, fields: Sequence[str] = (), reason: str = ""
) -> Entry:
    """Add an entry that somebody saw personal data: whose or which (`subject`), and which fields of it."""
    return record(actor, VIEW, subject, now=now, reason=reason, details={"fields": list(fields)})


def record_refusal(
    actor: User | None, subject: str, *, now: datetime, reason: str = "", details: Mapping[str, Any] | None = None
) -> Entry:
    """Add an entry that somebody was refused; call it when the refused transaction has been rolled back."""
    return record(actor, REFUSE, subject, now=now, reason=reason, details=details)


def _who(actor: User | None, now: datetime) -> dict[str, Any]:
    """Return the parts of an entry that say who and when; its id comes from the database and is not digested."""
    return {"id": 0, "at": now, "actor": actor.pk if actor else None, "actor_name": actor.login_name if actor else ""}


def _keep(content: EntryRecord, actor: User | None) -> Entry:
    entry = Entry.objects.create(
        at=content.at,
        actor=actor,
        actor_name=content.actor_name,
        action=content.action,
        subject=content.subject,
        reason=content.reason,
        details=content.details,
        before=content.before,
        after=content.after,
        address=content.address,
        session=content.session,
        request=content.request,
        digest=content.digest,
    )
    link_after_commit(entry.pk, entry.digest)
    return entry
