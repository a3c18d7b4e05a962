"""From the rectangles of a ruled table to rows and columns with spans, and from a point to its rectangle."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

Box = tuple[float, float, float, float]  # x0, top, x1, bottom


class Lattice:
    """The grid that the edges of all rectangles span together; lengths are in the unit of the boxes.

    `spans[i]` is (row, column, row span, column span) of `boxes[i]`; edges nearer than `tolerance` are one.
    """

    def __init__(self, boxes: Sequence[Box], *, tolerance: float) -> None:
        self.boxes = boxes
        self._xs = merge_edges((x for box in boxes for x in (box[0], box[2])), tolerance=tolerance)
        self._ys = merge_edges((y for box in boxes for y in (box[1], box[3])), tolerance=tolerance)
        self.take_columns(self._xs)

    @property
    def columns(self) -> Sequence[float]:
        """The upright edges, from left to right."""
        return self._xs

    @property
    def rows(self) -> Sequence[float]:
        """The level edges, from top to bottom."""
        return self._ys

    def take_columns(self, edges: Sequence[float]) -> None:
        """Count the columns by edges that the table shares with its parts on other pages."""
        self._xs = list(edges)
        self.spans = [self._span_of(box) for box in self.boxes]
        self._owners = {
            (row + down, column + right): index
            for index, (row, column, rows, columns) in enumerate(self.spans)
            for down in range(rows)
            for right in range(columns)
        }

    def find(self, x: float, y: float) -> int | None:
        """The position in `boxes` of the rectangle that holds the point, None outside."""
        return self._owners.get((bisect_right(self._ys, y) - 1, bisect_right(self._xs, x) - 1))

    def _span_of(self, box: Box) -> tuple[int, int, int, int]:
        left, right = _nearest(self._xs, box[0]), _nearest(self._xs, box[2])
        top, bottom = _nearest(self._ys, box[1]), _nearest(self._ys, box[3])
        return top, left, max(1, bottom - top), max(1, right - left)


def merge_edges(values: Iterable[float], *, tolerance: float) -> list[float]:
    """The distinct edges in ascending order, each the mean of those within `tolerance` of their neighbour."""
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][-1] <= tolerance:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [sum(group) / len(group) for group in groups]


def _nearest(edges: Sequence[float], value: float) -> int:
    position = bisect_right(edges, value)
    candidates = range(max(0, position - 1), min(len(edges), position + 1))
    return min(candidates, key=lambda index: abs(edges[index] - value))
