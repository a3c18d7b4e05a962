"""HTML, tolerantly: tables with their spans as grids, all other text as loose rows, in document order."""

import re
from collections.abc import Iterator
from typing import Any

import lxml.html
from lxml.etree import _Element

from chengshu.documents.contracts import Place, Row
from chengshu.documents.encoding import decode_text
from chengshu.documents.grids import Spot, table_ref
from chengshu.documents.transcript import Source, Transcript

_IGNORED = frozenset({"script", "style", "head", "template", "noscript", "select", "textarea", "svg", "math"})
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote caption center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 "
        "header hr li main nav ol p pre section tr ul",
    )
)
_SECTIONS = ("thead", "tbody", "tfoot")
# The bounds that browsers set.
_MAX_COL_SPAN = 1_000
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_CHINESE_CHARSETS = frozenset({"gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk"})
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_WIDE = "\u3000-\u303f\u4e00-\u9fff\uff00-\uffef"
# A line break in the source between two Chinese characters is no blank on the page.
_WIDE_BREAK = re.compile(rf"(?<=[{_WIDE}])[ \t\r]*\n\s*(?=[{_WIDE}])")
_BLANKS = re.compile(r"[ \t\r\n\f\xa0]+")
_BREAK = "\x00"
_BREAKS = re.compile(rf"[ ]*(?:{_BREAK}[ ]*)+")


def transcribe(source: Source, transcript: Transcript) -> None:
    """Give tables as grids and the text between them as loose rows; `Place.line` is the element's line.

    A table within a cell follows the row that holds it, as a table of its own.
    """
    transcribe_markup(_decode(source), transcript, first=1)


def transcribe_markup(markup: str, transcript: Transcript, *, first: int) -> None:
    """Give a page or a fragment; `first` is the number of its first line in the file."""
    # libxml2 takes a declaration of another encoding at its word, and ends at a NUL
    markup = _XML_DECLARATION.sub("", markup).replace("\0", "")
    if markup.strip():
        root = lxml.html.document_fromstring(markup, ensure_head_body=True)
        _Walk(transcript, first).walk_page(root)


def _decode(source: Source) -> str:
    declared = _META_CHARSET.search(source.data[:4096])
    if declared and declared.group(1).decode("ascii", "replace").lower() in _CHINESE_CHARSETS:
        try:
            return source.data.decode("gb18030")
        except UnicodeDecodeError:
            pass  # pages often declare what they no longer are
    return decode_text(source.data, file=source.file)


class _Walk:
    """One pass over a page: loose text is gathered until a block ends, tables are laid as they come."""

    def __init__(self, transcript: Transcript, first: int) -> None:
        self._transcript = transcript
        self._offset = first - 1
        self._loose: list[str] = []
        self._loose_line = first

    def walk_page(self, root: _Element) -> None:
        self._walk(root)
        self._end_block()

    def _walk(self, element: _Element) -> None:
        if element.tag in _IGNORED or not isinstance(element.tag, str):
            return
        if element.tag == "table":
            self._end_block()
            self._walk_table(element)
            return
        ends_block = element.tag in _BLOCKS or element.tag == "br"
        if ends_block:
            self._end_block()
        self._gather(element.text, element)
        for child in element:
            self._walk(child)
            self._gather(child.tail, child)
        if ends_block:
            self._end_block()

    def _gather(self, text: str | None, element: _Element) -> None:
        if text and (self._loose or not text.isspace()):
            if not self._loose:
                self._loose_line = self._line_of(element)
            self._loose.append(text)

    def _end_block(self) -> None:
        if self._loose:
            self._transcript.add_paragraph(_tidy("".join(self._loose)), Place(line=self._loose_line))
            self._loose.clear()

    def _line_of(self, element: _Element) -> int:
        line: Any = element.sourceline  # the stubs do not know its type
        return int(line or 1) + self._offset

    def _walk_table(self, table: _Element) -> None:
        for caption in table.iterchildren("caption"):
            self._walk(caption)
        number = self._transcript.open_table()
        lines = [self._line_of(row) for row in _iter_rows(table)]
        spots: list[Spot] = []
        nested: dict[int, list[_Element]] = {}
        for row, column, spans, cell in _place_cells(table):
            place = Place(line=self._line_of(cell), ref=table_ref(number, row, column))
            spots.append(Spot(row, column, _cell_text(cell), place, *spans))
            nested.setdefault(row, []).extend(_iter_nested_tables(cell))

        def locate(row: int, column: int) -> Place:
            return Place(line=lines[row], ref=table_ref(number, row, column))

        for index, laid in enumerate(self._transcript.lay_table(spots, table=number, locate=locate)):
            self._add_row(laid, has_tables=bool(nested.get(index)))
            for inner in nested.get(index, ()):
                self._walk_table(inner)

    def _add_row(self, row: Row, *, has_tables: bool) -> None:
        """A row that only frames other tables is layout, not a row."""
        if not has_tables or any(cell.text for cell in row.cells):
            self._transcript.add_row(row)


def _iter_rows(table: _Element) -> Iterator[_Element]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in _SECTIONS:
            yield from child.iterchildren("tr")


def _place_cells(table: _Element) -> Iterator[tuple[int, int, tuple[int, int], _Element]]:
    """Row, column, (row span, column span) and element of every cell, by the table model of HTML."""
    rows = list(_iter_rows(table))
    held: dict[int, int] = {}  # column → first row that is free again
    for row, element in enumerate(rows):
        column = 0
        for cell in element.iterchildren("td", "th"):
            while held.get(column, 0) > row:
                column += 1
            col_span = min(_read_span(cell, "colspan") or 1, _MAX_COL_SPAN)
            row_span = min(_read_span(cell, "rowspan") or len(rows), len(rows) - row)
            yield row, column, (row_span, col_span), cell
            held.update(dict.fromkeys(range(column, column + col_span), row + row_span))
            column += col_span


def _read_span(cell: _Element, name: str) -> int:
    match = re.match(r"\s*(\d{1,6})", str(cell.get(name, "1")))
    return int(match.group(1)) if match else 1


def _iter_nested_tables(cell: _Element) -> Iterator[_Element]:
    """The outermost tables within a cell."""
    for child in cell:
        if child.tag == "table":
            yield child
        elif isinstance(child.tag, str) and child.tag not in _IGNORED:
            yield from _iter_nested_tables(child)


def _cell_text(cell: _Element) -> str:
    parts: list[str] = []
    _gather_text(cell, parts)
    return _tidy("".join(parts))


def _gather_text(element: _Element, parts: list[str]) -> None:
    if isinstance(element.tag, str) and element.tag not in _IGNORED:
        ends_block = element.tag in _BLOCKS or element.tag == "br"
        if ends_block:
            parts.append(_BREAK)
        parts.append(element.text or "")
        for child in element:
            if child.tag != "table":
                _gather_text(child, parts)
            parts.append(child.tail or "")
        if ends_block:
            parts.append(_BREAK)


def _tidy(text: str) -> str:
    """Blanks as a browser shows them; the breaks of `<br>` and blocks as line breaks."""
    text = _BLANKS.sub(" ", _WIDE_BREAK.sub("", text))
    return _BREAKS.sub("\n", text).strip()
