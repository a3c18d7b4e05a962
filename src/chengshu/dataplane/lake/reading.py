"""What a table holds now, or held at a version or a moment; and the files that engines may read by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote

import pyarrow as pa
from deltalake import DeltaTable

from chengshu.dataplane.errors import ReadRefused, SnapshotNotFound
from chengshu.dataplane.lake.places import Lake, TableName, open_table, store_fault
from chengshu.dataplane.lake.shapes import fit_batch, table_schema

# Features that say nothing about how the rows of a data file are read.
_HARMLESS_FEATURES = frozenset({"timestampNtz", "v2Checkpoint", "vacuumProtocolCheck"})


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A version of a table: when it came, by which operation and whom, and rows written (None where not known)."""

    version: int
    at: datetime
    operation: str
    actor: str
    note: str
    rows: int | None


@dataclass(frozen=True, slots=True)
class ActiveFiles:
    """The Parquet files that are a version of a table, all of them and nothing else.

    `schema` is the table's; files from before a column was added lack it.
    """

    version: int
    files: tuple[str, ...]
    rows: int
    schema: pa.Schema


def list_snapshots(lake: Lake, table: TableName, *, limit: int | None = None) -> list[Snapshot]:
    """Return the versions of a table, newest first.

    Raises:
        LakeTableUnknown: there is no such table.
    """
    return _snapshots(open_table(lake, table), limit)


def resolve_version(lake: Lake, table: TableName, *, version: int | None = None, moment: datetime | None = None) -> int:
    """Return the version asked for, that of a moment, or the newest one.

    Raises:
        LakeTableUnknown: there is no such table.
        SnapshotNotFound: there is no such version, or none yet at the moment.
    """
    delta = open_table(lake, table)
    if version is None and moment is None:
        return int(delta.version())
    for snapshot in _snapshots(delta, None):
        if version is not None and snapshot.version == version:
            return version
        if version is None and moment is not None and snapshot.at <= moment:
            return snapshot.version
    asked = f"版本 {version}" if version is not None else f"{moment:%Y-%m-%d %H:%M:%S} 时的版本"
    message = f"表“{table}”没有{asked}；现有最新版本是 {delta.version()}。"
    raise SnapshotNotFound(message, table=str(table), newest=int(delta.version()))


def read(
    lake: Lake,
    table: TableName,
    *,
    version: int | None = None,
    moment: datetime | None = None,
    columns: Sequence[str] | None = None,
) -> pa.Table:
    """Return the rows of a table in no set order. Raises as `resolve_version` does."""
    return scan(lake, table, version=version, moment=moment, columns=columns).read_all()


def scan(
    lake: Lake,
    table: TableName,
    *,
    version: int | None = None,
    moment: datetime | None = None,
    columns: Sequence[str] | None = None,
) -> pa.RecordBatchReader:
    """Give the rows of a table piece by piece. Raises as `resolve_version` does."""
    at = resolve_version(lake, table, version=version, moment=moment)
    delta = open_table(lake, table, at)
    schema = table_schema(delta)
    names = list(columns) if columns is not None else schema.names
    plain = pa.schema([schema.field(name) for name in names])
    found = pa.RecordBatchReader.from_stream(delta.scan(columns=names))
    return pa.RecordBatchReader.from_batches(
        plain, (piece for batch in found for piece in fit_batch(batch, plain).to_batches())
    )


def first_rows(lake: Lake, table: TableName, *, count: int, version: int | None = None) -> pa.Table:
    """Return some rows of a table, of its newest version unless another is asked for; no more of its files is read.

    Raises:
        LakeTableUnknown, ReadRefused: as `active_files` does.
        SnapshotNotFound: the log knows the version, but its files were taken away after the time they are kept.
        LakeBusy: the store does not answer.
    """
    delta = open_table(lake, table, version)
    _require_plain(delta, table)
    try:
        return delta.to_pyarrow_dataset().head(count, batch_size=count, batch_readahead=0, fragment_readahead=0)
    except FileNotFoundError as error:
        message = f"表“{table}”的这个版本已过保留期，文件清去了，不能再读；保留多久由设置 CHENGSHU_LAKE_KEEP_DAYS 定。"
        raise SnapshotNotFound(message, table=str(table), version=int(delta.version())) from error
    except OSError as error:
        raise store_fault(lake, error) from error


def active_files(lake: Lake, table: TableName, *, version: int | None = None) -> ActiveFiles:
    """Name the files that an engine reads with its own Parquet reader.

    Raises:
        LakeTableUnknown, SnapshotNotFound: as `resolve_version` does.
        ReadRefused: the files alone do not give the rows: deletion vectors, column mapping, partitions whose values
            stand in the log, or a feature that is not known here.
    """
    at = resolve_version(lake, table, version=version)
    delta = open_table(lake, table, at)
    _require_plain(delta, table)
    actions = pa.table(delta.get_add_actions(flatten=True))
    base = lake.address(table)
    names = sorted(unquote(path) for path in actions["path"].to_pylist())
    return ActiveFiles(
        version=at,
        files=tuple(f"{base}/{name}" for name in names),
        rows=sum(count or 0 for count in actions["num_records"].to_pylist()),
        schema=table_schema(delta),
    )


def _require_plain(delta: DeltaTable, table: TableName) -> None:
    protocol, metadata = delta.protocol(), delta.metadata()
    reasons = sorted(set(protocol.reader_features or ()) - _HARMLESS_FEATURES)
    if metadata.configuration.get("delta.columnMapping.mode", "none") != "none" and "columnMapping" not in reasons:
        reasons.append("columnMapping")
    if metadata.partition_columns:
        reasons.append("partitions")
    if protocol.min_reader_version > 3:
        reasons.append(f"reader version {protocol.min_reader_version}")
    if reasons:
        message = f"表“{table}”用了 {'、'.join(reasons)}，直接读取其文件会得到错误的行，已拒绝。请先用能识别它的工具重写此表。"
        raise ReadRefused(message, table=str(table), reasons=",".join(reasons))


def _snapshots(delta: DeltaTable, limit: int | None) -> list[Snapshot]:
    return [
        Snapshot(
            version=commit["version"],
            at=datetime.fromtimestamp(commit["timestamp"] / 1000, UTC),
            operation=commit["operation"],
            actor=commit.get("actor", ""),
            note=commit.get("note", ""),
            rows=int(commit["rows"]) if "rows" in commit else None,
        )
        for commit in delta.history(limit)
    ]
