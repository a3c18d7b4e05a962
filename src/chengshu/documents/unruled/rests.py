"""The rest of a row that the end of a page cut, where no rule tells it: its texts go on with those of the last row above."""

import re
from collections.abc import Sequence
from dataclasses import replace

from chengshu.documents.contracts import Cell, Layout, Row
from chengshu.documents.pieces import join_lines, may_be_one_figure
from chengshu.documents.unruled.blocks import Block, is_figure
from chengshu.documents.unruled.rows import BlockRow

_WORD = re.compile(r"[(（]?(?:[!-~]+|.)[/)）,，.。、]*")  # what stays together at the beginning of a line


def take_rest(rows: list[BlockRow], given: list[Row], page: int) -> None:
    """Give what is the rest of the last row of the page before to it, and take it from the rows of this page.

    A rest stands below texts that had no room any more on their lines, in fewer columns than the row had, and holds
    no figure below a whole one.
    """
    last = _find_last(given, page - 1)
    if last is None or len(rows) == 1:
        return
    cells = given[last].cells
    below: dict[int, Block] = {}
    for block in rows[0].blocks:
        over = [number for number, cell in enumerate(cells) if _stands_over(cell, block)]
        if len(over) != 1 or over[0] in below or not _goes_on(cells[over[0]], block, _find_width(given, last, over[0])):
            return
        below[over[0]] = block
    if len(below) >= sum(bool(cell.text) for cell in cells):
        return
    joined = (_join(cell, below[number]) if number in below else cell for number, cell in enumerate(cells))
    given[last] = replace(given[last], cells=tuple(joined))
    if rows[0].edges is not None and rows[1].edges is not None:
        rows[1].edges = rows[0].edges[0], rows[1].edges[1]
    del rows[0]


def _find_last(given: Sequence[Row], page: int) -> int | None:
    """The last row of tables, where it stands on the page."""
    for number in range(len(given) - 1, -1, -1):
        if given[number].layout is Layout.GRID:
            return number if any(cell.place.page == page for cell in given[number].cells) else None
    return None


def _stands_over(cell: Cell, block: Block) -> bool:
    box = cell.place.box
    return bool(cell.text) and box is not None and min(box[2], block.x1) > max(box[0], block.x0)


def _find_width(given: Sequence[Row], last: int, column: int) -> float:
    """The width of the widest text in a column of a table."""
    own = [row.cells[column] for row in given[: last + 1] if row.table == given[last].table]
    boxes = [cell.place.box for cell in own if cell.text and cell.col_span == 1]
    return max((box[2] - box[0] for box in boxes if box is not None), default=0.0)


def _goes_on(cell: Cell, block: Block, width: float) -> bool:
    """Tell whether the block had no room any more on the last line of the cell."""
    last, box = cell.text.rpartition("\n")[2], cell.place.box
    if is_figure(block.text) and is_figure(last) and not ("." in last and may_be_one_figure(last, block.text)):
        return False
    first = next(block.iter_lines())
    word = _WORD.match(first.text)
    needed = _measure(word[0] if word else "") / _measure(first.text) * (first.x1 - first.x0)
    return box is not None and box[2] - box[0] + needed > width


def _measure(text: str) -> float:
    """The width of a text in Chinese characters."""
    return sum(0.5 if character.isascii() else 1.0 for character in text)


def _join(cell: Cell, block: Block) -> Cell:
    rest = join_lines(block.pieces)
    is_broken = may_be_one_figure(cell.text.rpartition("\n")[2], rest.partition("\n")[0])
    return replace(cell, text=cell.text + ("" if is_broken else "\n") + rest)
