"""CSV into the lake, with its receipt, beside DuckDB's bare CSV to Parquet of the same file."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

import duckdb
import pyarrow as pa

from benchmarks.measuring import print_line
from chengshu.dataplane.lake.places import Lake, TableName, Zone
from chengshu.dataplane.lake.writing import Entry, append
from chengshu.dataplane.sources.files import inspect_file, open_file

SIZES = (1_000_000,)
FULL_SIZES = (1_000_000, 10_000_000)
SCHEMA = pa.schema(
    [
        pa.field("id", pa.int64(), nullable=False),
        pa.field("name", pa.string()),
        pa.field("id_number", pa.string()),
        pa.field("amount", pa.decimal128(18, 2)),
        pa.field("day", pa.date32()),
        pa.field("updated_at", pa.timestamp("us", tz="UTC")),
        pa.field("address", pa.string()),
        pa.field("age", pa.int64()),
    ]
)
GENERATE = """
COPY (SELECT i AS id, '居民' || hash(i) % 100000 AS name,
  (310000 + hash(i * 7) % 200) || '19' || lpad((hash(i) % 100)::VARCHAR, 2, '0') || '0101'
    || lpad((hash(i * 3) % 10000)::VARCHAR, 4, '0') AS id_number,
  CASE WHEN {dirty} AND i % 1000 = 7 THEN '1.005'
    ELSE (hash(i * 11) % 10000000 / 100)::DECIMAL(18, 2)::VARCHAR END AS amount,
  CASE WHEN {dirty} AND i % 1000 = 13 THEN '2024-02-30'
    ELSE (DATE '2020-01-01' + (hash(i * 13) % 2000)::INTEGER)::VARCHAR END AS day,
  TIMESTAMP '2024-01-01 00:00:00' + INTERVAL (hash(i * 17) % 30000000) SECOND AS updated_at,
  '长寿路街道' || hash(i * 19) % 500 || '号' AS address, (hash(i * 23) % 120)::INTEGER AS age
FROM range({rows}) t(i)) TO '{path}' (HEADER)
"""


def run() -> None:
    """Print rates of both at a million rows, clean and with two dirty rows in a thousand."""
    _compare_all(SIZES)


def run_full() -> None:
    """Print the same at ten million rows too."""
    _compare_all(FULL_SIZES)


def _compare_all(sizes: tuple[int, ...]) -> None:
    for rows in sizes:
        with tempfile.TemporaryDirectory(prefix="chengshu-bench-") as name:
            for dirty in (False, True):
                _compare(Path(name), rows, dirty=dirty)


def _compare(folder: Path, rows: int, *, dirty: bool) -> None:
    path = folder / f"{rows}-{dirty}.csv"
    duckdb.connect(config={"threads": 2}).execute(GENERATE.format(rows=rows, path=path, dirty=str(dirty).lower()))
    rounds = 3 if rows <= 1_000_000 else 1
    bare = min(_measure(lambda: _write_bare(path, folder)) for _ in range(rounds))
    ours = min(_measure(lambda: _collect(path, folder)) for _ in range(rounds))
    kind = "2 dirty in 1,000" if dirty else "clean"
    print_line(
        f"DuckDB, CSV to Parquet, {rows:,} {kind}", f"{rows / bare[0]:,.0f} rows/s", f"{bare[1]:.1f} s processor"
    )
    share = f"{ours[1]:.1f} s processor; {bare[0] / ours[0]:.0%} of DuckDB by the clock, {bare[1] / ours[1]:.0%} by processor"
    print_line(f"CSV into the lake, {rows:,} {kind}", f"{rows / ours[0]:,.0f} rows/s", share)
    path.unlink()


def _measure(work: Callable[[], None]) -> tuple[float, float]:
    """Seconds by the clock, and of processor time of all threads."""
    begun, used = time.perf_counter(), _cpu_seconds()
    work()
    return time.perf_counter() - begun, _cpu_seconds() - used


def _cpu_seconds() -> float:
    usage = getrusage(RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _write_bare(path: Path, folder: Path) -> None:
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute(
            f"COPY (SELECT * FROM read_csv('{path}')) TO '{folder / 'bare.parquet'}' (FORMAT parquet, COMPRESSION zstd)"  # noqa: S608 - a path of this bench
        )


def _collect(path: Path, folder: Path) -> None:
    """Drift, reading, refused rows, one commit."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        work = Path(name)
        if inspect_file(path, SCHEMA, folder=work):
            raise RuntimeError("the file drifted")
        with open_file(path, SCHEMA, folder=work) as intake:
            append(
                Lake(str(work / "lake")), TableName(Zone.RAW, "居民"), intake.reader(), entry=Entry("bench", "bench")
            )
            list(intake.list_refused())
