"""Ruling lines of tables on a picture: found, turned into cell boxes, erased."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from chengshu.documents.lattices import Box, merge_edges

Mask = NDArray[np.uint8]
Picture = NDArray[np.uint8]

_BLOCK_PX = 31
_CONTRAST = 12
_SHORTEST_RULE_PX = 40
_RULES_PER_WIDTH = 30  # a horizontal rule is longer than this part of the page's width
_ROW_SHARE = 0.92  # of the lowest row: a vertical rule is longer, the strokes of its characters are not
_LOWEST_ROW_PX = 18
_TOLERANCE_PX = 8
_EDGE_SHARE = 0.6  # of an edge must be drawn to part two cells
_MIN_WIDTH_SHARE = 0.2
_FEWEST_CELLS = 4
_CORNER_SHARE = 0.01  # of its length: the outline of a table is drawn with straight sides within this
_LEAST_FULL = 0.97
_CORNERS = 4
_WHITE = 255


@dataclass(frozen=True, slots=True)
class RuledTable:
    """A table by its cell boxes, in pixels."""

    boxes: tuple[Box, ...]

    @property
    def top(self) -> float:
        """Where it begins on the page."""
        return min(box[1] for box in self.boxes)

    @property
    def frame(self) -> Box:
        """The smallest box around it."""
        x0, y0, x1, y1 = zip(*self.boxes, strict=True)
        return min(x0), min(y0), max(x1), max(y1)

    def surrounds(self, other: "RuledTable") -> bool:
        """Whether the other stands in one of its cells: then this is the edge of a page or a border, no table."""
        left, top, right, bottom = other.frame
        return any(x0 < left and y0 < top and right < x1 and bottom < y1 for x0, y0, x1, y1 in self.boxes)


def binarise(grey: NDArray[np.uint8]) -> Mask:
    """Ink as 255 by local contrast, whatever the lighting of the page."""
    method, kind = cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV
    return np.asarray(cv2.adaptiveThreshold(grey, _WHITE, method, kind, _BLOCK_PX, _CONTRAST), dtype=np.uint8)


def find_tables(ink: Mask) -> tuple[list[RuledTable], Mask]:
    """The ruled tables from top to bottom, and the mask of their rules."""
    level, upright = _find_rules(ink)
    read = [table for region in _iter_regions(level, upright) if (table := _read_region(region))]
    tables = [table for table in read if not any(table.surrounds(other) for other in read)]
    rules = _mask_near_edges(level | upright, tables)
    return sorted(tables, key=lambda table: table.top), rules


def erase(picture: Picture, rules: Mask) -> Picture:
    """The picture without the rules, so that thin strokes beside them are not taken for a part of them."""
    cleared = picture.copy()
    cleared[cv2.dilate(rules, np.ones((3, 3), np.uint8)) > 0] = _WHITE
    return cleared


def _find_rules(ink: Mask) -> tuple[Mask, Mask]:
    """Masks of the level and the upright rules."""
    height, width = ink.shape
    long_enough = max(_SHORTEST_RULE_PX, width // _RULES_PER_WIDTH)
    level = _keep_strokes(ink, length=long_enough, is_level=True)
    edges = merge_edges((y + h / 2 for _, y, _, h in _iter_boxes(level)), tolerance=_TOLERANCE_PX)
    gaps = [low - high for high, low in pairwise(edges) if low - high >= _LOWEST_ROW_PX]
    shortest = int(_ROW_SHARE * min(gaps, default=_SHORTEST_RULE_PX))
    upright = _keep_strokes(ink, length=min(max(shortest, _LOWEST_ROW_PX), height), is_level=False)
    return level, upright


def _keep_strokes(ink: Mask, *, length: int, is_level: bool) -> Mask:
    """What remains of the ink where strokes of the length fit in; hairlines broken by scanning are mended first."""
    across = (1, 3) if is_level else (3, 1)
    along = (length, 1) if is_level else (1, length)
    mended = cv2.dilate(ink, cv2.getStructuringElement(cv2.MORPH_RECT, across))
    kept = cv2.morphologyEx(mended, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, along))
    return np.asarray(kept, dtype=np.uint8)


def _iter_boxes(mask: Mask) -> Iterator[tuple[int, int, int, int]]:
    """x, y, width and height of every connected part."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    for x, y, width, height, _ in stats[1:].tolist():
        yield x, y, width, height


def find_outline(ink: Mask) -> NDArray[np.float32] | None:
    """The four corners of the widest ruled table, clockwise from the top left; None without such a table."""
    level, upright = _find_rules(ink)
    regions = sorted(_iter_regions(level, upright), key=lambda region: region.part[1].stop - region.part[1].start)
    if not regions:
        return None
    region = regions[-1]
    points = cv2.findNonZero(region.level | region.upright)
    hull = cv2.convexHull(points)
    corners = cv2.approxPolyDP(hull, _CORNER_SHARE * cv2.arcLength(hull, closed=True), closed=True).reshape(-1, 2)
    if len(corners) != _CORNERS or cv2.contourArea(corners) < _LEAST_FULL * cv2.contourArea(hull):
        return None
    corners = corners + np.array([region.part[1].start, region.part[0].start])
    by_sum, by_difference = corners.sum(axis=1), (corners[:, 0] - corners[:, 1])
    order = [by_sum.argmin(), by_difference.argmax(), by_sum.argmax(), by_difference.argmin()]
    return np.asarray(corners[order], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class _Region:
    """Rules that hang together: where they lie on the page, and their own masks there."""

    part: tuple[slice, slice]
    level: Mask
    upright: Mask


def _iter_regions(level: Mask, upright: Mask) -> Iterator[_Region]:
    """The parts of the page where rules hang together over a fair width."""
    joined = cv2.dilate(level | upright, np.ones((7, 7), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    for label, (x, y, width, height, _) in enumerate(stats.tolist()):
        if label and width > _MIN_WIDTH_SHARE * level.shape[1] and height > 2 * _LOWEST_ROW_PX:
            part = slice(y, y + height), slice(x, x + width)
            own = labels[part] == label
            yield _Region(part, np.where(own, level[part], 0), np.where(own, upright[part], 0))


def _read_region(region: _Region) -> RuledTable | None:
    level, upright = region.level, region.upright
    lying, standing = list(_iter_boxes(level)), list(_iter_boxes(upright))
    # Tables whose outer rules are left out end where the inner ones end.
    ys = [y + h / 2 for _, y, _, h in lying] + [y for _, y, _, _ in standing] + [y + h for _, y, _, h in standing]
    xs = [x + w / 2 for x, _, w, _ in standing] + [x for x, _, _, _ in lying] + [x + w for x, _, w, _ in lying]
    rows, columns = merge_edges(ys, tolerance=_TOLERANCE_PX), merge_edges(xs, tolerance=_TOLERANCE_PX)
    if len(rows) < 2 or len(columns) < 2:
        return None
    down, right = region.part[0].start, region.part[1].start
    boxes = tuple(
        (columns[x0] + right, rows[y0] + down, columns[x1] + right, rows[y1] + down)
        for y0, x0, y1, x1 in _join_fields(_Board(level, upright, rows, columns))
    )
    # A frame around the page or a box around a note is no table.
    return RuledTable(boxes) if len(boxes) >= _FEWEST_CELLS else None


@dataclass(frozen=True, slots=True)
class _Board:
    """The smallest fields that all edges of a table make, and the rules between them."""

    level: Mask
    upright: Mask
    ys: list[float]
    xs: list[float]

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.ys) - 1, len(self.xs) - 1

    def is_parted_below(self, row: int, column: int) -> bool:
        y, x0, x1 = round(self.ys[row + 1]), *self._inner(self.xs, column)
        return _share(self.level[max(0, y - _TOLERANCE_PX) : y + _TOLERANCE_PX + 1, x0:x1], axis=0)

    def is_parted_right(self, row: int, column: int) -> bool:
        x, y0, y1 = round(self.xs[column + 1]), *self._inner(self.ys, row)
        return _share(self.upright[y0:y1, max(0, x - _TOLERANCE_PX) : x + _TOLERANCE_PX + 1], axis=1)

    @staticmethod
    def _inner(edges: list[float], index: int) -> tuple[int, int]:
        """A stretch without its ends, where other rules cross."""
        start, end = edges[index], edges[index + 1]
        inset = min(_TOLERANCE_PX / 2, (end - start) / 4)
        return round(start + inset), max(round(end - inset), round(start + inset) + 1)


def _share(strip: Mask, *, axis: int) -> bool:
    return bool(strip.size) and float(np.mean(strip.any(axis=axis))) >= _EDGE_SHARE


def _join_fields(board: _Board) -> Iterator[tuple[int, int, int, int]]:
    """The cells as (first row, first column, end row, end column): fields without a rule between them are one.

    Where what hangs together is no rectangle (a rule is broken), only fields side by side are joined.
    """
    rows, columns = board.shape
    labels = _label(board, joins_down=True)
    flat = _label(board, joins_down=False)
    for label in range(rows * columns):
        fields = np.argwhere(labels == label)
        if not len(fields):
            continue
        if _is_full(fields):
            yield _frame(fields)
        else:
            for part in sorted({int(flat[row, column]) for row, column in fields}):
                yield _frame(np.argwhere(flat == part))


def _label(board: _Board, *, joins_down: bool) -> NDArray[np.int64]:
    rows, columns = board.shape
    labels = np.arange(rows * columns, dtype=np.int64).reshape(rows, columns)
    for row in range(rows):
        for column in range(columns):
            if column + 1 < columns and not board.is_parted_right(row, column):
                labels[labels == labels[row, column + 1]] = labels[row, column]
            if joins_down and row + 1 < rows and not board.is_parted_below(row, column):
                labels[labels == labels[row + 1, column]] = labels[row, column]
    return labels


def _is_full(fields: NDArray[np.int64]) -> bool:
    y0, x0, y1, x1 = _frame(fields)
    return len(fields) == (y1 - y0) * (x1 - x0)


def _frame(fields: NDArray[np.int64]) -> tuple[int, int, int, int]:
    (y0, x0), (y1, x1) = fields.min(axis=0).tolist(), fields.max(axis=0).tolist()
    return y0, x0, y1 + 1, x1 + 1


def _mask_near_edges(mask: Mask, tables: list[RuledTable]) -> Mask:
    """The rules on the edges of cells only: a long dash within a cell is text."""
    frames = np.zeros_like(mask)
    for table in tables:
        for x0, y0, x1, y1 in table.boxes:
            corners = (round(x0), round(y0)), (round(x1), round(y1))
            cv2.rectangle(frames, *corners, color=_WHITE, thickness=2 * _TOLERANCE_PX)
    return mask & frames
