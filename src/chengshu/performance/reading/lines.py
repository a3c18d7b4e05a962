"""A document's rows as lines of non-empty pieces, each piece with its column."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from chengshu.base.texts import label_key, strip_markup
from chengshu.documents.contracts import Cell, Document, Layout, Place, Row
from chengshu.performance.reading.lexicon import Lexicon

RUN_ON_LENGTH = 200  # a paragraph longer than this that holds a title is a page of run-on text
_YEAR_BEFORE = r"(?:20\d\d\s?年度?[^\s，。；]{0,20}?)?(?:"  # what may stand before a title: 2022年度某某
_STRAY = 40  # a paragraph up to this long may be a cell that lost its table


@dataclass(frozen=True, slots=True)
class Piece:
    """A non-empty cell: its text without markup, its column in the row from 0, and its label key (short texts).

    A text that stands on the page but may be that of another cell is not `legible`, and has no key.
    """

    text: str
    key: str
    column: int
    cell: Cell
    legible: bool = True

    @property
    def place(self) -> Place:
        """Where the cell stands."""
        return self.cell.place


@dataclass(frozen=True, slots=True)
class Line:
    """One row without its empty cells; `starts` are the columns where its cells begin, the empty ones too.

    In tabbed text they are the places between the tabs, in a paragraph there are none.
    """

    pieces: tuple[Piece, ...]
    layout: Layout
    table: int | None
    starts: tuple[int, ...] = ()

    @property
    def number(self) -> int | None:
        """The line of the file, where lines are known."""
        return self.pieces[0].cell.place.line

    @property
    def joined(self) -> str:
        """The keys of all pieces as one text; a merged cell printed in each of its positions counts once."""
        return "".join(key for key, _ in groupby(piece.key for piece in self.pieces))


def list_lines(document: Document, lexicon: Lexicon) -> list[Line]:
    """Turn the rows into lines; empty rows vanish, a short paragraph becomes one piece a word.

    A page of run-on text stays one piece, together with the single words that follow it.
    """
    lines: list[Line] = []
    for row in document.rows:
        if row.layout is Layout.LOOSE and len(row.cells) == 1:
            _add_paragraph(lines, row, lexicon)
            continue
        pieces = tuple(_pieces(row.cells))
        if pieces:
            lines.append(Line(pieces, row.layout, row.table, _starts(row)))
    return lines


def is_run_on(line: Line) -> bool:
    """Tell whether the line is a page of run-on text."""
    return line.layout is Layout.LOOSE and len(line.pieces) == 1 and len(line.pieces[0].text) > RUN_ON_LENGTH


def _add_paragraph(lines: list[Line], row: Row, lexicon: Lexicon) -> None:
    cell = row.cells[0]
    text = strip_markup(cell.text).strip()
    if not text:
        return
    if len(text) > RUN_ON_LENGTH:
        lines.extend(_cut_run_on(row, lexicon))
    elif lines and is_run_on(lines[-1]) and len(text) <= _STRAY and not lexicon.titles.search(text):
        before = lines.pop()
        joined = replace(before.pieces[0], text=f"{before.pieces[0].text} {text}")
        lines.append(replace(before, pieces=(joined,)))
    else:
        words = text.split() if len(text) <= _STRAY else [text]
        pieces = tuple(make_piece(word, column, cell) for column, word in enumerate(words))
        lines.append(Line(pieces, row.layout, row.table))


def make_piece(text: str, column: int, cell: Cell) -> Piece:
    """Make a piece of a text; only texts that may be labels or values get a key of their own."""
    return Piece(text, label_key(text) if len(text) <= 60 else text, column, cell)


def _starts(row: Row) -> tuple[int, ...]:
    if row.layout is Layout.LOOSE:
        return ()
    return tuple(column for column, cell in enumerate(row.cells) if not cell.covered)


def _pieces(cells: tuple[Cell, ...]) -> Iterator[Piece]:
    for column, cell in enumerate(cells):
        if cell.covered or not cell.text:
            continue
        text = strip_markup(cell.text).strip()
        if text:
            yield make_piece(text, column, cell)


def _cut_run_on(row: Row, lexicon: Lexicon) -> Iterator[Line]:
    cell = row.cells[0]
    starts = [match.start() for match in re.finditer(_YEAR_BEFORE + lexicon.titles.pattern + ")", cell.text)]
    cuts = [0, *[start for start in starts if start > 0], len(cell.text)]
    for begin, end in pairwise(cuts):
        text = strip_markup(cell.text[begin:end]).strip()
        if text:
            yield Line((Piece(text, text, 0, cell),), Layout.LOOSE, row.table)
