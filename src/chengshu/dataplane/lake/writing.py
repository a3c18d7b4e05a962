"""Append, replace, merge: one commit each, and a replay of the same delivery adds nothing."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from deltalake import CommitProperties, DeltaTable, Schema, Transaction, WriterProperties
from deltalake.exceptions import CommitFailedError, DeltaError
from deltalake.transaction import AddAction, create_table_with_add_actions

from chengshu.dataplane.errors import KeyAmbiguous, LakeBusy
from chengshu.dataplane.lake.places import Lake, TableName, find_table, open_table, store_fault
from chengshu.dataplane.lake.shapes import fit_batch, require_shape, table_schema, to_lake_schema
from chengshu.dataplane.lake.staging import Rows, Staged, stage_rows

_ATTEMPTS = 8
_PAUSE_SECONDS = 0.05
_ACT = "__removed"


@dataclass(frozen=True, slots=True)
class Entry:
    """Who writes, and under which name: the same `id` is taken once a table, however often it comes."""

    id: str
    actor: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit made: the table's version and rows; `replayed` when the entry was there already."""

    version: int
    inserted: int
    updated: int = 0
    replayed: bool = False


def append(lake: Lake, table: TableName, rows: Rows, *, entry: Entry, evolve: bool = False) -> Committed:
    """Add rows to a table, which is made when there is none; `evolve` lets new columns come.

    Raises:
        DriftFound: the rows have another shape.
        TypeUnfit: a column cannot be kept.
        LakeBusy: others kept committing first, or the store does not answer.
    """
    return _write_once(lake, table, rows, mode="append", entry=entry, evolve=evolve)


def replace(lake: Lake, table: TableName, rows: Rows, *, entry: Entry, evolve: bool = False) -> Committed:
    """Put rows in place of all that a table holds; earlier versions stay readable. Raises as `append` does."""
    return _write_once(lake, table, rows, mode="overwrite", entry=entry, evolve=evolve)


def remake(lake: Lake, table: TableName, rows: Rows, *, entry: Entry) -> Committed:
    """Put rows in place of all that a table holds, whatever its columns were; earlier versions stay readable.

    For tables that follow from a declaration: it alone says what the columns are.

    Raises:
        TypeUnfit: a column cannot be kept.
        LakeBusy: others kept committing first, or the store does not answer.
    """
    replayed = find_commit(lake, table, entry)
    if replayed is not None:
        return replayed
    staged = stage_rows(lake, table, rows)

    def commit(delta: DeltaTable | None) -> Committed:
        if delta is None:
            return _create(lake, table, staged, entry)
        return _commit_files(delta, staged, entry=entry, mode="overwrite", schema=staged.schema)

    return _retry(lake, table, entry, commit)


def merge(
    lake: Lake, table: TableName, rows: Rows, *, key: Sequence[str], entry: Entry, evolve: bool = False
) -> Committed:
    """Update the rows whose key is there, insert the others.

    Raises:
        KeyAmbiguous: a key is empty, or there twice among the rows.
        DriftFound, TypeUnfit, LakeBusy: as `append` does.
    """
    source = rows if isinstance(rows, pa.Table | pa.RecordBatchReader) else ds.dataset(list(rows))
    held = source.read_all() if isinstance(source, pa.RecordBatchReader) else source
    _require_keys(held, key)

    def commit(delta: DeltaTable | None) -> Committed:
        if delta is None:
            first = held if isinstance(held, pa.Table) else rows
            return _create(lake, table, stage_rows(lake, table, first), entry)
        return _merge(table, held, key, entry, delta, evolve=evolve)

    return _retry(lake, table, entry, commit)


def amend(
    lake: Lake, table: TableName, rows: pa.Table, removed: pa.Table, *, key: Sequence[str], entry: Entry
) -> Committed:
    """Merge rows by their key and take out those whose keys stand in `removed` (its columns are the key's), in one commit.

    A key that is to be removed may be empty. The table is there.

    Raises:
        KeyAmbiguous: a key among the rows is empty or there twice, or is to be removed as well.
        LakeTableUnknown: there is no such table.
        DriftFound, TypeUnfit, LakeBusy: as `append` does.
    """
    _require_keys(rows, key)
    both = rows.select(list(key)).join(removed, keys=list(key), join_type="inner")
    if both.num_rows:
        raise KeyAmbiguous("同一个主键既要写入又要删去。", keys=both.num_rows)
    held = pa.concat_tables(
        [
            rows.append_column(_ACT, pa.array([False] * rows.num_rows)),
            removed.append_column(_ACT, pa.array([True] * removed.num_rows)),
        ],
        promote_options="default",
    )

    def commit(_known: DeltaTable | None) -> Committed:
        delta = open_table(lake, table)
        _fit(delta, to_lake_schema(rows.schema), table, evolve=False)
        return _amend(delta, held, key, entry)

    return _retry(lake, table, entry, commit)


def _amend(delta: DeltaTable, held: pa.Table, key: Sequence[str], entry: Entry) -> Committed:
    same = " AND ".join(f"(t.{_quote(column)} IS NOT DISTINCT FROM s.{_quote(column)})" for column in key)
    merger = delta.merge(
        held.to_reader(),
        same,
        source_alias="s",
        target_alias="t",
        writer_properties=WriterProperties(compression="ZSTD"),
        commit_properties=_properties(entry, None),
    )
    stays = f"NOT s.{_quote(_ACT)}"
    outcome = (
        merger.when_matched_delete(f"s.{_quote(_ACT)}")
        .when_matched_update_all(stays, except_cols=[_ACT])
        .when_not_matched_insert_all(stays, except_cols=[_ACT])
        .execute()
    )
    return Committed(delta.version(), outcome["num_target_rows_inserted"], outcome["num_target_rows_updated"])


def commit_staged(
    lake: Lake, table: TableName, staged: Staged, *, entry: Entry, mode: str = "append", evolve: bool = False
) -> Committed:
    """Name files that were staged in the table's log: from here on they are seen, all of them at once."""

    def commit(delta: DeltaTable | None) -> Committed:
        if delta is None:
            return _create(lake, table, staged, entry)
        _fit(delta, staged.schema, table, evolve=evolve)
        return _commit_files(delta, staged, entry=entry, mode=mode, schema=table_schema(delta))

    return _retry(lake, table, entry, commit)


def _commit_files(delta: DeltaTable, staged: Staged, *, entry: Entry, mode: str, schema: pa.Schema) -> Committed:
    delta.create_write_transaction(
        [*_to_actions(staged)],
        mode,
        Schema.from_arrow(schema),
        commit_properties=_properties(entry, staged.rows),
    )
    delta.update_incremental()
    return Committed(delta.version(), staged.rows)


def find_commit(lake: Lake, table: TableName, entry: Entry) -> Committed | None:
    """Return the commit of an entry that is in the table already, or None."""
    delta = find_table(lake, table)
    return None if delta is None else _find_replay(delta, entry)


def _write_once(lake: Lake, table: TableName, rows: Rows, *, mode: str, entry: Entry, evolve: bool) -> Committed:
    known = find_table(lake, table)
    if known is not None:
        replayed = _find_replay(known, entry)
        if replayed is not None:
            return replayed
        require_shape(_schema_of(rows), table_schema(known), evolve=evolve, name=str(table))
    staged = stage_rows(lake, table, rows)
    return commit_staged(lake, table, staged, entry=entry, mode=mode, evolve=evolve)


def _retry(lake: Lake, table: TableName, entry: Entry, commit: Callable[[Any], Committed]) -> Committed:
    """Commit on top of the newest version; look again for a replay whenever somebody else came first."""
    for attempt in range(_ATTEMPTS):
        delta = find_table(lake, table)
        replayed = None if delta is None else _find_replay(delta, entry)
        if replayed is not None:
            return replayed
        try:
            return commit(delta)
        except CommitFailedError:
            time.sleep(_PAUSE_SECONDS * 2**attempt)
        except DeltaError as error:
            if find_table(lake, table) is None or delta is not None:
                raise LakeBusy(f"写入表“{table}”没有成功：{error}", table=str(table)) from error
        except OSError as error:
            raise store_fault(lake, error) from error
    raise LakeBusy(f"表“{table}”一直有其他写入，请稍后再试。", table=str(table))


def _find_replay(delta: DeltaTable, entry: Entry) -> Committed | None:
    if delta.transaction_version(entry.id) is None:
        return None
    made = (commit["version"] for commit in delta.history() if commit.get("entry") == entry.id)
    return Committed(next(made, int(delta.version())), 0, replayed=True)


def _merge(
    table: TableName, rows: Any, key: Sequence[str], entry: Entry, delta: DeltaTable, *, evolve: bool
) -> Committed:
    schema = to_lake_schema(rows.schema)
    _fit(delta, schema, table, evolve=evolve)
    batches = rows.to_batches() if isinstance(rows, pa.Table) else rows.scanner().to_batches()
    stream = pa.RecordBatchReader.from_batches(
        schema, (piece for batch in batches for piece in fit_batch(batch, schema).to_batches())
    )
    predicate = " AND ".join(f"t.{_quote(column)} = s.{_quote(column)}" for column in key)
    outcome = (
        delta.merge(
            stream,
            predicate,
            source_alias="s",
            target_alias="t",
            writer_properties=WriterProperties(compression="ZSTD"),
            commit_properties=_properties(entry, None),
        )
        .when_matched_update_all()
        .when_not_matched_insert_all()
        .execute()
    )
    return Committed(delta.version(), outcome["num_target_rows_inserted"], outcome["num_target_rows_updated"])


def _fit(delta: DeltaTable, schema: pa.Schema, table: TableName, *, evolve: bool) -> None:
    added = require_shape(schema, table_schema(delta), evolve=evolve, name=str(table))
    if added:
        # A commit of its own: should the next one never come, an empty column is left, and no half of the rows.
        delta.alter.add_columns(list(Schema.from_arrow(pa.schema(added)).fields))


def _require_keys(rows: Any, key: Sequence[str]) -> None:
    missing = [column for column in key if column not in rows.schema.names]
    if missing or not key:
        raise KeyAmbiguous(f"数据中没有作为主键的列“{'、'.join(missing)}”。", columns=",".join(missing))
    keys = rows.select(list(key)) if isinstance(rows, pa.Table) else rows.to_table(columns=list(key))
    for column in key:
        if keys[column].null_count:
            message = f"主键列“{column}”有 {keys[column].null_count} 行是空的，不能按主键合并。"
            raise KeyAmbiguous(message, column=column, rows=keys[column].null_count)
    counted = keys.group_by(list(key)).aggregate([([], "count_all")])
    twice = counted.filter(pc.greater(counted["count_all"], 1))
    if twice.num_rows:
        first = "，".join(f"{column}={twice[column][0].as_py()}" for column in key)
        message = f"有 {twice.num_rows} 个主键在同一批数据中出现多次（例如 {first}），不能按主键合并。"
        raise KeyAmbiguous(message, keys=twice.num_rows, example=first)


def _schema_of(rows: Rows) -> pa.Schema:
    if isinstance(rows, pa.Table | pa.RecordBatchReader):
        return to_lake_schema(rows.schema)
    return to_lake_schema(pq.read_schema(rows[0]))


def _create(lake: Lake, table: TableName, staged: Staged, entry: Entry) -> Committed:
    create_table_with_add_actions(
        lake.address(table),
        Schema.from_arrow(staged.schema),
        _to_actions(staged),
        storage_options=dict(lake.options),
        commit_properties=_properties(entry, staged.rows),
    )
    return Committed(0, staged.rows)


def _to_actions(staged: Staged) -> list[AddAction]:
    now = time.time_ns() // 1_000_000
    return [
        AddAction(file.name, file.size, {}, now, data_change=True, stats=json.dumps({"numRecords": file.rows}))
        for file in staged.files
    ]


def _properties(entry: Entry, rows: int | None) -> CommitProperties:
    told = {"actor": entry.actor, "entry": entry.id, "note": entry.note}
    if rows is not None:
        told["rows"] = str(rows)
    return CommitProperties(custom_metadata=told, max_commit_retries=0, app_transactions=[Transaction(entry.id, 1)])


def _quote(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'
