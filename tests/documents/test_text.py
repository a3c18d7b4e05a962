"""Plain text: tabs are cells, lines keep their numbers, traces of HTML go."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengshu.documents.contracts import Layout, Media
from chengshu.documents.reading import read_document, read_documents

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"


def test_a_line_with_tabs_keeps_its_empty_fields() -> None:
    (row,) = read_document("a.txt", "\t分值\t\t10\t".encode()).rows
    assert row.layout is Layout.TABBED
    assert [cell.text for cell in row.cells] == ["", "分值", "", "10", ""]
    assert [cell.place.ref for cell in row.cells] == ["C1", "C2", "C3", "C4", "C5"]


def test_a_line_without_tabs_is_one_loose_cell() -> None:
    (row,) = read_document("a.txt", "  总分 100 98.5 ".encode()).rows
    assert (row.layout, row.table, [cell.text for cell in row.cells]) == (Layout.LOOSE, None, ["总分 100 98.5"])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_blank_lines_are_skipped_but_counted(end: str) -> None:
    document = read_document("a.txt", end.join(["", "甲", " \t ", "乙\t丙", ""]).encode())
    assert [row.line for row in document.rows] == [2, 4]


def test_form_feeds_do_not_end_a_line() -> None:
    document = read_document("a.txt", "甲\n\f乙\n丙".encode())
    assert [(row.line, row.cells[0].text) for row in document.rows] == [(1, "甲"), (2, "乙"), (3, "丙")]


def test_unbroken_tabbed_lines_are_one_table() -> None:
    document = read_document("a.txt", "甲\t1\n乙\t2\n\n丙\t3\n丁\n戊\t4".encode())
    assert [row.table for row in document.rows] == [1, 1, 2, None, 3]


def test_tags_become_line_breaks_and_vanish() -> None:
    cell = '目标\t<p style="text-align: center;">完成率&nbsp;&ge;95%</p> <p>满意</p>\t<u>好</u><br/>的'
    (row,) = read_document("a.txt", cell.encode()).rows
    assert [cell.text for cell in row.cells] == ["目标", "完成率\xa0≥95%\n满意", "好\n的"]


@pytest.mark.parametrize("target", ["<1天", ">=2家", "<=3%", "a<b且c>d", "x < p", "&lt5", "AT&T;"])
def test_targets_are_not_taken_for_tags(target: str) -> None:
    (row,) = read_document("a.txt", f"指标\t{target}".encode()).rows
    assert row.cells[1].text == target


def test_a_page_of_html_under_a_text_name_is_html() -> None:
    document = read_document("a.txt", "<!DOCTYPE html><table><tr><td>甲</td></tr></table>".encode())
    assert document.media is Media.HTML


def test_pipe_tables_under_a_text_name_are_tables() -> None:
    document = read_document("a.txt", "| 甲 | 乙 |\n|---|---|\n| 1 | 2 |".encode())
    assert [row.layout for row in document.rows] == [Layout.GRID, Layout.GRID]


@given(st.lists(st.lists(st.text(st.characters(categories=["L", "N"]), max_size=5), min_size=2), min_size=1))
def test_fields_written_with_tabs_are_read_back(rows: list[list[str]]) -> None:
    text = "\n".join("\t".join(["头", *fields]) for fields in rows)
    document = read_document("a.txt", text.encode())
    assert [[cell.text for cell in row.cells] for row in document.rows] == [["头", *fields] for fields in rows]


def test_the_published_forms_give_a_row_a_line() -> None:
    documents = list(read_documents(SEEDS))
    names = [document.name for document in documents if hasattr(document, "name")]
    assert [name[:3] for name in names] == ["000", "001", "002", "003"]
    for document in documents:
        assert not isinstance(document, Exception)
        lines = (SEEDS / document.name).read_text(encoding="utf-8").split("\n")
        assert {row.line for row in document.rows} == {n for n, line in enumerate(lines, 1) if line.strip()}
        assert not [cell for row in document.rows for cell in row.cells if "<p" in cell.text or "</" in cell.text]
