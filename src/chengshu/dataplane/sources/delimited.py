"""CSV: UTF-8 or GB18030, any usual delimiter and quote; records that are no records are kept with their line."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from chengshu.dataplane.errors import SourceUnreadable
from chengshu.dataplane.sources.conform import conform_sql, quote_text
from chengshu.dataplane.sources.contracts import Refused
from chengshu.dataplane.sources.intake import Intake
from chengshu.dataplane.sources.sessions import explained, open_session
from chengshu.dataplane.sources.texts import TextFile, to_utf8

BATCH_ROWS = 122_880
_DELIMITERS = ",;\t|"
_SAMPLE_BYTES = 200_000
_SAMPLE_LINES = 50
_FAULTS = {
    "MISSING COLUMNS": "列数少于表头",
    "TOO MANY COLUMNS": "列数多于表头",
    "UNQUOTED VALUE": "引号没有成对",
    "LINE SIZE OVER MAXIMUM": "这一行过长（超过 2 MB）",
    "INVALID ENCODING": "有无法解码的字节",
    "INVALID STATE": "引号或分隔符的位置不对",
}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV file is written, and its columns."""

    delimiter: str
    quote: str
    header: tuple[str, ...]


def sniff_dialect(file: TextFile, *, name: str) -> Dialect:
    """Find delimiter and quote in the first lines, and read the header.

    Raises:
        SourceUnreadable: the header has a column without a name, or a name twice.
    """
    with file.path.open(encoding="utf-8-sig", errors="replace", newline="") as source:
        sample = source.read(_SAMPLE_BYTES)
    lines = re.sub(r'"[^"]*"', "", sample).splitlines()[:_SAMPLE_LINES]
    delimiter = max(_DELIMITERS, key=lambda sign: sum(sign in line for line in lines))
    single = re.search(rf"(^|{re.escape(delimiter)})'[^']*'({re.escape(delimiter)}|$)", sample, re.MULTILINE)
    quote = "'" if single and '"' not in sample else '"'
    header = tuple(
        column.strip() for column in next(csv.reader(sample.splitlines(), delimiter=delimiter, quotechar=quote))
    )
    return Dialect(delimiter, quote, require_header(header, name=name))


def require_header(header: tuple[str, ...], *, name: str) -> tuple[str, ...]:
    """Return the header.

    Raises:
        SourceUnreadable: a column has no name, or a name stands twice.
    """
    if not header or not all(header):
        raise SourceUnreadable(f"“{name}”的表头有没有名称的列，请补全后重新交付。", source=name)
    twice = sorted({column for column in header if header.count(column) > 1})
    if twice:
        raise SourceUnreadable(f"“{name}”的表头中列“{'、'.join(twice)}”重复，请改正后重新交付。", source=name)
    return header


def open_csv(path: Path, schema: pa.Schema, *, folder: Path) -> Intake:
    """Begin to read a CSV file into declared columns; `folder` takes temporary files.

    Raises:
        SourceUnreadable: it is no text, or its header is at fault.
    """
    file = to_utf8(path, folder)
    dialect = sniff_dialect(file, name=path.name)
    connection = open_session(folder)
    relation = _relation_sql(file.path, dialect)
    statement = conform_sql(relation, schema, dict.fromkeys(dialect.header, "VARCHAR"), damaged=file.damaged)

    def pieces() -> Iterator[pa.RecordBatch]:
        with explained(path.name):
            yield from connection.sql(statement).to_arrow_reader(BATCH_ROWS)

    return Intake(schema, pieces(), lambda: _list_broken(connection), connection.close)


def sample_csv(path: Path, *, folder: Path, rows: int = 1000) -> tuple[tuple[str, ...], pa.Table]:
    """Return the header and the first records that can be cut into fields, all as text.

    Raises:
        SourceUnreadable: as `open_csv` does.
    """
    file = to_utf8(path, folder)
    dialect = sniff_dialect(file, name=path.name)
    with open_session(folder) as connection, explained(path.name):
        relation = _relation_sql(file.path, dialect)
        return dialect.header, connection.sql(f"SELECT * FROM {relation} LIMIT {rows}").to_arrow_table()  # noqa: S608


def _relation_sql(path: Path, dialect: Dialect) -> str:
    """The records of a file; those that cannot be cut go to DuckDB's table of rejects.

    Not in parallel: DuckDB 1.5 then loses rejects in the last buffers (32 MB each), and receipts would not add up.
    """
    columns = ", ".join(f"{quote_text(name)}: 'VARCHAR'" for name in dialect.header)
    quote = quote_text(dialect.quote)
    return (
        f"read_csv({quote_text(str(path))}, columns = {{{columns}}}, auto_detect = false, header = true, "
        f"delim = {quote_text(dialect.delimiter)}, quote = {quote}, escape = {quote}, "
        "store_rejects = true, rejects_limit = 0, strict_mode = true, parallel = false)"
    )


def _list_broken(connection: duckdb.DuckDBPyConnection) -> Iterator[Refused]:
    """The records that DuckDB could not cut into fields: one each, by the first fault."""
    found: Any = connection.execute(
        "SELECT line, any_value(csv_line), first(error_type ORDER BY column_idx) FROM reject_errors "
        "GROUP BY line ORDER BY line"
    )
    while rows := found.fetchmany(10_000):
        for line, text, fault in rows:
            yield Refused(int(line), "", text or "", _FAULTS.get(str(fault), str(fault)))
