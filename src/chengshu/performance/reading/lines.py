"""A document's rows as lines of non-empty pieces, each piece with its column."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from chengshu.base.texts import fold_width, label_key, strip_markup
from chengshu.documents.contracts import Cell, Document, Layout, Place, Row
from chengshu.performance.reading.lexicon import Lexicon

RUN_ON_LENGTH = 200  # a paragraph longer than this that holds a title is a page of run-on text
_YEAR_BEFORE = r"(?:20\d\d\s?年度?[^\s，。；]{0,20}?)?(?:"  # what may stand before a title: 2022年度某某
_PAGE_NUMBER = re.compile(
    r"[-—–―·~]{1,2}\s*\d{1,4}\s*[-—–―·~]{1,2}|第\s*\d{1,4}\s*页[\s,，/]*(?:共\s*\d{1,4}\s*页)?|\d{1,4}\s*/\s*\d{1,4}"
)
_NUMBER_ALONE = re.compile(r"\d{1,3}")
# Run-on text is cut by its blanks and figures, whatever width they were typed in.
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(ord("０"), ord("９") + 1)} | str.maketrans(
    "％．\u00a0\u3000", "%.  "
)
_WIDE_YEAR = re.compile(r"（\s*(20\d\d[^()（）]{0,8})）")
_HALF_SURE = 0.5
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
    for number, row in enumerate(document.rows):
        if _is_page_number(document.rows, number):
            continue
        if row.layout is Layout.LOOSE and len(row.cells) == 1:
            _add_paragraph(lines, row, lexicon)
            continue
        pieces = tuple(_pieces(row.cells))
        if pieces:
            lines.append(Line(pieces, row.layout, row.table, _starts(row)))
    return lines


def _is_page_number(rows: Sequence[Row], number: int) -> bool:
    """Tell whether a row is the number of a page; a figure by itself is one only beside tabbed text."""
    row = rows[number]
    if row.layout is not Layout.LOOSE or len(row.cells) != 1 or len(row.cells[0].text) > _STRAY:
        return False
    text = fold_width(row.cells[0].text).strip()
    if _NUMBER_ALONE.fullmatch(text):
        around = rows[max(0, number - 1) : number + 2]
        return any(other.layout is Layout.TABBED for other in around)
    return _PAGE_NUMBER.fullmatch(text) is not None


def is_run_on(line: Line) -> bool:
    """Tell whether the line is a page of run-on text."""
    return line.layout is Layout.LOOSE and len(line.pieces) == 1 and len(line.pieces[0].text) > RUN_ON_LENGTH


def _add_paragraph(lines: list[Line], row: Row, lexicon: Lexicon) -> None:
    cell = row.cells[0]
    text = _plain(cell)
    if not text:
        return
    if len(text) > RUN_ON_LENGTH:
        lines.extend(_cut_run_on(row, lexicon))
    elif lines and is_run_on(lines[-1]) and len(text) <= _STRAY and not lexicon.titles.search(text):
        before = lines.pop()
        joined = replace(before.pieces[0], text=f"{before.pieces[0].text} {text}")
        lines.append(replace(before, pieces=(joined,)))
    else:
        words = _join_spread(text.split(), lexicon) if len(text) <= _STRAY else [text]
        pieces = tuple(make_piece(word, column, cell) for column, word in enumerate(words))
        lines.append(Line(pieces, row.layout, row.table))


def _join_spread(words: list[str], lexicon: Lexicon) -> list[str]:
    """Join the label of the total that is printed with blanks between its characters ("总 分")."""
    spread = "".join(words[:2])
    return [spread, *words[2:]] if len(words) > 1 and len(words[0]) == 1 and spread in lexicon.footer else words


def make_piece(text: str, column: int, cell: Cell) -> Piece:
    """Make a piece of a text; only texts that may be labels or values get a key of their own.

    A cell of which its reader is less than half sure is not legible.
    """
    if cell.certainty < _HALF_SURE:
        return Piece(text, "", column, cell, legible=False)
    return Piece(text, label_key(text) if len(text) <= 60 else text, column, cell)


def _plain(cell: Cell) -> str:
    """The text of a cell without markup; words are told apart by plain blanks."""
    return strip_markup(cell.text).replace("\u00a0", " ").replace("\u3000", " ").strip()


def _starts(row: Row) -> tuple[int, ...]:
    if row.layout is Layout.LOOSE:
        return ()
    return tuple(column for column, cell in enumerate(row.cells) if not cell.covered)


def _pieces(cells: tuple[Cell, ...]) -> Iterator[Piece]:
    for column, cell in enumerate(cells):
        if cell.covered or not cell.text:
            continue
        text = _plain(cell)
        if text:
            yield make_piece(text, column, cell)


def _cut_run_on(row: Row, lexicon: Lexicon) -> Iterator[Line]:
    cell = row.cells[0]
    starts = [match.start() for match in re.finditer(_YEAR_BEFORE + lexicon.titles.pattern + ")", cell.text)]
    cuts = [0, *[start for start in starts if start > 0], len(cell.text)]
    for begin, end in pairwise(cuts):
        text = strip_markup(cell.text[begin:end]).translate(_HALF_WIDTH).strip()
        text = _WIDE_YEAR.sub(r"(\1)", text)
        if text:
            yield Line((Piece(text, text, 0, cell),), Layout.LOOSE, row.table)
