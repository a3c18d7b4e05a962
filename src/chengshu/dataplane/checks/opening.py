"""Brings data before an engine: files, lake tables and database tables, by what the command line names them.

Parquet is read where it lies, which for a cluster must be its shared folder. Everything else is copied once into
Parquet in a scratch folder, only the columns that rules read, row by row, so that memory stays bounded and the engine
may be any.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa
from sqlglot import exp

from chengshu.dataplane.checks.cells import Kind, Shape, shape_of
from chengshu.dataplane.checks.parquets import require_readable, zoneless_columns
from chengshu.dataplane.checks.rownumbers import ROW
from chengshu.dataplane.checks.rules import Type
from chengshu.dataplane.engines.protocol import Engine
from chengshu.dataplane.engines.stores import is_address
from chengshu.dataplane.errors import DataUnreadable

_Files: TypeAlias = list[Path | str] | pa.Table
_PARQUET, _WORKBOOK = b"PAR1", b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of data: a name for the engine, the columns read (None for all), whether rows are to be numbered."""

    relation: str
    columns: tuple[str, ...] | None = None
    numbered: bool = False
    read_as: Mapping[str, Type] = field(default_factory=dict)


def open_data(
    engine: Engine, data: str, wanted: Wanted, *, scratch: Path, store: Mapping[str, str] | None = None
) -> Shape:
    """Offer data to the engine and give its shape, with all columns there are.

    `data` is a CSV, XLSX (`book.xlsx#sheet`) or Parquet file, a folder of Parquet files, the folder of a Delta table,
    or its address s3://bucket/… in the store with these options, or a table of a database: postgresql://…#table,
    mysql://…#table, sqlite:///path#table. `scratch` is an empty folder that must live as long as the engine reads.

    Raises:
        DataUnreadable: naming what is wrong, and where.
        LakeBusy: the store refuses or does not answer.
    """
    if is_address(data):
        return _open_delta(engine, data, wanted, scratch, store)
    if "://" in data:
        from chengshu.dataplane.checks.databases import stage_table  # noqa: PLC0415 - heavy: imported where it runs

        staged = stage_table(data, wanted.columns, numbered=wanted.numbered, folder=scratch)
        meant = {**staged.read_as, **wanted.read_as}
        return _offered(engine, replace(wanted, read_as=meant), [staged.file], staged.names)
    path, sheet = _split(data)
    if path.is_dir():
        if (path / "_delta_log").is_dir():
            return _open_delta(engine, path, wanted, scratch)
        return _numbered(engine, wanted, _parquet_files(path), scratch)
    head = _head(path)
    if head == _PARQUET:
        return _numbered(engine, wanted, [path], scratch)
    if head == _WORKBOOK:
        from chengshu.dataplane.checks.workbooks import stage_workbook  # noqa: PLC0415 - the same

        names, file = stage_workbook(path, sheet, wanted.columns, numbered=wanted.numbered, folder=scratch)
    else:
        from chengshu.dataplane.checks.csvfiles import stage_csv  # noqa: PLC0415 - the same

        names, file = stage_csv(path, wanted.columns, numbered=wanted.numbered, folder=scratch)
    engine.offer(wanted.relation, [file])
    kinds = dict.fromkeys(names, Kind.TEXT) | ({ROW: Kind.INTEGER} if wanted.numbered else {})
    return Shape(wanted.relation, kinds, wanted.read_as, (file,))


def _split(data: str) -> tuple[Path, str]:
    """Part a workbook from its sheet; a file that has `#` in its name comes first."""
    places = [data, *(data[:at] for at, sign in enumerate(data) if sign == "#" and at)]  # a sheet may be named 1#
    path = next((place for place in places if Path(place).exists()), data.rpartition("#")[0] or data)
    return Path(path), data[len(path) + 1 :]


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(4)
    except OSError as error:
        raise DataUnreadable(f"数据 {path} 打不开：{error.strerror}。请检查路径和权限。") from error


def _offered(
    engine: Engine, wanted: Wanted, files: _Files, names: Sequence[str] = (), schema: pa.Schema | None = None
) -> Shape:
    """Offer files, and give their shape with all columns that there are (`names`), copied or not."""
    if not isinstance(files, pa.Table):
        require_readable([file for file in files if isinstance(file, Path)], wanted.columns)
    engine.offer(wanted.relation, files, schema=schema)
    nothing = exp.select("*").from_(exp.table_(wanted.relation, quoted=True)).limit(0).sql(dialect=engine.dialect)
    lying = () if isinstance(files, pa.Table) else [file for file in files if isinstance(file, Path)]
    found = shape_of(wanted.relation, engine.fetch(nothing).schema, wanted.read_as, lying)
    kinds = dict.fromkeys(names, Kind.OTHER) | dict(found.kinds)
    return replace(found, kinds=kinds, zoneless=zoneless_columns(schema, lying))


def _parquet_files(folder: Path) -> list[Path | str]:
    files = sorted(path for path in folder.rglob("*.parquet") if path.is_file())
    if not files:
        raise DataUnreadable(f"目录 {folder} 里没有 Parquet 文件，也不是湖里的表（没有 _delta_log）。")
    if broken := [path for path in files if _head(path) != _PARQUET]:
        raise DataUnreadable(f"{broken[0]} 不是 Parquet 文件。请移走或重新导出。")
    return [*files]


def _open_delta(
    engine: Engine, place: Path | str, wanted: Wanted, scratch: Path, store: Mapping[str, str] | None = None
) -> Shape:
    """Offer the files that hold a Delta table's rows, or a copy of the rows where the files alone would be wrong."""
    from chengshu.dataplane.checks.deltas import read_delta  # noqa: PLC0415 - heavy: imported where it runs

    rows = read_delta(place, scratch, store=store, numbered=wanted.numbered)
    return _numbered(engine, wanted, rows.files, scratch, rows.schema)


def _numbered(engine: Engine, wanted: Wanted, files: _Files, scratch: Path, schema: pa.Schema | None = None) -> Shape:
    """Offer Parquet files where they lie, or with their rows numbered."""
    if not wanted.numbered:
        return _offered(engine, wanted, _seen_by_all(engine, files), schema=schema)
    from chengshu.dataplane.checks.databases import number_rows  # noqa: PLC0415 - the same

    if not isinstance(files, pa.Table):
        require_readable([file for file in files if isinstance(file, Path)], wanted.columns)
    here = files if isinstance(files, pa.Table) else [Path(file) for file in files]
    staged = number_rows(here, wanted.columns, scratch)
    return _offered(engine, wanted, [staged.file], staged.names)


def _seen_by_all(engine: Engine, files: _Files) -> _Files:
    """Give the files by the path under which all machines of a cluster find them; raises DataUnreadable elsewhere."""
    if engine.shared is None or isinstance(files, pa.Table):
        return files
    shared, there = engine.shared.resolve(), [file.resolve() if isinstance(file, Path) else file for file in files]
    if outside := [file for file in there if isinstance(file, Path) and not file.is_relative_to(shared)]:
        raise DataUnreadable(
            f"{outside[0]} 不在共享目录 {shared} 里，集群的其他机器读不到它。请把数据放进共享目录，或用 DuckDB 在本机检查。"
        )
    return there


def needed_columns(*groups: Iterable[str]) -> tuple[str, ...]:
    """Give every column named, each once, without the row number that is made here."""
    return tuple(dict.fromkeys(column for group in groups for column in group if column != ROW))
