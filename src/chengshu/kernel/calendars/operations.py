"""Writes of the official calendar."""

import hashlib
from datetime import datetime

import structlog
from django.db import transaction
from django.utils.timezone import localdate

from chengshu.kernel.accounts.models import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.calendars.contracts import YearNotice
from chengshu.kernel.calendars.errors import NoticeInvalid
from chengshu.kernel.calendars.models import ExceptionalDay, Notice
from chengshu.kernel.calendars.registry import list_listeners
from chengshu.kernel.calendars.rules.notices import read_notices
from chengshu.kernel.grants import facade as grants

LOAD_NOTICE = "calendars.load_notice"
LOAD_NOTICE_RIGHT = "calendars.load"
_log = structlog.get_logger()


def load_notices(text: str, *, actor: User | None, now: datetime) -> list[int]:
    """Take over the notices of a file and return their years; the same notice again changes nothing.

    What was settled before keeps its figures; what is still open is counted anew once this is committed.

    Args:
        text: TOML in the form of `notices.toml`.
        actor: who loads; None when the system does by itself.
        now: the moment, aware.

    Raises:
        PermissionRefused: the person may not load notices.
        NoticeInvalid: the file cannot be read, or its days contradict each other.
    """
    if actor is not None:
        grants.require_anywhere(actor, LOAD_NOTICE_RIGHT, on=localdate(now))
    notices = read_notices(text)
    with transaction.atomic():
        changed = [notice.year for notice in notices if _keep_notice(notice, actor, now)]
        if changed:
            transaction.on_commit(lambda: _tell_listeners(now))
    return [notice.year for notice in notices]


def _keep_notice(notice: YearNotice, actor: User | None, now: datetime) -> bool:
    """Replace the year's notice; tell whether its days are others than before."""
    digest = _digest(notice)
    old = Notice.objects.select_for_update().filter(year=notice.year).first()
    if old is not None and old.digest == digest:
        return False
    facts = {"title": notice.title, "reference": notice.reference, "digest": digest}
    row, _created = Notice.objects.update_or_create(
        year=notice.year, defaults={**facts, "loaded_at": now, "loaded_by": actor}
    )
    row.days.all().delete()
    others = ExceptionalDay.objects.filter(day__in=[day.day for day in notice.days]).values_list("day", flat=True)
    if taken := sorted(others):
        raise NoticeInvalid(f"{taken[0]} 已写在另一年的通知里", day=str(taken[0]))
    ExceptionalDay.objects.bulk_create(
        ExceptionalDay(notice=row, day=day.day, kind=day.kind, name=day.name) for day in notice.days
    )
    details = {**facts, "days": len(notice.days), "old_digest": old.digest if old else ""}
    audit.record(actor, LOAD_NOTICE, f"notice:{notice.year}", now=now, details=details)
    return True


def _digest(notice: YearNotice) -> str:
    lines = [notice.title, notice.reference, *(f"{day.day} {day.kind} {day.name}" for day in notice.days)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _tell_listeners(now: datetime) -> None:
    """Call each listener; what one fails to do is its own to catch up, and keeps nobody else from hearing."""
    for listener in list_listeners():
        try:
            listener(now)
        except Exception:  # noqa: BLE001 - one that fails must not silence the others
            _log.exception("calendar_listener_failed", listener=repr(listener))
