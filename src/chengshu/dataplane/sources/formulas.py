"""Formulas of a workbook whose result was never kept: to readers of values they are empty cells, which they are not.

Cells that were merged into another are empty too, though people see its value there.

Programs that write workbooks leave the results to the office program that opens them. Such a file, handed in unopened,
would deliver nothing where it shows a number.
"""

import re
from collections.abc import Generator, Iterator
from typing import Any

from lxml import etree
from openpyxl.utils import column_index_from_string
from openpyxl.xml.constants import SHEET_MAIN_NS

_ROW, _CELL, _FORMULA, _VALUE = (f"{{{SHEET_MAIN_NS}}}{name}" for name in ("row", "c", "f", "v"))
_BEGINNINGS = (b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/")
_PIECE = 2**20
_END_OF_ROWS = re.compile(rb"</(?:\w{1,20}:)?sheetData\s*>")
_LONGEST = 50  # of what is looked for in pieces
_MERGED = re.compile(rb"mergeCell\s[^>]*?ref=[\"']\$?([A-Z]{1,3})\$?([0-9]{1,7}):\$?([A-Z]{1,3})\$?([0-9]{1,7})[\"']")
_WIDEST = 2_000
"""Columns looked at for merged cells; a header is not as wide."""
_Merge = tuple[int, int, int, int]
"""First row and last, from 1; first column and last, from 0."""


class Uncomputed:
    """Follows the rows of one sheet of a workbook that openpyxl opened for reading only, one row in memory at a time."""

    def __init__(self, sheet: Any) -> None:
        book = sheet.parent
        self._archive, self._part = book._archive, sheet._worksheet_path  # noqa: SLF001 - where its own reader looks
        has_formulas, end = self._look_through()
        self._found = self._read(is_needed=has_formulas)
        self._next = next(self._found, None)
        self._merges = sorted(_merges(end), reverse=True)
        self._open: list[_Merge] = []

    def columns_of(self, number: int) -> list[int]:
        """Give the columns, from 0, of such formulas in a row; rows are asked in their order, from 1."""
        while self._next is not None and self._next[0] < number:
            self._next = next(self._found, None)
        return self._next[1] if self._next is not None and self._next[0] == number else []

    def merged_into_others(self, number: int) -> list[int]:
        """Give the columns, from 0, of cells in a row that were merged into another; rows are asked in their order."""
        while self._merges and self._merges[-1][0] <= number:
            self._open.append(self._merges.pop())
        self._open = [merge for merge in self._open if merge[1] >= number]
        return sorted(
            column
            for first, _last, left, right in self._open
            for column in range(left + (number == first), min(right, _WIDEST) + 1)
        )

    def close(self) -> None:
        """Let go of the workbook."""
        self._found.close()

    def _look_through(self) -> tuple[bool, bytes]:
        """Say whether the sheet has formulas, and give what follows its rows."""
        found, end, before = False, b"", b""
        with self._archive.open(self._part) as source:
            while piece := source.read(_PIECE):
                found = found or any(sign in before + piece for sign in _BEGINNINGS)
                if end:
                    end += piece
                elif ended := _END_OF_ROWS.search(before + piece):
                    end = (before + piece)[ended.end() :]
                before = piece[-_LONGEST:]
        return found, end

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


def _merges(end: bytes) -> Iterator[_Merge]:
    for left, first, right, last in _MERGED.findall(end):
        columns = (column_index_from_string(name.decode()) - 1 for name in (left, right))
        yield (int(first), int(last), *columns)  # type: ignore[misc]


def _uncomputed(row: Any) -> Iterator[int]:
    column = -1
    for cell in row.iterchildren(_CELL):
        place = cell.get("r")
        column = column_index_from_string(place.rstrip("0123456789")) - 1 if place else column + 1
        is_empty_text = cell.get("t") == "str"  # a formula whose result is the empty text
        if cell.find(_FORMULA) is not None and not cell.findtext(_VALUE) and not is_empty_text:
            yield column
