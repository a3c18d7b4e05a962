"""Blocks as rows: cells of a row share the height of their middles, tops or bottoms."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from chengshu.documents.unruled.blocks import Block

Key = Callable[[Block], float]

# In heights of the letters: blocks nearer than the first are level; rows nearer than the second cannot both be rows.
_LEVEL = 0.15
_TOO_NEAR = 0.95


def middle_of(block: Block) -> float:
    """The height by which cells in the middle of their rows are level."""
    return block.middle


def top_of(block: Block) -> float:
    """The height by which cells at the top of their rows are level."""
    return block.top


def bottom_of(block: Block) -> float:
    """The height by which cells at the bottom of their rows are level."""
    return block.bottom


KEYS: tuple[Key, ...] = (middle_of, top_of, bottom_of)


@dataclass(slots=True)
class BlockRow:
    """The blocks of a row from left to right, the height that they share, its upper and lower edge where known."""

    level: float
    blocks: list[Block] = field(default_factory=list)
    edges: tuple[float, float] | None = None


def find_rows(blocks: Sequence[Block], key: Key) -> tuple[list[BlockRow], list[Block]]:
    """The rows from top to bottom, and the blocks that stand between rows."""
    clusters: list[BlockRow] = []
    for block in sorted(blocks, key=key):
        if clusters and key(block) - clusters[-1].level <= _LEVEL * block.height:
            clusters[-1].blocks.append(block)
        else:
            clusters.append(BlockRow(key(block), [block]))
    chosen = _choose(clusters)
    between = [block for index, row in enumerate(clusters) if index not in chosen for block in row.blocks]
    rows = [row for index, row in enumerate(clusters) if index in chosen]
    for row in rows:
        row.blocks.sort(key=lambda block: block.x0)
    return rows, between


def choose_key(blocks: Sequence[Block]) -> Key:
    """The height by which most wrapped cells are level with cells of one line."""
    wrapped = [block for block in blocks if block.lines > 1]

    def agreements(key: Key) -> int:
        single = sorted(key(block) for block in blocks if block.lines == 1)
        return sum(any(abs(key(block) - level) <= _LEVEL * block.height for level in single) for block in wrapped)

    return max(KEYS, key=agreements)


def _choose(rows: Sequence[BlockRow]) -> set[int]:
    """The rows that hold most blocks, none too near another."""
    best: list[tuple[int, tuple[int, ...]]] = [(0, ())]
    for index, row in enumerate(rows):
        far = index
        while far and row.level - rows[far - 1].level < _TOO_NEAR * row.blocks[0].height:
            far -= 1
        count, chosen = best[far]
        taken = (count + len(row.blocks), (*chosen, index))
        best.append(max(best[-1], taken, key=lambda item: item[0]))
    return set(best[-1][1])
