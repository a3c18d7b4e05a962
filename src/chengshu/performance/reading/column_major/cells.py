"""What the reader of forms printed column by column puts into a cell."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from unicodedata import east_asian_width

from chengshu.documents.contracts import Layout
from chengshu.performance.reading.lines import Line, Piece, make_piece
from chengshu.performance.reading.natural.words import Word

SURE = 0.85  # of its place at best, a word without its row


@dataclass(frozen=True, slots=True)
class Found:
    """The words of one cell; not `legible` when they stand on the page but their place cannot be told."""

    words: tuple[Word, ...]
    legible: bool = True
    sure: float = SURE

    def piece(self, column: int) -> Piece:
        """Give the words as one piece in a column."""
        text = " ".join(word.text for word in self.words)
        cell = self.words[0].cell
        piece = make_piece(text, column, replace(cell, text=text, certainty=min(cell.certainty, self.sure)))
        return piece if self.legible else replace(piece, key="", legible=False)


def lost(words: Iterable[Word]) -> Found:
    """Give words whose place cannot be told."""
    return Found(tuple(words), legible=False)


def make_line(cells: Mapping[int, Found], table: int | None) -> Line:
    """Make a line of a true table from its cells by column; cells without words are left out."""
    pieces = tuple(cell.piece(column) for column, cell in sorted(cells.items()) if cell.words)
    return Line(pieces, Layout.GRID, table, tuple(piece.column for piece in pieces))


def is_one_wrapped(words: Sequence[Word]) -> bool:
    """Tell whether the words may be the lines of one wrapped cell: each but the last has no room for the next."""
    widest = max((width(word.text) for word in words), default=0)
    return all(is_full(word.text, after.text, widest) for word, after in pairwise(words))


def is_full(text: str, following: str, widest: int) -> bool:
    """Tell whether the first letter of the following text would not fit on the text's line."""
    return width(text) + width(following[:1]) > widest


def width(text: str) -> int:
    """Give the printed width of a text, two for a Chinese character and one for a Latin letter or figure."""
    return sum(2 if east_asian_width(letter) in "WFA" else 1 for letter in text)
