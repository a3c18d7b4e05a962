"""Pieces of a CSV file into declared columns: by DuckDB where all is in order, else record by record.

What DuckDB makes of a piece is believed only when its rows and its broken records together are the records of the piece;
where records have several lines, only when none is broken, for a quote too many moves the place where a piece is cut.
"""

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from io import BytesIO, TextIOWrapper
from typing import Any, BinaryIO, TextIO

import duckdb
import numpy as np
import pyarrow as pa

from chengshu.dataplane.sources.conform import ROW, conform_sql, quote_text
from chengshu.dataplane.sources.contracts import Refused
from chengshu.dataplane.sources.cutting import Piece, read_side_by_side
from chengshu.dataplane.sources.dialects import Dialect
from chengshu.dataplane.sources.recordwise import Broken, Whole, read_records
from chengshu.dataplane.sources.sessions import explained

CHUNK_RECORDS = 20_000
CHUNK_CHARACTERS = 8_000_000
_BROKEN = "broken_records"
_BROKEN_SHAPE = pa.schema([("line", pa.int64()), ("record", pa.string()), ("fault", pa.string())])
_FAULTS = {
    "MISSING COLUMNS": "列数少于表头",
    "TOO MANY COLUMNS": "列数多于表头",
    "UNQUOTED VALUE": "引号没有成对",
    "LINE SIZE OVER MAXIMUM": "这一行过长（超过 2 MB）",
    "INVALID ENCODING": "有无法解码的字节",
    "INVALID STATE": "引号或分隔符的位置不对",
}


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows as declared, with `_reason`, `_raw` and `_row`; and the records among them that are none."""

    rows: pa.Table
    broken: pa.Table


@dataclass(frozen=True, slots=True)
class CsvReader:
    """Reads the pieces of one file, also several at a time; broken records are gathered in the database."""

    connection: duckdb.DuckDBPyConnection
    dialect: Dialect
    schema: pa.Schema
    name: str
    damaged: bool = False
    """Whether some bytes could not be decoded, and U+FFFD stands for them."""

    def __post_init__(self) -> None:
        self.connection.execute(f"CREATE TABLE {_BROKEN} (line BIGINT, record VARCHAR, fault VARCHAR)")

    def batches(self, pieces: Iterator[Piece]) -> Generator[pa.RecordBatch, None, None]:
        """Give the rows of all pieces as declared, with `_reason`, `_raw` and the record's number.

        Raises:
            SourceUnreadable: the file cannot be read at all.
        """
        with closing(read_side_by_side(pieces, self._read)) as coming, explained(self.name):
            for piece, parts in coming:
                if parts is None:
                    yield from self._keep(self._read_carefully(self.connection, replace(piece, copy=None)))
                    return
                yield from self._keep(parts)

    def list_broken(self) -> Iterator[Refused]:
        """Give the records that could not be cut into fields: one each, by its first fault."""
        found: Any = self.connection.execute(f"SELECT line, record, fault FROM {_BROKEN} ORDER BY line")  # noqa: S608 - a name of this file
        while rows := found.fetchmany(10_000):
            for line, text, fault in rows:
                yield Refused(int(line), "", text or "", _FAULTS.get(str(fault), str(fault)))

    def _keep(self, parts: Iterable[Part]) -> Iterator[pa.RecordBatch]:
        """Note the broken records of the parts down, and give the rows."""
        for part in parts:
            if part.broken.num_rows:
                self.connection.register("found", part.broken)
                self.connection.execute(f"INSERT INTO {_BROKEN} SELECT line, record, fault FROM found")  # noqa: S608 - as above
            yield from part.rows.to_batches()

    def _read(self, piece: Piece) -> list[Part] | None:
        """All of a piece; None where it cannot be said that it was cut rightly."""
        with self.connection.cursor() as cursor:
            part = self._read_quickly(cursor, piece) if piece.is_plain else None
            if part is not None:
                return [part]
            return None if piece.has_spans else list(self._read_carefully(cursor, piece))

    def _read_quickly(self, cursor: duckdb.DuckDBPyConnection, piece: Piece) -> Part | None:
        """All of a piece; None where it cannot be said that nothing is missing."""
        relation = _records_sql(str(piece.copy), self.dialect, has_header=piece.is_first)
        found = dict.fromkeys(self.dialect.header, "VARCHAR")
        try:
            rows = cursor.sql(conform_sql(relation, self.schema, found, damaged=self.damaged)).to_arrow_table()
            broken = cursor.execute(
                "SELECT CAST(line AS BIGINT) + ? AS line, any_value(csv_line) AS record, "
                "first(error_type ORDER BY column_idx) AS fault FROM reject_errors GROUP BY line",
                [piece.records_before],
            ).to_arrow_table()
            broken.validate(full=True)
        except (duckdb.InvalidInputException, pa.ArrowInvalid):
            return None  # such as a long broken record that was noted down only up to the middle of a character
        first = piece.records_before + 1
        places = broken["line"].to_numpy().astype(np.int64) - first
        if (piece.has_spans and len(places)) or (places >= piece.records).any():
            return None
        is_whole = np.ones(piece.records, dtype=bool)
        is_whole[places] = False
        numbers = np.flatnonzero(is_whole)[int(piece.is_first) :] + first
        return Part(rows.append_column(ROW, pa.array(numbers)), broken) if len(numbers) == rows.num_rows else None

    def _read_carefully(self, cursor: duckdb.DuckDBPyConnection, piece: Piece) -> Iterator[Part]:
        names = self.dialect.header
        found = dict.fromkeys(names, "VARCHAR") | {ROW: "BIGINT"}
        statement = conform_sql("records", self.schema, found, damaged=self.damaged, carried=[ROW])
        with _open_text(piece) as source:
            records = read_records(source, self.dialect, first=piece.records_before + 1)
            if piece.is_first:
                next(records, None)
            for chunk in _chunks(records):
                cursor.register("records", to_table(chunk, names))
                yield Part(cursor.sql(statement).to_arrow_table(), _to_broken(chunk))


def _open_text(piece: Piece) -> TextIO:
    """A piece as text; bytes that are no characters are surrogates."""
    source: BinaryIO = BytesIO(piece.content) if piece.copy else piece.source.open("rb")
    source.seek(0 if piece.copy else piece.start)
    encoding = "utf-8-sig" if piece.is_first else "utf-8"
    return TextIOWrapper(source, encoding=encoding, errors="surrogateescape", newline="")


def _records_sql(path: str, dialect: Dialect, *, has_header: bool) -> str:
    """The relation of a file's records, all columns as text; broken ones go to DuckDB's table of rejects.

    Not in parallel: DuckDB 1.5 then loses rejects in the last buffers (32 MB each).
    """
    columns = ", ".join(f"{quote_text(name)}: 'VARCHAR'" for name in dialect.header)
    quote = quote_text(dialect.quote)
    return (
        f"read_csv({quote_text(path)}, columns = {{{columns}}}, auto_detect = false, header = {has_header}, "
        f"delim = {quote_text(dialect.delimiter)}, quote = {quote}, escape = {quote}, "
        "store_rejects = true, rejects_limit = 0, strict_mode = true, parallel = false)"
    )


def _chunks(records: Iterator[Whole | Broken]) -> Iterator[list[Whole | Broken]]:
    """Some records at a time: few where they are long, so that memory stays small."""
    chunk: list[Whole | Broken] = []
    size = 0
    for record in records:
        chunk.append(record)
        size += len(record.text) if isinstance(record, Broken) else sum(map(len, record.fields))
        if len(chunk) == CHUNK_RECORDS or size > CHUNK_CHARACTERS:
            yield chunk
            chunk, size = [], 0
    yield chunk


def _to_broken(chunk: Iterable[Whole | Broken]) -> pa.Table:
    told = [record for record in chunk if isinstance(record, Broken)]
    columns = {"line": [line.number for line in told], "record": [line.text for line in told]}
    return pa.table(columns | {"fault": [line.fault for line in told]}, schema=_BROKEN_SHAPE)


def to_table(chunk: Iterable[Whole | Broken], names: tuple[str, ...]) -> pa.Table:
    """Return the whole ones among the records as texts, empty ones as null, and their numbers as `_row`."""
    whole = [record for record in chunk if isinstance(record, Whole)]
    columns = zip(*(record.fields for record in whole), strict=True) if whole else ([] for _name in names)
    arrays = [pa.array([value or None for value in column], pa.string()) for column in columns]
    return pa.table([*arrays, pa.array([record.number for record in whole], pa.int64())], names=[*names, ROW])
