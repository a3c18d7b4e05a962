"""DOCX: paragraphs and tables of the body in order, merged cells known, tracked deletions left out."""

import io
from collections.abc import Iterator

from docx.opc.part import XmlPart
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.package import Package
from lxml.etree import _Element

from chengshu.documents.contracts import Place, Row
from chengshu.documents.errors import DocumentCorrupt
from chengshu.documents.grids import Spot, table_ref
from chengshu.documents.packages import open_package
from chengshu.documents.transcript import Source, Transcript

_PARAGRAPH, _TABLE, _ROW, _CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_CELL_FRAME, _ROW_FRAME = qn("w:tcPr"), qn("w:trPr")
_VALUE = qn("w:val")
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Their text is not on the page: deleted, moved away, or a second copy for older programs.
_UNSEEN = frozenset({qn("w:del"), qn("w:moveFrom"), qn("w:pPr"), qn("w:rPr"), qn("w:instrText"), _FALLBACK})
_WRAPPERS = frozenset(
    {qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:moveTo"), qn("w:customXml"), qn("w:smartTag")}
)
_SIGNS = {qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:tab"): "\t", qn("w:noBreakHyphen"): "-"}
# What the font "Symbol" draws for the code points that Word keeps in its private range.
_SYMBOLS = {"F0B3": "≥", "F0A3": "≤", "F0B1": "±", "F0B4": "×", "F0B8": "÷", "F0B9": "≠", "F025": "%"}
_MAX_SPAN = 1_000


def transcribe(source: Source, transcript: Transcript) -> None:
    """Give the body in reading order; `Place.ref` is "T2R5C3" for cells, none for paragraphs.

    A table within a cell follows the row that holds it, as a table of its own.
    """
    open_package(source).close()
    _transcribe_blocks(_open_body(source), transcript)


def _open_body(source: Source) -> _Element:
    part = Package.open(io.BytesIO(source.data)).main_document_part
    # python-docx takes documents with macros for foreign parts
    root = part.element if isinstance(part, XmlPart) else parse_xml(part.blob)
    body = root.find(qn("w:body"))
    if body is None:
        message = f"文件“{source.file}”没有正文，可能已损坏，请重新导出后再导入。"
        raise DocumentCorrupt(message, file=source.file)
    return body


def _transcribe_blocks(parent: _Element, transcript: Transcript) -> None:
    for block in _iter_children(parent):
        if block.tag == _PARAGRAPH:
            transcript.add_paragraph(_text_of(block), Place())
            for table in _iter_boxed_tables(block):
                _transcribe_table(table, transcript)
        elif block.tag == _TABLE:
            _transcribe_table(block, transcript)


def _transcribe_table(table: _Element, transcript: Transcript) -> None:
    number = transcript.open_table()

    def locate(row: int, column: int) -> Place:
        return Place(ref=table_ref(number, row, column))

    rows = [row for row in _iter_children(table) if row.tag == _ROW and not _is_deleted(row)]
    spots = _place_cells(rows, number)
    laid = transcript.lay_table(spots, table=number, locate=locate)
    for element, row in zip(rows, laid, strict=False):
        nested = [inner for cell in _iter_cells(element) for inner in _iter_children(cell) if inner.tag == _TABLE]
        if not nested or _has_text(row):
            transcript.add_row(row)
        for inner in nested:
            _transcribe_table(inner, transcript)


def _has_text(row: Row) -> bool:
    return any(cell.text for cell in row.cells)


def _place_cells(rows: list[_Element], table: int) -> list[Spot]:
    """The cells with their spans: a vertical merge goes on while the cells below at its column say so."""
    spots: list[Spot] = []
    open_merges: dict[int, int] = {}  # column → position in `spots` of the cell that is merged downward
    for row, element in enumerate(rows):
        column = _read_number(element, _ROW_FRAME, qn("w:gridBefore"), default=0)
        continued: dict[int, int] = {}
        for cell in _iter_cells(element):
            span = max(1, _read_number(cell, _CELL_FRAME, qn("w:gridSpan"), default=1))
            merge = _find_property(cell, _CELL_FRAME, qn("w:vMerge"))
            goes_on = merge is not None and merge.get(_VALUE, "continue") == "continue"
            if goes_on and column in open_merges:
                position = open_merges[column]
                spots[position] = _grow_down(spots[position])
            else:
                position = len(spots)
                place = Place(ref=table_ref(table, row, column))
                spots.append(Spot(row, column, _cell_text(cell), place, 1, span))
            if merge is not None:
                continued[column] = position
            column += span
        open_merges = continued
    return spots


def _grow_down(spot: Spot) -> Spot:
    return Spot(spot.row, spot.column, spot.text, spot.place, spot.row_span + 1, spot.col_span)


def _is_deleted(row: _Element) -> bool:
    return _find_property(row, _ROW_FRAME, qn("w:del")) is not None


def _find_property(element: _Element, frame: str, name: str) -> _Element | None:
    properties = element.find(frame)
    return None if properties is None else properties.find(name)


def _read_number(element: _Element, frame: str, name: str, *, default: int) -> int:
    found = _find_property(element, frame, name)
    digits = "" if found is None else str(found.get(_VALUE, ""))
    return min(int(digits), _MAX_SPAN) if digits.isdecimal() else default


def _iter_children(parent: _Element) -> Iterator[_Element]:
    """The children, those within content controls and tracked insertions too."""
    for child in parent:
        if child.tag in _WRAPPERS:
            yield from _iter_children(child)
        else:
            yield child


def _iter_cells(row: _Element) -> Iterator[_Element]:
    return (child for child in _iter_children(row) if child.tag == _CELL)


def _iter_boxed_tables(paragraph: _Element) -> Iterator[_Element]:
    """The tables in text boxes that are anchored in the paragraph."""
    for box in paragraph.iter(qn("w:txbxContent")):
        if not any(ancestor.tag == _FALLBACK for ancestor in box.iterancestors()):
            yield from (child for child in _iter_children(box) if child.tag == _TABLE)


def _cell_text(cell: _Element) -> str:
    paragraphs = [_text_of(child) for child in _iter_children(cell) if child.tag == _PARAGRAPH]
    return "\n".join(paragraphs).strip()


def _text_of(paragraph: _Element) -> str:
    parts: list[str] = []
    _gather_text(paragraph, parts)
    return "".join(parts).strip()


def _gather_text(element: _Element, parts: list[str]) -> None:
    for child in element:
        tag = child.tag
        if tag in {qn("w:t"), _MATH_TEXT}:
            parts.append(child.text or "")
        elif tag in _SIGNS:
            parts.append(_SIGNS[tag])
        elif tag == qn("w:sym"):
            parts.append(_SYMBOLS.get(str(child.get(qn("w:char"), "")).upper(), ""))
        elif tag not in _UNSEEN and tag != _TABLE and isinstance(tag, str):
            if tag == _PARAGRAPH and parts:
                parts.append("\n")
            _gather_text(child, parts)
