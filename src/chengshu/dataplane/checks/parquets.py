"""What the footers of Parquet files say of their columns that an engine would not, or would read wrongly."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from chengshu.dataplane.errors import DataUnreadable


def require_readable(files: Iterable[Path], columns: Sequence[str] | None) -> None:
    """Raise DataUnreadable when a file is missing or cut, or one of the columns (None: any) would be read wrongly."""
    for file in files:
        try:
            schema = pq.read_schema(file)
        except (OSError, pa.ArrowException) as error:
            message = f"Parquet 文件 {file} 不完整，或不是 Parquet 文件。请重新导出，或换一份完整的文件。"
            raise DataUnreadable(message) from error
        for column in schema:
            # DuckDB (1.5) takes them for doubles, and the bytes for others than they are.
            if pa.types.is_decimal256(column.type) and (columns is None or column.name in columns):
                message = f"Parquet 文件 {file} 的列“{column.name}”超过 38 位数字，读出来会不对。请改存为 38 位以内的小数，或文本。"
                raise DataUnreadable(message)


def zoneless_columns(schema: pa.Schema | None, files: Sequence[Path]) -> frozenset[str]:
    """Give the columns of moments that name no zone; INT96, which old programs write, is in UTC."""
    old: set[str] = set()
    if schema is None and files:
        with pq.ParquetFile(files[0]) as file:
            schema = file.schema_arrow
            old = {
                leaf.path for leaf in map(file.schema.column, range(len(file.schema))) if leaf.physical_type == "INT96"
            }
    there = schema or ()
    return frozenset(
        one.name for one in there if pa.types.is_timestamp(one.type) and one.type.tz is None and one.name not in old
    )
