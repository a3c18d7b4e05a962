"""What is refused as a whole is kept beside the refusal's entry in the audit, for a while and within bounds."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import BigIntegerField, Case, F, Sum, When
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.base.errors import ChengshuError
from chengshu.base.texts import drop_controls
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.files import facade as files
from chengshu.kernel.grants import facade as grants
from chengshu.resources.contracts.arrivals import HEAD_KEPT, MOST_A_DAY, MOST_ROWS_A_DAY, Arrival
from chengshu.resources.models import RefusedArrival

_NAME_LENGTH, _REASON_LENGTH, _AUDIT_LENGTH, _WHY_LENGTH = 255, 1000, 256, 300
_AT_ONCE = 200
_BEYOND = "beyond"
"""The digest of the row on which is counted what came beyond a day's bound."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who hands something in, by which right, and when; None is the house itself, whose input lies where it was."""

    actor: User | None
    permission: str
    now: datetime


@contextmanager
def keeping_refused(
    came: Callable[[], Arrival], fault: type[ChengshuError] | tuple[type[ChengshuError], ...], sender: Sender
) -> Iterator[None]:
    """Keep what came when it is refused by one of these faults, and let the fault go on.

    Around the transaction that is undone, never within it.
    """
    try:
        yield
    except fault as refusal:
        keep_refused(came(), refusal.message, sender)
        raise


@transaction.atomic
def keep_refused(arrival: Arrival, reason: str, sender: Sender) -> RefusedArrival | None:
    """Keep a refused arrival with the entry of its refusal in the audit; the same content again counts up.

    Nothing is kept, and None given, of what somebody sends who may not send such things at all.
    """
    actor, now = sender.actor, sender.now
    place = None if actor is None else _find_place(arrival, sender)
    if actor is None or place is None:
        return None
    told = {
        "name": drop_controls(arrival.name)[-_NAME_LENGTH:] or arrival.kind.value,
        "reason": reason[:_REASON_LENGTH],
        "author": actor,
    }
    kept, is_new = _find_row(arrival, place, told, now)
    if not is_new:
        RefusedArrival.objects.filter(pk=kept.pk).update(**told, times=F("times") + 1, last_at=max(kept.last_at, now))
    if kept.file_id is None and kept.digest != _BEYOND:
        _keep_copy(kept, arrival, actor=actor, now=now)
    kept.refresh_from_db()
    details = {"kind": kept.kind, "subject": kept.subject, "digest": kept.digest, "times": kept.times}
    details |= {"size": kept.size, "kept": kept.file_id is not None, "cut": kept.is_cut}
    line = drop_controls(reason)[:_AUDIT_LENGTH]
    record(actor, "resources.refuse_arrival", f"arrival:{kept.pk}", now=now, reason=line, details=details)
    return kept


def _find_row(arrival: Arrival, place: int, told: dict[str, Any], now: datetime) -> tuple[RefusedArrival, bool]:
    """Give the row that tells of an arrival, and whether it is new: its own, or beyond a day's bound one for all."""
    rows = RefusedArrival.objects.select_for_update()
    names: dict[str, Any] = {"kind": arrival.kind.value, "organisation_id": place}
    fresh = {**told, "first_at": now, "last_at": now, "not_kept": "—"}
    own = {**names, "subject": arrival.subject, "digest": arrival.digest}
    own |= {"is_cut": arrival.is_head, "size": arrival.size}
    known = rows.filter(**own).first() if own["digest"] else None
    if known is not None:
        return known, False
    day = RefusedArrival.objects.filter(organisation_id=place, first_at__gt=now - timedelta(days=1))
    if day.count() >= MOST_ROWS_A_DAY:
        why = _("这个单位一天内的被拒来件已超过 %(most)s 件，其余的只记次数，没有留存原件。") % {
            "most": MOST_ROWS_A_DAY
        }
        beyond = {**names, "subject": "", "digest": _BEYOND, "is_cut": False, "size": 0}
        return rows.get_or_create(**beyond, defaults={**fresh, "not_kept": why})
    if not own["digest"]:
        return RefusedArrival.objects.create(**own, **fresh), True
    return rows.get_or_create(**own, defaults=fresh)


def _find_place(arrival: Arrival, sender: Sender) -> int | None:
    """Give whom an arrival is for: whom it names where the sender may send for them, else where he stands himself."""
    assert sender.actor is not None  # noqa: S101 - asked before
    on = localdate(sender.now)
    if arrival.place is not None and grants.is_permitted(sender.actor, sender.permission, arrival.place, on=on):
        return arrival.place
    own = grants.list_granted_organisations(sender.actor, sender.permission, on=on).order_by("code")
    return own.values_list("pk", flat=True).first()


def _keep_copy(kept: RefusedArrival, arrival: Arrival, *, actor: User, now: datetime) -> None:
    kept.file, kept.not_kept = None, _why_not(kept, arrival, now)
    if not kept.not_kept:
        try:
            content, name = arrival.content, kept.name
            if kept.is_cut:
                content, name = arrival.head(), _("开头 1 MB-%(name)s") % {"name": kept.name}
            elif not isinstance(content, bytes):
                content.seek(0)
            kept.file = files.store_file(content, name=name, owner=actor, now=now)
        except files.FileError as fault:
            kept.not_kept = fault.message[:_WHY_LENGTH]
    kept.save(update_fields=["file", "not_kept"])


def _why_not(kept: RefusedArrival, arrival: Arrival, now: datetime) -> str:
    """Say why an arrival is too much to be kept; empty when it is not."""
    today = RefusedArrival.objects.filter(
        organisation=kept.organisation_id, last_at__gt=now - timedelta(days=1), file__isnull=False
    )
    bytes_kept = Case(When(is_cut=True, then=HEAD_KEPT), default=F("size"), output_field=BigIntegerField())
    taken = today.aggregate(all=Sum(bytes_kept))["all"] or 0
    if taken + (HEAD_KEPT if kept.is_cut else arrival.size) > MOST_A_DAY:
        return _("这个单位一天内的被拒来件已超过 %(most)s MB，没有留存原件。") % {"most": MOST_A_DAY >> 20}
    return ""


def forget_arrivals(now: datetime) -> int:
    """Forget what last came longer ago than refused arrivals are kept, with its copy; return how many."""
    until = now - timedelta(days=settings.REFUSED_KEEP_DAYS)
    forgotten = 0
    while piece := _forget(until, now):
        forgotten += piece
    return forgotten


@transaction.atomic
def _forget(until: datetime, now: datetime) -> int:
    old = list(RefusedArrival.objects.select_related("file").filter(last_at__lt=until).order_by("pk")[:_AT_ONCE])
    if not old:
        return 0
    RefusedArrival.objects.filter(pk__in=[kept.pk for kept in old]).delete()
    for kept in old:
        if kept.file is not None:
            kept.file.delete()
    record(None, "resources.forget_arrivals", "arrivals", now=now, details={"count": len(old)})
    return len(old)
