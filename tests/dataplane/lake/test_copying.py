"""A lake is copied whole into a store, goes on after a cut, and never mixes with another."""

from pathlib import Path

import pyarrow as pa
import pytest

from chengshu.dataplane.errors import LakeBusy, LakeFault
from chengshu.dataplane.lake.copying import Copied, copy_lake
from chengshu.dataplane.lake.places import Lake, TableName, Zone
from chengshu.dataplane.lake.reading import list_snapshots, read
from chengshu.dataplane.lake.writing import Entry, append, replace

TABLE = TableName(Zone.RAW, "人口")


@pytest.fixture
def folder(tmp_path: Path) -> Lake:
    lake = Lake(str(tmp_path / "lake"))
    append(lake, TABLE, pa.table({"编号": [1, 2]}), entry=Entry("1", "王工"))
    replace(lake, TABLE, pa.table({"编号": [3]}), entry=Entry("2", "王工"))
    append(lake, TableName(Zone.TOPIC, "街道"), pa.table({"名": ["曹杨"]}), entry=Entry("1", "王工"))
    (tmp_path / "lake" / "_spool").mkdir()
    (tmp_path / "lake" / "_spool" / "x").write_text("只属于这台机器")
    return lake


def _held(lake: Lake) -> list[object]:
    return [read(lake, TABLE).to_pylist(), read(lake, TABLE, version=0).to_pylist(), len(list_snapshots(lake, TABLE))]


def test_every_version_is_there_and_a_second_time_nothing_is_done(folder: Lake, s3_lake: Lake) -> None:
    told: list[str] = []
    done = copy_lake(folder, s3_lake, lambda path, _done, _total: told.append(path))
    assert (done.copied, done.there) == (len(told), 0)
    assert _held(s3_lake) == _held(folder)
    logs = [at for at, path in enumerate(told) if "_delta_log" in path]
    assert min(logs) > max(at for at, path in enumerate(told) if path.endswith(".parquet"))
    assert not any("_spool" in path for path in told)
    assert copy_lake(folder, s3_lake) == Copied(0, done.copied, 0)
    append(s3_lake, TABLE, pa.table({"编号": [4]}), entry=Entry("3", "王工"))
    assert read(s3_lake, TABLE).num_rows == 2


def test_a_cut_copy_is_gone_on_with_and_shows_whole_versions_meanwhile(folder: Lake, tmp_path: Path) -> None:
    target = Lake(str(tmp_path / "copy"))

    def cut(path: str, _done: int, _total: int) -> None:
        if path.endswith("00000000000000000001.json"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy_lake(folder, target, cut)
    assert read(target, TABLE).to_pylist() == [{"编号": 1}, {"编号": 2}]
    assert copy_lake(folder, target).copied > 0
    assert _held(target) == _held(folder)


def test_another_lake_is_left_as_it_is(folder: Lake, tmp_path: Path) -> None:
    target = Lake(str(tmp_path / "other"))
    append(target, TABLE, pa.table({"名": ["别的"] * 9}), entry=Entry("9", "李工"))
    with pytest.raises(LakeFault, match="另一个数据湖"):
        copy_lake(folder, target)
    assert read(target, TABLE).num_rows == 9


def test_a_store_that_is_away_is_told(folder: Lake) -> None:
    away = {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_ACCESS_KEY_ID": "k",
        "AWS_SECRET_ACCESS_KEY": "s",
        "AWS_REGION": "r",
        "AWS_ALLOW_HTTP": "true",
        "max_retries": "0",
    }
    with pytest.raises(LakeBusy, match="连不上"):
        copy_lake(folder, Lake("s3://b/p", away))
