"""Merkle trees in the shape of RFC 6962: a root for any number of leaves, built while they stream by.

A leaf's hash is H(0x00 ‖ leaf), a node's H(0x01 ‖ left ‖ right); an odd rest is carried up unpaired. The root of no
leaves is H of nothing. The two marks keep a node from being passed off as a leaf.
"""

from collections.abc import Callable, Iterable, Sequence

Hash = Callable[[bytes], bytes]


class MerkleTree:
    """Takes leaves in order and knows their root; keeps one hash a level, so memory grows with log₂ of the leaves."""

    def __init__(self, digest: Hash) -> None:
        self._digest = digest
        self._stack: list[tuple[int, bytes]] = []
        self.size = 0

    def add(self, leaf: bytes) -> None:
        """Take the next leaf."""
        self.add_hash(leaf_hash(leaf, self._digest))

    def add_hash(self, hashed: bytes) -> None:
        """Take the next leaf by its hash."""
        level = 0
        while self._stack and self._stack[-1][0] == level:
            hashed = node_hash(self._stack.pop()[1], hashed, self._digest)
            level += 1
        self._stack.append((level, hashed))
        self.size += 1

    def root(self) -> bytes:
        """Return the root of the leaves taken so far."""
        if not self._stack:
            return self._digest(b"")
        hashed = self._stack[-1][1]
        for _level, left in reversed(self._stack[:-1]):
            hashed = node_hash(left, hashed, self._digest)
        return hashed


def leaf_hash(leaf: bytes, digest: Hash) -> bytes:
    """Return the hash of a leaf's bytes."""
    return digest(b"\x00" + leaf)


def node_hash(left: bytes, right: bytes, digest: Hash) -> bytes:
    """Return the hash of two neighbours."""
    return digest(b"\x01" + left + right)


def merkle_root(leaves: Iterable[bytes], digest: Hash) -> bytes:
    """Return the root of the leaves in their order."""
    tree = MerkleTree(digest)
    for leaf in leaves:
        tree.add(leaf)
    return tree.root()


def inclusion_path(hashes: Sequence[bytes], index: int, digest: Hash) -> list[bytes]:
    """Return the neighbours' hashes from leaf `index` (from 0) up to the root (RFC 6962, section 2.1.1).

    Raises:
        IndexError: there is no such leaf.
    """
    if not 0 <= index < len(hashes):
        raise IndexError(f"leaf {index} of {len(hashes)}")
    path: list[bytes] = []
    level = list(hashes)
    while len(level) > 1:
        neighbour = index ^ 1
        if neighbour < len(level):
            path.append(level[neighbour])
        level = [
            node_hash(level[at], level[at + 1], digest) if at + 1 < len(level) else level[at]
            for at in range(0, len(level), 2)
        ]
        index //= 2
    return path


def root_from_path(hashed: bytes, index: int, size: int, path: Sequence[bytes], digest: Hash) -> bytes | None:
    """Return the root that a leaf's hash and its path lead to, or None when the path cannot belong to such a tree."""
    if not 0 <= index < size:
        return None
    steps = iter(path)
    last = size - 1
    try:
        while last:
            if index % 2:
                hashed = node_hash(next(steps), hashed, digest)
            elif index < last:
                hashed = node_hash(hashed, next(steps), digest)
            index, last = index // 2, last // 2
    except StopIteration:
        return None
    return hashed if next(steps, None) is None else None
