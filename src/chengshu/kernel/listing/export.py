"""The list as a file: what is seen, in the chosen columns and order, but all pages of it."""

import csv
import re
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import BinaryIO
from urllib.parse import quote

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from chengshu.kernel.listing.contracts import Column, ExportFormat, Kind
from chengshu.kernel.listing.errors import ListTooLong
from chengshu.kernel.listing.formats import convert_money, shorten_deadline, unit_label
from chengshu.kernel.listing.page import Listing

CellValue = str | int | Decimal | date | datetime | None

_CHUNK_ROWS = 2000
_SHEET_ROWS = 1_048_575
_XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A spreadsheet runs a text that begins so; a plain signed number is harmless.
_FORMULA = re.compile(r"^[=+\-@\t\r\n]")
_SIGNED_NUMBER = re.compile(r"^[+-]?[\d,]+(\.\d+)?%?$")


def export_listing(listing: Listing, file_format: ExportFormat) -> HttpResponseBase:
    """Return the download of the whole list.

    Raises:
        ListTooLong: more rows than one XLSX sheet can hold.
    """
    name = f"{listing.spec.file_name}.{file_format.value}"
    if file_format is ExportFormat.XLSX:
        return FileResponse(_write_xlsx(listing), as_attachment=True, filename=name, content_type=_XLSX_TYPE)
    response = StreamingHttpResponse(_write_csv(listing), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def guard_formula(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run as a formula."""
    return f"'{text}" if _FORMULA.match(text) and not _SIGNED_NUMBER.match(text) else text


class _Echo:
    """A file that gives back what is written, so that rows stream out one by one."""

    def write(self, text: str) -> str:
        return text


def _write_csv(listing: Listing) -> Iterator[bytes]:
    writer = csv.writer(_Echo())
    yield b"\xef\xbb\xbf"  # spreadsheets read the file as UTF-8 only with this mark
    yield writer.writerow([guard_formula(title) for title in _titles(listing)]).encode()
    for values in _rows(listing):
        yield writer.writerow([guard_formula(v) if isinstance(v, str) else v for v in values]).encode()


def _write_xlsx(listing: Listing) -> BinaryIO:
    if listing.count > _SHEET_ROWS:
        raise ListTooLong(
            f"共 {listing.count:,} 行，超过一张工作表的上限 {_SHEET_ROWS:,} 行，请先筛选，或导出 CSV",
            count=listing.count,
        )
    book = Workbook(write_only=True)
    sheet = book.create_sheet("列表")
    sheet.freeze_panes = "B2"
    sheet.append(_titles(listing))
    for values in _rows(listing):
        sheet.append([_sheet_cell(sheet, value) for value in values])
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(file)
    file.seek(0)
    return file


def _sheet_cell(sheet: WriteOnlyWorksheet, value: CellValue) -> Cell | CellValue:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"  # a text stays a text, whatever it begins with
    return cell


def _titles(listing: Listing) -> list[str]:
    titles = []
    for column in listing.columns:
        unit = unit_label(column.kind, listing.state.unit)
        bracketed = gettext("（%(unit)s）") % {"unit": unit} if unit else ""
        titles.append(f"{column.label}{bracketed}")
    return titles


def _rows(listing: Listing) -> Iterator[list[CellValue]]:
    for row in listing.all_rows.iterator(chunk_size=_CHUNK_ROWS):
        yield [_export_value(column, column.value(row), listing) for column in listing.columns]


def _export_value(column: Column, value: object, listing: Listing) -> CellValue:
    """Give the value itself where a spreadsheet can reckon with it, else its text."""
    if value is None or isinstance(value, bool):
        return None if value is None else str(value)
    if isinstance(value, datetime) and column.kind is Kind.DEADLINE:
        value = shorten_deadline(value)
    if isinstance(value, datetime):
        return localtime(value).replace(tzinfo=None, microsecond=0)
    if isinstance(value, Decimal | int) and column.kind is Kind.MONEY:
        return convert_money(Decimal(value), listing.state.unit)
    return value if isinstance(value, int | Decimal | date | str) else str(value)
