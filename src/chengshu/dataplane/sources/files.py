"""Any delivered file by its ending: what its columns are, how they drifted, and its rows."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from chengshu.dataplane.errors import SourceUnreadable
from chengshu.dataplane.sources.columnar import open_parquet, sample_parquet
from chengshu.dataplane.sources.contracts import Drift
from chengshu.dataplane.sources.delimited import open_csv, sample_csv
from chengshu.dataplane.sources.drifting import find_drift
from chengshu.dataplane.sources.headings import NOTHING_CALLED, find_headings
from chengshu.dataplane.sources.intake import Intake
from chengshu.dataplane.sources.records import Records, name_records, open_records, read_json
from chengshu.dataplane.sources.sheets import read_sheet

SAMPLE_ROWS = 1000
SUFFIXES = (".csv", ".txt", ".tsv", ".xlsx", ".json", ".jsonl", ".ndjson", ".parquet")


def open_file(
    path: Path, schema: pa.Schema, *, folder: Path, sheet: str = "", called: Mapping[str, str] = NOTHING_CALLED
) -> Intake:
    """Begin to read a file into declared columns; `folder` takes temporary files, `sheet` names a sheet of a workbook.

    Columns that are not declared are not read: look for drift first. `called` are declared columns by what people call
    them, as `name_headings` gives them; texts may be headed so. Parquet files are written by programs and are not.

    Raises:
        SourceUnreadable: it is not what its ending says, or of a kind that is not read.
    """
    kind = _kind(path)
    if kind == "csv":
        return open_csv(path, schema, folder=folder, called=called)
    if kind == "parquet":
        return open_parquet(path, schema, folder=folder)
    records = name_records(_open(path, kind, folder, sheet), called)
    return open_records(records, schema, name=path.name, folder=folder)


def sample_file(path: Path, *, folder: Path, sheet: str = "") -> pa.Table:
    """Return the first rows as they came; columns of text files are texts. Raises as `open_file` does."""
    kind = _kind(path)
    if kind == "csv":
        return sample_csv(path, folder=folder, rows=SAMPLE_ROWS)
    if kind == "parquet":
        return sample_parquet(path, folder=folder, rows=SAMPLE_ROWS)
    records = _open(path, kind, folder, sheet)
    rows = [record for _number, (_row, record) in zip(range(SAMPLE_ROWS), records.rows, strict=False)]
    records.close()
    return pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in records.header})


def inspect_file(
    path: Path, schema: pa.Schema, *, folder: Path, sheet: str = "", called: Mapping[str, str] = NOTHING_CALLED
) -> Drift:
    """Compare a file's columns and first rows with those declared, and take no row. Raises as `open_file` does."""
    sample = sample_file(path, folder=folder, sheet=sheet)
    found = find_headings(sample.schema.names, called) if called and _kind(path) != "parquet" else {}
    if found:
        sample = sample.rename_columns([found.get(name, name) for name in sample.schema.names])
    return replace(find_drift(sample.schema.names, schema, sample), headings=tuple(found.items()))


def _open(path: Path, kind: str, folder: Path, sheet: str) -> Records:
    return read_sheet(path, sheet=sheet) if kind == "xlsx" else read_json(path, folder=folder)


def _kind(path: Path) -> str:
    kind = _KINDS.get(path.suffix.lower())
    if kind is None:
        message = f"不能读取“{path.name}”这种文件，请交付 CSV、XLSX、JSON 或 Parquet 文件。"
        raise SourceUnreadable(message, file=path.name)
    return kind


_KINDS: Mapping[str, str] = {suffix: suffix.removeprefix(".") for suffix in SUFFIXES} | {".txt": "csv", ".tsv": "csv"}
