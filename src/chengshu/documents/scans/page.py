"""One picture of a page to rows: ruled tables as grids, text in columns as tabbed rows, the rest loose."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from chengshu.documents.lattices import Box, Lattice
from chengshu.documents.pages import add_page, read_table
from chengshu.documents.pieces import Piece
from chengshu.documents.scans.marks import find_marks, split_columns
from chengshu.documents.scans.perspective import flatten
from chengshu.documents.scans.recogniser import DOUBTED, Picture, crop, detect_lines, recognise
from chengshu.documents.scans.rulings import Mask, binarise, erase, find_outline, find_tables
from chengshu.documents.scans.sheets import split_sheets
from chengshu.documents.scans.signs import may_be_sign, read_sign
from chengshu.documents.scans.stamps import find_hidden, lift_stamps
from chengshu.documents.scans.upright import count_quarter_turns, square, straighten, whiten
from chengshu.documents.transcript import Transcript

_TOLERANCE_PX = 6
_LEAST_CERTAINTY = 0.5
_OVERHANG = 0.6  # in heights of the line: a line that reaches so far into another cell is read cell by cell
# A mark that the detector passed over is more often dirt than text.
_MARK_CERTAINTY = 0.8
_STROKES = {"一", "-", "–", "―", "_"}
_RULE_PX = 3
_DASH, _DASH_CERTAINTY = "—", 0.9
_SIGN_CERTAINTY = 0.9
_COVERED, _MOSTLY_COVERED = 0.03, 0.2  # of a box lies under a stamp
_HALF_SURE = 0.55
_FIGURE_SHARE = 0.3
_LOST = "□"


@dataclass(frozen=True, slots=True)
class _Page:
    """A page set upright, its rules erased; `hidden` is what an opaque stamp covers."""

    picture: Picture
    ink: Mask
    hidden: Mask
    lattices: list[Lattice]
    lines: list[Box]


def transcribe_picture(picture: Picture, transcript: Transcript, *, page: int, points_per_pixel: float) -> None:
    """Give the rows of a page; `picture` is RGB, `Place.box` is of the page after it was set upright."""
    prepared = _prepare(picture)
    held, outside = _read_lines(prepared)
    scale = points_per_pixel
    tables = [
        (_scale_lattice(lattice, scale), {cell: _scale_pieces(pieces, scale) for cell, pieces in cells.items()})
        for lattice, cells in zip(prepared.lattices, held, strict=True)
    ]
    for part, beside in split_sheets(tables, _scale_pieces(outside, scale)):
        add_page([read_table(table) for table in part], beside, transcript, page=page)


def _prepare(picture: Picture) -> _Page:
    # The mask goes along as a fourth layer, so that it is bent and turned with the page.
    even = np.dstack([whiten(lift_stamps(picture)), find_hidden(picture)])
    flat = flatten(even)
    picture = straighten(even) if flat is None else flat
    page = _find_structure(picture)
    if turns := count_quarter_turns(page.picture, page.lines):
        page = _find_structure(np.ascontiguousarray(np.rot90(picture, turns)))
    return page


def _find_structure(picture: Picture) -> _Page:
    """The tables and lines of a picture whose fourth layer is what a stamp covers."""
    if (outline := find_outline(binarise(picture[:, :, 0]))) is not None:
        picture = square(picture, outline)
    picture, hidden = np.ascontiguousarray(picture[:, :, :3]), picture[:, :, 3]
    ink = binarise(picture[:, :, 0])
    tables, rules = find_tables(ink)
    cleared = erase(picture, rules)
    ink[cv2.dilate(rules, np.ones((5, 5), np.uint8)) > 0] = 0
    marks = np.asarray(cv2.medianBlur(ink, 3), dtype=np.uint8)  # specks are no marks
    lattices = [Lattice(table.boxes, tolerance=_TOLERANCE_PX) for table in tables]
    return _Page(cleared, marks, hidden, lattices, detect_lines(cleared))


def _read_lines(page: _Page) -> tuple[list[dict[int, list[Piece]]], list[Piece]]:
    """For each table the pieces by cell, and the pieces that stand in none."""
    held: list[dict[int, list[Box]]] = [{} for _ in page.lattices]
    outside: list[Box] = []
    for line in page.lines:
        for lattice, cells in zip(page.lattices, held, strict=True):
            if parts := _cut_by_cells(line, lattice):
                for cell, part in parts:
                    cells.setdefault(cell, []).append(part)
                break
        else:
            outside.append(line)
    by_cell = [{cell: split_columns(page.ink, boxes) for cell, boxes in cells.items()} for cells in held]
    pieces = [_recognise_by_cell(page, cells) for cells in by_cell]
    for lattice, read in zip(page.lattices, pieces, strict=True):
        read.update(_read_marks(page, lattice, taken=set(read)))
        read.update(_note_covered(page, lattice, taken=set(read)))
    return pieces, _recognise_boxes(page, outside)


def _cut_by_cells(line: Box, lattice: Lattice) -> list[tuple[int, Box]]:
    """The parts of a line by the cells that it reaches into; nothing when it stands in none."""
    x0, top, x1, bottom = line
    middle, overhang = (top + bottom) / 2, _OVERHANG * (bottom - top)
    reached = {lattice.find(x, middle) for x in (x0 + overhang, (x0 + x1) / 2, x1 - overhang)} - {None}
    if len(reached) < 2:
        return [(cell, _clip(line, lattice.boxes[cell])) for cell in reached if cell is not None]
    parts = []
    for cell, (left, high, right, low) in enumerate(lattice.boxes):
        if high <= middle < low and min(x1, right) - max(x0, left) > overhang:
            parts.append((cell, _clip(line, (left, high, right, low))))
    return parts


def _clip(line: Box, cell: Box) -> Box:
    """The part of a line within the rules of its cell: what is left of a rule reads as a 1."""
    (x0, y0, x1, y1), (left, top, right, bottom) = line, cell
    return max(x0, left + _RULE_PX), max(y0, top + _RULE_PX), min(x1, right - _RULE_PX), min(y1, bottom - _RULE_PX)


def _recognise_by_cell(page: _Page, cells: dict[int, list[Box]]) -> dict[int, list[Piece]]:
    pieces = _recognise_boxes(page, [box for boxes in cells.values() for box in boxes], keep_unsure=True)
    read = iter(pieces)
    by_cell = {cell: [next(read) for _ in boxes] for cell, boxes in cells.items()}
    by_cell = {cell: _mend_sign(page, found) for cell, found in by_cell.items()}
    told = {cell: _doubt(page, [piece for piece in found if _is_told(piece)]) for cell, found in by_cell.items()}
    return {cell: _mend_dash(found) for cell, found in told.items() if found}


def _doubt(page: _Page, pieces: list[Piece]) -> list[Piece]:
    """The pieces of a cell, all of them doubted where one figure is: half a value is a wrong value.

    Labels that hold a figure are told by their words, and stay.
    """
    covered = any(_share_hidden(page, _box_of(piece)) > _COVERED for piece in pieces)
    text = "".join(piece.text for piece in pieces)
    is_figure = sum(map(str.isdecimal, text)) >= _FIGURE_SHARE * len(text)
    if is_figure and (covered or any(piece.certainty <= DOUBTED for piece in pieces)):
        return [replace(piece, certainty=DOUBTED) for piece in pieces]
    return [replace(piece, certainty=min(piece.certainty, _HALF_SURE)) for piece in pieces] if covered else pieces


def _note_covered(page: _Page, lattice: Lattice, *, taken: set[int]) -> dict[int, list[Piece]]:
    """A doubted box for cells without text where a stamp leaves little to see."""
    boxes = {cell: box for cell, box in enumerate(lattice.boxes) if cell not in taken}
    return {
        cell: [Piece(_LOST, *box, DOUBTED)] for cell, box in boxes.items() if _share_hidden(page, box) > _MOSTLY_COVERED
    }


def _share_hidden(page: _Page, box: Box) -> float:
    x0, y0, x1, y1 = (max(0, round(value)) for value in box)
    window = page.hidden[y0:y1, x0:x1]
    return float((window > 0).mean()) if window.size else 0.0


def _box_of(piece: Piece) -> Box:
    return piece.x0, piece.top, piece.x1, piece.bottom


def _mend_sign(page: _Page, pieces: list[Piece]) -> list[Piece]:
    """A comparison sign alone in a cell is told by its shape where the recogniser saw a letter or a stroke."""
    (first, *others) = pieces
    if others or not may_be_sign(first.text):
        return pieces
    sign = read_sign(crop(page.picture, (first.x0, first.top, first.x1, first.bottom)))
    return [replace(first, text=sign, certainty=_SIGN_CERTAINTY)] if sign else pieces


def _mend_dash(pieces: list[Piece]) -> list[Piece]:
    """A stroke alone in a cell is a dash, although it looks like the character for one."""
    (first, *others) = pieces
    return pieces if others or first.text not in _STROKES else [replace(first, text=_DASH)]


def _recognise_boxes(page: _Page, boxes: Sequence[Box], *, keep_unsure: bool = False) -> list[Piece]:
    read = recognise([crop(page.picture, box) for box in boxes])
    pieces = [Piece(text, *box, certainty) for box, (text, certainty) in zip(boxes, read, strict=True)]
    return [piece for piece in pieces if keep_unsure or _is_sure(piece)]


def _read_marks(page: _Page, lattice: Lattice, *, taken: set[int]) -> dict[int, list[Piece]]:
    """What lone marks say: dashes by their shape, others where the recogniser is sure."""
    marks = list(find_marks(page.ink, lattice, taken=taken))
    dashes = {mark.cell: [Piece(_DASH, *mark.box, _DASH_CERTAINTY)] for mark in marks if mark.is_dash}
    signs = {mark.cell: sign for mark in marks if (sign := read_sign(crop(page.picture, mark.box)))}
    dashes |= {mark.cell: [Piece(signs[mark.cell], *mark.box, _SIGN_CERTAINTY)] for mark in marks if mark.cell in signs}
    others = [mark for mark in marks if not mark.is_dash and mark.cell not in signs]
    pieces = _recognise_boxes(page, [mark.box for mark in others], keep_unsure=True)
    return dashes | {
        mark.cell: [piece]
        for mark, piece in zip(others, pieces, strict=True)
        if piece.text and piece.certainty >= _MARK_CERTAINTY
    }


def _is_told(piece: Piece) -> bool:
    """Whether to tell it, be it as a doubted figure."""
    return _is_sure(piece) or (piece.certainty == DOUBTED and bool(piece.text))


def _is_sure(piece: Piece) -> bool:
    return bool(piece.text) and piece.certainty >= _LEAST_CERTAINTY


def _scale_lattice(lattice: Lattice, scale: float) -> Lattice:
    return Lattice([_scale_box(box, scale) for box in lattice.boxes], tolerance=_TOLERANCE_PX * scale)


def _scale_pieces(pieces: Sequence[Piece], scale: float) -> list[Piece]:
    boxes = (_scale_box((piece.x0, piece.top, piece.x1, piece.bottom), scale) for piece in pieces)
    return [Piece(piece.text, *box, piece.certainty) for piece, box in zip(pieces, boxes, strict=True)]


def _scale_box(box: Box, scale: float) -> Box:
    x0, top, x1, bottom = (value * scale for value in box)
    return x0, top, x1, bottom
