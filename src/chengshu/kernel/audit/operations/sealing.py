"""Sealing: one signed head for each finished day that has links."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from chengshu.base.merkle import MerkleTree
from chengshu.kernel.accounts.models import User
from chengshu.kernel.audit.contracts import NOTHING_BEFORE, Algorithm, HeadRecord, PublicKey, Signature
from chengshu.kernel.audit.models import Entry, Head, Link
from chengshu.kernel.audit.operations import keys
from chengshu.kernel.audit.operations.linking import hold_chain, sweep_links
from chengshu.kernel.audit.operations.recording import record
from chengshu.kernel.audit.rules.encoding import hash_head, head_message, leaf_of, sm3
from chengshu.kernel.audit.rules.signatures import sign

ROTATE_KEYS = "audit.rotate_keys"
_CHUNK = 10_000


def keep_chain(*, now: datetime, deep: bool = False) -> None:
    """Do what is due: link what a crash left, and seal the days that have ended. Cheap when nothing is due."""
    sweep_links(deep=deep)
    if _may_have_ended(now):
        seal_days(now=now)


def seal_days(*, now: datetime) -> int:
    """Sign a head for every day before today that has links and no head yet, and return how many.

    A day's head covers the links since the head before it up to the first link of a later day. What is linked late
    (a transaction over midnight) belongs to the next head.

    Raises:
        KeyUnreadable: a signing key is damaged.
    """
    sweep_links()
    today, sealed = _day(now), 0
    while _seal_next(today):
        sealed += 1
    return sealed


def rotate_keys(actor: User | None, *, now: datetime) -> list[PublicKey]:
    """Sign from now on with new keys; the public halves of the old ones stay for the heads that they signed."""
    made = keys.rotate_keys(_folder())
    record(actor, ROTATE_KEYS, "audit:keys", now=now, details={"keys": [key.id for key in made]})
    return made


def _may_have_ended(now: datetime) -> bool:
    """Tell whether some link belongs to no head and to a day before today."""
    last = Head.objects.order_by("-first").first()
    first = Link.objects.filter(sequence=last.last + 1 if last else 1).select_related("entry").first()
    return first is not None and _next_day(first.entry.at, last) < _day(now)


def _seal_next(today: date) -> bool:
    with transaction.atomic():
        hold_chain(is_lasting=True)
        last = Head.objects.order_by("-first").first()
        first = last.last + 1 if last else 1
        start = Link.objects.filter(sequence=first).select_related("entry").first()
        if start is None:
            return False
        day = _next_day(start.entry.at, last)
        if day >= today:
            return False
        _seal(day, first, _last_before(day + timedelta(days=1), first), last.hash if last else NOTHING_BEFORE)
    return True


def _next_day(at: datetime, last: Head | None) -> date:
    """Return the day that the next head is for: that of its first entry, but never one sealed before."""
    day = _day(at)
    return max(day, last.day + timedelta(days=1)) if last else day


def _last_before(day: date, first: int) -> int:
    """Return the number of the last link, from `first` on, before the first one of `day` or later."""
    start = datetime.combine(day, time.min, timezone.get_default_timezone())
    later = Entry.objects.filter(at__gte=start, link__sequence__gt=first).order_by("link__sequence")
    sequence = later.values_list("link__sequence", flat=True).first()
    return sequence - 1 if sequence else Link.objects.order_by("-sequence").values_list("sequence", flat=True)[0]


def _seal(day: date, first: int, last: int, previous: str) -> None:
    tree = MerkleTree(sm3)
    hashes = Link.objects.filter(sequence__range=(first, last)).order_by("sequence").values_list("hash", flat=True)
    for hashed in hashes.iterator(chunk_size=_CHUNK):
        tree.add(leaf_of(hashed))
    head = HeadRecord(day, first, last, tree.root().hex(), previous, "", Signature(), Signature())
    message = head_message(head)
    signatures = {algorithm: _sign(message, algorithm) for algorithm in keys.algorithms()}
    ed25519, sm2 = signatures[Algorithm.ED25519], signatures.get(Algorithm.SM2, Signature())
    Head.objects.create(
        day=day,
        first=first,
        last=last,
        root=head.root,
        previous=previous,
        hash=hash_head(head),
        ed25519_key=ed25519.key,
        ed25519=ed25519.value,
        sm2_key=sm2.key,
        sm2=sm2.value,
    )


def _sign(message: bytes, algorithm: Algorithm) -> Signature:
    public, private = keys.ensure_key(_folder(), algorithm)
    return Signature(public.id, sign(message, private, algorithm))


def _folder() -> Path:
    folder: Path = settings.AUDIT_KEYS_DIR
    return folder


def _day(at: datetime) -> date:
    return timezone.localtime(at, timezone.get_default_timezone()).date()
