"""A digest of rows that does not depend on their order, nor on the engine that wrote them."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from chengshu.dataplane.lake.places import Lake, TableName
from chengshu.dataplane.lake.reading import active_files, scan


def digest_table(lake: Lake, table: TableName, version: int) -> str:
    """Return the digest of a version's rows: of a local lake from its files, in bounded memory, else piece by piece."""
    found = active_files(lake, table, version=version)
    if lake.is_local and found.files:
        return digest_files(found.files, names=found.schema.names)
    return digest_rows(scan(lake, table, version=version))


def digest_files(files: Sequence[str | Path], *, names: Sequence[str] = ()) -> str:
    """Return the digest of the rows of Parquet files; without names, of the columns that the first one has."""
    told = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
    with _connected() as connection:
        relation = f"read_parquet([{told}], union_by_name = true)"
        there = connection.sql(f"SELECT * FROM {relation} LIMIT 0").columns  # noqa: S608 - quoted
        columns = list(names) or there
        absent = "".join(f", NULL AS {_quote(name)}" for name in columns if name not in there)
        return _digest(connection, f"(SELECT *{absent} FROM {relation})", columns)  # noqa: S608 - quoted


def digest_rows(rows: pa.RecordBatchReader) -> str:
    """Return the SHA-256 over the number of rows and the sums of their hashes, column names included.

    It tells whether two runs gave the same rows. It is no seal: sums can be made to agree on purpose.
    """
    with _connected() as connection:
        connection.register("rows", rows)
        return _digest(connection, "rows", rows.schema.names)


@contextmanager
def _connected() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 2, "memory_limit": "1GB"}) as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET TimeZone = 'UTC'")
        yield connection


def _digest(connection: duckdb.DuckDBPyConnection, relation: str, names: Sequence[str]) -> str:
    row = " || ".join(_cell_sql(name) for name in names)
    counted = connection.execute(
        "SELECT count(*), sum(md5_number_lower(r)::HUGEINT), sum(md5_number_upper(r)::HUGEINT) "  # noqa: S608 - quoted
        f"FROM (SELECT {row} AS r FROM {relation})"
    ).fetchone()
    return hashlib.sha256(repr((list(names), counted)).encode()).hexdigest()


def _cell_sql(name: str) -> str:
    text = f"CAST({_quote(name)} AS VARCHAR)"
    return f"CASE WHEN {text} IS NULL THEN 'n' ELSE 'v' || length({text}) || ':' || {text} END"


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
