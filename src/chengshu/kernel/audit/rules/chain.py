"""Checking a chain link by link, with memory for one link and the heads."""

from collections.abc import Mapping, Sequence

from chengshu.base.merkle import MerkleTree
from chengshu.kernel.audit.contracts import (
    NOTHING_BEFORE,
    Algorithm,
    EntryRecord,
    Fault,
    HeadRecord,
    LinkRecord,
    PublicKey,
    Reason,
    Signature,
)
from chengshu.kernel.audit.rules.encoding import digest_entry, hash_head, hash_link, head_message, leaf_of, sm3
from chengshu.kernel.audit.rules.signatures import is_signed

_NO_LINK = LinkRecord(0, 0, "", NOTHING_BEFORE)


class ChainChecker:
    """Takes links with their entries in the order of their numbers and tells the first fault.

    Heads are compared when the last link that they cover has been taken; heads come sorted by `first`.
    """

    def __init__(self, heads: Sequence[HeadRecord], keys: Mapping[str, PublicKey]) -> None:
        self._heads = list(heads)
        self._keys = keys
        self.last = _NO_LINK
        self.entries = 0
        self.heads = 0
        self.sealed = 0
        self._first_of_day = 0
        self._tree = MerkleTree(sm3)

    def take(self, link: LinkRecord, entry: EntryRecord | None) -> Fault | None:
        """Check the next link; after a fault nothing more may be given."""
        fault = self._check_link(link, entry) or self._open_head(link)
        if fault:
            return fault
        self.last = link
        self.entries += 1
        self._tree.add(leaf_of(link.hash))
        return self._close_head()

    def finish(self) -> Fault | None:
        """Say whether a head covers links that are not there."""
        missing = self.heads < len(self._heads)
        return Fault(None, Reason.LINK_MISSING, self.last.sequence + 1) if missing else None

    def _check_link(self, link: LinkRecord, entry: EntryRecord | None) -> Fault | None:
        if link.sequence <= self.last.sequence:
            return Fault(link.entry, Reason.ENTRY_INSERTED, link.sequence)
        if link.sequence != self.last.sequence + 1:
            return Fault(None, Reason.LINK_MISSING, self.last.sequence + 1)
        if entry is None:
            return Fault(link.entry, Reason.ENTRY_REMOVED, link.sequence)
        if digest_entry(entry) != entry.digest:
            return Fault(entry.id, Reason.ENTRY_CHANGED, link.sequence)
        is_sound = hash_link(link, entry.digest) == link.hash
        if link.previous == self.last.hash:
            return None if is_sound else Fault(entry.id, Reason.LINK_CHANGED, link.sequence)
        return self._blame(link, is_sound=is_sound)

    def _blame(self, link: LinkRecord, *, is_sound: bool) -> Fault:
        """Say which of two neighbours that do not fit is the false one."""
        if self.last.sequence and link.previous == self.last.previous:
            return Fault(self.last.entry, Reason.ENTRY_INSERTED, self.last.sequence)
        if self.last.sequence and is_sound:
            return Fault(self.last.entry, Reason.LINK_REHASHED, self.last.sequence)
        return Fault(link.entry, Reason.LINK_CHANGED, link.sequence)

    def _open_head(self, link: LinkRecord) -> Fault | None:
        """Check the next head itself when its first link comes."""
        if self.heads == len(self._heads) or link.sequence != self.sealed + 1:
            return None
        head = self._heads[self.heads]
        before = self._heads[self.heads - 1].hash if self.heads else NOTHING_BEFORE
        reason = None
        if hash_head(head) != head.hash or head.last < head.first:
            reason = Reason.HEAD_CHANGED
        elif head.first != link.sequence or head.previous != before:
            reason = Reason.HEAD_MISSING
        elif not is_head_signed(head, self._keys):
            reason = Reason.HEAD_SIGNATURE
        self._first_of_day = link.entry
        self._tree = MerkleTree(sm3)
        return Fault(link.entry, reason, link.sequence) if reason else None

    def _close_head(self) -> Fault | None:
        """Compare the root when the last link that the head covers has been taken."""
        if self.heads == len(self._heads) or self._heads[self.heads].last != self.last.sequence:
            return None
        head = self._heads[self.heads]
        if self._tree.root().hex() != head.root:
            return Fault(self._first_of_day, Reason.HEAD_MISMATCH, head.first)
        self.heads += 1
        self.sealed = head.last
        return None


def is_head_signed(head: HeadRecord, keys: Mapping[str, PublicKey]) -> bool:
    """Tell whether the head carries a true Ed25519 signature of a known key, and no false SM2 one."""
    message = head_message(head)
    if not _is_true(message, head.ed25519, keys, Algorithm.ED25519):
        return False
    return not head.sm2.value or _is_true(message, head.sm2, keys, Algorithm.SM2)


def _is_true(message: bytes, signature: Signature, keys: Mapping[str, PublicKey], algorithm: Algorithm) -> bool:
    key = keys.get(signature.key)
    return key is not None and key.algorithm is algorithm and is_signed(message, signature.value, key)
