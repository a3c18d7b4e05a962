"""Linking entries into the chain, each right after the commit of its transaction.

Business transactions do not wait for each other on the chain: its lock is held only by the short transactions here.
A process that dies between the two leaves entries without a link; the sweeper links them.
"""

from collections.abc import Sequence

from django.db import IntegrityError, connection, transaction

from chengshu.kernel.audit.contracts import NOTHING_BEFORE, LinkRecord
from chengshu.kernel.audit.models import Link
from chengshu.kernel.audit.queries.entries import last_linked_entry, list_unlinked
from chengshu.kernel.audit.rules.encoding import hash_link

#: The advisory lock of PostgreSQL that stands for the chain: "audit" in ASCII.
_LOCK = 0x6175646974
_CHUNK = 1_000
#: How far below the last linked entry a quick sweep looks; transactions that last longer are found by a deep one.
_QUICK_DEPTH = 10_000

Waiting = tuple[int, str]
"""An entry's id and digest."""


class _Batch:
    """The entries of one transaction (or savepoint) that will be linked together after its commit."""

    def __init__(self) -> None:
        self.entries: list[Waiting] = []

    def __call__(self) -> None:
        link_entries(self.entries)


def link_after_commit(entry: int, digest: str) -> None:
    """Link the entry when the running transaction is committed, or now when none is running.

    A failure is logged and does not reach the caller, whose work is done: the sweeper will link the entry.
    """
    waiting = connection.run_on_commit
    savepoints = set(connection.savepoint_ids)
    # The last callback lives and dies with the same savepoints: one short transaction will do for both.
    if waiting and isinstance(waiting[-1][1], _Batch) and waiting[-1][0] == savepoints:
        waiting[-1][1].entries.append((entry, digest))
        return
    batch = _Batch()
    batch.entries.append((entry, digest))
    transaction.on_commit(batch, robust=True)


def link_entries(entries: Sequence[Waiting]) -> None:
    """Link committed entries at the end of the chain, in the given order; those linked already stay where they are."""
    try:
        _link(entries)
    except IntegrityError:  # the sweeper was quicker with some of them
        _link(entries, skip_linked=True)


def sweep_links(*, deep: bool = False) -> int:
    """Link what has no link, in the order of the ids, and return how many; `deep` looks at all entries."""
    above = 0 if deep else last_linked_entry() - _QUICK_DEPTH
    swept = 0
    while entries := list_unlinked(above, limit=_CHUNK):
        link_entries(entries)
        swept += len(entries)
    return swept


def hold_chain(*, is_lasting: bool) -> None:
    """Let no other process link or seal until the running transaction ends.

    SQLite needs no more than the transaction itself, which begins as the only writer. On PostgreSQL a commit that is
    not `is_lasting` does not wait for the disk: links that a crash takes are made again, and the commit of a head takes
    all before it to the disk.
    """
    if connection.vendor != "postgresql":
        return
    commit = "on" if is_lasting else "off"
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('synchronous_commit', %s, true), pg_advisory_xact_lock(%s)", [commit, _LOCK])


def _link(entries: Sequence[Waiting], *, skip_linked: bool = False) -> None:
    with transaction.atomic():
        hold_chain(is_lasting=False)
        if skip_linked:
            linked = set(Link.objects.filter(entry__in=[entry for entry, _ in entries]).values_list("entry", flat=True))
            entries = [waiting for waiting in entries if waiting[0] not in linked]
        tip = Link.objects.order_by("-sequence").values_list("sequence", "hash").first()
        Link.objects.bulk_create(_next_links(tip or (0, NOTHING_BEFORE), entries))


def _next_links(tip: tuple[int, str], entries: Sequence[Waiting]) -> list[Link]:
    sequence, previous = tip
    links = []
    for entry, digest in entries:
        sequence += 1
        made = hash_link(LinkRecord(sequence, entry, previous, ""), digest)
        links.append(Link(sequence=sequence, entry_id=entry, previous=previous, hash=made))
        previous = made
    return links
