"""Formulas of a workbook whose result was never kept: to readers of values they are empty cells, which they are not.

Programs that write workbooks leave the results to the office program that opens them. Such a file, handed in unopened,
would deliver nothing where it shows a number.
"""

from collections.abc import Generator, Iterator
from typing import Any

from lxml import etree
from openpyxl.utils import column_index_from_string
from openpyxl.xml.constants import SHEET_MAIN_NS

_ROW, _CELL, _FORMULA, _VALUE = (f"{{{SHEET_MAIN_NS}}}{name}" for name in ("row", "c", "f", "v"))
_BEGINNINGS = (b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/")
_PIECE = 2**20
_LONGEST = max(map(len, _BEGINNINGS))


class Uncomputed:
    """Follows the rows of one sheet of a workbook that openpyxl opened for reading only, one row in memory at a time."""

    def __init__(self, sheet: Any) -> None:
        book = sheet.parent
        self._archive, self._part = book._archive, sheet._worksheet_path  # noqa: SLF001 - where its own reader looks
        self._found = self._read(is_needed=self._has_formulas())
        self._next = next(self._found, None)

    def columns_of(self, number: int) -> list[int]:
        """Give the columns, from 0, of such formulas in a row; rows are asked in their order, from 1."""
        while self._next is not None and self._next[0] < number:
            self._next = next(self._found, None)
        return self._next[1] if self._next is not None and self._next[0] == number else []

    def close(self) -> None:
        """Let go of the workbook."""
        self._found.close()

    def _has_formulas(self) -> bool:
        end = b""
        with self._archive.open(self._part) as source:
            while piece := source.read(_PIECE):
                if any(sign in end + piece for sign in _BEGINNINGS):
                    return True
                end = piece[-_LONGEST:]
        return False

    def _read(self, *, is_needed: bool) -> Generator[tuple[int, list[int]], None, None]:
        number = 0
        if not is_needed:
            return
        with self._archive.open(self._part) as source:
            for _event, row in etree.iterparse(source, tag=_ROW, resolve_entities=False, no_network=True):
                number = int(float(row.get("r", number + 1)))
                if columns := list(_uncomputed(row)):
                    yield number, columns
                row.clear()
                while row.getprevious() is not None:
                    del row.getparent()[0]


def _uncomputed(row: Any) -> Iterator[int]:
    column = -1
    for cell in row.iterchildren(_CELL):
        place = cell.get("r")
        column = column_index_from_string(place.rstrip("0123456789")) - 1 if place else column + 1
        is_empty_text = cell.get("t") == "str"  # a formula whose result is the empty text
        if cell.find(_FORMULA) is not None and not cell.findtext(_VALUE) and not is_empty_text:
            yield column
