"""Pieces of text on a page, put into lines, cells and columns by where they stand."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from chengshu.documents.contracts import Cell, Place
from chengshu.documents.lattices import Box
from chengshu.documents.transcript import Transcript

# In heights of the letters: pieces whose middles differ by less stand on one line; a wider gap than the second sets
# Latin words apart; than the third, two figures; than the fourth, columns.
SAME_LINE = 0.5
WORD_GAP = 0.25
FIGURE_GAP = 0.4
COLUMN_GAP = 0.8
_PRINTED_TWICE = 0.3
_WRAPPED_LINES = 3
_LONG_FIGURE = 4
_FIGURE_PART = re.compile(r"[\d,]*\.?\d*%?")
_FIGURE = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?%?|\d+(?:\.\d+)?%?")


@dataclass(frozen=True, slots=True)
class Piece:
    """A character, word or line of text and its box (origin top left)."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    certainty: float = 1.0

    @property
    def middle(self) -> float:
        """The height on the page by which lines are told apart."""
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        """The height of the letters."""
        return self.bottom - self.top


Line = list[Piece]


def group_lines(pieces: Iterable[Piece]) -> list[Line]:
    """The pieces as lines from top to bottom, each from left to right."""
    lines: list[Line] = []
    for piece in sorted(pieces, key=lambda piece: piece.middle):
        if lines and _is_same_line(lines[-1], piece):
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [sorted(line, key=lambda piece: piece.x0) for line in lines]


def _is_same_line(line: Line, piece: Piece) -> bool:
    last = line[-1]
    return piece.middle - last.middle <= SAME_LINE * min(piece.height, last.height)


def join_line(line: Line) -> str:
    """The text of a line; a gap between Latin words is a blank, between Chinese characters only a wide one is."""
    parts: list[str] = []
    previous: Piece | None = None
    for piece in line:
        if previous is not None:
            gap, height = piece.x0 - previous.x1, max(piece.height, 1e-3)
            if piece.text == previous.text and piece.x0 - previous.x0 < _PRINTED_TWICE * (piece.x1 - piece.x0):
                continue  # bold type made by printing twice
            is_wide = _is_wide(previous.text[-1:]) or _is_wide(piece.text[:1])
            if gap > height * (1 if is_wide else WORD_GAP):
                parts.append(" ")
        parts.append(piece.text)
        previous = piece
    return " ".join("".join(parts).split())


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character or " ") in "WFA"


def join_lines(pieces: Iterable[Piece], *, width: float | None = None, is_ruled: bool = False) -> str:
    """The text of a cell: its lines with line breaks.

    A figure that was too long for a line of `width` is one figure again; in a cell that rules enclose a short one too.
    """
    text, above = "", 0.0
    for line in group_lines(pieces):
        joined = join_line(line)
        if not joined:
            continue
        last, character = text.rpartition("\n")[2], (line[-1].x1 - line[0].x0) / len(joined)
        is_full = width is not None and above > width - character
        is_broken = is_full and (may_be_one_figure(last, joined) if is_ruled else is_broken_figure(last, joined))
        text += joined if not text or is_broken else "\n" + joined
        above = line[-1].x1 - line[0].x0
    return text.strip()


def is_broken_figure(upper: str, lower: str) -> bool:
    """Tell whether two figures above each other may be one that was too long for its line."""
    is_long = len(upper) >= _LONG_FIGURE and len(lower) < len(upper)
    is_open = _FIGURE.fullmatch(upper) is None or _FIGURE.fullmatch(lower) is None
    return (is_long or is_open) and _FIGURE.fullmatch(upper + lower) is not None


def may_be_one_figure(upper: str, lower: str) -> bool:
    """Tell whether the two parts of a full line may be one figure, however short; never two of one digit."""
    return len(upper) > 1 and _FIGURE_PART.fullmatch(lower) is not None and _FIGURE.fullmatch(upper + lower) is not None


def mean_certainty(pieces: Sequence[Piece]) -> float:
    """The certainty of a text made of pieces, by their lengths; 1 for none."""
    length = sum(len(piece.text) for piece in pieces)
    return sum(piece.certainty * len(piece.text) for piece in pieces) / length if length else 1.0


def bounding_box(pieces: Iterable[Piece]) -> Box:
    """The smallest box around the pieces."""
    boxes = [(piece.x0, piece.top, piece.x1, piece.bottom) for piece in pieces]
    x0, top, x1, bottom = zip(*boxes, strict=True)
    return round_box((min(x0), min(top), max(x1), max(bottom)))


def round_box(box: Box) -> Box:
    """The box to a tenth of a point."""
    x0, top, x1, bottom = (round(value, 1) for value in box)
    return x0, top, x1, bottom


def add_unruled(lines: Sequence[Line], transcript: Transcript, *, page: int) -> None:
    """Give text without ruled cells: blocks of lines in columns as tabbed rows, other lines as loose ones."""
    segmented = [split_segments(line) for line in lines]
    start = 0
    while start < len(lines):
        end = _find_block_end(segmented, start)
        if end - start > 1:
            _add_columns(segmented[start:end], transcript, page=page)
            start = end
        else:
            line = lines[start]
            place = Place(page=page, box=bounding_box(line))
            transcript.add_paragraph(join_line(line), place, certainty=mean_certainty(line))
            start += 1


def _find_block_end(segmented: Sequence[list[Line]], start: int) -> int:
    """The end of the block in columns that begins at `start`; single segments within it are wrapped cells."""
    end = last = start
    while last < len(segmented) and last - end < _WRAPPED_LINES:
        if len(segmented[last]) > 1:
            end = last + 1
        elif last == start:
            break
        last += 1
    return end


def split_segments(line: Line) -> list[Line]:
    """The stretches of a line between the gaps of columns."""
    segments: list[Line] = []
    for piece in line:
        if piece.text.isspace():
            continue
        if segments and not is_column_gap(segments[-1][-1], piece):
            segments[-1].append(piece)
        else:
            segments.append([piece])
    return segments


def is_column_gap(left: Piece, right: Piece) -> bool:
    """Tell whether two neighbours on a line stand in two columns: figures stand close in narrow ones."""
    between_figures = left.text[-1:].isdecimal() and right.text[:1].isdecimal()
    return right.x0 - left.x1 > (FIGURE_GAP if between_figures else COLUMN_GAP) * right.height


def _add_columns(rows: Sequence[list[Line]], transcript: Transcript, *, page: int) -> None:
    """Give a block of lines: segments that stand above each other share a column."""
    columns = _find_columns(rows)
    table = transcript.open_table()
    for row in rows:
        held: dict[int, Line] = {}
        for segment in row:
            held.setdefault(_column_of(segment, columns), []).extend(segment)
        cells = (_cell_of(held.get(column, []), page=page, column=column) for column in range(len(columns)))
        transcript.add_fields(list(cells), table=table)


def _find_columns(rows: Sequence[list[Line]]) -> list[tuple[float, float]]:
    """The stretches of the page's width that the segments of the fullest lines cover: wide cells stand in others."""
    fullest = max(len(row) for row in rows)
    stretches = sorted((line[0].x0, line[-1].x1) for row in rows if len(row) == fullest for line in row)
    columns: list[tuple[float, float]] = []
    for left, right in stretches:
        if columns and left < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(right, columns[-1][1]))
        else:
            columns.append((left, right))
    return columns


def _column_of(segment: Line, columns: Sequence[tuple[float, float]]) -> int:
    left, right = segment[0].x0, segment[-1].x1

    def overlap(index: int) -> tuple[float, float]:
        start, end = columns[index]
        return min(right, end) - max(left, start), -index

    return max(range(len(columns)), key=overlap)


def _cell_of(pieces: Line, *, page: int, column: int) -> Cell:
    if not pieces:
        return Cell("", Place(page=page, ref=f"C{column + 1}"))
    place = Place(page=page, ref=f"C{column + 1}", box=bounding_box(pieces))
    return Cell(join_lines(pieces), place, certainty=mean_certainty(pieces))


def iter_between(lines: Sequence[Line], tops: Sequence[float]) -> Iterator[list[Line]]:
    """The lines above the first of the given heights, those between each two, and those below the last."""
    start = 0
    for top in tops:
        end = next((index for index in range(start, len(lines)) if lines[index][0].middle > top), len(lines))
        yield list(lines[start:end])
        start = end
    yield list(lines[start:])
