"""CSV: UTF-8 or GB18030, any usual delimiter and quote; records that are no records are kept with their number."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import pyarrow as pa

from chengshu.dataplane.sources.contracts import Refused
from chengshu.dataplane.sources.cutting import cut_file
from chengshu.dataplane.sources.dialects import Dialect, sniff_dialect
from chengshu.dataplane.sources.headings import NOTHING_CALLED, rename_header
from chengshu.dataplane.sources.intake import Intake
from chengshu.dataplane.sources.pieces import CsvReader, to_table
from chengshu.dataplane.sources.recordwise import Whole, read_records
from chengshu.dataplane.sources.sessions import open_session
from chengshu.dataplane.sources.texts import to_utf8

_TRIES = 3
"""How many records are looked at for each that a sample is to have."""


@dataclass(frozen=True, slots=True)
class CsvRows:
    """A CSV file as it is read: batches with `_reason`, `_raw` and `_row`; then, what could not be cut into fields."""

    header: tuple[str, ...]
    batches: Iterator[pa.RecordBatch]
    list_broken: Callable[[], Iterator[Refused]]
    close: Callable[[], object]


def open_csv(path: Path, schema: pa.Schema, *, folder: Path, called: Mapping[str, str] = NOTHING_CALLED) -> Intake:
    """Begin to read a CSV file into declared columns; `folder` takes temporary files, `called` is as in `headings`.

    Raises:
        SourceUnreadable: it is no text, or its header is at fault.
    """
    rows = open_rows(path, schema, folder=folder, called=called)
    return Intake(schema, rows.batches, rows.list_broken, rows.close)


def open_rows(
    path: Path, schema: pa.Schema | None, *, folder: Path, called: Mapping[str, str] = NOTHING_CALLED
) -> CsvRows:
    """Begin to read a CSV file; without a schema each of its columns is text. Raises as `open_csv` does."""
    file = to_utf8(path, folder)
    dialect = _named(sniff_dialect(file, name=path.name), called)
    chosen = schema if schema is not None else pa.schema([(name, pa.string()) for name in dialect.header])
    session = open_session(folder, threads=1)  # each piece is read by the thread that asks; more would only wait busily
    reader = CsvReader(session, dialect, chosen, path.name, damaged=file.damaged)
    batches = reader.batches(cut_file(file.path, folder, quote=dialect.quote))

    def close() -> None:
        batches.close()
        reader.connection.close()

    return CsvRows(dialect.header, batches, reader.list_broken, close)


def sample_csv(path: Path, *, folder: Path, rows: int = 1000) -> pa.Table:
    """Return the first records that can be cut into fields, all as text, of the first few thousand.

    Raises:
        SourceUnreadable: as `open_csv` does.
    """
    file = to_utf8(path, folder)
    dialect = sniff_dialect(file, name=path.name)
    with file.path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as source:
        records = islice(read_records(source, dialect, first=1), 1, 1 + _TRIES * rows)
        whole = [record for record in records if isinstance(record, Whole)][:rows]
    return to_table(whole, dialect.header).select(list(dialect.header))


def _named(dialect: Dialect, called: Mapping[str, str]) -> Dialect:
    """Give the header as declared columns are named; records are read by place."""
    return replace(dialect, header=rename_header(dialect.header, called)) if called else dialect
