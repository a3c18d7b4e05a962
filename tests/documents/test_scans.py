"""Scans: rules found, pages set upright, characters recognised, certainty told."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from chengshu.documents.contracts import Document, Media
from chengshu.documents.errors import DocumentTooLarge
from chengshu.documents.lattices import Lattice
from chengshu.documents.reading import Limits, read_document
from chengshu.documents.scans.marks import find_marks, split_columns
from chengshu.documents.scans.rulings import binarise, find_outline, find_tables
from chengshu.documents.scans.upright import find_skew, square

MakePicture = Callable[..., Image.Image]
GridOf = Callable[[Document], list[Any]]
Save = Callable[[Callable[[io.BytesIO], object]], bytes]


def _copy_badly(picture: Image.Image) -> Image.Image:
    """What a tired photocopier makes of it: grey, grainy and blurred."""
    grain = np.random.default_rng(7).normal(0, 12, (picture.height, picture.width))
    grey = np.asarray(picture.convert("L"), dtype=float) * 0.85 + 20 + grain
    return Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.6))


def _spans(picture: Image.Image) -> set[tuple[int, int, int, int]]:
    (table,), _ = find_tables(binarise(np.asarray(picture.convert("L"), dtype=np.uint8)))
    return set(Lattice(table.boxes, tolerance=6).spans)


@pytest.mark.parametrize("ppi", [120, 200, 300])
def test_rules_give_the_cells_of_the_form(make_picture: MakePicture, form: list[Any], ppi: int) -> None:
    assert _spans(make_picture(ppi=ppi)) == {(cell.row, cell.column, cell.rows, cell.columns) for cell in form}


def test_rules_are_found_on_a_bad_copy(make_picture: MakePicture, form: list[Any]) -> None:
    expected = {(cell.row, cell.column, cell.rows, cell.columns) for cell in form}
    assert _spans(_copy_badly(make_picture(ppi=200))) == expected


def test_a_page_of_text_has_no_table(make_picture: MakePicture) -> None:
    tables, rules = find_tables(binarise(np.asarray(make_picture(stroke="none").convert("L"), dtype=np.uint8)))
    assert (tables, int(rules.sum())) == ([], 0)


@pytest.mark.parametrize("skew", [-3.2, -0.4, 0.0, 1.5])
def test_the_skew_is_measured(make_picture: MakePicture, skew: float) -> None:
    turned = make_picture(ppi=100).rotate(-skew, fillcolor="white", resample=Image.Resampling.BICUBIC)
    assert find_skew(np.asarray(turned, dtype=np.uint8)) == pytest.approx(skew, abs=0.15)


def test_a_picture_beyond_the_limit_is_refused(make_picture: MakePicture, save: Save) -> None:
    picture = make_picture(ppi=20)
    with pytest.raises(DocumentTooLarge, match=r"“大.png”"):
        read_document("大.png", save(lambda buffer: picture.save(buffer, "PNG")), limits=Limits(pixels=1000))


def _blank_cell() -> tuple[np.ndarray[Any, np.dtype[np.uint8]], Lattice]:
    return np.zeros((60, 200), dtype=np.uint8), Lattice([(0, 0, 100, 60), (100, 0, 200, 60)], tolerance=3)


def test_a_lone_dash_is_told_by_its_shape() -> None:
    ink, lattice = _blank_cell()
    ink[29:32, 40:64] = 255
    (mark,) = find_marks(ink, lattice, taken=set())
    assert (mark.cell, mark.is_dash) == (0, True)


def test_specks_and_remains_of_rules_are_no_marks() -> None:
    ink, lattice = _blank_cell()
    ink[20:22, 30:33] = 255
    ink[5:8, 110:190] = 255
    assert list(find_marks(ink, lattice, taken=set())) == []


def test_characters_below_each_other_are_taken_apart() -> None:
    ink = np.zeros((200, 60), dtype=np.uint8)
    for top in (10, 50, 90):
        ink[top : top + 12, 20:45] = 255
        ink[top + 15 : top + 28, 20:45] = 255
    detected = [(18.0, 8.0, 47.0, 60.0), (18.0, 45.0, 47.0, 120.0)]
    assert [round(box[1] / 40) for box in split_columns(ink, detected)] == [0, 1, 2]


def test_lines_from_left_to_right_stay_whole() -> None:
    boxes = [(0.0, 0.0, 100.0, 25.0), (0.0, 30.0, 20.0, 55.0)]
    assert split_columns(np.zeros((60, 100), dtype=np.uint8), boxes) == boxes


def test_a_frame_around_the_page_hides_no_table(make_picture: MakePicture, form: list[Any]) -> None:
    picture = make_picture(ppi=150)
    ImageDraw.Draw(picture).rectangle((20, 20, picture.width - 20, picture.height - 20), outline="black", width=3)
    assert _spans(picture) == {(cell.row, cell.column, cell.rows, cell.columns) for cell in form}


def test_a_page_taken_askew_is_squared(make_picture: MakePicture, form: list[Any]) -> None:
    picture = make_picture(ppi=200)
    width, height = picture.size
    corners = (-20, -30, 10, height + 10, width + 25, height - 15, width - 5, 12)
    askew = picture.transform((width, height), Image.Transform.QUAD, corners, fillcolor="white")
    pixels = np.asarray(askew, dtype=np.uint8)
    outline = find_outline(binarise(np.ascontiguousarray(pixels[:, :, 0])))
    assert outline is not None
    assert _spans(Image.fromarray(square(pixels, outline))) == {
        (cell.row, cell.column, cell.rows, cell.columns) for cell in form
    }


def _share_right(document: Document, form: list[Any], grid_of: GridOf) -> float:
    return len(set(form) & set(grid_of(document))) / len(form)


@pytest.mark.scan
def test_a_skewed_photocopy_is_read(make_picture: MakePicture, form: list[Any], grid_of: GridOf, save: Save) -> None:
    copy = _copy_badly(make_picture()).rotate(1.1, fillcolor=235, resample=Image.Resampling.BICUBIC)
    document = read_document("扫描.jpg", save(lambda buffer: copy.save(buffer, "JPEG", quality=70, dpi=(180, 180))))
    assert document.media is Media.SCAN
    assert _share_right(document, form, grid_of) >= 0.95
    assert document.rows[0].cells[0].text == "项目支出绩效自评表"
    assert all(0 < cell.certainty <= 1 for row in document.rows for cell in row.cells)


@pytest.mark.scan
def test_pages_of_a_scanned_pdf_are_turned_upright(
    make_picture: MakePicture, form: list[Any], grid_of: GridOf, save: Save
) -> None:
    lying, standing = make_picture(ppi=150).rotate(90, expand=True), make_picture(ppi=150).rotate(180)
    scanned = save(lambda buffer: lying.save(buffer, "PDF", resolution=150, save_all=True, append_images=[standing]))
    document = read_document("扫描.pdf", scanned)
    assert {row.cells[0].place.page for row in document.rows} == {1, 2}
    for table in (1, 2):
        rows = tuple(row for row in document.rows if row.table == table)
        part = Document(document.name, document.origin, document.media, rows)
        assert _share_right(part, form, grid_of) >= 0.95
