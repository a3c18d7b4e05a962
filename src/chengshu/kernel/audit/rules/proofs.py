"""Inclusion proofs for many leaves of one tree, without building the tree anew for each."""

from collections.abc import Iterable

from chengshu.base.merkle import leaf_hash, node_hash
from chengshu.kernel.audit.rules.encoding import sm3

_SIZE = 32


class ProofTree:
    """A whole Merkle tree in the shape of RFC 6962; 64 bytes a leaf."""

    def __init__(self, leaves: Iterable[bytes]) -> None:
        level = bytearray()
        for leaf in leaves:
            level += leaf_hash(leaf, sm3)
        self._levels = [level]
        while len(level) > _SIZE:
            level = _above(level)
            self._levels.append(level)

    @property
    def root(self) -> bytes:
        """The root; of no leaves, the hash of nothing."""
        return bytes(self._levels[-1]) or sm3(b"")

    def path(self, index: int) -> list[bytes]:
        """Return the neighbours' hashes from leaf `index` (from 0) up to the root.

        Raises:
            IndexError: there is no such leaf.
        """
        if not 0 <= index * _SIZE < len(self._levels[0]):
            raise IndexError(index)
        path = []
        for level in self._levels[:-1]:
            at = (index ^ 1) * _SIZE
            if at < len(level):
                path.append(bytes(level[at : at + _SIZE]))
            index //= 2
        return path


def _above(level: bytearray) -> bytearray:
    """Return the next level; an odd rest is carried up."""
    above = bytearray()
    for at in range(0, len(level), 2 * _SIZE):
        left, right = bytes(level[at : at + _SIZE]), bytes(level[at + _SIZE : at + 2 * _SIZE])
        above += node_hash(left, right, sm3) if right else left
    return above
