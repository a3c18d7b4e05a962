"""Sheets of a workbook row by row: one row in memory at a time, whatever the sheet's length.

openpyxl knows the package, its styles and its values. Its own streaming reader is not used: it goes through a whole sheet
first where no dimension is written, which its own streaming writer never writes, and keeps the husks of all rows.
"""

import io
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zipfile import BadZipFile

from lxml import etree
from openpyxl.packaging.relationship import Relationship
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet._reader import (
    CELL_TAG,
    DATA_TAG,
    DIMENSION_TAG,
    FORMULA_TAG,
    INLINE_STRING,
    ROW_TAG,
    VALUE_TAG,
    WorkSheetParser,
)
from openpyxl.worksheet.dimensions import SheetDimension
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

DAMAGE = (BadZipFile, zlib.error, KeyError, ValueError, TypeError, OSError, EOFError, IndexError, SyntaxError)
"""What a workbook that is damaged or cut off makes the parsers raise."""
_TEXT = f"{{{SHEET_MAIN_NS}}}t"
_SPOKEN = (_TEXT, f"{{{SHEET_MAIN_NS}}}r/{_TEXT}")
_ITEM = f"{{{SHEET_MAIN_NS}}}si"
_SAFE: dict[str, Any] = {"resolve_entities": False, "no_network": True, "remove_comments": True, "remove_pis": True}
_DIGITS = "0123456789"


@dataclass(frozen=True, slots=True)
class Uncomputed:
    """Stands for a formula whose result was never kept; `place` is its cell."""

    place: str


class Book:
    """An opened workbook: its visible sheets, and the texts that they share.

    Raises:
        one of DAMAGE: it is no whole workbook; so do all its methods.
    """

    def __init__(self, data: bytes) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that do not matter here
            reader = ExcelReader(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            reader.read_manifest()
            reader.shared_strings = list(_shared_texts(reader))
            reader.read_workbook()
            apply_stylesheet(reader.archive, reader.wb)
            self._relations: dict[str, Relationship] = {
                sheet.name: relation
                for sheet, relation in reader.parser.find_sheets()
                if sheet.state == "visible" and "worksheet" in relation.Type and relation.target in reader.valid_files
            }
        self._reader = reader

    def list_sheets(self) -> list[str]:
        """List the visible sheets by name, in their order."""
        return list(self._relations)

    def read_size(self, sheet: str) -> tuple[int, int]:
        """Give rows and columns as the sheet says them itself, without reading its rows; 0 where it says nothing."""
        with self._reader.archive.open(self._relations[sheet].target) as source:
            parsed = etree.iterparse(source, events=("start",), tag=(DIMENSION_TAG, DATA_TAG), **_SAFE)
            for _event, element in parsed:
                if element.tag == DATA_TAG:
                    break
                _left, _top, right, bottom = SheetDimension(element.get("ref")).boundaries
                return bottom or 0, right or 0
        return 0, 0

    def rows(self, sheet: str) -> Iterator[tuple[int, dict[int, object]]]:
        """Give the rows with their number from 1, each as its filled cells by column from 1; none twice, none backward.

        A formula without a result is `Uncomputed`.
        """
        with self._reader.archive.open(self._relations[sheet].target) as source:
            parser, last = _RowParser(self._reader, source), 0
            for _event, element in etree.iterparse(source, events=("end",), tag=ROW_TAG, **_SAFE):
                number, cells = parser.parse_row(element)
                if number > last:
                    last = number
                    yield number, {cell["column"]: cell["value"] for cell in cells if cell["value"] is not None}
                _forget(element)


class _RowParser(WorkSheetParser):
    """openpyxl's parser of cells, quicker with texts, and keeping nothing of rows that are done."""

    def __init__(self, reader: ExcelReader, source: Any) -> None:
        book: Any = reader.wb
        super().__init__(
            source,
            reader.shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,  # noqa: SLF001 - openpyxl's own reader passes them so
            timedelta_formats=book._timedelta_formats,  # noqa: SLF001 - the same
        )

    def parse_row(self, row: Any) -> tuple[int, list[dict[str, Any]]]:
        """Read the cells of a row."""
        told = row.get("r")
        self.row_counter = int(float(told)) if told else self.row_counter + 1
        self.col_counter = 0
        return self.row_counter, [self.parse_cell(cell) for cell in row.iterchildren(CELL_TAG)]

    def parse_cell(self, element: Any) -> dict[str, Any]:
        """Read one cell; a text without asking for formulas and formats."""
        kind = element.get("t")
        if kind not in {"inlineStr", "s"}:
            cell = super().parse_cell(element)
            if cell["value"] is None and is_uncomputed(element):
                cell["value"] = Uncomputed(f"{get_column_letter(cell['column'])}{cell['row']}")
            return cell
        place = element.get("r")
        column = column_index_from_string(place.rstrip(_DIGITS)) if place else self.col_counter + 1
        self.col_counter = column
        if kind == "s":
            value = element.findtext(VALUE_TAG)
            return {"column": column, "value": self.shared_strings[int(value)] if value else None}
        return {"column": column, "value": _text_of(element.find(INLINE_STRING))}


def is_uncomputed(cell: Any) -> bool:
    """Tell whether a cell holds a formula whose result was never kept; the empty text is one (its type says so)."""
    return cell.find(FORMULA_TAG) is not None and not cell.findtext(VALUE_TAG) and cell.get("t") != "str"


def _shared_texts(reader: ExcelReader) -> Iterator[str]:
    package: Any = reader.package
    part = package.find(SHARED_STRINGS)
    if part is None:
        return
    with reader.archive.open(part.PartName[1:]) as source:
        for _event, element in etree.iterparse(source, events=("end",), tag=_ITEM, **_SAFE):
            yield (_text_of(element) or "").replace("x005F_", "")  # as openpyxl does: the escape of an escape
            _forget(element)


def _text_of(element: Any) -> str | None:
    """Give a text that is plain, or made of runs; what tells how to pronounce it is left out."""
    if element is None:
        return None
    if len(element) == 1 and element[0].tag == _TEXT:
        return element[0].text or None
    return "".join(part.text or "" for path in _SPOKEN for part in element.iterfind(path)) or None


def _forget(element: Any) -> None:
    """Let go of an element that was read, and of its place in the tree."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]
