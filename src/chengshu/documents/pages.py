"""A page as rows: its ruled tables as grids, the text above, between and below them, all in reading order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chengshu.documents.contracts import Place
from chengshu.documents.grids import Spot, table_ref
from chengshu.documents.lattices import Box, Lattice
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
PADDING_PT = 12.0  # what programs leave free in a cell at most, both sides together

RuledTable = tuple[Lattice, Mapping[int, Sequence[Piece]]]


@dataclass(slots=True, eq=False)
class TableText:
    """A ruled table, or what of it stands on one page: by box of its lattice the pieces, the text, how sure it is.

    `before` is its part on the page before; `number` is that of the table, and `above` its rows on pages before, from
    when it was given.
    """

    lattice: Lattice
    held: list[Sequence[Piece]]
    texts: list[str]
    certainties: list[float]
    before: "TableText | None" = None
    number: int = 0
    above: int = 0

    @property
    def height(self) -> int:
        """How many rows it has on its page."""
        return len(self.lattice.rows) - 1

    @property
    def top(self) -> float:
        """The height of its upper edge."""
        return self.lattice.rows[0]

    @property
    def bottom(self) -> float:
        """The height of its lower edge."""
        return self.lattice.rows[-1]


def read_cell(box: Box, pieces: Sequence[Piece]) -> str:
    """The text of a cell; a figure that was too long for its line is one."""
    return join_lines(pieces, width=box[2] - box[0] - PADDING_PT, is_ruled=True) if pieces else ""


def read_table(ruled: RuledTable) -> TableText:
    """The text of every cell of a table whose lengths are points."""
    lattice, cells = ruled
    held = [cells.get(index, ()) for index in range(len(lattice.boxes))]
    texts = [read_cell(box, pieces) for box, pieces in zip(lattice.boxes, held, strict=True)]
    return TableText(lattice, held, texts, [mean_certainty(pieces) for pieces in held])


@dataclass(slots=True, eq=False)
class PageText:
    """A page: its ruled tables from top to bottom, the pieces outside them, its rules; nothing of a scan."""

    number: int
    tables: list[TableText] = field(default_factory=list)
    outside: list[Piece] = field(default_factory=list)
    rules: Rules = field(default_factory=Rules)
    is_scan: bool = False


def add_page(
    tables: Sequence[TableText],
    outside: Sequence[Piece],
    transcript: Transcript,
    *,
    page: int,
    rules: Rules | None = None,
) -> None:
    """Give a page whose lengths are points.

    `tables` come from top to bottom; `outside` are the pieces that stand in no table. With `rules` (of a page whose
    positions are exact) the text outside becomes cells by where it stands; without, its lines stay lines.
    """
    between = iter_between(group_lines(outside), [table.top for table in tables])
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


def _add_table(table: TableText, transcript: Transcript, *, page: int) -> None:
    before = table.before
    table.number = transcript.open_table() if before is None else before.number
    table.above = 0 if before is None else before.above + before.height

    def locate(row: int, column: int) -> Place:
        return Place(page=page, ref=table_ref(table.number, table.above + row, column))

    lattice, spots = table.lattice, []
    for box, span, text, certainty in zip(lattice.boxes, lattice.spans, table.texts, table.certainties, strict=True):
        row, column, row_span, col_span = span
        place = Place(page=page, ref=table_ref(table.number, table.above + row, column), box=round_box(box))
        spots.append(Spot(row, column, text, place, row_span, col_span, certainty))
    transcript.add_table(spots, table=table.number, locate=locate)
