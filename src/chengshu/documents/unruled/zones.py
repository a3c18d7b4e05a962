"""Rows as zones: runs of rows whose cells stand above each other in the same columns."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field

from chengshu.documents.unruled.blocks import Block
from chengshu.documents.unruled.rows import BlockRow

Stretch = tuple[float, float]

# The cost of beginning a zone; of a cell that is level with no other of its column; of an empty position; of
# a cell over several columns.
_NEW_ZONE = 1.5
_UNSUPPORTED = 0.2
_MISSING = 0.05
_WIDE = 0.5
_ALIGNED_PT = 1.5
_LONGEST_ZONE = 80
_HEADING = 3  # cells of a row that may be a heading over several columns


@dataclass(slots=True)
class Zone:
    """Rows with columns in common; `columns` are the stretches of the page's width that their texts cover."""

    rows: list[BlockRow]
    columns: list[Stretch]
    between: list[Block] = field(default_factory=list)

    def column_of(self, block: Block) -> int:
        """The column that the block shares most width with, else the nearest."""

        def overlap(index: int) -> float:
            return min(block.x1, self.columns[index][1]) - max(block.x0, self.columns[index][0])

        return max(range(len(self.columns)), key=overlap)

    def span_of(self, block: Block) -> tuple[int, int]:
        """The first column that the block reaches over, and how many."""
        met = [index for index, (left, right) in enumerate(self.columns) if left < block.x1 and block.x0 < right]
        return (met[0], len(met)) if len(met) > 1 else (self.column_of(block), 1)


def find_zones(rows: Sequence[BlockRow], between: Iterable[Block]) -> list[Zone]:
    """Cut the rows where their columns change, and give every block between rows to the zone around it."""
    zones = [_make_zone(rows[start:end]) for start, end in _cut(rows)]
    for block in between:
        _find_home(zones, block).between.append(block)
    for zone in zones:
        for block in sorted(zone.between, key=lambda block: block.x1 - block.x0):
            _widen(zone, block)
    return zones


def _make_zone(rows: Sequence[BlockRow]) -> Zone:
    return Zone(list(rows), _stretches(rows, _find_wide(rows)))


def _find_home(zones: Sequence[Zone], block: Block) -> Zone:
    def away(zone: Zone) -> float:
        return max(zone.rows[0].level - block.middle, block.middle - zone.rows[-1].level)

    return min(zones, key=away)


def _widen(zone: Zone, block: Block) -> None:
    """Let the block's column reach over the block, or make it a column where it stands beside all others."""
    met = [index for index, (left, right) in enumerate(zone.columns) if left < block.x1 and block.x0 < right]
    if not met:
        zone.columns = sorted([*zone.columns, (block.x0, block.x1)])
    elif len(met) == 1:
        left, right = zone.columns[met[0]]
        zone.columns[met[0]] = (min(left, block.x0), max(right, block.x1))


def _cut(rows: Sequence[BlockRow]) -> list[tuple[int, int]]:
    """The runs of rows that cost least together."""
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(rows) + 1):
        starts = range(max(0, end - _LONGEST_ZONE), end)
        best.append(min((best[start][0] + _NEW_ZONE + _cost(rows[start:end]), start) for start in starts))
    cuts, end = [], len(rows)
    while end:
        start = best[end][1]
        cuts.append((start, end))
        end = start
    return cuts[::-1]


def _cost(rows: Sequence[BlockRow]) -> float:
    if len(rows) == 1:
        return 0.0
    wide = _find_wide(rows)
    columns = _stretches(rows, wide)
    held: list[list[tuple[int, Block]]] = [[] for _ in columns]
    cost = _WIDE * len(wide)
    for number, row in enumerate(rows):
        taken = set()
        for block in row.blocks:
            if id(block) in wide:
                continue
            column = next(index for index, (_, right) in enumerate(columns) if block.x0 < right)
            if column in taken:
                return float("inf")
            taken.add(column)
            held[column].append((number, block))
        cost += _MISSING * (len(columns) - len(taken))
    return cost + _UNSUPPORTED * sum(_count_unsupported(cells) for cells in held)


def _find_wide(rows: Sequence[BlockRow]) -> set[int]:
    """The identities of the blocks of a heading that stand over several columns: over two blocks of a row below."""
    heading = rows[0].blocks
    if len(heading) < _HEADING:
        return set()
    return {
        id(block)
        for block in heading
        if any(sum(_overlap(block, beside) for beside in other.blocks) > 1 for other in rows[1:])
    }


def _overlap(one: Block, other: Block) -> bool:
    return one.x0 < other.x1 and other.x0 < one.x1


def _count_unsupported(cells: Sequence[tuple[int, Block]]) -> int:
    return sum(
        not any(number != other and _is_aligned(block, beside) for other, beside in cells) for number, block in cells
    )


def _is_aligned(one: Block, other: Block) -> bool:
    """Whether the blocks share their left ends, their right ends or their middles."""
    left, right = abs(one.x0 - other.x0), abs(one.x1 - other.x1)
    return min(left, right, abs(one.x0 + one.x1 - other.x0 - other.x1) / 2) < _ALIGNED_PT


def _stretches(rows: Sequence[BlockRow], wide: Container[int]) -> list[Stretch]:
    columns: list[Stretch] = []
    blocks = (block for row in rows for block in row.blocks if id(block) not in wide)
    for left, right in sorted((block.x0, block.x1) for block in blocks):
        if columns and left < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(right, columns[-1][1]))
        else:
            columns.append((left, right))
    return columns
