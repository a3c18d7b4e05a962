"""Writes sheets as a workbook, one worksheet a form, printed on one page's width of A4 upright."""

import re
from collections.abc import Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from chengshu.performance.papers.sheets import Sheet, SheetCell, printable
from chengshu.performance.papers.writers.measure import line_count

_SIDE = Side(style="thin", color="FF000000")
_BORDER = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
_BODY_SIZE = 10
_SIZES = (10, 9, 8, 7, 6, 5)  # points; a text too long for the highest row is set smaller
_TITLE = Font(name="宋体", size=16, bold=True)
_YEAR = Font(name="宋体", size=10)
_CENTER = Alignment(horizontal="center", vertical="center", wrap_text=True)
_START = Alignment(horizontal="left", vertical="center", wrap_text=True)
_FIGURE = Alignment(horizontal="center", vertical="center", shrink_to_fit=True)  # a figure too wide would show ####
_WIDTH = 96  # half-width positions of the whole table; A4 upright holds them at 10 points
_LINE_HEIGHT = 1.35  # of the size of the type
_PADDING = 6.0  # points
_HIGHEST = 409.0  # the most that a row may have in the format
_EXACT_DIGITS = 15  # a workbook keeps figures as doubles
_FIRST_ROW = 3  # below title and year
_FORBIDDEN_IN_NAMES = re.compile(r"[\\/*?:\[\]\x00-\x1f]")
_NAME_LENGTH = 31


def write_xlsx(sheets: Sequence[Sheet]) -> bytes:
    """Write one worksheet a sheet; figures stay figures, shown as the form prints them."""
    book = Workbook()
    empty = book.worksheets[0]
    taken: set[str] = set()
    for sheet in sheets:
        _write_sheet(book.create_sheet(_sheet_name(sheet.name, taken)), sheet)
    if sheets:
        book.remove(empty)  # the format asks for one sheet at least
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def put_text(cell: Cell | MergedCell, text: str) -> None:
    """Store a text as text, whatever sign it begins with: no program may take it for a formula."""
    cell.value = printable(text) or None
    if text[:1] in {"=", "+", "-", "@"}:
        cell.data_type = "s"
        cell.quotePrefix = True


def _write_sheet(worksheet: Worksheet, sheet: Sheet) -> None:
    width = len(sheet.widths)
    for column, share in enumerate(sheet.widths, start=1):
        worksheet.column_dimensions[get_column_letter(column)].width = share / 100 * _WIDTH
    for row, (text, font) in enumerate(((sheet.title, _TITLE), (sheet.year_line, _YEAR)), start=1):
        top = worksheet.cell(row, 1)
        put_text(top, text)
        top.font, top.alignment = font, _CENTER
        worksheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=width)
    worksheet.row_dimensions[1].height = 28
    for row_cells in sheet.rows:
        for cell in row_cells:
            _write_cell(worksheet, cell, Font(name="宋体", size=_fitting_size(sheet, cell)))
    for row, height in enumerate(_row_heights(sheet)):
        worksheet.row_dimensions[row + _FIRST_ROW].height = height
    _set_page(worksheet, sheet)


def _write_cell(worksheet: Worksheet, cell: SheetCell, font: Font) -> None:
    top, left = cell.row + _FIRST_ROW, cell.column + 1
    bottom, right = top + cell.rows - 1, left + cell.columns - 1
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            worksheet.cell(row, column).border = _BORDER
    target = worksheet.cell(top, left)
    target.font = font
    target.alignment = _START if cell.align == "start" else _CENTER
    if cell.number is not None and len(cell.number.as_tuple().digits) <= _EXACT_DIGITS:
        target.value = cell.number
        target.number_format = _number_format(cell)
        target.alignment = _FIGURE
    else:
        put_text(target, cell.text)
    if bottom > top or right > left:
        worksheet.merge_cells(start_row=top, end_row=bottom, start_column=left, end_column=right)


def _number_format(cell: SheetCell) -> str:
    """Show a figure with the decimals, the separators and the decoration of its printed text."""
    figure = cell.text.removesuffix(cell.decoration)
    decimals = len(figure.partition(".")[2])
    whole = "#,##0" if "," in figure else "0"
    decoration = f'"{cell.decoration}"' if cell.decoration else ""
    return whole + ("." + "0" * decimals if decimals else "") + decoration


def _row_heights(sheet: Sheet) -> list[float]:
    """Give every row the height of its fullest cell; programs do not measure merged cells."""
    heights = [_LINE_HEIGHT * _BODY_SIZE + _PADDING] * len(sheet.rows)
    for row in sheet.rows:
        for cell in row:
            needed = _text_height(sheet, cell, _fitting_size(sheet, cell))
            missing = needed - sum(heights[cell.row : cell.row + cell.rows])
            if missing > 0:
                heights[cell.row + cell.rows - 1] += missing
    return [min(_HIGHEST, height) for height in heights]


def _fitting_size(sheet: Sheet, cell: SheetCell) -> int:
    """Find the largest size at which a text fits into the highest row that the format allows."""
    fitting = (size for size in _SIZES if _text_height(sheet, cell, size) <= _HIGHEST)
    return next(fitting, _SIZES[-1])


def _text_height(sheet: Sheet, cell: SheetCell, size: int) -> float:
    share = sum(sheet.widths[cell.column : cell.column + cell.columns]) / 100
    positions = (share * _WIDTH - 1.5) * _BODY_SIZE / size
    return line_count(cell.text, max(2.0, positions)) * _LINE_HEIGHT * size + _PADDING


def _set_page(worksheet: Worksheet, sheet: Sheet) -> None:
    worksheet.page_setup.orientation = "portrait"
    worksheet.page_setup.paperSize = 9  # A4
    worksheet.page_setup.fitToWidth = 1
    worksheet.page_setup.fitToHeight = 0
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    worksheet.print_options.horizontalCentered = True
    worksheet.page_margins.left = worksheet.page_margins.right = 0.5
    worksheet.page_margins.top = worksheet.page_margins.bottom = 0.6
    worksheet.sheet_view.showGridLines = False
    if sheet.heading is not None:
        row = sheet.heading + _FIRST_ROW
        worksheet.print_title_rows = f"{row}:{row}"


def _sheet_name(name: str, taken: set[str]) -> str:
    """Make a name that the format allows and that no sheet of the book has yet."""
    plain = _FORBIDDEN_IN_NAMES.sub(" ", name).strip(" '")[:_NAME_LENGTH] or "自评表"
    unique, number = plain, 1
    while unique.lower() in taken:
        number += 1
        suffix = f" ({number})"
        unique = plain[: _NAME_LENGTH - len(suffix)] + suffix
    taken.add(unique.lower())
    return unique
