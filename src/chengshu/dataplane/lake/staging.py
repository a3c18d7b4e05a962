"""Rows become Parquet files of a table that no reader sees before they are committed."""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TypeAlias
from uuid import uuid4

import obstore
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from obstore.exceptions import BaseError

from chengshu.dataplane.errors import TypeUnfit
from chengshu.dataplane.lake.places import Lake, TableName, store_fault
from chengshu.dataplane.lake.shapes import fit_batch, to_lake_schema

Rows: TypeAlias = pa.Table | pa.RecordBatchReader | Sequence[Path]
"""Rows in memory, rows that stream, or Parquet files of one shape, which are moved into the lake."""


_SAMPLE_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class StagedFile:
    """A file in the table's folder that no commit names yet: its name, bytes and rows."""

    name: str
    size: int
    rows: int


@dataclass(frozen=True, slots=True)
class Staged:
    """Files of one shape, ready to be committed."""

    files: tuple[StagedFile, ...]
    schema: pa.Schema

    @property
    def rows(self) -> int:
        """Rows in all files."""
        return sum(file.rows for file in self.files)


def stage_rows(lake: Lake, table: TableName, rows: Rows) -> Staged:
    """Lay rows down beside the table's own files; what is never committed is removed by retention.

    Raises:
        TypeUnfit: a column cannot be kept, or files need rewriting to be kept.
        LakeBusy: the store does not take them.
    """
    with _local_folder(lake, table) as folder:
        paths, schema = _write_files(rows, folder)
        return Staged(tuple(_hand_over(lake, table, path) for path in paths), schema)


@contextmanager
def _local_folder(lake: Lake, table: TableName) -> Iterator[Path]:
    """A folder for files in the making: inside a local table, so that handing over is a rename."""
    parent = Path(lake.address(table)) if lake.is_local else None
    if parent is not None:
        parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=parent, prefix="_staging-") as folder:
        yield Path(folder)


def _write_files(rows: Rows, folder: Path) -> tuple[list[Path], pa.Schema]:
    if not isinstance(rows, pa.Table | pa.RecordBatchReader):
        return _check_files(rows)
    schema = to_lake_schema(rows.schema)
    path = folder / "rows.parquet"
    batches = rows.to_batches() if isinstance(rows, pa.Table) else rows
    write_parquet(path, schema, (fit_batch(batch, schema) for batch in batches))
    return [path], schema


def write_parquet(path: Path, schema: pa.Schema, tables: Iterable[pa.Table]) -> None:
    """Write rows as Parquet (zstd); columns whose first values hardly repeat get no dictionary: it would cost much."""
    found = iter(tables)
    first = next(found, schema.empty_table())
    sample = first.slice(0, _SAMPLE_ROWS)
    repeating = [name for name in schema.names if _repeats(sample[name])]
    with pq.ParquetWriter(path, schema, compression="zstd", use_dictionary=repeating) as writer:
        for table in chain([first], found):
            if table.num_rows:
                writer.write_table(table)


def _repeats(column: pa.ChunkedArray) -> bool:
    return not pa.types.is_nested(column.type) and pc.count_distinct(column).as_py() * 2 <= len(column)


def _check_files(paths: Sequence[Path]) -> tuple[list[Path], pa.Schema]:
    if not paths:
        raise TypeUnfit("没有给出要写入的文件。")
    schemas = [pq.read_schema(path).remove_metadata() for path in paths]
    for path, schema in zip(paths, schemas, strict=True):
        if not schema.equals(schemas[0]):
            message = f"文件“{path.name}”的结构与其他文件不同，不能一起写入。"
            raise TypeUnfit(message, file=path.name)
        plain = to_lake_schema(schema)
        changed = [column.name for column in schema if plain.field(column.name).type != column.type]
        if changed:
            message = f"文件“{path.name}”中列“{'、'.join(changed)}”的类型不能原样存入数据湖，请先转换。"
            raise TypeUnfit(message, file=path.name, columns=",".join(changed))
    return list(paths), to_lake_schema(schemas[0])


def _hand_over(lake: Lake, table: TableName, path: Path) -> StagedFile:
    name = f"part-{uuid4().hex}.zstd.parquet"
    rows, size = pq.read_metadata(path).num_rows, path.stat().st_size
    if lake.is_local:
        target = Path(lake.address(table)) / name
        shutil.move(path, target)  # a rename, or a copy when engines work on another disk
        _settle(target)
    else:
        try:
            with path.open("rb") as content:
                obstore.put(lake.store(), f"{table}/{name}", content)
        except BaseError as error:
            raise store_fault(lake, error) from error
        path.unlink()
    return StagedFile(name, size, rows)


def _settle(path: Path) -> None:
    """Let the disk have the bytes before a commit names them."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
