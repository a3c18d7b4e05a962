"""Checking the whole chain, streaming: memory for some thousand entries, whatever the length."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from chengshu.kernel.audit.contracts import (
    EntryRecord,
    Fault,
    LinkRecord,
    Progress,
    PublicKey,
    Reason,
    Verification,
)
from chengshu.kernel.audit.models import Entry, Link
from chengshu.kernel.audit.queries.entries import ENTRY_COLUMNS, read_heads, stream_unlinked
from chengshu.kernel.audit.rules.chain import ChainChecker
from chengshu.kernel.audit.rules.encoding import digest_entry, hash_link

_CHUNK = 2_000


def verify(keys: Mapping[str, PublicKey], *, on_progress: Progress | None = None) -> Verification:
    """Check every entry, link and head from the first on, and name the first fault.

    Entries without a link count as pending when their content is what their digest says: the sweeper will link them.

    Args:
        keys: the public keys by id, from outside the database.
        on_progress: told now and then how many of all links have been checked.
    """
    report = on_progress or (lambda _done, _total: None)
    total = Link.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    checker = ChainChecker(read_heads(), keys)
    fault = _check_links(checker, total, report) or checker.finish()
    pending = 0
    if fault is None:
        pending, fault = _check_unlinked(checker.last)
    return Verification(
        entries=checker.entries + pending,
        heads=checker.heads,
        pending=pending,
        sealed=checker.sealed,
        broken=_look_around(fault, checker.last) if fault else None,
    )


def _check_links(checker: ChainChecker, total: int, report: Progress) -> Fault | None:
    for number, (link, entry) in enumerate(stream_chain()):
        if number % _CHUNK == 0:
            report(number, total)
        fault = checker.take(link, entry)
        if fault:
            return fault
    report(checker.entries, total)
    return None


def stream_chain() -> Iterator[tuple[LinkRecord, EntryRecord | None]]:
    """Give each link with its entry in the order of the chain; None where the entry is gone."""
    last = -(2**62)  # below anything, should somebody have put a link before the first
    while rows := list(
        Link.objects.filter(sequence__gt=last)
        .order_by("sequence")
        .values_list("sequence", "entry_id", "previous", "hash")[:_CHUNK]
    ):
        entries = read_entries([row[1] for row in rows])
        for row in rows:
            link = LinkRecord(*row)
            yield link, entries.get(link.entry)
        last = rows[-1][0]


def read_entries(ids: list[int]) -> dict[int, EntryRecord]:
    """Return the entries with these ids, by id."""
    rows = Entry.objects.filter(pk__in=ids).values_list(*ENTRY_COLUMNS)
    return {row[0]: EntryRecord(*row) for row in rows}


def _check_unlinked(last: LinkRecord) -> tuple[int, Fault | None]:
    pending = 0
    for entry in stream_unlinked(chunk=_CHUNK):
        if digest_entry(entry) != entry.digest:
            return pending, Fault(entry.id, Reason.ENTRY_CHANGED, last.sequence + 1)
        pending += 1
    return pending, None


def _look_around(fault: Fault, last: LinkRecord) -> Fault:
    """Name the false one of two neighbours by what stands around them; `last` is the last link that was sound."""
    if fault.reason is Reason.LINK_MISSING:
        return _name_missing(fault, last)
    if fault.reason is Reason.LINK_REHASHED:
        # A later link still follows the last sound one: what stands between them was put there.
        follower = Link.objects.filter(previous=last.hash, sequence__gt=last.sequence + 1).exists()
        between = Link.objects.filter(sequence=last.sequence + 1).first() if follower else None
        return Fault(between.entry_id, Reason.ENTRY_INSERTED, between.sequence) if between else fault
    if fault.reason is Reason.HEAD_MISMATCH:
        follows = Link.objects.filter(sequence=last.sequence + 1).first()
        if follows and follows.previous != last.hash:
            return Fault(last.entry, Reason.LINK_REHASHED, last.sequence)
    return fault


def _name_missing(fault: Fault, last: LinkRecord) -> Fault:
    """Find out which entry stood where the chain lacks a number.

    The link after the hole knows the hash of the one that is gone, so an entry that is still there is known for certain.
    An entry that is gone as well has a name only if just as many ids are lacking as numbers.
    """
    after = Link.objects.filter(sequence__gt=last.sequence).order_by("sequence").first()
    for entry in stream_unlinked(chunk=_CHUNK):
        lost = LinkRecord(last.sequence + 1, entry.id, last.hash, "")
        if after is None or after.sequence > lost.sequence + 1 or hash_link(lost, entry.digest) == after.previous:
            return Fault(entry.id, Reason.ENTRY_UNLINKED, fault.sequence)
    if after is None:
        return fault
    return replace(fault, entry=_only_gap(last, after))


def _only_gap(last: LinkRecord, after: Link) -> int:
    """Return the first lacking id between two links when it must be the lost one, else the entry after the hole."""
    lacking = after.sequence - last.sequence - 1
    between = after.entry_id - last.entry - 1
    return last.entry + 1 if between == lacking else after.entry_id
