"""DOCX: the body in order, merged cells, only what stands on the page."""

import io
from collections.abc import Callable

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from chengshu.documents.contracts import Layout
from chengshu.documents.errors import DocumentCorrupt
from chengshu.documents.reading import read_document

Save = Callable[[Callable[[io.BytesIO], object]], bytes]


@pytest.fixture
def read_body(save: Save) -> Callable[[str], list[list[str]]]:
    """The texts of a document whose body is the given XML."""

    def read(markup: str) -> list[list[str]]:
        document = docx.Document()
        for block in parse_xml(f"<w:body {nsdecls('w', 'm')}>{markup}</w:body>"):
            document.element.body.append(block)
        rows = read_document("a.docx", save(document.save)).rows
        return [[cell.text for cell in row.cells] for row in rows]

    return read


def test_paragraphs_and_tables_come_in_order(save: Save) -> None:
    document = docx.Document()
    document.add_paragraph("题")
    document.add_table(1, 2).cell(0, 1).text = "格"
    document.add_paragraph("尾")
    rows = read_document("a.docx", save(document.save)).rows
    assert [(row.layout, row.table) for row in rows] == [(Layout.LOOSE, None), (Layout.GRID, 1), (Layout.LOOSE, None)]
    assert [cell.place.ref for cell in rows[1].cells] == ["T1R1C1", "T1R1C2"]


def test_a_nested_table_follows_its_row(save: Save) -> None:
    document = docx.Document()
    outer = document.add_table(2, 1)
    outer.cell(0, 0).text = "外"
    outer.cell(0, 0).add_table(1, 1).cell(0, 0).text = "内"
    outer.cell(1, 0).text = "后"
    rows = read_document("a.docx", save(document.save)).rows
    assert [(row.table, row.cells[0].text) for row in rows] == [(1, "外"), (2, "内"), (1, "后")]


Texts = Callable[[str], list[list[str]]]


def test_line_breaks_are_kept_in_cells(read_body: Texts) -> None:
    markup = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>一</w:t><w:br/><w:t>二</w:t></w:r></w:p><w:p><w:r><w:t>三</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    assert read_body(markup) == [["一\n二\n三"]]


def test_tracked_deletions_are_gone_and_insertions_stay(read_body: Texts) -> None:
    markup = (
        "<w:p><w:r><w:t>得分</w:t></w:r><w:del><w:r><w:delText>19</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>旧</w:t></w:r></w:moveFrom><w:ins><w:r><w:t>20</w:t></w:r></w:ins></w:p>"
    )
    assert read_body(markup) == [["得分20"]]


def test_signs_of_the_symbol_font_and_of_formulas_are_read(read_body: Texts) -> None:
    markup = (
        '<w:p><w:r><w:sym w:font="Symbol" w:char="F0B3"/><w:t>95%</w:t></w:r></w:p>'
        "<w:p><m:oMath><m:r><m:t>≤2</m:t></m:r></m:oMath></w:p>"
    )
    assert read_body(markup) == [["≥95%"], ["≤2"]]


def test_content_controls_hide_no_table(read_body: Texts) -> None:
    table = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    assert read_body(f"<w:sdt><w:sdtContent>{table}</w:sdtContent></w:sdt>") == [["甲"]]


def test_rows_that_begin_late_keep_their_columns(read_body: Texts) -> None:
    cell = "<w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc>"
    late = f'<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{cell}</w:tr>'
    assert read_body(f"<w:tbl><w:tr>{cell}{cell}</w:tr>{late}</w:tbl>") == [["甲", "甲"], ["", "甲"]]


def test_a_merge_that_continues_nothing_is_a_cell_of_its_own(read_body: Texts) -> None:
    cell = "<w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc>"
    assert read_body(f"<w:tbl><w:tr>{cell}</w:tr></w:tbl>") == [["甲"]]


def test_a_package_without_its_document_is_corrupt(form_files: dict[str, bytes]) -> None:
    broken = form_files["form.docx"].replace(b"word/document.xml", b"word/documens.xml")
    with pytest.raises(DocumentCorrupt, match=r"“a.docx”"):
        read_document("a.docx", broken)
