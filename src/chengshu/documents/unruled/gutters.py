"""Columns that stand close to each other, told by how their texts are aligned with others above and below."""

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from chengshu.documents.pieces import Line, Piece

_NARROWEST = 0.28  # in heights of the letters
_ALIGNED_PT = 0.6
_SEVERAL = 3


def cut_close(segments: Sequence[Line]) -> list[Line]:
    """The segments, those cut whose parts on both sides of a small gap are aligned with several other texts."""
    gaps = [_find_gaps(segment) for segment in segments]
    parts = [part for segment, found in zip(segments, gaps, strict=True) for part in _split(segment, found)]
    support = _Support(parts)
    cut: list[Line] = []
    for segment, found in zip(segments, gaps, strict=True):
        cut += _split(segment, [gap for gap in found if support.holds(segment, found, gap)])
    return cut


def _find_gaps(segment: Line) -> list[int]:
    """Where a piece begins after a gap."""
    return [
        index
        for index in range(1, len(segment))
        if segment[index].x0 - segment[index - 1].x1 > _NARROWEST * segment[index].height
    ]


def _split(segment: Line, gaps: Sequence[int]) -> list[Line]:
    ends = [0, *gaps, len(segment)]
    return [segment[start:end] for start, end in itertools.pairwise(ends)]


class _Support:
    """How many texts share a left end, a right end or a middle."""

    def __init__(self, parts: Sequence[Line]) -> None:
        self._ends = [sorted(position(part) for part in parts) for position in _POSITIONS]

    def holds(self, segment: Line, gaps: Sequence[int], gap: int) -> bool:
        before = max((index for index in gaps if index < gap), default=0)
        after = min((index for index in gaps if index > gap), default=len(segment))
        return self._is_aligned(segment[before:gap]) and self._is_aligned(segment[gap:after])

    def _is_aligned(self, part: Line) -> bool:
        return any(
            bisect_right(ends, position(part) + _ALIGNED_PT) - bisect_left(ends, position(part) - _ALIGNED_PT)
            > _SEVERAL
            for ends, position in zip(self._ends, _POSITIONS, strict=True)
        )


def _left(part: Sequence[Piece]) -> float:
    return part[0].x0


def _right(part: Sequence[Piece]) -> float:
    return part[-1].x1


def _middle(part: Sequence[Piece]) -> float:
    return (part[0].x0 + part[-1].x1) / 2


_POSITIONS = (_left, _right, _middle)
