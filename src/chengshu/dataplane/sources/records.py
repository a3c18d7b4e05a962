"""XLSX, JSON and JSON Lines: records as texts with their row, which then go the way of all sources."""

import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import openpyxl
import pyarrow as pa
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from chengshu.dataplane.errors import SourceUnreadable
from chengshu.dataplane.sources.conform import ROW, conform_sql
from chengshu.dataplane.sources.contracts import Refused
from chengshu.dataplane.sources.dialects import require_header
from chengshu.dataplane.sources.formulas import Uncomputed
from chengshu.dataplane.sources.intake import Intake
from chengshu.dataplane.sources.sessions import explained, open_session
from chengshu.dataplane.sources.texts import to_utf8

BATCH_ROWS = 10_000
LARGEST_JSON = 256 * 1024 * 1024
Record = tuple[int, dict[str, str | None]]


def open_records(records: "Records", schema: pa.Schema, *, name: str, folder: Path) -> Intake:
    """Begin to read records into declared columns."""
    connection = open_session(folder)
    names = records.header
    shape = pa.schema([*(pa.field(column, pa.string()) for column in names), pa.field(ROW, pa.int64())])
    reader = pa.RecordBatchReader.from_batches(shape, _batches(records.rows, names, shape))
    statement = conform_sql("records", schema, dict.fromkeys(names, "VARCHAR") | {ROW: "BIGINT"}, carried=[ROW])

    def pieces() -> Iterator[pa.RecordBatch]:
        connection.register("records", reader)
        with explained(name):
            yield from connection.sql(statement).to_arrow_reader(BATCH_ROWS)

    def close() -> None:
        connection.close()
        records.close()

    return Intake(schema, pieces(), lambda: iter(records.broken), close)


@dataclass(slots=True)
class Records:
    """Records of a file as they come; `broken` fills while they are read."""

    header: tuple[str, ...]
    rows: Iterator[Record]
    broken: list[Refused]
    close: Callable[[], object] = field(default=lambda: None)


def read_sheet(path: Path, *, sheet: str = "") -> Records:
    """Open a sheet of a workbook, the first one when none is named; its first row is the header.

    Raises:
        SourceUnreadable: it is no workbook, has no such sheet, is empty, or its header is at fault.
    """
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise SourceUnreadable(f"文件“{path.name}”不是可以打开的 XLSX 工作簿。", file=path.name) from error
    with ExitStack() as opened:
        opened.callback(book.close)
        if sheet and sheet not in book.sheetnames:
            message = f"工作簿“{path.name}”没有名为“{sheet}”的工作表，现有：{'、'.join(book.sheetnames)}。"
            raise SourceUnreadable(message, file=path.name, sheet=sheet)
        chosen = book[sheet] if sheet else book.worksheets[0]
        rows = opened.enter_context(closing(chosen.iter_rows(values_only=True)))
        try:
            uncomputed = opened.enter_context(closing(Uncomputed(chosen)))
        except (BadZipFile, zlib.error, SyntaxError, KeyError, ValueError, OSError) as error:
            message = f"文件“{path.name}”的工作表不完整，请用表格软件另存后重新交付。"
            raise SourceUnreadable(message, file=path.name) from error
        header = _sheet_header(next(rows, ()), uncomputed, path.name)
        broken: list[Refused] = []
        return Records(header, _sheet_rows(rows, header, uncomputed, broken), broken, opened.pop_all().close)


def _sheet_header(values: tuple[Any, ...], uncomputed: Uncomputed, name: str) -> tuple[str, ...]:
    header = tuple((_to_text(value) or "").strip() for value in values)
    while header and not header[-1]:
        header = header[:-1]
    if columns := uncomputed.columns_of(1):
        place = f"{get_column_letter(columns[0] + 1)}1"
        message = f"“{name}”的表头 {place} 是没有计算结果的公式，请用表格软件打开、保存后重新交付。"
        raise SourceUnreadable(message, file=name)
    return require_header(header, name=name)


def read_json(path: Path, *, folder: Path) -> Records:
    """Open a JSON array of objects, or JSON Lines; numbers keep every digit.

    Raises:
        SourceUnreadable: it is no text, too large for one array, or not made of objects.
    """
    file = to_utf8(path, folder)
    broken: list[Refused] = []
    rows = _array_rows(file.path, path.name, broken) if _is_array(file.path) else _line_rows(file.path, broken)
    first = list(islice(rows, 1000))
    if not first:
        raise SourceUnreadable(f"文件“{path.name}”里没有一条可以读出的记录。", file=path.name)
    # Objects need not all have the same columns: those of the first thousand are the header.
    header = tuple(dict.fromkeys(column for _row, record in first for column in record))
    known = set(header)
    return Records(header, _known_only(chain(first, rows), known, broken), broken)


def _known_only(rows: Iterable[Record], known: set[str], broken: list[Refused]) -> Iterator[Record]:
    for row, record in rows:
        strange = next((column for column in record if column not in known), None)
        if strange is None:
            yield row, record
        else:
            broken.append(Refused(row, strange, json.dumps(record, ensure_ascii=False), "多出前面记录没有的列"))


def _batches(rows: Iterator[Record], names: tuple[str, ...], shape: pa.Schema) -> Iterator[pa.RecordBatch]:
    while chunk := list(islice(rows, BATCH_ROWS)):
        columns = [pa.array([record.get(name) for _row, record in chunk], pa.string()) for name in names]
        yield pa.RecordBatch.from_arrays([*columns, pa.array([row for row, _record in chunk])], schema=shape)


def _sheet_rows(
    rows: Iterator[tuple[Any, ...]], header: tuple[str, ...], uncomputed: Uncomputed, broken: list[Refused]
) -> Iterator[Record]:
    for number, values in enumerate(rows, start=2):
        texts = [_to_text(value) for value in values]
        if columns := uncomputed.columns_of(number):
            at = columns[0]
            raw = json.dumps([text for text in texts if text is not None], ensure_ascii=False)
            broken.append(Refused(number, header[at] if at < len(header) else "", raw, "公式没有计算结果"))
        elif any(texts[len(header) :]):
            raw = json.dumps([text for text in texts if text is not None], ensure_ascii=False)
            broken.append(Refused(number, "", raw, "列数多于表头"))
        elif any(texts):
            yield number, dict(zip(header, texts, strict=False))


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


def _is_array(path: Path) -> bool:
    with path.open(encoding="utf-8-sig", errors="replace") as source:
        return source.read(1000).lstrip().startswith("[")


def _array_rows(path: Path, name: str, broken: list[Refused]) -> Iterator[Record]:
    if path.stat().st_size > LARGEST_JSON:
        raise SourceUnreadable(
            f"“{name}”太大，不能作为一个 JSON 数组读取，请改用每行一条记录的 JSON Lines。", file=name
        )
    try:
        found = _loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise SourceUnreadable(f"“{name}”不是有效的 JSON：{error}", file=name) from error
    for number, record in enumerate(found, start=1):
        if isinstance(record, dict):
            yield number, _to_texts(record)
        else:
            broken.append(Refused(number, "", json.dumps(record, ensure_ascii=False), "不是一个 JSON 对象"))


def _line_rows(path: Path, broken: list[Refused]) -> Iterator[Record]:
    with path.open(encoding="utf-8-sig", errors="replace") as source:
        for number, line in enumerate(source, start=1):
            if not line.strip():
                continue
            try:
                record = _loads(line)
            except ValueError:
                broken.append(Refused(number, "", line.rstrip("\n"), "不是有效的 JSON"))
                continue
            if isinstance(record, dict):
                yield number, _to_texts(record)
            else:
                broken.append(Refused(number, "", line.rstrip("\n"), "不是一个 JSON 对象"))


def _to_texts(record: dict[str, Any]) -> dict[str, str | None]:
    return {key: _json_text(value) for key, value in record.items()}


def _json_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False)


_loads: Callable[[str], Any] = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str).decode
