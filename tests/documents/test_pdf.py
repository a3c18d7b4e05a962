"""PDF with a text layer: pages, boxes, unruled columns, passwords."""

import io
import re
import zlib
from collections.abc import Callable
from typing import Any

import pypdfium2  # type: ignore[import-untyped]  # ships no types
import pytest

from chengshu.documents.contracts import Document, Layout
from chengshu.documents.errors import DocumentEmpty, DocumentEncrypted, DocumentTooLarge, PagesUnreadable
from chengshu.documents.limits import MIB
from chengshu.documents.reading import Limits, read_document

MakePdf = Callable[..., bytes]


def test_text_around_the_table_is_loose_in_reading_order(make_pdf: MakePdf) -> None:
    rows = read_document("a.pdf", make_pdf()).rows
    assert [row.cells[0].text for row in rows if row.layout is Layout.LOOSE] == [
        "项目支出绩效自评表",
        "2023年度",
        "填报人：张三",
    ]
    assert [row.layout for row in rows] == [*[Layout.LOOSE] * 2, *[Layout.GRID] * 9, Layout.LOOSE]


def test_every_page_has_its_number_and_its_tables(make_pdf: MakePdf) -> None:
    rows = read_document("a.pdf", make_pdf(forms=2)).rows
    assert {(row.table, row.cells[0].place.page) for row in rows if row.table} == {(1, 1), (2, 2)}


def test_boxes_lie_on_the_page_and_in_order(make_pdf: MakePdf) -> None:
    rows = read_document("a.pdf", make_pdf()).rows
    boxes = [cell.place.box for row in rows for cell in row.cells if cell.place.box]
    assert all(0 < x0 < x1 < 596 and 0 < top < bottom < 843 for x0, top, x1, bottom in boxes)
    assert [box[1] for box in boxes] == sorted(box[1] for box in boxes)


def test_cells_without_rules_are_told_by_where_they_stand(make_pdf: MakePdf) -> None:
    rows = [row for row in read_document("a.pdf", make_pdf(stroke="none")).rows if row.layout is Layout.GRID]
    texts = [[cell.text for cell in row.cells] for row in rows]
    assert ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"] in texts
    assert any(row[1:] == ["时效指标", "响应时间", "<1天", "0.5天", "20", "19.5"] for row in texts)
    label = next(cell for row in rows for cell in row.cells if cell.text == "产出指标")
    assert label.row_span == 2


@pytest.mark.parametrize(
    "stroke",
    [
        "(x, y) => (left: if x == 0 {none} else {0.6pt}, right: none, y: 0.6pt)",
        "(x, y) => (x: 0.6pt, top: if y == 0 {none} else {0.6pt}, bottom: none)",
    ],
)
def test_tables_without_outer_rules_lose_no_cell(
    make_pdf: MakePdf, form: list[Any], grid_of: Callable[[Document], list[Any]], stroke: str
) -> None:
    assert set(grid_of(read_document("a.pdf", make_pdf(stroke=stroke)))) == set(form)


def test_pages_beyond_the_limit_are_refused(make_pdf: MakePdf) -> None:
    with pytest.raises(DocumentTooLarge, match="2 页"):
        read_document("a.pdf", make_pdf(forms=2), limits=Limits(pages=1))


def _break_page(pdf: bytes, page: int) -> bytes:
    """The PDF with one page whose box is no box."""
    boxes = [found.start() for found in re.finditer(rb"/MediaBox ?\[", pdf)]
    return pdf[: boxes[page - 1]] + b"/MediaBoy" + pdf[boxes[page - 1] + 9 :]


def test_a_damaged_page_is_named_and_the_others_are_read(make_pdf: MakePdf) -> None:
    document = read_document("坏页.pdf", _break_page(make_pdf(forms=3), 2))
    assert {cell.place.page for row in document.rows for cell in row.cells} == {1, 3}
    assert isinstance(document.fault, PagesUnreadable)
    assert "第 2 页" in document.fault.message


def _make_blank() -> bytes:
    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_blank_pages_are_empty() -> None:
    with pytest.raises(DocumentEmpty, match=r"“白.pdf”"):
        read_document("白.pdf", _make_blank())


def test_a_stream_that_unpacks_out_of_nothing_is_refused() -> None:
    bomb = b"9 0 obj <</Filter/FlateDecode>> stream\n" + zlib.compress(bytes(80 * MIB)) + b"\nendstream"
    with pytest.raises(DocumentTooLarge, match=r"“炸.pdf”"):
        read_document("炸.pdf", _make_blank() + bomb)


def test_a_password_is_asked_for_by_name() -> None:
    lock = b"/Encrypt <</Filter/Standard/V 1/R 2/P -4/O <" + b"11" * 32 + b">/U <" + b"22" * 32 + b">>>/ID[<33><33>]"
    locked = _make_blank().replace(b"trailer\r\n<<", b"trailer\r\n<<" + lock)
    with pytest.raises(DocumentEncrypted, match=r"“密.pdf”.*去除密码"):
        read_document("密.pdf", locked)
