"""Postings as bytes: which resources of a segment hold a word, and with what weight."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

SEGMENT = 4096
"""Ids of resources in a segment."""

Ids = npt.NDArray[np.int64]
Kept = bytes | memoryview
"""Bytes as databases give them."""

Packed = tuple[bytes, bytes]
"""Offsets, two bytes each, and weights, one byte each."""


def place_of(entry: int) -> tuple[int, int]:
    """Give the segment of a resource and its offset there."""
    return divmod(entry, SEGMENT)


def put(packed: Packed, offset: int, weight: int) -> Packed:
    """Give the posting with a resource in it at this weight, whether it stood there or not."""
    offsets, weights = (np.frombuffer(part, dtype) for part, dtype in zip(packed, ("<u2", "u1"), strict=True))
    at = int(np.searchsorted(offsets, offset))
    if at < len(offsets) and offsets[at] == offset:
        changed = weights.copy()
        changed[at] = weight
        return packed[0], changed.tobytes()
    return (
        np.insert(offsets, at, offset).astype("<u2").tobytes(),
        np.insert(weights, at, weight).astype("u1").tobytes(),
    )


def take_out(packed: Packed, offset: int) -> Packed:
    """Give the posting without a resource."""
    offsets, weights = (np.frombuffer(part, dtype) for part, dtype in zip(packed, ("<u2", "u1"), strict=True))
    stays = offsets != offset
    return offsets[stays].tobytes(), weights[stays].tobytes()


def pack_all(tokens: Any, entries: Any, weights: Any) -> Iterator[tuple[int, int, Packed]]:
    """Give token, segment and packed posting of every word out of arrays with one item a word and resource."""
    keys, owners = np.frombuffer(tokens, dtype=np.int64), np.frombuffer(entries, dtype=np.int64)
    loads = np.frombuffer(weights, dtype=np.uint8)
    order = np.lexsort((owners, keys))
    keys, owners, loads = keys[order], owners[order], loads[order]
    segments, offsets = owners // SEGMENT, (owners % SEGMENT).astype("<u2")
    edges = np.flatnonzero((np.diff(keys) != 0) | (np.diff(segments) != 0)) + 1
    starts = np.concatenate(([0], edges)) if len(keys) else np.empty(0, dtype=np.int64)
    ends = np.concatenate((edges, [len(keys)])) if len(keys) else starts
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        yield int(keys[start]), int(segments[start]), (offsets[start:end].tobytes(), loads[start:end].tobytes())


def intersect(rows: Iterable[tuple[int, Kept, Kept]], words: int) -> tuple[Ids, Ids]:
    """Give the ids of the resources that hold all of so many words, ascending, and the sums of their weights.

    `rows` are segment, offsets and weights, one a word and segment.
    """
    held: dict[int, npt.NDArray[np.int64]] = {}
    scores: dict[int, npt.NDArray[np.int64]] = {}
    for segment, packed_offsets, packed_weights in rows:
        offsets = np.frombuffer(packed_offsets, dtype="<u2")
        if segment not in held:
            held[segment], scores[segment] = np.zeros(SEGMENT, dtype=np.int64), np.zeros(SEGMENT, dtype=np.int64)
        held[segment][offsets] += 1
        scores[segment][offsets] += np.frombuffer(packed_weights, dtype="u1")
    return _join(held, scores, words)


def _join(held: Mapping[int, Ids], scores: Mapping[int, Ids], words: int) -> tuple[Ids, Ids]:
    ids, sums = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for segment in sorted(held):
        whole = np.flatnonzero(held[segment] == words)
        ids.append(whole + segment * SEGMENT)
        sums.append(scores[segment][whole])
    return np.concatenate(ids), np.concatenate(sums)
