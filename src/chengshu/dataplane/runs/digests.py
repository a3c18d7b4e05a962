"""A digest of rows that does not depend on their order, nor on the engine that wrote them."""

import hashlib

import duckdb
import pyarrow as pa


def digest_rows(rows: pa.RecordBatchReader) -> str:
    """Return the SHA-256 over the number of rows and the sums of their hashes, column names included.

    It tells whether two runs gave the same rows. It is no seal: sums can be made to agree on purpose.
    """
    names = rows.schema.names
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("rows", rows)
        row = " || ".join(_cell_sql(name) for name in names)
        counted = connection.execute(
            "SELECT count(*), sum(md5_number_lower(r)::HUGEINT), sum(md5_number_upper(r)::HUGEINT) "  # noqa: S608 - quoted
            f"FROM (SELECT {row} AS r FROM rows)"
        ).fetchone()
    return hashlib.sha256(repr((names, counted)).encode()).hexdigest()


def _cell_sql(name: str) -> str:
    text = f'CAST("{name.replace(chr(34), chr(34) * 2)}" AS VARCHAR)'
    return f"CASE WHEN {text} IS NULL THEN 'n' ELSE 'v' || length({text}) || ':' || {text} END"
