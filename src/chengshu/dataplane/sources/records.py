"""JSON, JSON Lines, and what workbooks give: records as texts with their row, which then go the way of all sources."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from chengshu.dataplane.errors import SourceUnreadable
from chengshu.dataplane.sources.conform import ROW, conform_sql
from chengshu.dataplane.sources.contracts import Refused
from chengshu.dataplane.sources.dialects import require_header
from chengshu.dataplane.sources.headings import find_headings, rename_header
from chengshu.dataplane.sources.intake import Intake
from chengshu.dataplane.sources.jsontexts import fault_of, read_exactly, write_exactly
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


def name_records(records: "Records", called: Mapping[str, str]) -> "Records":
    """Give records by declared columns where the file calls these by other names."""
    found = find_headings(records.header, called) if called else {}
    if not found:
        return records
    header = rename_header(records.header, called)
    rows = ((row, {found.get(name, name): cell for name, cell in record.items()}) for row, record in records.rows)
    return Records(header, rows, records.broken, records.close)


@dataclass(slots=True)
class Records:
    """Records of a file as they come; `broken` fills while they are read."""

    header: tuple[str, ...]
    rows: Iterator[Record]
    broken: list[Refused]
    close: Callable[[], object] = field(default=lambda: None)


def read_json(path: Path, *, folder: Path) -> Records:
    """Open a JSON array of objects, or JSON Lines; numbers keep every digit.

    Raises:
        SourceUnreadable: it is no text, too large for one array, not made of objects, or their names are at fault.
    """
    file = to_utf8(path, folder)
    broken: list[Refused] = []
    rows = _array_rows(file.path, path.name, broken) if _is_array(file.path) else _line_rows(file.path, broken)
    first = list(islice(rows, 1000))
    if not first:
        told = f"第 {broken[0].row} 条：{broken[0].reason}。" if broken else "请写成由对象组成的数组，或每行一个对象。"
        raise SourceUnreadable(f"文件“{path.name}”里没有一条可以读出的记录。{told}", file=path.name)
    # Objects need not all have the same columns: those of the first thousand are the header.
    header = require_header(tuple(dict.fromkeys(column for _row, record in first for column in record)), name=path.name)
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


def _is_array(path: Path) -> bool:
    with path.open(encoding="utf-8-sig", errors="replace") as source:
        return source.read(1000).lstrip().startswith("[")


def _array_rows(path: Path, name: str, broken: list[Refused]) -> Iterator[Record]:
    if path.stat().st_size > LARGEST_JSON:
        raise SourceUnreadable(
            f"“{name}”太大，不能作为一个 JSON 数组读取，请改用每行一条记录的 JSON Lines。", file=name
        )
    try:
        found = read_exactly(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise SourceUnreadable(f"“{name}”不是有效的 JSON：{error}", file=name) from error
    except RecursionError as error:
        raise SourceUnreadable(f"“{name}”嵌套太深，请把每条记录写成一层后重新交付。", file=name) from error
    for number, record in enumerate(found, start=1):
        yield from _sound(number, record, write_exactly(record), broken)


def _line_rows(path: Path, broken: list[Refused]) -> Iterator[Record]:
    with path.open(encoding="utf-8-sig", errors="replace") as source:
        for number, line in enumerate(source, start=1):
            if not line.strip():
                continue
            try:
                record = read_exactly(line)
            except ValueError:
                broken.append(Refused(number, "", line.rstrip("\n"), "不是有效的 JSON"))
                continue
            except RecursionError:
                broken.append(Refused(number, "", line.rstrip("\n"), "嵌套太深"))
                continue
            yield from _sound(number, record, line.rstrip("\n"), broken)


def _sound(number: int, record: Any, raw: str, broken: list[Refused]) -> Iterator[Record]:
    if not isinstance(record, dict):
        broken.append(Refused(number, "", raw, "不是一个 JSON 对象"))
        return
    column, reason = fault_of(record)
    if reason:
        broken.append(Refused(number, column, raw, reason))
    else:
        yield number, _to_texts(record)


def _to_texts(record: dict[str, Any]) -> dict[str, str | None]:
    return {key: _json_text(value) for key, value in record.items()}


def _json_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return write_exactly(value)
