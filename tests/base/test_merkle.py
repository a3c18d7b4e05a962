"""Merkle roots and paths, held against the definition in RFC 6962 written out as recursion."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengshu.base.merkle import MerkleTree, inclusion_path, leaf_hash, merkle_root, root_from_path

LEAVES = st.lists(st.binary(max_size=8), max_size=40)


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def defined_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1: split at the largest power of two below the count."""
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0])
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + defined_root(leaves[:split]) + defined_root(leaves[split:]))


@given(LEAVES)
def test_the_streamed_root_is_the_defined_one(leaves: list[bytes]) -> None:
    assert merkle_root(leaves, sha256) == defined_root(leaves)


@given(LEAVES)
def test_the_root_is_known_at_any_time(leaves: list[bytes]) -> None:
    tree = MerkleTree(sha256)
    for count, leaf in enumerate(leaves, start=1):
        tree.add(leaf)
        assert tree.root() == defined_root(leaves[:count])
    assert tree.size == len(leaves)


@given(LEAVES.filter(bool), st.data())
def test_a_path_leads_from_its_leaf_to_the_root(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    hashes = [leaf_hash(leaf, sha256) for leaf in leaves]
    path = inclusion_path(hashes, index, sha256)
    assert root_from_path(hashes[index], index, len(leaves), path, sha256) == defined_root(leaves)


@given(LEAVES.filter(lambda leaves: len(leaves) > 1), st.data())
def test_a_path_of_another_leaf_or_length_leads_elsewhere(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    hashes = [leaf_hash(leaf, sha256) for leaf in leaves]
    path = inclusion_path(hashes, index, sha256)
    stranger = leaf_hash(b"stranger to all", sha256)
    assert root_from_path(stranger, index, len(leaves), path, sha256) != defined_root(leaves)
    assert root_from_path(hashes[index], index, len(leaves), [*path, stranger], sha256) is None
    assert root_from_path(hashes[index], index, len(leaves), path[:-1], sha256) is None


def test_there_is_no_path_for_a_leaf_that_is_not_there() -> None:
    with pytest.raises(IndexError):
        inclusion_path([sha256(b"one")], 1, sha256)
    assert root_from_path(sha256(b"one"), 1, 1, [], sha256) is None
