"""Sheets of XLSX workbooks: their rows as texts, and those refused whose cells do not say what they seem to."""

import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from chengshu.dataplane.errors import SourceUnreadable
from chengshu.dataplane.sources.contracts import Refused
from chengshu.dataplane.sources.dialects import require_header
from chengshu.dataplane.sources.formulas import Uncomputed
from chengshu.dataplane.sources.records import Record, Records

BROKEN_PACKAGE = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    ParseError,
    SyntaxError,  # of lxml
    KeyError,
    ValueError,
    OSError,
    EOFError,
    IndexError,
    TypeError,
    AttributeError,
    OverflowError,
    RuntimeError,  # a part is locked by a password
)
"""What a damaged package makes its readers raise: the archive, its parts, their XML."""
_LARGEST, _LARGEST_TEXTS = 4 * 2**30, 2**29  # bytes unpacked; texts stay in memory
_NO_WORKBOOK = "不是可以打开的 XLSX 工作簿，请用表格软件打开、另存为 XLSX 后重新交付。"
_TEXTS = "xl/sharedStrings.xml"
_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})
_FIRST_UNSURE = 1e15
"""Office programs keep 15 digits of a number."""


def read_sheet(path: Path, *, sheet: str = "") -> Records:
    """Open a sheet of a workbook, the first one that shows when none is named; its first row is the header.

    Raises:
        SourceUnreadable: it is no workbook, too large, has no such sheet, is empty, its header is at fault, or another
            sheet that shows has the same header and would be left out.
    """
    _require_size(path)
    with _whole(path, _NO_WORKBOOK):
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    with ExitStack() as opened:
        opened.callback(book.close)
        if sheet and sheet not in book.sheetnames:
            message = f"工作簿“{path.name}”没有名为“{sheet}”的工作表，现有：{'、'.join(book.sheetnames)}。"
            raise SourceUnreadable(message, file=path.name, sheet=sheet)
        with _whole(path):
            chosen = book[sheet] if sheet else first_shown(book)
            rows = opened.enter_context(closing(rows_of(chosen)))
            uncomputed = opened.enter_context(closing(Uncomputed(chosen)))
            header = _header(next(rows, ()), uncomputed, path.name)
            if not sheet:
                _require_alone(book, chosen, header, path)
        broken: list[Refused] = []
        return Records(header, _rows(rows, header, uncomputed, broken, path), broken, opened.pop_all().close)


def first_shown(book: Any) -> Any:
    """Give the first sheet of a workbook that is not hidden; where all are, the first."""
    return next((sheet for sheet in book.worksheets if sheet.sheet_state == "visible"), book.worksheets[0])


def rows_of(sheet: Any) -> Any:
    """Give the values of a sheet row by row, each as wide as it is written.

    One cell in a far corner would otherwise make every row before it as wide as the sheet could be.
    """
    sheet.reset_dimensions()
    return sheet.iter_rows(values_only=True)


@contextmanager
def _whole(path: Path, told: str = "不完整，请用表格软件另存后重新交付。") -> Iterator[None]:
    try:
        yield
    except BROKEN_PACKAGE as error:
        raise SourceUnreadable(f"文件“{path.name}”{told}", file=path.name) from error


def _require_size(path: Path) -> None:
    with _whole(path, _NO_WORKBOOK), zipfile.ZipFile(path) as archive:
        sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
    if sum(sizes.values()) > _LARGEST or sizes.get(_TEXTS, 0) > _LARGEST_TEXTS:
        raise SourceUnreadable(f"工作簿“{path.name}”解压后太大，请改用 CSV 或 Parquet 交付。", file=path.name)


def _require_alone(book: Any, chosen: Any, header: tuple[str, ...], path: Path) -> None:
    for other in book.worksheets:
        if other is chosen or other.sheet_state != "visible":
            continue
        with closing(rows_of(other)) as rows:
            names = tuple((_to_text(value) or "").strip() for value in next(rows, ()))
        if tuple(name for name in names if name) == header:
            message = (
                f"工作簿“{path.name}”的工作表“{chosen.title}”和“{other.title}”表头相同，一次只归集一张，另一张会漏掉。"
            )
            raise SourceUnreadable(f"{message}请合并到一张工作表，或分成几个文件重新交付。", file=path.name)


def _header(values: tuple[Any, ...], uncomputed: Uncomputed, name: str) -> tuple[str, ...]:
    header = tuple((_to_text(value) or "").strip() for value in values)
    while header and not header[-1]:
        header = header[:-1]
    if columns := uncomputed.columns_of(1):
        place = f"{get_column_letter(columns[0] + 1)}1"
        message = f"“{name}”的表头 {place} 是没有计算结果的公式，请用表格软件打开、保存后重新交付。"
        raise SourceUnreadable(message, file=name)
    return require_header(header, name=name)


def _rows(
    rows: Iterator[tuple[Any, ...]], header: tuple[str, ...], uncomputed: Uncomputed, broken: list[Refused], path: Path
) -> Iterator[Record]:
    with _whole(path):
        for number, values in enumerate(rows, start=2):
            texts = [_to_text(value) for value in values]
            formulas, merged = uncomputed.columns_of(number), uncomputed.merged_into_others(number)
            if not any(texts) and not formulas:
                continue
            column, reason = _fault(values, texts, header, formulas, merged)
            if reason:
                raw = json.dumps([text for text in texts if text is not None], ensure_ascii=False)
                broken.append(Refused(number, column, raw, reason))
            else:
                yield number, dict(zip(header, texts, strict=False))


def _fault(
    values: tuple[Any, ...], texts: list[str | None], header: tuple[str, ...], formulas: list[int], merged: list[int]
) -> tuple[str, str]:
    """Give the column at fault in a row and why it cannot be taken; two empty texts where nothing is."""
    if formulas:
        return (header[formulas[0]] if formulas[0] < len(header) else ""), "公式没有计算结果"
    if any(texts[len(header) :]):
        return "", "列数多于表头"
    if merged and merged[0] < len(header):
        return header[merged[0]], "单元格并入了别的单元格，没有自己的值；请取消合并、逐行填写"
    for column, value in zip(header, values, strict=False):
        if isinstance(value, str) and value in _ERRORS:
            return column, f"单元格是公式的错误值 {value}"
        if isinstance(value, float) and abs(value) >= _FIRST_UNSURE:
            return column, "数超过 15 位，末几位已被表格软件改动；请把这一列设为文本后重新填写"
    return "", ""


def _to_text(value: Any) -> str | None:
    """A cell as it is shown; Excel keeps 15 digits of a number."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else str(value)
