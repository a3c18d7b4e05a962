"""Rows are corrected, named anew and taken out in one commit."""

import pyarrow as pa
import pytest

from chengshu.dataplane.errors import KeyAmbiguous
from chengshu.dataplane.lake import reading, writing
from chengshu.dataplane.lake.places import Lake, TableName, Zone

TABLE = TableName(Zone.RAW, "people")
SCHEMA = pa.schema([pa.field("id", pa.int64()), pa.field("part", pa.string()), pa.field("name", pa.string())])
KEY = ["id", "part"]


def _rows(*rows: tuple[int | None, str, str]) -> pa.Table:
    return pa.table([list(column) for column in zip(*rows, strict=True)], schema=SCHEMA)


def _keys(*keys: tuple[int | None, str]) -> pa.Table:
    columns = list(zip(*keys, strict=True)) or [(), ()]
    return pa.table([list(column) for column in columns], schema=pa.schema([SCHEMA.field("id"), SCHEMA.field("part")]))


def _held(lake: Lake) -> set[tuple[object, ...]]:
    return {tuple(row.values()) for row in reading.read(lake, TABLE).to_pylist()}


def test_one_commit_updates_renames_and_removes_and_is_taken_once(lake: Lake) -> None:
    first = _rows((1, "a", "甲"), (2, "a", "乙"), (None, "a", "丙"), (4, "a", "丁"))
    writing.replace(lake, TABLE, first, entry=writing.Entry("first", "t"))
    entry = writing.Entry("mended", "t")
    rows, removed = _rows((1, "a", "甲甲"), (3, "b", "丙")), _keys((None, "a"), (4, "a"))
    made = writing.amend(lake, TABLE, rows, removed, key=KEY, entry=entry)
    expected = {(1, "a", "甲甲"), (2, "a", "乙"), (3, "b", "丙")}
    assert (made.version, _held(lake)) == (1, expected)
    again = writing.amend(lake, TABLE, rows, removed, key=KEY, entry=entry)
    assert (again.replayed, _held(lake)) == (True, expected)


def test_a_key_is_not_written_and_removed_at_once(lake: Lake) -> None:
    writing.replace(lake, TABLE, _rows((1, "a", "甲")), entry=writing.Entry("first", "t"))
    with pytest.raises(KeyAmbiguous):
        writing.amend(lake, TABLE, _rows((1, "a", "乙")), _keys((1, "a")), key=KEY, entry=writing.Entry("2", "t"))
    with pytest.raises(KeyAmbiguous):
        writing.amend(lake, TABLE, _rows((None, "a", "乙")), _keys((2, "a")), key=KEY, entry=writing.Entry("2", "t"))
    assert _held(lake) == {(1, "a", "甲")}
