"""Which rows a label beside them reaches over."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from chengshu.documents.unruled.blocks import Block
from chengshu.documents.unruled.rows import BlockRow, Key, bottom_of, middle_of

Edges = Sequence[tuple[float, float]]
Misfit = Callable[[int, int, int], float]  # of a label over the rows from a first to before an end
Step = tuple[float, int, bool]  # the cost so far, the row where the last run began, whether a label covers the run

_UNCOVERED = 0.4  # the cost of a row beside no label, in heights of the letters
_SLACK_PT = 1.0


@dataclass(frozen=True, slots=True)
class Reach:
    """The rows of a cell: from the first, so many."""

    first: int
    count: int


def find_edges(rows: Sequence[BlockRow], key: Key) -> Edges:
    """The upper and lower edge of each row.

    They lie between the texts of two rows; where texts stand in the middle of their rows, as far from it on both sides.
    """
    known = [row.edges for row in rows if row.edges is not None]
    if len(known) == len(rows):
        return known
    tops = [min(block.top for block in row.blocks) for row in rows]
    bottoms = [max(block.bottom for block in row.blocks) for row in rows]
    if key is middle_of and len(rows) > 1:
        offsets = [0.0]  # edge n is (-1)**n * the first edge + offset n
        for row in rows:
            offsets.append(2 * row.level - offsets[-1])
        low, high = float("-inf"), tops[0]
        for number, floor, ceiling in zip(range(1, len(rows) + 1), bottoms, [*tops[1:], float("inf")], strict=True):
            offset = offsets[number]
            ends = (offset - ceiling, offset - floor) if number % 2 else (floor - offset, ceiling - offset)
            low, high = max(low, ends[0]), min(high, ends[1])
        if low <= high + _SLACK_PT:
            first = (low + high) / 2
            return list(pairwise(first * (-1) ** number + offset for number, offset in enumerate(offsets)))
    inner = [(bottom + top) / 2 for bottom, top in zip(bottoms, tops[1:], strict=False)]
    gap = (inner[0] - bottoms[0]) if inner else 0.0
    return list(pairwise([tops[0] - gap, *inner, bottoms[-1] + gap]))


def spread_labels(labels: Sequence[Block], rows: Sequence[BlockRow], edges: Edges, key: Key) -> list[Reach]:
    """The rows of each label from top to bottom, so that the label stands in the middle of them, or begins or ends with them.

    Whichever of the two fits the labels better is taken; a row may be left without a label. Empty where
    there are more labels than rows.
    """
    bare = _UNCOVERED * rows[0].blocks[0].height
    is_tiled = rows[0].edges is not None

    def middle_misfit(label: int, first: int, end: int) -> float:
        misfit = abs(labels[label].middle - (edges[first][0] + edges[end - 1][1]) / 2)
        if not is_tiled or end < len(rows):
            return misfit
        start = min(block.pieces[0].middle for block in rows[first].blocks)  # the end of the page cuts the label
        return min(misfit, bare / 2 + abs(labels[label].pieces[0].middle - start))

    def level_misfit(label: int, first: int, end: int) -> float:
        return abs(key(labels[label]) - rows[end - 1 if key is bottom_of else first].level)

    ways = [] if is_tiled and key is not middle_of else [_spread(len(labels), len(rows), middle_misfit, bare)]
    if key is not middle_of:
        ways.append(_spread(len(labels), len(rows), level_misfit, bare))
    return min(ways, key=lambda way: way[0])[1]


def _spread(labels: int, rows: int, misfit: Misfit, bare: float) -> tuple[float, list[Reach]]:
    steps: list[list[Step]] = [[(row * bare, row - 1, False) for row in range(rows + 1)]]
    for label in range(labels):
        steps.append([(float("inf"), 0, False)])
        for row in range(1, rows + 1):
            uncovered = (steps[-1][row - 1][0] + bare, row - 1, False)
            covered = ((steps[-2][start][0] + misfit(label, start, row), start, True) for start in range(row))
            steps[-1].append(min(uncovered, *covered))
    return steps[-1][-1][0], _trace(steps)


def _trace(steps: Sequence[Sequence[Step]]) -> list[Reach]:
    label, row = len(steps) - 1, len(steps[0]) - 1
    reaches: list[Reach] = []
    if steps[-1][-1][0] == float("inf"):
        return []
    while label:
        _, start, is_covered = steps[label][row]
        if is_covered:
            reaches.append(Reach(start, row - start))
            label -= 1
        row = start
    return reaches[::-1]
