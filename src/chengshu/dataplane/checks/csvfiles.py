"""CSV files to Parquet, every cell a text, an empty cell null; read as deliveries are."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from chengshu.dataplane.checks.rownumbers import ROW
from chengshu.dataplane.errors import DataUnreadable, SourceUnreadable
from chengshu.dataplane.sources.conform import RAW, REASON, TAB
from chengshu.dataplane.sources.conform import ROW as NUMBER
from chengshu.dataplane.sources.delimited import CsvRows, open_rows

_SHOWN = 5
_SHOWN_CHARACTERS = 60


def stage_csv(path: Path, columns: Sequence[str] | None, *, numbered: bool, folder: Path) -> tuple[list[str], Path]:
    """Copy a CSV file into Parquet; give all of its column names and the file.

    Raises:
        DataUnreadable: it is no text, column names are missing or there twice, or records cannot be read.
    """
    target = folder / "rows.parquet"
    try:
        rows = open_rows(path, None, folder=folder)
        with closing(rows):
            names = list(rows.header)
            chosen = names if columns is None else [name for name in names if name in set(columns)]
            _write(rows, chosen, target, numbered=numbered, path=path)
    except SourceUnreadable as error:
        raise DataUnreadable(str(error)) from error
    return names, target


def _write(rows: CsvRows, chosen: list[str], target: Path, *, numbered: bool, path: Path) -> None:
    numbered = numbered or not chosen  # rows without a cell are counted too
    schema = pa.schema([(name, pa.string()) for name in chosen] + ([(ROW, pa.int64())] if numbered else []))
    taken = [*chosen, NUMBER] if numbered else chosen
    faults: list[str] = []
    number = 0
    with pq.ParquetWriter(target, schema, compression="lz4") as writer:
        for batch in rows.batches:
            writer.write_batch(batch.select(taken).rename_columns(schema.names).cast(schema))
            number += len(batch) - batch.column(REASON).null_count
            faults += _undecoded(batch, _SHOWN - len(faults))
    for broken in rows.list_broken():
        number += 1
        if len(faults) < _SHOWN:
            faults.append(f"第 {broken.row} 行“{broken.raw[:_SHOWN_CHARACTERS]}”（{broken.reason}）")
    if number:
        raise DataUnreadable(
            f"CSV 文件 {path} 有 {number:,} 行读不出，如{'、'.join(faults)}。"
            "值里有分隔符、引号或换行的，请用双引号括起来，再以 UTF-8 或 GB18030 导出。",
            rows=number,
        )


def _undecoded(batch: pa.RecordBatch, most: int) -> Iterator[str]:
    """Name some rows with bytes that are no characters."""
    for row in batch.filter(pc.is_valid(batch.column(REASON))).slice(0, max(most, 0)).to_pylist():
        column, _tab, reason = row[REASON].partition(TAB)
        yield f"第 {row[NUMBER]} 行“{row[RAW][:_SHOWN_CHARACTERS]}”（{column}{reason}）"
