"""HTML: spans, nested tables, text in document order, whatever the tags."""

import pytest

from chengshu.documents.contracts import Document, Layout
from chengshu.documents.errors import DocumentEmpty
from chengshu.documents.reading import read_document


def _read(markup: str) -> Document:
    return read_document("a.html", markup.encode())


def _texts(document: Document) -> list[list[str]]:
    return [[cell.text for cell in row.cells if not cell.covered] for row in document.rows]


def test_text_and_tables_come_in_document_order() -> None:
    document = _read("<h1>题</h1>甲<br>乙<div>丙</div><table><caption>注</caption><tr><th>丁</th></tr></table>戊")
    assert _texts(document) == [["题"], ["甲"], ["乙"], ["丙"], ["注"], ["丁"], ["戊"]]


def test_breaks_and_paragraphs_are_line_breaks_in_cells() -> None:
    document = _read("<table><tr><td><p>一、甲</p><p>二、<b>乙</b></p>三<br/>四</td></tr></table>")
    assert _texts(document) == [["一、甲\n二、乙\n三\n四"]]


def test_a_break_in_the_source_is_no_blank_between_chinese_characters() -> None:
    document = _read("<table><tr><td>绩效\n   自评</td><td>on\n time</td></tr></table>")
    assert _texts(document) == [["绩效自评", "on time"]]


def test_scripts_and_styles_are_not_read() -> None:
    document = _read(
        "<html><head><title>x</title><style>p{}</style></head><body><script>1</script><p>甲</p></body></html>"
    )
    assert _texts(document) == [["甲"]]


def test_overlapping_spans_push_cells_aside_as_in_a_browser() -> None:
    document = _read(
        "<table><tr><td rowspan=2>甲</td><td colspan=2>乙</td><td rowspan=0>丙</td></tr>"
        "<tr><td>丁</td><td>戊</td></tr><tr><td>己</td></tr></table>"
    )
    assert [[cell.text for cell in row.cells] for row in document.rows] == [
        ["甲", "乙", "", "丙"],
        ["", "丁", "戊", ""],
        ["己", "", "", ""],
    ]
    assert [cell.covered for cell in document.rows[2].cells] == [False, False, False, True]


def test_a_span_beyond_the_table_ends_with_it() -> None:
    document = _read("<table><tr><td rowspan=9999 colspan=99999999>甲</td></tr><tr><td>乙</td></tr></table>")
    assert (document.rows[0].cells[0].row_span, document.rows[0].cells[0].col_span) == (2, 1000)


def test_a_table_that_only_frames_others_is_no_row() -> None:
    inner = "<table><tr><td>甲</td><td>乙</td></tr></table>"
    document = _read(f"<table><tr><td>题</td></tr><tr><td>{inner}</td></tr><tr><td>尾</td></tr></table>")
    assert _texts(document) == [["题"], ["甲", "乙"], ["尾"]]
    assert [row.table for row in document.rows] == [1, 2, 1]


@pytest.mark.parametrize("charset", ["gb2312", "GBK", "gb18030"])
def test_a_declared_chinese_charset_is_believed(charset: str) -> None:
    page = f'<html><head><meta http-equiv=Content-Type content="text/html; charset={charset}"></head><p>绩效自评〇</p></html>'
    assert read_document("a.htm", page.encode("gb18030")).rows[0].cells[0].text == "绩效自评〇"


def test_a_charset_declared_wrongly_is_not_believed() -> None:
    page = '<html><meta charset="gb2312"><p>绩效自评表</p></html>'
    assert read_document("a.htm", page.encode()).rows[0].cells[0].text == "绩效自评表"


def test_unclosed_tags_lose_no_cell() -> None:
    assert _texts(_read("<table><tr><td>甲<td>乙<tr><td>丙")) == [["甲", "乙"], ["丙", ""]]


def test_deep_nesting_ends_without_harm() -> None:
    document = _read("<p>甲</p>" + "<div>" * 5000 + "乙")
    assert document.rows[0].cells[0].text == "甲"


def test_a_page_without_text_is_empty() -> None:
    with pytest.raises(DocumentEmpty, match=r"“a.html”"):
        _read("<html><body><img src=x></body></html>")


def test_cells_stand_on_their_lines() -> None:
    document = _read("<table>\n<tr>\n<td>甲</td>\n<td>乙</td>\n</tr></table>")
    assert document.rows[0].layout is Layout.GRID
    assert [cell.place.line for cell in document.rows[0].cells] == [3, 4]
