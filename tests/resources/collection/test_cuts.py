"""A `kill -9` anywhere in the middle: the delivery goes on afterwards, nothing lost, nothing doubled."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from conftest import NOW
from django.db import connection
from resources.catalogue.town import Town
from resources.collection.sources import a_file, a_source, rows_of, take

from chengshu.dataplane.lake.reading import list_snapshots
from chengshu.resources.facade import collection
from chengshu.resources.facade.collection import Delivery
from chengshu.resources.facade.deliveries import open_lake, raw_table

CUT = """
import os, signal, sys
import django
django.setup()
from chengshu.resources.facade.deliveries import take_delivery
told = []
def report(stage, rows):
    told.append(stage)
    if told.count(sys.argv[2]) == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
take_delivery(int(sys.argv[1]), report=report)
"""
ROWS = 300_000
"""More than one piece of a reading."""


def _database_url() -> str:
    place = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{place['NAME']}"
    login = f"{quote(place['USER'], safe='')}:{quote(place['PASSWORD'], safe='')}"
    return f"postgresql://{login}@{place['HOST']}:{place['PORT']}/{place['NAME']}"


def _cut(delivery: Delivery, stage: str, nth: int, folder: Path) -> None:
    """Take a delivery in a process that dies when it reports a stage for the n-th time."""
    environment = {
        **os.environ,
        "DATABASE_URL": _database_url(),
        "CHENGSHU_VAR_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "chengshu.config.settings",
    }
    command = [sys.executable, "-c", CUT, str(delivery.pk), stage, str(nth)]
    ended = subprocess.run(command, check=False, env=environment, timeout=120, capture_output=True, text=True)
    assert ended.returncode == -signal.SIGKILL, ended.stderr


@pytest.mark.usefixtures("transactional_db")
@pytest.mark.django_db(transaction=True)
class TestCut:
    @pytest.mark.parametrize(("stage", "nth"), [("读取", 1), ("读取", 2), ("写入数据湖", 1), ("登记回执", 1)])
    def test_delivery_goes_on_with_every_row_once(self, town: Town, tmp_path: Path, stage: str, nth: int) -> None:
        source = a_source(town)
        lines = [f"{number},居民{number},1.5" for number in range(ROWS)]
        delivery, _is_new = collection.receive_file(
            source, a_file("x,坏,1", *lines), name="登记.csv", actor=town.operator, now=NOW
        )
        _cut(delivery, stage, nth, tmp_path)
        delivery.refresh_from_db()
        assert delivery.state == "taking"
        done = take(delivery)
        assert (done.state, done.sent, done.taken, done.refused) == ("taken", ROWS + 1, ROWS, 1)
        assert done.refused_rows.count() == 1
        assert [row["编号"] for row in rows_of(source)] == list(range(ROWS))
        assert len(list_snapshots(open_lake(), raw_table(source))) == 1
        assert done.version == 0
        assert not list((tmp_path / "lake" / "_spool").iterdir())

    def test_delivery_is_read_again_when_its_rows_went_with_the_cut(self, town: Town, tmp_path: Path) -> None:
        source = a_source(town)
        delivery, _is_new = collection.receive_file(
            source, a_file("1,张三,1"), name="登记.csv", actor=town.operator, now=NOW
        )
        _cut(delivery, "写入数据湖", 1, tmp_path)
        (tmp_path / "lake" / "_spool" / str(delivery.uuid) / "rows.parquet").unlink()
        assert take(delivery).taken == 1
        assert len(rows_of(source)) == 1
