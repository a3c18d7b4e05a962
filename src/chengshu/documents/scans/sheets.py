"""Tells apart the pages that lie side by side on one picture: two forms on a copier's glass, an open book."""

from collections.abc import Sequence

from chengshu.documents.pages import RuledTable
from chengshu.documents.pieces import Piece

Sheet = tuple[list[RuledTable], list[Piece]]

_LEAST_WIDTH = 0.25  # of all that is printed: a table that is narrower stands in the margin


def split_sheets(tables: Sequence[RuledTable], outside: Sequence[Piece]) -> list[Sheet]:
    """The tables and the text outside them by sheet, from left to right; one sheet where nothing stands side by side.

    Between two sheets there is a strip from top to bottom that no table reaches into, with a table on both sides.
    """
    cut = _find_cut(tables)
    if cut is None:
        return [(list(tables), list(outside))]
    left = [table for table in tables if _reach(table)[1] <= cut], [piece for piece in outside if _middle(piece) < cut]
    right = [table for table in tables if _reach(table)[0] >= cut], [p for p in outside if _middle(p) >= cut]
    return [left, *split_sheets(*right)]


def _find_cut(tables: Sequence[RuledTable]) -> float | None:
    """The middle of the first strip between tables that stand side by side."""
    reaches = sorted(_reach(table) for table in tables)
    if len(reaches) < 2:
        return None
    least = _LEAST_WIDTH * (max(end for _, end in reaches) - reaches[0][0])
    wide = [reach for reach in reaches if reach[1] - reach[0] >= least]
    end = wide[0][1] if wide else 0.0
    for start, further in wide[1:]:
        if start > end and all(last <= end or first >= start for first, last in reaches):
            return (start + end) / 2
        end = max(end, further)
    return None


def _reach(table: RuledTable) -> tuple[float, float]:
    boxes = table[0].boxes
    return min(box[0] for box in boxes), max(box[2] for box in boxes)


def _middle(piece: Piece) -> float:
    return (piece.x0 + piece.x1) / 2
