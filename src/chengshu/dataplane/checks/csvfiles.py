"""CSV files to Parquet, every cell a text, an empty cell null. UTF-8, UTF-16 or GB18030."""

import codecs
import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from chengshu.dataplane.checks.rownumbers import ROW
from chengshu.dataplane.errors import DataUnreadable

_BLOCK = 8 * 2**20  # bytes: also the longest row that can be read
_SHOWN = 5
_DELIMITERS = ",\t;|"


def stage_csv(path: Path, columns: Sequence[str] | None, *, numbered: bool, folder: Path) -> tuple[list[str], Path]:
    """Copy a CSV file into Parquet; give all of its column names and the file.

    Raises:
        DataUnreadable: no rows, an unknown encoding, column names missing or twice, rows with too few or many cells.
    """
    encoding = find_encoding(path)
    names, delimiter = _read_header(path, encoding)
    chosen = names if columns is None else [name for name in names if name in set(columns)]
    uneven = _Uneven()
    reader = _open(path, encoding, delimiter, names, chosen, uneven)
    target = folder / "rows.parquet"
    schema = pa.schema([(name, pa.string()) for name in chosen] + ([(ROW, pa.int64())] if numbered else []))
    row = 2  # as a spreadsheet counts: the header is row 1
    with pq.ParquetWriter(target, schema, compression="lz4") as writer:
        try:
            for batch in reader:
                arrays = [batch.column(name) for name in chosen]
                if numbered:
                    arrays.append(pa.array(range(row, row + batch.num_rows), pa.int64()))
                row += batch.num_rows
                writer.write_batch(pa.record_batch(arrays, schema=schema))
        except (pa.ArrowException, UnicodeError) as error:
            raise DataUnreadable(f"CSV 文件 {path} 第 {row} 行附近读不下去：{error}。") from error
    uneven.require_none(path, len(names))
    return names, target


def find_encoding(path: Path) -> str:
    """Say how a text file is encoded; raises DataUnreadable when it is none of those that are read."""
    with path.open("rb") as file:
        if file.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
            return "utf-16"
    place, chunk = 0, b""
    for encoding in ("utf-8", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        place = 0
        try:
            with path.open("rb") as file:
                while chunk := file.read(_BLOCK):
                    decoder.decode(chunk)
                    place += chunk.count(b"\n")
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            place += chunk.count(b"\n", 0, error.start)
            continue
        return encoding
    raise DataUnreadable(f"{path} 第 {place + 1} 行附近既不是 UTF-8，也不是 GB18030。请用其中一种重新导出。")


def _read_header(path: Path, encoding: str) -> tuple[list[str], str]:
    with path.open(encoding="utf-8-sig" if encoding == "utf-8" else encoding, newline="") as file:
        start = file.readline()
        outside = "".join(start.split('"')[::2])
        delimiter = max(_DELIMITERS, key=outside.count) if any(map(outside.count, _DELIMITERS)) else ","
        file.seek(0)
        try:
            names = next(csv.reader(islice(file, 1_000), delimiter=delimiter), [])
        except csv.Error as error:
            raise DataUnreadable(f"CSV 文件 {path} 的表头读不出：{error}。") from error
    require_names(names, path)
    return names, delimiter


def require_names(names: Sequence[str], path: Path) -> None:
    """Raise DataUnreadable when there are no column names, an empty one, or one twice."""
    if not any(names):
        raise DataUnreadable(f"{path} 没有表头。第一行请写列名。")
    if "" in names:
        raise DataUnreadable(f"{path} 第 {list(names).index('') + 1} 列没有列名。请补上列名，或删去空列。")
    if twice := [name for name, times in Counter(names).items() if times > 1]:
        raise DataUnreadable(f"{path} 的列名重复：{'、'.join(twice)}。请改成不同的列名。")


def _open(path: Path, encoding: str, delimiter: str, names: list[str], chosen: list[str], uneven: "_Uneven") -> Any:
    try:
        return pyarrow.csv.open_csv(
            path,
            read_options=pyarrow.csv.ReadOptions(
                encoding="utf8" if encoding == "utf-8" else encoding, block_size=_BLOCK, column_names=names, skip_rows=0,
                skip_rows_after_names=1,
            ),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, invalid_row_handler=uneven.take
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), include_columns=chosen, null_values=[""],
                strings_can_be_null=True, quoted_strings_can_be_null=True,
            ),
        )  # fmt: skip
    except pa.ArrowInvalid as error:
        raise DataUnreadable(f"CSV 文件 {path} 读不出：{error}。") from error


@dataclass(slots=True)
class _Uneven:
    """Rows whose number of cells is not that of the header: counted, some shown."""

    number: int = 0
    shown: list[str] = field(default_factory=list)

    def take(self, row: Any) -> str:
        self.number += 1
        if len(self.shown) < _SHOWN:
            self.shown.append(f"“{row.text[:60]}”（{row.actual_columns} 列）")
        return "skip"

    def require_none(self, path: Path, width: int) -> None:
        if self.number:
            raise DataUnreadable(
                f"CSV 文件 {path} 有 {self.number:,} 行的列数不是表头的 {width} 列，如 {'、'.join(self.shown)}。"
                "值里有分隔符或换行的，请用双引号括起来再导出。",
                rows=self.number,
            )
