"""What an engine can do; everything above speaks to this and names no engine."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Written:
    """What a statement wrote: Parquet files, and rows in all of them."""

    files: tuple[Path, ...]
    rows: int


class Engine(Protocol):
    """Runs SQL of its own dialect over relations that were offered to it by name.

    Statements are compiled by sqlglot into `dialect`. Every method raises EngineFault for what the engine refuses,
    with the statement among its details.
    """

    name: str
    """duckdb or spark."""
    dialect: str
    """The name of the engine's SQL dialect in sqlglot."""
    reads_store: bool
    """Whether it was opened with a store, so that files may be offered by their addresses (s3://bucket/key)."""
    shared: Path | None
    """The folder that the machines of its cluster share: offered files must lie where they all see them, and this is
    where. None when it runs on this machine alone."""
    work: Path | None
    """Where files of its work go, which all machines of its cluster see; None is the system's own place for such."""

    def offer(self, name: str, rows: pa.Table | Sequence[Path | str], *, schema: pa.Schema | None = None) -> None:
        """Make rows readable under a name, instead of what had it: a table in memory, or Parquet files of one shape.

        Files are paths, or addresses in the store. With a `schema` (of files only) they need not be of one shape: they
        are read by name into its columns, and where a file lacks one, it is null.
        """

    def withdraw(self, name: str) -> None:
        """Forget a name; nothing happens to the rows."""

    def fetch(self, statement: str) -> pa.Table:
        """Run a query and give all of its rows."""

    def stream(self, statement: str, *, batch_rows: int) -> Iterator[pa.RecordBatch]:
        """Run a query and give its rows piece by piece, so that memory stays bounded."""

    def write(self, statement: str, folder: Path) -> Written:
        """Run a query and write its rows as Parquet files (zstd) into an empty folder."""

    def interrupt(self) -> None:
        """Stop the statement that runs now, from another thread: it ends with EngineFault. Nothing when none runs."""

    def close(self) -> None:
        """Let go of memory, threads and temporary files."""
