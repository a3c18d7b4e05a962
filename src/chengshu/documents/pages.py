"""A page as rows: its ruled tables as grids, the text above, between and below them, all in reading order."""

from collections.abc import Mapping, Sequence

from chengshu.documents.contracts import Place
from chengshu.documents.grids import Spot, table_ref
from chengshu.documents.lattices import Lattice
from chengshu.documents.pieces import (
    Line,
    Piece,
    add_unruled,
    group_lines,
    iter_between,
    join_lines,
    mean_certainty,
    round_box,
    split_segments,
)
from chengshu.documents.transcript import Transcript
from chengshu.documents.unruled.blocks import Rules
from chengshu.documents.unruled.page import add_unruled_page

_COLUMNS, _COLUMN_LINES = 3, 3
_FULL_ROW = 6
_PADDING_PT = 12.0  # what programs leave free in a cell at most, both sides together

RuledTable = tuple[Lattice, Mapping[int, Sequence[Piece]]]


def add_page(
    tables: Sequence[RuledTable],
    outside: Sequence[Piece],
    transcript: Transcript,
    *,
    page: int,
    rules: Rules | None = None,
) -> None:
    """Give a page whose lengths are points.

    `tables` come from top to bottom, each with the pieces of its cells by their position in the lattice's boxes;
    `outside` are the pieces that stand in no table. With `rules` (of a page whose positions are exact) the text outside
    becomes cells by where it stands; without, its lines stay lines.
    """
    tops = [min(box[1] for box in lattice.boxes) for lattice, _ in tables]
    between = iter_between(group_lines(outside), tops)
    _add_outside(next(between), transcript, page=page, rules=rules)
    for table, below in zip(tables, between, strict=True):
        _add_table(table, transcript, page=page)
        _add_outside(below, transcript, page=page, rules=rules)


def _add_outside(lines: Sequence[Line], transcript: Transcript, *, page: int, rules: Rules | None) -> None:
    if rules is not None and (holds_columns(lines) or _holds_full_row(lines)):
        add_unruled_page([piece for line in lines for piece in line], rules, transcript, page=page)
    else:
        add_unruled(lines, transcript, page=page)


def holds_columns(lines: Sequence[Line]) -> bool:
    """Tell whether the lines are those of a table and not of a few signatures or of one cell."""
    return sum(len(split_segments(line)) >= _COLUMNS for line in lines) >= _COLUMN_LINES


def _holds_full_row(lines: Sequence[Line]) -> bool:
    """Tell whether one line alone is a row of a table: the last ones of a table that began on the page before."""
    return any(len(split_segments(line)) >= _FULL_ROW for line in lines)


def _add_table(ruled: RuledTable, transcript: Transcript, *, page: int) -> None:
    lattice, cells = ruled
    table = transcript.open_table()

    def locate(row: int, column: int) -> Place:
        return Place(page=page, ref=table_ref(table, row, column))

    spots = []
    for index, (row, column, row_span, col_span) in enumerate(lattice.spans):
        pieces = cells.get(index, ())
        place = Place(page=page, ref=table_ref(table, row, column), box=round_box(lattice.boxes[index]))
        left, _, right, _ = lattice.boxes[index]
        text = join_lines(pieces, width=right - left - _PADDING_PT)
        spots.append(Spot(row, column, text, place, row_span, col_span, mean_certainty(pieces)))
    transcript.add_table(spots, table=table, locate=locate)
