"""Photos and copies that lie askew: perspective, any turn, borders, sheets side by side, what a stamp hides."""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from chengshu.documents.lattices import Lattice
from chengshu.documents.pieces import Piece
from chengshu.documents.scans.perspective import flatten
from chengshu.documents.scans.recogniser import Picture
from chengshu.documents.scans.rulings import binarise, find_tables
from chengshu.documents.scans.sheets import split_sheets
from chengshu.documents.scans.signs import read_sign
from chengshu.documents.scans.stamps import find_hidden

MakePicture = Callable[..., Image.Image]
Span = tuple[int, int, int, int]


def _spans_of(pixels: Picture) -> set[Span]:
    (table,), _ = find_tables(binarise(np.ascontiguousarray(pixels[:, :, 0])))
    return set(Lattice(table.boxes, tolerance=6).spans)


def _expected(form: list[Any]) -> set[Span]:
    return {(cell.row, cell.column, cell.rows, cell.columns) for cell in form}


def _photograph(picture: Image.Image, *, tilt: float) -> Picture:
    """As a phone sees a page from one side: the far edge is shorter by twice the tilt (share of the width)."""
    height, width = picture.height, picture.width
    near = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
    off = tilt * width
    seen = near + np.array([(off, off / 4), (-off, 0), (off / 3, -off / 4), (0, 0)], dtype=np.float32)
    change = cv2.getPerspectiveTransform(near, seen)
    pixels = np.asarray(picture.convert("RGB"), dtype=np.uint8)
    bent = cv2.warpPerspective(pixels, change, (width, height), flags=cv2.INTER_AREA, borderValue=(255, 255, 255))
    return np.asarray(bent, dtype=np.uint8)


@pytest.mark.parametrize("tilt", [0.02, 0.04, 0.06])
def test_perspective_is_taken_out(make_picture: MakePicture, form: list[Any], tilt: float) -> None:
    flat = flatten(_photograph(make_picture(ppi=200), tilt=tilt))
    assert flat is not None
    assert _spans_of(flat) == _expected(form)


@pytest.mark.parametrize("turn", [-38, -12, 5, 27])
def test_any_turn_up_to_the_nearest_quarter_is_taken_out(
    make_picture: MakePicture, form: list[Any], turn: float
) -> None:
    turned = make_picture(ppi=200).rotate(turn, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC)
    flat = flatten(np.asarray(turned, dtype=np.uint8))
    assert flat is not None
    assert _spans_of(flat) == _expected(form)


def test_a_straight_page_is_left_alone(make_picture: MakePicture) -> None:
    page = np.asarray(make_picture(ppi=200), dtype=np.uint8)
    assert flatten(page) is page


def test_a_page_without_rules_tells_no_perspective(make_picture: MakePicture) -> None:
    assert flatten(np.asarray(make_picture(ppi=150, stroke="none"), dtype=np.uint8)) is None


def test_a_form_printed_askew_on_its_sheet_is_set_straight_by_its_own_rules(
    make_picture: MakePicture, form: list[Any]
) -> None:
    printed = make_picture(ppi=200).rotate(1.2, fillcolor="white", resample=Image.Resampling.BICUBIC)
    ImageDraw.Draw(printed).rectangle((10, 10, printed.width - 10, printed.height - 10), outline="black", width=6)
    flat = flatten(np.asarray(printed, dtype=np.uint8))
    assert flat is not None
    tables, _ = find_tables(binarise(np.ascontiguousarray(flat[:, :, 0])))
    assert _expected(form) in [set(Lattice(table.boxes, tolerance=6).spans) for table in tables]


def test_the_edge_of_a_page_drawn_with_doubled_lines_is_no_table(make_picture: MakePicture, form: list[Any]) -> None:
    picture = make_picture(ppi=150)
    draw = ImageDraw.Draw(picture)
    for inset in (6, 30, 54):
        draw.rectangle((inset, inset, picture.width - inset, picture.height - inset), outline="black", width=3)
    assert _spans_of(np.asarray(picture, dtype=np.uint8)) == _expected(form)


def _table(left: float, right: float) -> tuple[Lattice, dict[int, list[Piece]]]:
    middle = (left + right) / 2
    return Lattice([(left, 100, middle, 200), (middle, 100, right, 200)], tolerance=3), {}


def test_sheets_side_by_side_are_told_apart_with_their_titles() -> None:
    left, right = _table(50, 400), _table(500, 850)
    titles = [Piece("左表", 200, 20, 260, 40), Piece("右表", 640, 20, 700, 40)]
    sheets = split_sheets([left, right], titles)
    assert [(tables, [piece.text for piece in outside]) for tables, outside in sheets] == [
        ([left], ["左表"]),
        ([right], ["右表"]),
    ]


@pytest.mark.parametrize("reaches", [[(50, 850), (50, 850)], [(50, 850)], [(50, 780), (800, 850)]])
def test_tables_below_each_other_and_boxes_in_the_margin_are_one_sheet(reaches: list[tuple[float, float]]) -> None:
    assert len(split_sheets([_table(*reach) for reach in reaches], [])) == 1


def _stamped(*, opaque: bool) -> Picture:
    """Lines of print with a round stamp over them."""
    page = np.full((1200, 900, 3), 255, dtype=np.uint8)
    page[300:500:12, 100:800] = 0
    page[301:501:12, 100:800] = 0
    ring = np.zeros(page.shape[:2], dtype=np.uint8)
    cv2.circle(ring, (450, 400), 90, color=1, thickness=13)
    red = np.array([222, 30, 40])
    page[ring > 0] = red if opaque else (page[ring > 0].astype(int) * red // 255).astype(np.uint8)
    return page


def test_ink_that_print_shows_through_hides_nothing_and_thick_ink_does() -> None:
    assert not find_hidden(_stamped(opaque=False)).any()
    hidden = find_hidden(_stamped(opaque=True))
    assert hidden[400, 355:365].all()
    assert not hidden[390:410, 440:460].any()


def test_two_long_bars_are_the_sign_of_equality() -> None:
    cell = np.full((60, 80, 3), 255, dtype=np.uint8)
    cell[28:30, 20:56] = 0
    cell[32:34, 20:56] = 0
    assert read_sign(cell) == "="
    cell[32:34, 20:56] = 255
    assert read_sign(cell) is None
