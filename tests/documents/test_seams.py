"""Tables that the end of a PDF page cuts in two: cut rows become whole, whole rows stay apart, doubt is said."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import typst

from chengshu.documents.contracts import Document, Layout
from chengshu.documents.reading import read_document

_typst: Any = typst  # its stubs cannot infer the type of the input
_FONTS = Path(__file__).resolve().parents[2] / "node_modules" / "@expo-google-fonts" / "noto-sans-sc"
_WIDTHS = "(44pt, 60pt, 100pt, 100pt, 24pt)"  # 9pt letters: four, six, ten of them a line, and "5.0"
_CLOSED = "0.6pt"
_OPEN_BELOW = "(x, y) => (x: 0.6pt, top: 0.6pt, bottom: none)"
_OPEN_ABOVE = "(x, y) => (x: 0.6pt, bottom: 0.6pt, top: none)"
_HEADER = ("一级指标", "三级指标", "年度指标值", "实际完成值", "分值")
_WHOLE = ("产出", "培训", "6场", "6场", "9")

Rows = Sequence[Sequence[str]]


def _table(rows: Rows, stroke: str) -> str:
    cells = ", ".join(f'[#"{text}"]'.replace("\n", '" \\\n #"') for row in rows for text in row)
    return f"#table(columns: {_WIDTHS}, stroke: {stroke}, inset: 4pt, align: top + left, {cells})"


def _read(above: Rows, below: Rows, *, strokes: tuple[str, str] = (_CLOSED, _CLOSED), title: str = "") -> Document:
    head = f"#text[{title}]\n" if title else ""
    pages = "\n#pagebreak()\n".join(
        head + _table(rows, stroke) for rows, stroke in zip((above, below), strokes, strict=True)
    )
    fonts = '("Noto Sans SC", "Noto Sans CJK SC")'
    source = f'#set page(paper: "a4", margin: 1.5cm)\n#set text(font: {fonts}, size: 9pt)\n{pages}'
    made = _typst.compile(source.encode(), format="pdf", font_paths=[str(_FONTS)] if _FONTS.is_dir() else [])
    return read_document("a.pdf", made)


def _rows_of(document: Document) -> list[tuple[str, ...]]:
    """The texts of the rows that hold any, without line breaks."""
    rows = (
        tuple(cell.text.replace("\n", "") for cell in row.cells) for row in document.rows if row.layout is Layout.GRID
    )
    return [row for row in rows if any(row)]


def test_a_row_that_was_cut_is_one_row_at_its_beginning() -> None:
    cut = ("效益", "通过项目实施", "有效提升服务能力水平", "有效提升服务能力水平", "8")
    rest = ("", "受益的群众", "和质量", "和质量", "")
    document = _read([_HEADER, _WHOLE, cut], [rest, _WHOLE])
    joined = ("效益", "通过项目实施受益的群众", "有效提升服务能力水平和质量", "有效提升服务能力水平和质量", "8")
    assert _rows_of(document) == [_HEADER, _WHOLE, joined, _WHOLE]
    assert next(cell.place.page for row in document.rows for cell in row.cells if "受益" in cell.text) == 1


def test_a_figure_that_was_cut_with_its_row_is_one_figure() -> None:
    document = _read([_HEADER, _WHOLE, ("效益", "满意度", "90%", "92%", "5.0")], [("", "", "", "", "0"), _WHOLE])
    assert _rows_of(document)[2] == ("效益", "满意度", "90%", "92%", "5.00")


def test_the_text_of_an_open_cell_may_stand_wholly_on_the_next_page() -> None:
    cut, rest = ("效益", "", "3项", "3项", "8"), ("", "制度建设", "", "", "")
    document = _read([_HEADER, _WHOLE, cut], [rest, _WHOLE], strokes=(_OPEN_BELOW, _OPEN_ABOVE))
    assert _rows_of(document) == [_HEADER, _WHOLE, ("效益", "制度建设", "3项", "3项", "8"), _WHOLE]


@pytest.mark.parametrize("strokes", [(_CLOSED, _CLOSED), (_CLOSED, _OPEN_ABOVE), (_OPEN_BELOW, _OPEN_ABOVE)])
def test_two_whole_rows_stay_two_rows_of_one_table(strokes: tuple[str, str]) -> None:
    other = ("效益", "知晓率", "85%", "86%", "8")
    document = _read([_HEADER, _WHOLE], [other, _WHOLE], strokes=strokes)
    assert _rows_of(document) == [_HEADER, _WHOLE, other, _WHOLE]
    assert {row.table for row in document.rows} == {1}


def test_headings_that_are_printed_again_stand_once() -> None:
    other = ("效益", "知晓率", "85%", "86%", "8")
    assert _rows_of(_read([_HEADER, _WHOLE], [_HEADER, other])) == [_HEADER, _WHOLE, other]


def test_a_row_cut_below_headings_that_are_printed_again_is_whole() -> None:
    cut, rest = ("效益", "通过项目实施", "3项", "3项", "8"), ("", "受益的群众", "", "", "")
    document = _read([_HEADER, _WHOLE, cut], [_HEADER, rest, _WHOLE])
    assert _rows_of(document)[2:] == [("效益", "通过项目实施受益的群众", "3项", "3项", "8"), _WHOLE]


def test_a_form_with_the_same_columns_is_a_table_of_its_own() -> None:
    own = [("项目名称", "甲", "", "", ""), _HEADER, _WHOLE]
    other = [("项目名称", "乙", "", "", ""), _HEADER, _WHOLE]
    document = _read(own, other, title="项目支出绩效自评表")
    assert {row.table for row in document.rows if row.table} == {1, 2}
    assert _rows_of(document) == [*own, *other]


def test_what_may_be_the_rest_of_a_row_is_joined_in_doubt() -> None:
    cut, rest = ("效益", "制度建设", "完成", "完成", "8"), ("", "", "并通过", "", "")
    document = _read([_HEADER, _WHOLE, cut], [rest, _WHOLE])
    doubted = [cell for row in document.rows for cell in row.cells if cell.text.endswith("并通过")]
    assert [cell.certainty < 0.5 for cell in doubted] == [True]
    assert len(_rows_of(document)) == 4
