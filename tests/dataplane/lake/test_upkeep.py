"""Compaction changes no row; retention takes what is old and unneeded; a cut leaves no visible half."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from chengshu.dataplane.errors import RetentionTooShort
from chengshu.dataplane.lake.places import Lake, TableName
from chengshu.dataplane.lake.reading import active_files, list_snapshots, read
from chengshu.dataplane.lake.upkeep import compact, find_expired, remove_expired
from chengshu.dataplane.lake.writing import Entry, append, replace

TEN_DAYS = 10 * 86400

CUT = """
import os, signal, sys
import pyarrow as pa
from chengshu.dataplane.lake.places import Lake, TableName, Zone
from chengshu.dataplane.lake.staging import stage_rows
from chengshu.dataplane.lake.writing import Entry, append
lake, table, moment = Lake(sys.argv[1]), TableName(Zone.RAW, sys.argv[2]), sys.argv[3]
rows = pa.table({"编号": list(range(1000))})
def batches():
    yield rows.to_batches()[0]
    if moment == "writing":
        os.kill(os.getpid(), signal.SIGKILL)
stream = pa.RecordBatchReader.from_batches(rows.schema, batches())
if moment == "staged":
    stage_rows(lake, table, stream)
    os.kill(os.getpid(), signal.SIGKILL)
append(lake, table, stream, entry=Entry("cut", "王工"))
if moment == "committed":
    os.kill(os.getpid(), signal.SIGKILL)
"""


def _rows(*numbers: int) -> pa.Table:
    return pa.table({"编号": pa.array(numbers, pa.int64())})


class TestCompact:
    def test_puts_files_together_and_keeps_the_rows(self, lake: Lake, persons: TableName) -> None:
        for at in range(5):
            append(lake, persons, _rows(at), entry=Entry(str(at), "王工"))
        done = compact(lake, persons, actor="李工")
        assert (done.removed, done.added) == (5, 1)
        assert sorted(read(lake, persons)["编号"].to_pylist()) == list(range(5))
        assert len(active_files(lake, persons).files) == 1
        assert list_snapshots(lake, persons)[0].actor == "李工"
        assert read(lake, persons, version=2).num_rows == 3
        assert append(lake, persons, _rows(0), entry=Entry("0", "王工")).replayed


class TestRetention:
    def test_takes_old_files_that_nothing_needs_and_leaves_the_rest(
        self, folder_lake: Lake, persons: TableName
    ) -> None:
        append(folder_lake, persons, _rows(1), entry=Entry("a", "王工"))
        replace(folder_lake, persons, _rows(2), entry=Entry("b", "王工"))
        folder = Path(folder_lake.address(persons))
        young, old = folder / "part-young.parquet", folder / "part-old.parquet"
        for orphan in (young, old):
            orphan.write_bytes(b"never committed")
        long_ago = time.time() - TEN_DAYS
        os.utime(old, (long_ago, long_ago))
        assert [Path(name).name for name in find_expired(folder_lake, persons)] == ["part-old.parquet"]
        assert old.exists()
        replaced = _age_removals(folder)
        taken = {Path(name).name for name in remove_expired(folder_lake, persons)}
        assert taken == {"part-old.parquet", replaced}
        assert young.exists()
        assert read(folder_lake, persons)["编号"].to_pylist() == [2]

    def test_is_no_shorter_than_a_day(self, folder_lake: Lake, persons: TableName) -> None:
        append(folder_lake, persons, _rows(1), entry=Entry("a", "王工"))
        with pytest.raises(RetentionTooShort):
            remove_expired(folder_lake, persons, keep=timedelta(hours=23))


def _age_removals(folder: Path) -> str:
    """Let the newest commit's removal have happened ten days ago; return the file it removed."""
    log = folder / "_delta_log" / "00000000000000000001.json"
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    removal = next(line["remove"] for line in lines if "remove" in line)
    removal["deletionTimestamp"] -= TEN_DAYS * 1000
    log.write_text("\n".join(json.dumps(line) for line in lines) + "\n")
    name = str(removal["path"])
    long_ago = time.time() - TEN_DAYS
    os.utime(folder / name, (long_ago, long_ago))
    return name


class TestCut:
    @pytest.mark.parametrize("first", [True, False])
    @pytest.mark.parametrize("moment", ["writing", "staged", "committed"])
    def test_leaves_all_rows_or_none_and_the_delivery_can_be_sent_again(
        self, folder_lake: Lake, persons: TableName, moment: str, *, first: bool
    ) -> None:
        if not first:
            append(folder_lake, persons, _rows(-1), entry=Entry("before", "王工"))
        command = [sys.executable, "-c", CUT, folder_lake.root, persons.name, moment]
        ended = subprocess.run(command, check=False, timeout=60)
        assert ended.returncode == -signal.SIGKILL
        before = 0 if first else 1
        if moment == "committed":
            assert read(folder_lake, persons).num_rows == 1000 + before
        elif not first:
            assert read(folder_lake, persons).num_rows == 1
        rows = pa.table({"编号": list(range(1000))})
        again = append(folder_lake, persons, rows, entry=Entry("cut", "王工"))
        assert again.replayed == (moment == "committed")
        assert read(folder_lake, persons).num_rows == 1000 + before
