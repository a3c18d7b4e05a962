"""A Delta table by its folder."""

from pathlib import Path
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from chengshu.dataplane.errors import DataUnreadable


def read_delta(folder: Path, scratch: Path) -> list[Path] | pa.Table:
    """Give the Parquet files of the newest version; rows in memory when it has none, a copy where files do not suffice.

    Files alone would be wrong with partitions (their values stand in the log), deletion vectors or mapped columns.

    Raises:
        DataUnreadable: the log is broken, or asks for what the reader here does not know.
    """
    try:
        table = DeltaTable(folder)
        metadata, protocol = table.metadata(), table.protocol()
        mapped = metadata.configuration.get("delta.columnMapping.mode", "none") != "none"
        files = [folder / unquote(path) for path in pa.table(table.get_add_actions())["path"].to_pylist()]
        if not files:
            return pa.schema(table.schema().to_arrow()).empty_table()
        if not (metadata.partition_columns or protocol.reader_features or mapped):
            return sorted(files)
        return [_copied(table, scratch)]
    except (DeltaError, OSError, ValueError, pa.ArrowException) as error:
        raise DataUnreadable(f"湖里的表 {folder} 读不出：{error}。请用写它的工具检查或重写。") from error


def _copied(table: DeltaTable, scratch: Path) -> Path:
    target = scratch / "delta.parquet"
    reader = pa.RecordBatchReader.from_stream(table.scan())
    with pq.ParquetWriter(target, reader.schema, compression="lz4") as writer:
        for batch in reader:
            writer.write_batch(batch)
    return target
