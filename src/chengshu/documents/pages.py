"""A page as rows: its ruled tables as grids, the text above, between and below them, all in reading order."""

from collections.abc import Mapping, Sequence

from chengshu.documents.contracts import Place
from chengshu.documents.grids import Spot, table_ref
from chengshu.documents.lattices import Lattice
from chengshu.documents.pieces import (
    Piece,
    add_unruled,
    group_lines,
    iter_between,
    join_lines,
    mean_certainty,
    round_box,
)
from chengshu.documents.transcript import Transcript

RuledTable = tuple[Lattice, Mapping[int, Sequence[Piece]]]


def add_page(
    tables: Sequence[RuledTable],
    outside: Sequence[Piece],
    transcript: Transcript,
    *,
    page: int,
    rules: Sequence[float] = (),
) -> None:
    """Give a page whose lengths are points.

    `tables` come from top to bottom, each with the pieces of its cells by their position in the lattice's boxes;
    `outside` are the pieces that stand in no table, `rules` the heights of rules across a page without tables.
    """
    tops = [min(box[1] for box in lattice.boxes) for lattice, _ in tables]
    between = iter_between(group_lines(outside), tops)
    add_unruled(next(between), transcript, page=page, rules=rules)
    for table, below in zip(tables, between, strict=True):
        _add_table(table, transcript, page=page)
        add_unruled(below, transcript, page=page)


def _add_table(ruled: RuledTable, transcript: Transcript, *, page: int) -> None:
    lattice, cells = ruled
    table = transcript.open_table()

    def locate(row: int, column: int) -> Place:
        return Place(page=page, ref=table_ref(table, row, column))

    spots = []
    for index, (row, column, row_span, col_span) in enumerate(lattice.spans):
        pieces = cells.get(index, ())
        place = Place(page=page, ref=table_ref(table, row, column), box=round_box(lattice.boxes[index]))
        spots.append(Spot(row, column, join_lines(pieces), place, row_span, col_span, mean_certainty(pieces)))
    transcript.add_table(spots, table=table, locate=locate)
