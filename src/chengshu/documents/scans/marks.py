"""Ink that the detector of lines passes over: lone dashes and digits in cells, characters set one below the other."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from chengshu.documents.lattices import Box, Lattice
from chengshu.documents.scans.rulings import Mask

_INSET_PX = 5
_LEAST_INK_PX = 12
_MARGIN_PX = 5
_DASH_SHAPE = 3.0  # a lone mark so much wider than high is a dash, not the character for one
_DASH_FULL = 0.6  # of its box is ink
_TALL = 1.7  # a line so much higher than wide is several characters
_AS_NARROW = 1.4
_CHARACTER_PX = 2
_CHARACTER = 0.5  # of the width of a column of characters is the least height of one


@dataclass(frozen=True, slots=True)
class Mark:
    """Ink in a cell where no line was found: the position of its cell, its box, whether its shape says dash."""

    cell: int
    box: Box
    is_dash: bool


def find_marks(ink: Mask, lattice: Lattice, *, taken: set[int]) -> Iterator[Mark]:
    """The marks in the cells that are not taken; specks, and what touches a cell's edge, are none."""
    for cell, (x0, y0, x1, y1) in enumerate(lattice.boxes):
        left, top = int(x0) + _INSET_PX, int(y0) + _INSET_PX
        window = ink[top : int(y1) - _INSET_PX, left : int(x1) - _INSET_PX]
        if cell in taken or not window.size:
            continue
        parts = [part for part in _iter_parts(window) if not _touches_edge(part, window)]
        if parts:
            is_dash = len(parts) == 1 and _is_dash(parts[0])
            yield Mark(cell, _frame(parts, left=left, top=top), is_dash)


def _frame(parts: list[tuple[int, int, int, int, int]], *, left: int, top: int) -> Box:
    """The box around the parts with a little white."""
    x0, y0 = min(x for x, *_ in parts), min(y for _, y, *_ in parts)
    x1, y1 = max(x + width for x, _, width, *_ in parts), max(y + height for _, y, _, height, _ in parts)
    return left + x0 - _MARGIN_PX, top + y0 - _MARGIN_PX, left + x1 + _MARGIN_PX, top + y1 + _MARGIN_PX


def _iter_parts(window: Mask) -> Iterator[tuple[int, int, int, int, int]]:
    """x, y, width, height and ink of every connected part that is more than a speck."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(window), connectivity=8)
    for x, y, width, height, area in stats[1:].tolist():
        if area >= _LEAST_INK_PX:
            yield x, y, width, height, area


def _touches_edge(part: tuple[int, int, int, int, int], window: Mask) -> bool:
    x, y, width, height, _ = part
    return x == 0 or y == 0 or x + width == window.shape[1] or y + height == window.shape[0]


def _is_dash(part: tuple[int, int, int, int, int]) -> bool:
    _, _, width, height, area = part
    return width > _DASH_SHAPE * height and area > _DASH_FULL * width * height


def split_columns(ink: Mask, boxes: list[Box]) -> list[Box]:
    """The lines of a cell, where characters set one below the other are taken apart: each is a box of its own."""
    tall = [box for box in boxes if box[3] - box[1] > _TALL * (box[2] - box[0])]
    if not tall:
        return boxes
    # The detector cuts such columns anywhere: what is as narrow belongs to them.
    widest = max(x1 - x0 for x0, _, x1, _ in tall) * _AS_NARROW
    column = [box for box in boxes if box[2] - box[0] <= widest]
    frame = (min(b[0] for b in column), min(b[1] for b in column), max(b[2] for b in column), max(b[3] for b in column))
    return [*(box for box in boxes if box not in column), *_split_column(ink, frame)]


def _split_column(ink: Mask, frame: Box) -> list[Box]:
    x0, y0, x1, y1 = frame
    rows = np.flatnonzero(ink[int(y0) : int(y1), int(x0) : int(x1)].any(axis=1)).tolist()
    least = _CHARACTER * (x1 - x0)
    starts = [0] if rows else []
    for index in range(1, len(rows)):
        if rows[index] > rows[index - 1] + 1 and rows[index - 1] - rows[starts[-1]] >= least:
            starts.append(index)
    ends = [start - 1 for start in starts[1:]] + [len(rows) - 1]
    characters: list[Box] = [
        (x0, int(y0) + rows[start] - _CHARACTER_PX, x1, int(y0) + rows[end] + 1 + _CHARACTER_PX)
        for start, end in zip(starts, ends, strict=False)
    ]
    return characters or [frame]
