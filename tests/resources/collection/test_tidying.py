"""The nightly upkeep of the lake: fewer files, the same rows, earlier versions for as long as promised."""

import json
import os
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import NOW
from pytest_django import Settings
from resources.catalogue.town import Town
from resources.collection.sources import a_file, a_source, rows_of, send

from chengshu.cli.main import main
from chengshu.dataplane.lake.reading import active_files, list_snapshots, read
from chengshu.kernel.jobs import facade as jobs
from chengshu.resources.facade.collection import DataSource
from chengshu.resources.facade.deliveries import open_lake, raw_table
from chengshu.resources.facade.lake import Tidied, tidy_lake

DELIVERIES = 11
TEN_DAYS = 10 * 86400


@pytest.fixture
def source(town: Town) -> DataSource:
    found = a_source(town)
    for number in range(DELIVERIES):
        send(found, town, a_file(f"{number},张三,1"))
    return found


def _tidy() -> Tidied:
    return tidy_lake(lambda _table, _place, _tables: None)


def _files(source: DataSource) -> int:
    return len(active_files(open_lake(), raw_table(source)).files)


def test_many_deliveries_become_one_file_with_the_same_rows(source: DataSource, town: Town) -> None:
    before, newest = rows_of(source), list_snapshots(open_lake(), raw_table(source))[0].version
    assert _files(source) == DELIVERIES
    assert _tidy() == Tidied(tables=1, joined=DELIVERIES, removed=0, failed=())
    assert (_files(source), rows_of(source)) == (1, before)
    assert read(open_lake(), raw_table(source), version=newest).num_rows == DELIVERIES, "a check may be judged again"
    send(source, town, a_file("0,张三,1"))
    assert rows_of(source) == before, "the same file again adds nothing"
    assert _tidy().joined == 0


def test_what_was_never_committed_goes_after_the_days_of_the_setting(source: DataSource, settings: Settings) -> None:
    stray = Path(open_lake().address(raw_table(source))) / "part-left-by-a-cut.zstd.parquet"
    stray.write_bytes(b"PAR1")
    long_ago = time.time() - TEN_DAYS
    os.utime(stray, (long_ago, long_ago))
    assert (_tidy().removed, stray.exists()) == (0, True)
    settings.LAKE_KEEP_DAYS = 9
    assert (_tidy().removed, stray.exists()) == (1, False)
    assert len(rows_of(source)) == DELIVERIES


def test_a_damaged_table_does_not_keep_the_others_from_their_turn(source: DataSource, town: Town) -> None:
    broken = a_source(town, name="收养登记", table="收养登记")
    for number in range(DELIVERIES):
        send(broken, town, a_file(f"{number},李四,1"))
    log = Path(open_lake().address(raw_table(broken))) / "_delta_log"
    max(log.glob("*.json")).write_text("{", encoding="utf-8")
    done = _tidy()
    assert (done.tables, done.joined, done.failed) == (2, DELIVERIES, ("raw/收养登记",))
    assert _files(source) == 1


def test_the_command_says_what_was_done(source: DataSource) -> None:
    answer = CliRunner().invoke(main, ["resources", "tidy", "--json"])
    assert answer.exit_code == 0
    assert json.loads(answer.stdout) == {"tables": 1, "joined": DELIVERIES, "removed": 0, "failed": []}
    assert "合并小文件 0 个" in CliRunner().invoke(main, ["resources", "tidy"]).output
    assert _files(source) == 1


def test_the_night_has_its_turn(source: DataSource) -> None:
    told = {status.schedule.key for status in jobs.list_schedule_statuses(now=NOW)}
    assert "resources.tidy_lake" in told
    assert source
