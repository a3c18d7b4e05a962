"""Reads of entries and their places in the chain."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, Max, OuterRef, QuerySet

from chengshu.kernel.audit.contracts import EntryRecord, HeadRecord, Signature
from chengshu.kernel.audit.errors import EntryNotFound
from chengshu.kernel.audit.models import AppendOnlyQuerySet, Entry, Head, Link

ENTRY_COLUMNS = (
    "id",
    "at",
    "actor_id",
    "actor_name",
    "action",
    "subject",
    "reason",
    "details",
    "before",
    "after",
    "address",
    "session",
    "request",
    "digest",
)
"""In the order of `EntryRecord`."""


def list_entries(subject: str) -> AppendOnlyQuerySet[Entry]:
    """Return the entries about one object, newest first, with their actors."""
    return Entry.objects.filter(subject=subject).select_related("actor").order_by("-at", "-id")


def list_all_entries() -> QuerySet[Entry]:
    """Return all entries with their actors and links; who may see them is asked at the page."""
    return Entry.objects.select_related("actor", "link")


def get_entry(entry: int) -> Entry:
    """Return an entry with its actor and its link.

    Raises:
        EntryNotFound: there is none.
    """
    try:
        return list_all_entries().get(pk=entry)
    except Entry.DoesNotExist as error:
        raise EntryNotFound("没有这条审计记录", entry=entry) from error


def list_actions() -> list[str]:
    """Return the actions that were ever recorded, by name, with one look into the index for each."""
    actions: list[str] = []
    while True:
        later = Entry.objects.filter(action__gt=actions[-1]) if actions else Entry.objects.all()
        found = later.order_by("action").values_list("action", flat=True).first()
        if found is None:
            return actions
        actions.append(found)


def find_head_over(sequence: int) -> Head | None:
    """Return the head that covers a place in the chain, or None when its day is not sealed yet."""
    return Head.objects.filter(first__lte=sequence, last__gte=sequence).first()


def list_neighbours(sequence: int) -> list[Link]:
    """Return the links just before and just after a place in the chain."""
    return list(Link.objects.filter(sequence__in=(sequence - 1, sequence + 1)).order_by("sequence"))


def last_linked_entry() -> int:
    """Return the highest id of a linked entry; 0 when there is none."""
    return Link.objects.aggregate(last=Max("entry_id"))["last"] or 0


def list_unlinked(above: int, *, limit: int) -> list[tuple[int, str]]:
    """Return id and digest of the first entries with an id above the given one that have no link."""
    unlinked = Entry.objects.filter(~Exists(Link.objects.filter(entry=OuterRef("pk"))), pk__gt=above)
    return list(unlinked.order_by("pk").values_list("pk", "digest")[:limit])


def stream_unlinked(*, chunk: int) -> Iterator[EntryRecord]:
    """Give all entries without a link by id."""
    unlinked = Entry.objects.filter(~Exists(Link.objects.filter(entry=OuterRef("pk")))).order_by("pk")
    for row in unlinked.values_list(*ENTRY_COLUMNS).iterator(chunk_size=chunk):
        yield EntryRecord(*row)


def count_sealed(since: datetime, until: datetime) -> tuple[int, int]:
    """Give how many entries are of `[since, until)`, and how many of them a signed head covers."""
    entries = Entry.objects.filter(at__gte=since, at__lt=until)
    sealed = Head.objects.aggregate(last=Max("last"))["last"] or 0
    return entries.count(), entries.filter(link__sequence__lte=sealed).count()


def read_heads() -> list[HeadRecord]:
    """Return all heads by the first link that they cover."""
    return [read_head(head) for head in Head.objects.order_by("first")]


def read_head(head: Head) -> HeadRecord:
    """Return a head as plain values."""
    return HeadRecord(
        day=head.day,
        first=head.first,
        last=head.last,
        root=head.root,
        previous=head.previous,
        hash=head.hash,
        ed25519=Signature(head.ed25519_key, head.ed25519),
        sm2=Signature(head.sm2_key, head.sm2),
    )
