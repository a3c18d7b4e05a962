"""A sheet of an XLSX file to Parquet, every cell a text, an empty cell null."""

import zipfile
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl.utils import get_column_letter

from chengshu.dataplane.checks.rownumbers import ROW
from chengshu.dataplane.errors import DataUnreadable
from chengshu.dataplane.sources.formulas import Uncomputed
from chengshu.dataplane.sources.sheets import BROKEN_PACKAGE, first_shown, rows_of

_LARGEST = 4 * 2**30  # bytes unpacked
_BATCH = 20_000  # rows
_UNCOMPUTED = "=…"
"""Stands, as itself, in the place of a formula whose result was never kept."""


def stage_workbook(
    path: Path, sheet: str, columns: Sequence[str] | None, *, numbered: bool, folder: Path
) -> tuple[list[str], Path]:
    """Copy one sheet (the first that shows when not named) into Parquet; give all of its column names and the file.

    The first row that is not empty holds the names. Days are written as 2024-01-31; empty rows are left out.

    Raises:
        DataUnreadable: no workbook, no such sheet, column names missing or twice.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _LARGEST:
                raise DataUnreadable(f"{path} 解压后超过 {_LARGEST // 2**30} GiB。请改用 CSV 或 Parquet。")
        with closing(openpyxl.load_workbook(path, read_only=True, data_only=True)) as book:
            if sheet and sheet not in book.sheetnames:
                raise DataUnreadable(f"{path} 没有工作表“{sheet}”。有：{'、'.join(book.sheetnames)}。")
            with closing(_rows(book[sheet] if sheet else first_shown(book))) as rows:
                names = next((_trimmed(cells) for _, cells in _computed(rows, None, path)), [])
                _require_names([name or "" for name in names], path)
                read = [place for place, name in enumerate(names) if columns is None or name in columns]
                target, whole = folder / "rows.parquet", _computed(rows, read, path)
                return _write(whole, [str(name) for name in names], read, numbered=numbered, target=target)
    except BROKEN_PACKAGE as error:
        raise DataUnreadable(f"{path} 不是能读完的 XLSX 文件（{error}）。请用表格软件另存后再试。") from error


def _require_names(names: Sequence[str], path: Path) -> None:
    if not any(names):
        raise DataUnreadable(f"{path} 没有表头。第一行请写列名。")
    if "" in names:
        raise DataUnreadable(f"{path} 第 {list(names).index('') + 1} 列没有列名。请补上列名，或删去空列。")
    folded = Counter(name.lower() for name in names)
    if twice := [name for name in dict.fromkeys(names) if folded[name.lower()] > 1]:
        raise DataUnreadable(f"{path} 的列名重复（不分大小写）：{'、'.join(twice)}。请改成不同的列名。")


def _rows(sheet: Any) -> Generator[tuple[int, list[str | None]], None, None]:
    """Give rows that are not empty, each with its number from 1."""
    with closing(Uncomputed(sheet)) as uncomputed:
        for number, cells in enumerate(rows_of(sheet), start=1):
            texts = [_text(cell) for cell in cells]
            for place in uncomputed.columns_of(number):
                texts += [None] * (place + 1 - len(texts))
                texts[place] = _UNCOMPUTED
            if any(text is not None for text in texts):
                yield number, texts


def _computed(
    rows: Iterator[tuple[int, list[str | None]]], places: Sequence[int] | None, path: Path
) -> Iterator[tuple[int, list[str | None]]]:
    """Pass rows on; raise DataUnreadable at a formula without a result in one of the columns (None: in any)."""
    for number, cells in rows:
        for place in range(len(cells)) if places is None else places:
            if place < len(cells) and cells[place] is _UNCOMPUTED:
                at = f"{get_column_letter(place + 1)}{number}"
                message = f"{path} 的单元格 {at} 是没有计算结果的公式，读不出值。请用表格软件打开、保存后再试。"
                raise DataUnreadable(message)
        yield number, cells


def _write(
    rows: Iterator[tuple[int, list[str | None]]], names: list[str], chosen: list[int], *, numbered: bool, target: Path
) -> tuple[list[str], Path]:
    numbered = numbered or not chosen  # rows without a cell are counted too
    fields = [(names[place], pa.string()) for place in chosen]
    schema = pa.schema([*fields, (ROW, pa.int64())] if numbered else fields)
    with pq.ParquetWriter(target, schema, compression="lz4") as writer:
        while some := list(islice(rows, _BATCH)):
            arrays = [pa.array([_at(cells, place) for _, cells in some], pa.string()) for place in chosen]
            if numbered:
                arrays.append(pa.array([number for number, _ in some], pa.int64()))
            writer.write_batch(pa.record_batch(arrays, schema=schema))
    return names, target


def _at(cells: list[str | None], place: int) -> str | None:
    return cells[place] if place < len(cells) else None


def _trimmed(cells: list[str | None]) -> list[str | None]:
    """Leave out the empty cells at the end, which formats alone may make."""
    while cells and cells[-1] is None:
        cells = cells[:-1]
    return cells


def _text(cell: object) -> str | None:  # noqa: PLR0911 - one answer a type
    match cell:
        case None | "":
            return None
        case bool():
            return "true" if cell else "false"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime():
            return cell.isoformat(" ", "seconds")
        case date() | time():
            return cell.isoformat()
        case _:
            return str(cell)
