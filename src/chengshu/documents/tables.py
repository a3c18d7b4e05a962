"""Long tables row by row: XLSX and CSV of any length, one row in memory at a time.

Other than `reading`, which gives a document as a person sees it, this gives the bare values of the first sheet, or of one
that is asked for by its name.
"""

import codecs
import csv
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from chengshu.documents.archives import base_name
from chengshu.documents.contracts import Media
from chengshu.documents.encoding import find_text
from chengshu.documents.errors import (
    DocumentCorrupt,
    DocumentEmpty,
    EncodingUnknown,
    FormulaUncomputed,
    UnknownFormat,
)
from chengshu.documents.limits import MIB, Limits
from chengshu.documents.packages import open_package
from chengshu.documents.sheets import DAMAGE, Book, Uncomputed
from chengshu.documents.sniffing import recognise
from chengshu.documents.transcript import Source

_SAMPLE = MIB
_COLUMNS = 200
_DELIMITERS = ",;\t|"
_TEXT_KINDS = frozenset({Media.CSV, Media.TEXT, Media.MARKDOWN})
# A spreadsheet keeps and shows fifteen digits; what floats hold beyond is noise.
_FLOAT = ".15g"


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row that is not blank: its line in the sheet or the record in the file, from 1, and its cells as text."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table that can be read from its beginning again and again. `rows_about` guesses its length, 0 = unknown."""

    file: str
    media: Media
    data: bytes
    rows_about: int
    sheet: str = ""
    book: Book | None = field(default=None, repr=False, compare=False)

    def list_sheets(self) -> list[str]:
        """List the visible sheets of a workbook by name; none for text."""
        return self.book.list_sheets() if self.book else []

    def of_sheet(self, name: str) -> "Table":
        """Give another sheet of the same workbook."""
        return replace(self, sheet=name, rows_about=0)

    def rows(self) -> Iterator[TableRow]:
        """Give the rows one by one.

        Dates are written `2024-03-15`, numbers as plain digits; columns beyond the 200th are left out.

        Raises:
            DocumentError: the rows break off, or hold a formula without a result; those before have been given.
        """
        return _sheet_rows(self, self.book) if self.book else _record_rows(self)


def open_table(name: str, data: bytes, *, limits: Limits | None = None) -> Table:
    """Recognise a table by its bytes.

    Raises:
        UnknownFormat: it is neither XLSX nor text.
        DocumentError: it is locked, damaged, empty or a bomb; names the cure.
    """
    file = base_name(name)
    if not data.strip():
        raise DocumentEmpty(f"文件“{file}”是空的。", file=file)
    media = recognise(file, data)
    if media is Media.XLSX:
        open_package(Source(file, data, limits or Limits())).close()
        book = _open_book(file, data)
        return Table(file, Media.XLSX, data, _count_rows(file, book), book=book)
    if media not in _TEXT_KINDS:
        raise UnknownFormat(f"文件“{file}”不是表格，请导出为 XLSX 或 CSV 后再导入。", file=file)
    return Table(file, Media.CSV, data, data.count(b"\n") + 1)


def _open_book(file: str, data: bytes) -> Book:
    try:
        book = Book(data)
    except DAMAGE as fault:
        raise _describe_damage(file) from fault
    if not book.list_sheets():
        raise DocumentEmpty(f"工作簿“{file}”没有可见的工作表。", file=file)
    return book


def _count_rows(file: str, book: Book) -> int:
    try:
        return book.read_size(book.list_sheets()[0])[0]
    except DAMAGE as fault:
        raise _describe_damage(file) from fault


def _sheet_rows(table: Table, book: Book) -> Iterator[TableRow]:
    sheets = book.list_sheets()
    sheet = table.sheet if table.sheet in sheets else sheets[0]
    try:
        width = min(book.read_size(sheet)[1], _COLUMNS)
        for line, values in book.rows(sheet):
            columns = range(1, min(max(values, default=0), _COLUMNS) + 1)
            cells = tuple(_write(values.get(column), table.file, sheet) for column in columns)
            if any(cells):
                yield TableRow(line, cells + ("",) * (width - len(cells)))
    except DAMAGE as fault:
        raise _describe_damage(table.file) from fault


def _write(value: object, file: str, sheet: str) -> str:
    """Write a value of a sheet as plain text."""
    if value is None:
        return ""
    if isinstance(value, Uncomputed):
        raise FormulaUncomputed(file, [f"{sheet}!{value.place}"])
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "seconds")
    if isinstance(value, float):
        return f"{Decimal(format(value, _FLOAT)):f}".removesuffix(".0")
    return str(value).strip()


def _record_rows(table: Table) -> Iterator[TableRow]:
    encoding = _find_encoding(table.file, table.data)
    # Record by record: the whole text is never in memory.
    stream = io.TextIOWrapper(io.BytesIO(table.data), encoding=encoding, newline="")
    delimiter = _find_delimiter(table.data[:_SAMPLE].decode(encoding, "ignore"))
    try:
        for line, record in enumerate(csv.reader(stream, delimiter=delimiter), start=1):
            cells = tuple(field.strip() for field in record[:_COLUMNS])
            if any(cells):
                yield TableRow(line, cells)
    except UnicodeDecodeError as fault:
        raise _describe_encoding(table.file) from fault
    except csv.Error as fault:
        raise _describe_damage(table.file) from fault


def _find_encoding(file: str, data: bytes) -> str:
    """Name the encoding of the whole file: what is UTF-8 to the end, else what its beginning plausibly is."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = data[:_SAMPLE] if len(data) <= _SAMPLE else data[: data.rfind(b"\n", 0, _SAMPLE) + 1 or _SAMPLE]
    text = find_text(sample)
    if text is None:
        raise _describe_encoding(file)
    is_utf8 = _decodes(sample, "utf-8") and sample.decode("utf-8-sig") == text
    return "utf-8-sig" if is_utf8 and _decodes(data, "utf-8") else "gb18030"


def _decodes(data: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    view = memoryview(data)
    try:
        for start in range(0, len(view), _SAMPLE):
            decoder.decode(view[start : start + _SAMPLE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _find_delimiter(text: str) -> str:
    """The candidate that the lines of the beginning hold most evenly; comma when none is found."""
    sample = text.splitlines()[:50]
    return max(_DELIMITERS, key=lambda delimiter: sum(delimiter in line for line in sample))


def _describe_encoding(file: str) -> EncodingUnknown:
    return EncodingUnknown(f"文件“{file}”的文字编码无法识别，请另存为 UTF-8 编码后再导入。", file=file)


def _describe_damage(file: str) -> DocumentCorrupt:
    return DocumentCorrupt(f"文件“{file}”已损坏或不完整，请重新导出后再导入。", file=file)
