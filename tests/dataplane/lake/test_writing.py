"""Rows come in one commit, once a delivery, in the shape of their table; on a disk and in an S3 store alike."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from chengshu.dataplane.errors import DriftFound, KeyAmbiguous, LakeBusy, LakeFault, LakeTableUnknown, TypeUnfit
from chengshu.dataplane.lake.places import Lake, TableName, Zone, list_tables
from chengshu.dataplane.lake.reading import list_snapshots, read
from chengshu.dataplane.lake.writing import Committed, Entry, append, merge, replace


def _rows(*numbers: int, name: str = "张三") -> pa.Table:
    return pa.table({"编号": pa.array(numbers, pa.int64()), "姓名": [name] * len(numbers)})


def _entry(name: str) -> Entry:
    return Entry(name, actor="王工")


def _numbers(lake: Lake, table: TableName) -> list[Any]:
    return sorted(read(lake, table)["编号"].to_pylist())


class TestAppend:
    def test_makes_the_table_and_adds_to_it(self, lake: Lake, persons: TableName) -> None:
        assert append(lake, persons, _rows(1, 2), entry=_entry("a")) == Committed(0, 2)
        assert append(lake, persons, _rows(3), entry=_entry("b")) == Committed(1, 1)
        assert _numbers(lake, persons) == [1, 2, 3]
        assert list(list_tables(lake)) == [persons]

    def test_takes_a_delivery_once(self, lake: Lake, persons: TableName) -> None:
        append(lake, persons, _rows(1), entry=_entry("a"))
        again = append(lake, persons, _rows(1), entry=_entry("a"))
        assert (again.replayed, again.inserted) == (True, 0)
        assert _numbers(lake, persons) == [1]

    def test_takes_a_delivery_once_when_many_hands_send_it_together(
        self, folder_lake: Lake, persons: TableName
    ) -> None:
        append(folder_lake, persons, _rows(0), entry=_entry("start"))
        with ThreadPoolExecutor(4) as hands:
            done = list(
                hands.map(lambda at: append(folder_lake, persons, _rows(1, 2), entry=_entry(f"d{at % 2}")), range(8))
            )
        assert sum(not outcome.replayed for outcome in done) == 2
        assert _numbers(folder_lake, persons) == [0, 1, 1, 2, 2]

    def test_streams_rows(self, lake: Lake, persons: TableName) -> None:
        batches = (_rows(at).to_batches()[0] for at in range(50))
        stream = pa.RecordBatchReader.from_batches(_rows(1).schema, batches)
        assert append(lake, persons, stream, entry=_entry("a")).inserted == 50
        assert _numbers(lake, persons) == list(range(50))

    def test_takes_files_over(self, lake: Lake, persons: TableName, tmp_path: Path) -> None:
        paths = [tmp_path / "1.parquet", tmp_path / "2.parquet"]
        for at, path in enumerate(paths):
            pq.write_table(_rows(at), path)
        assert append(lake, persons, paths, entry=_entry("a")).inserted == 2
        assert _numbers(lake, persons) == [0, 1]
        assert not any(path.exists() for path in paths)

    def test_keeps_an_empty_delivery_as_a_version(self, lake: Lake, persons: TableName) -> None:
        assert append(lake, persons, _rows(), entry=_entry("a")) == Committed(0, 0)
        assert read(lake, persons).num_rows == 0

    def test_keeps_money_exact_and_moments_in_utc(self, lake: Lake, persons: TableName) -> None:
        rows = pa.table(
            {
                "金额": pa.array([Decimal("90071992547409.93")], pa.decimal128(18, 2)),
                "时刻": pa.array([1_700_000_000_123_456], pa.timestamp("us", "UTC")),
                "日期": pa.array([19_000], pa.date32()),
            }
        )
        append(lake, persons, rows, entry=_entry("a"))
        assert read(lake, persons).equals(rows)


class TestReplace:
    def test_leaves_only_the_new_rows(self, lake: Lake, persons: TableName) -> None:
        append(lake, persons, _rows(1, 2), entry=_entry("a"))
        assert replace(lake, persons, _rows(7), entry=_entry("b")) == Committed(1, 1)
        assert _numbers(lake, persons) == [7]
        assert replace(lake, persons, _rows(7), entry=_entry("b")).replayed


class TestMerge:
    def test_updates_what_is_there_and_inserts_the_rest(self, lake: Lake, persons: TableName) -> None:
        merge(lake, persons, _rows(1, 2), key=["编号"], entry=_entry("a"))
        done = merge(lake, persons, _rows(2, 3, name="李四"), key=["编号"], entry=_entry("b"))
        assert (done.inserted, done.updated) == (1, 1)
        assert dict(zip(*(read(lake, persons)[name].to_pylist() for name in ("编号", "姓名")), strict=True)) == {
            1: "张三",
            2: "李四",
            3: "李四",
        }
        assert merge(lake, persons, _rows(2), key=["编号"], entry=_entry("b")).replayed

    def test_refuses_a_key_that_is_there_twice(self, folder_lake: Lake, persons: TableName) -> None:
        append(folder_lake, persons, _rows(1), entry=_entry("a"))
        with pytest.raises(KeyAmbiguous, match=r"编号=2"):
            merge(folder_lake, persons, _rows(2, 2), key=["编号"], entry=_entry("b"))
        assert _numbers(folder_lake, persons) == [1]

    def test_refuses_an_empty_key_also_for_the_first_rows(self, folder_lake: Lake, persons: TableName) -> None:
        rows = pa.table({"编号": pa.array([1, None], pa.int64())})
        with pytest.raises(KeyAmbiguous, match="1 行是空的"):
            merge(folder_lake, persons, rows, key=["编号"], entry=_entry("a"))
        with pytest.raises(LakeTableUnknown):
            read(folder_lake, persons)

    def test_refuses_a_key_that_the_rows_do_not_have(self, folder_lake: Lake, persons: TableName) -> None:
        with pytest.raises(KeyAmbiguous, match="证件号"):
            merge(folder_lake, persons, _rows(1), key=["证件号"], entry=_entry("a"))


class TestDrift:
    def test_names_columns_and_types_and_takes_no_row(self, lake: Lake, persons: TableName) -> None:
        append(lake, persons, _rows(1), entry=_entry("a"))
        drifted = pa.table({"编号": ["x"], "性别": ["男"]})
        with pytest.raises(DriftFound) as caught:
            append(lake, persons, drifted, entry=_entry("b"))
        assert caught.value.details == {
            "table": str(persons),
            "added": "性别",
            "missing": "姓名",
            "retyped": "编号",
        }
        assert "由 int64 变为 string" in caught.value.message
        assert len(list_snapshots(lake, persons)) == 1

    def test_adds_columns_when_asked(self, lake: Lake, persons: TableName) -> None:
        append(lake, persons, _rows(1), entry=_entry("a"))
        wider = _rows(2).append_column("性别", pa.array(["女"]))
        append(lake, persons, wider, entry=_entry("b"), evolve=True)
        found = read(lake, persons).sort_by("编号")
        assert found["性别"].to_pylist() == [None, "女"]

    def test_refuses_types_that_delta_lacks(self, folder_lake: Lake, persons: TableName) -> None:
        with pytest.raises(TypeUnfit, match="时间"):
            append(folder_lake, persons, pa.table({"时间": pa.array([1], pa.time64("us"))}), entry=_entry("a"))

    def test_refuses_values_that_would_be_cut_short(self, folder_lake: Lake, persons: TableName) -> None:
        with pytest.raises(TypeUnfit):
            append(folder_lake, persons, pa.table({"t": pa.array([1], pa.timestamp("ns"))}), entry=_entry("a"))


class TestNames:
    @pytest.mark.parametrize("name", ["", " ", "a/b", "..", ".x", "_log", "表" * 67, "a:b", "a\n", "50%"])
    def test_refuses_what_no_folder_can_be_called(self, name: str) -> None:
        with pytest.raises(LakeFault):
            TableName(Zone.RAW, name)


def test_says_when_the_store_does_not_answer(persons: TableName) -> None:
    options = {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
        "AWS_REGION": "us-east-1",
        "AWS_ALLOW_HTTP": "true",
        "max_retries": "0",
    }
    with pytest.raises(LakeBusy):
        append(Lake("s3://none/x", options), persons, _rows(1), entry=_entry("a"))
