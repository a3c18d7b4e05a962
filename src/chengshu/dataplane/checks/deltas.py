"""A Delta table by its folder, or by its address in an S3 store."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError, TableNotFoundError

from chengshu.dataplane.engines.stores import is_address
from chengshu.dataplane.errors import DataUnreadable
from chengshu.dataplane.lake.places import Lake, store_fault
from chengshu.dataplane.lake.shapes import table_schema


@dataclass(frozen=True, slots=True)
class DeltaRows:
    """The newest version: its Parquet files, to be read by name into the columns of `schema`; or its rows."""

    files: list[Path | str] | pa.Table
    schema: pa.Schema | None = None


def read_delta(
    place: Path | str, scratch: Path, *, store: Mapping[str, str] | None = None, numbered: bool = False
) -> DeltaRows:
    """Give the Parquet files of the newest version; rows in memory when it has none, a copy where files do not suffice.

    Files alone would be wrong with partitions (their values stand in the log), deletion vectors or mapped columns.
    Rows that are to be numbered are copied out of a store, and where some files lack a column.

    Raises:
        DataUnreadable: the log is broken, or asks for what the reader here does not know; no store was named.
        LakeBusy: the store refuses or does not answer.
    """
    if store is None and is_address(place):
        message = f"要读对象存储里的湖表 {place}，请先用设置 CHENGSHU_LAKE_S3 写明存储的地址和访问键。"
        raise DataUnreadable(message)
    try:
        table = DeltaTable(str(place), storage_options=dict(store or {}) if is_address(place) else None)
        schema, names = table_schema(table), pa.table(table.get_add_actions())["path"].to_pylist()
        files: list[Path | str] = sorted(_file(place, unquote(name)) for name in names)
        if not files:
            return DeltaRows(schema.empty_table())
        if _is_plain(table) and not (numbered and _is_to_be_copied(files, schema)):
            return DeltaRows(files, schema)
        return DeltaRows([_copied(table, scratch)])
    except TableNotFoundError as error:
        raise DataUnreadable(f"{place} 不是湖里的表（没有 _delta_log）。请核对桶、前缀、区和表名。") from error
    except OSError as error:
        if is_address(place):
            raise store_fault(Lake(str(place), store or {}), error) from error
        raise DataUnreadable(f"湖里的表 {place} 读不出：{error}。请用写它的工具检查或重写。") from error
    except (DeltaError, ValueError, pa.ArrowException) as error:
        said = str(error).partition("\n")[0]  # what follows is where in its own code the reader stood
        raise DataUnreadable(f"湖里的表 {place} 读不出：{said}。请用写它的工具检查或重写。") from error


def _file(place: Path | str, name: str) -> Path | str:
    return place / name if isinstance(place, Path) else f"{place.rstrip('/')}/{name}"


def _is_plain(table: DeltaTable) -> bool:
    metadata, protocol = table.metadata(), table.protocol()
    mapped = metadata.configuration.get("delta.columnMapping.mode", "none") != "none"
    return not (metadata.partition_columns or protocol.reader_features or mapped)


def _is_to_be_copied(files: list[Path | str], schema: pa.Schema) -> bool:
    return any(is_address(file) or pq.read_schema(file).names != schema.names for file in files)


def _copied(table: DeltaTable, scratch: Path) -> Path:
    target = scratch / "delta.parquet"
    reader = pa.RecordBatchReader.from_stream(table.scan())
    with pq.ParquetWriter(target, reader.schema, compression="lz4") as writer:
        for batch in reader:
            writer.write_batch(batch)
    return target
