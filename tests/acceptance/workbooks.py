"""Workbooks as offices keep them: merged cells, real numbers with number formats, empty margins."""

import io
import re
from collections.abc import Sequence

import openpyxl
from acceptance.papers import At, Sheet
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

_SIDE = Side(style="thin")
_THIN = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)


def make_workbook(
    sheets: Sequence[Sheet],
    *,
    stacked: bool = False,
    margin: tuple[int, int] = (0, 0),
    numbers: bool = True,
    formulas: bool = False,
    companions: bool = False,
) -> bytes:
    """Print each form on a sheet of its own, or all one below the other; `margin` are empty rows and columns first.

    `numbers` writes figures as numbers with a number format, as a spreadsheet does when a person types them;
    `formulas` lets a text that begins with "=" become a formula, as programs that write cells without thought do;
    `companions` puts the instructions and the list of all projects before the forms, as bureaus hand them out.
    """
    book = openpyxl.Workbook()
    target = _add_companions(book, sheets) if companions else book.worksheets[0]
    top = margin[0]
    for index, sheet in enumerate(sheets):
        if index and not stacked:
            target = book.create_sheet(f"自评表{index + 1}")
            top = margin[0]
        top = _print(target, sheet, top, margin[1], numbers=numbers) + 2
    buffer = io.BytesIO()
    if not formulas:
        _keep_texts(book)
    book.save(buffer)
    return buffer.getvalue()


def _add_companions(book: openpyxl.Workbook, sheets: Sequence[Sheet]) -> Worksheet:
    """Sheets that speak of the forms and are none; give the next one."""
    notes = book.worksheets[0]
    for text in (
        "项目支出绩效自评表填报说明",
        "1.总分为100分，其中预算执行率10分。",
        "2.请于3月底前报送项目支出绩效自评表。",
    ):
        notes.append([text])
    listed = book.create_sheet("汇总")
    listed.append(["2023年度项目支出绩效自评情况汇总表"])
    listed.append(["序号", "项目名称", "主管部门", "全年预算数", "全年执行数", "执行率", "自评得分", "自评等级"])
    for number, sheet in enumerate(sheets, start=1):
        total = sheet.record["money"]["total"]
        amounts = float(total["budget"]), float(total["executed"]), total["rate"]
        listed.append([number, sheet.record["project"], sheet.record["department"], *amounts, 95, "优"])
    following: Worksheet = book.create_sheet("自评表1")
    return following


def _keep_texts(book: openpyxl.Workbook) -> None:
    for target in book.worksheets:
        for cell in (cell for row in target.iter_rows() for cell in row if cell.data_type == "f"):
            cell.data_type = "s"


def _print(target: Worksheet, sheet: Sheet, top: int, left: int, *, numbers: bool) -> int:
    for line in sheet.before:
        _merge(target, At(top, left, 1, sheet.width, line), numbers=False)
        top += 1
    for cell in sheet.cells:
        placed = At(top + cell.row, left + cell.column, cell.rows, cell.columns, cell.text)
        _merge(target, placed, numbers=numbers)
    top += sheet.height
    for line in sheet.after:
        _merge(target, At(top, left, 1, sheet.width, line), numbers=False)
        top += 1
    return top


def _merge(target: Worksheet, cell: At, *, numbers: bool) -> None:
    row, column = cell.row + 1, cell.column + 1
    corner = target.cell(row, column)
    if cell.text:
        corner.value, corner.number_format = _value(cell.text) if numbers else (cell.text, "@")
    corner.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
    corner.border, corner.font = _THIN, Font(name="宋体", size=11)
    if cell.rows * cell.columns > 1:
        target.merge_cells(
            start_row=row, start_column=column, end_row=row + cell.rows - 1, end_column=column + cell.columns - 1
        )


def _value(text: str) -> tuple[str | float | int, str]:
    """Give the value that a person's typing makes of a printed text, and the format that prints it so."""
    places = len(text.partition(".")[2].rstrip("%"))
    digits = "0" + ("." + "0" * places if places else "")
    if re.fullmatch(r"\d+(\.\d+)?%", text):
        return float(text[:-1]) / 100, digits + "%"
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", text):
        return float(text.replace(",", "")), "#,##" + digits
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return (float(text), digits) if places else (int(text), "General")
    return text, "General"
