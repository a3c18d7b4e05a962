"""Writes sheets as a word-processor document: A4 upright, one form a page run, the table with true merges."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from chengshu.performance.papers.sheets import Sheet, SheetCell, grid

_FONT = "宋体"
_LATIN_FONT = "Times New Roman"
_TABLE_WIDTH = 10205  # twentieths of a point: 180 mm, A4 less its margins
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


def write_docx(sheets: Sequence[Sheet]) -> bytes:
    """Write one table a sheet, each form on a page of its own."""
    document = Document()
    _set_page(document)
    for number, sheet in enumerate(sheets):
        _add_line(document, sheet.title, size=16, bold=True, on_new_page=number > 0)
        _add_line(document, sheet.year_line, size=10.5)
        section = document.element.body.sectPr
        section.addprevious(parse_xml(_table_xml(sheet)))
    _end_after_table(document)
    document.core_properties.author = ""
    document.core_properties.title = sheets[0].title if sheets else ""
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _set_page(document: DocumentType) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(15)
    section.top_margin = section.bottom_margin = Mm(15)
    style = document.styles["Normal"]
    style.font.name, style.font.size = _LATIN_FONT, Pt(9)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing = 1.0


def _add_line(document: DocumentType, text: str, *, size: float, bold: bool = False, on_new_page: bool = False) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.page_break_before = on_new_page
    paragraph.paragraph_format.space_after = Pt(4)
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(size), bold


def _end_after_table(document: DocumentType) -> None:
    """Close with the paragraph that the format asks for after a table, too small to need a page of its own."""
    document.add_paragraph().paragraph_format.line_spacing = Pt(1)


def _table_xml(sheet: Sheet) -> str:
    borders = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in _SIDES)
    columns = "".join(f'<w:gridCol w:w="{_column_width(sheet, number, 1)}"/>' for number in range(len(sheet.widths)))
    return (
        f"<w:tbl {nsdecls('w')}><w:tblPr>"
        f'<w:tblW w:w="{_TABLE_WIDTH}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{''.join(_rows_xml(sheet))}</w:tbl>"
    )


def _rows_xml(sheet: Sheet) -> Iterator[str]:
    """Write the rows; a cell that covers rows below is repeated there as the continuation of a vertical merge."""
    above: dict[int, SheetCell] = {}
    for number, positions in enumerate(grid(sheet)):
        cells, column = [], 0
        while column < len(positions):
            cell = positions[column] or above[column]
            above[column] = cell
            cells.append(_cell_xml(sheet, cell, starts=cell.row == number))
            column += cell.columns
        yield f'<w:tr><w:trPr><w:trHeight w:val="340" w:hRule="atLeast"/></w:trPr>{"".join(cells)}</w:tr>'


def _cell_xml(sheet: Sheet, cell: SheetCell, *, starts: bool) -> str:
    span = f'<w:gridSpan w:val="{cell.columns}"/>' if cell.columns > 1 else ""
    merge = ('<w:vMerge w:val="restart"/>' if starts else "<w:vMerge/>") if cell.rows > 1 else ""
    width = _column_width(sheet, cell.column, cell.columns)
    alignment = "left" if cell.align == "start" else "center"
    lines = cell.text.split("\n") if starts else [""]
    paragraphs = "".join(
        f'<w:p><w:pPr><w:jc w:val="{alignment}"/></w:pPr>'
        f'<w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>'
        for line in lines
    )
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}<w:vAlign w:val="center"/></w:tcPr>'
        f"{paragraphs}</w:tc>"
    )


def _column_width(sheet: Sheet, column: int, columns: int) -> int:
    return _TABLE_WIDTH * sum(sheet.widths[column : column + columns]) // sum(sheet.widths)
