"""Lays cells with spans on a board, so that every row of a table has the same column positions."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from chengshu.documents.contracts import Cell, Place

Locate = Callable[[int, int], Place]


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell of a table and where it begins; `row` and `column` count from 0."""

    row: int
    column: int
    text: str
    place: Place
    row_span: int = 1
    col_span: int = 1
    certainty: float = 1.0


def measure_grid(spots: Iterable[Spot]) -> tuple[int, int]:
    """Rows and columns that the spots with their spans reach over."""
    height = width = 0
    for spot in spots:
        height = max(height, spot.row + spot.row_span)
        width = max(width, spot.column + spot.col_span)
    return height, width


def lay_grid(spots: Sequence[Spot], *, locate: Locate) -> Iterator[tuple[Cell, ...]]:
    """The rows of the board: merged cells once, `covered` cells under them, empty cells in the holes.

    Of two spots that claim one position the earlier keeps it. `locate(row, column)` gives the place of a position
    where no spot begins.
    """
    height, width = measure_grid(spots)
    board: list[list[Cell | None]] = [[None] * width for _ in range(height)]
    for spot in spots:
        if board[spot.row][spot.column] is not None:
            continue
        for row in range(spot.row, spot.row + spot.row_span):
            for column in range(spot.column, spot.column + spot.col_span):
                if board[row][column] is None:
                    board[row][column] = Cell("", locate(row, column), covered=True)
        board[spot.row][spot.column] = Cell(
            spot.text, spot.place, spot.row_span, spot.col_span, certainty=spot.certainty
        )
    for row, cells in enumerate(board):
        yield tuple(cell or Cell("", locate(row, column)) for column, cell in enumerate(cells))


def table_ref(table: int, row: int, column: int) -> str:
    """The name of a position in a table without names of its own: "T2R5C3"; `row` and `column` count from 0."""
    return f"T{table}R{row + 1}C{column + 1}"
