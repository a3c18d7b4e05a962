"""Markdown: pipe tables, HTML tables, and the lines between them."""

from chengshu.documents.contracts import Document, Layout
from chengshu.documents.reading import read_document


def _read(text: str) -> Document:
    return read_document("a.md", text.encode())


def _texts(document: Document) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in document.rows]


def test_a_pipe_table_is_a_grid_without_its_rule() -> None:
    document = _read("前言\n\n| 指标 | 得分 |\n|:--|--:|\n| 次数 | 20 |\n| 时间 | |\n")
    assert _texts(document) == [["前言"], ["指标", "得分"], ["次数", "20"], ["时间", ""]]
    assert [row.layout for row in document.rows] == [Layout.LOOSE, *[Layout.GRID] * 3]
    assert [row.line for row in document.rows] == [1, 3, 5, 6]


def test_headings_and_emphasis_lose_their_signs() -> None:
    document = _read("## 绩效自评表 ##\n**（2023年度）**\n| **指标** | `10` |\n|-|-|\n| a\\|b | 甲<br>乙 |")
    assert _texts(document) == [["绩效自评表"], ["（2023年度）"], ["指标", "10"], ["a|b", "甲\n乙"]]


def test_no_cell_beyond_the_header_is_dropped() -> None:
    document = _read("| 甲 | 乙 |\n|---|---|\n| 1 | 2 | 3 |\n")
    assert _texts(document) == [["甲", "乙"], ["1", "2", "3"]]
    assert {row.layout for row in document.rows} == {Layout.TABBED}


def test_a_table_without_its_rule_is_tabbed() -> None:
    document = _read("| 甲 | 乙 |\n| 1 | 2 |\n")
    assert [(row.layout, row.table) for row in document.rows] == [(Layout.TABBED, 1), (Layout.TABBED, 1)]


def test_a_row_goes_on_until_the_next_pipe_at_the_start_of_a_line() -> None:
    document = _read("| 自评表 |||\n|\n项目资金 |\n预算数 | 执行数 |\n| 总额 | 7 | 8 |\n| 其他 | 1 | 2 |\n")
    assert _texts(document)[0] == ["自评表", "", ""]
    assert _texts(document)[-2:] == [["总额", "7", "8"], ["其他", "1", "2"]]
    assert ["项目资金", "预算数", "执行数"] in [texts[-3:] for texts in _texts(document)]


def test_an_html_table_keeps_its_spans_and_lines() -> None:
    document = _read(
        "# 题\n\n<table>\n<tr><td rowspan='2'>甲</td><td>1</td></tr>\n\n<tr><td>2</td></tr>\n</table>\n尾\n"
    )
    assert _texts(document) == [["题"], ["甲", "1"], ["", "2"], ["尾"]]
    assert document.rows[1].cells[0].row_span == 2
    assert [row.line for row in document.rows] == [1, 4, 6, 8]


def test_nested_html_tables_end_where_the_outer_one_ends() -> None:
    document = _read("<table><tr><td>外<table><tr><td>内</td></tr></table></td></tr></table>\n后")
    assert _texts(document) == [["外"], ["内"], ["后"]]


def test_a_stray_end_tag_swallows_nothing() -> None:
    assert _texts(_read("前\n</table>\n后")) == [["前"], ["后"]]
