"""A `kill -9` anywhere in the middle: the delivery goes on afterwards, nothing lost, nothing doubled."""

import io
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import mariadb
import psycopg
import pytest
from conftest import NOW
from django.conf import settings
from django.db import connection
from resources.catalogue.town import Town
from resources.collection.sources import a_file, a_source, allow_machine, rows_of, take

from chengshu.dataplane.errors import SourceUnreachable
from chengshu.dataplane.lake.reading import list_snapshots, read
from chengshu.resources.contracts.catalogue import ValueType
from chengshu.resources.facade import collection
from chengshu.resources.facade.addresses import inbox_folder
from chengshu.resources.facade.collection import ColumnContent, Delivery, SourceKind
from chengshu.resources.facade.deliveries import open_lake, raw_table, take_delivery

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


def database_url() -> str:
    """Give the address of the test database for a process of its own."""
    place = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{place['NAME']}"
    login = f"{quote(place['USER'], safe='')}:{quote(place['PASSWORD'], safe='')}"
    return f"postgresql://{login}@{place['HOST']}:{place['PORT']}/{place['NAME']}"


def _cut(delivery: Delivery, stage: str, nth: int, folder: Path) -> None:
    """Take a delivery in a process that dies when it reports a stage for the n-th time."""
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "CHENGSHU_VAR_DIR": str(folder),
        "CHENGSHU_SECRET_KEY": settings.SECRET_KEY,
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

    def test_push_is_taken_once_whether_its_job_or_the_system_comes_again(self, town: Town, tmp_path: Path) -> None:
        source, body = a_source(town), a_file("1,张三,1", "2,李四,x")

        def push() -> tuple[Delivery, bool]:
            asked = collection.Push(io.BytesIO(body).read, "text/csv", "", len(body), key="day-1")
            return collection.receive_push(source, asked, actor=town.operator, now=NOW)

        delivery, is_new = push()
        assert is_new
        _cut(delivery, "登记回执", 1, tmp_path)
        assert push() == (delivery, False)
        done = take(delivery)
        assert (done.state, done.sent, done.taken, done.refused) == ("taken", 2, 1, 1)
        assert take(delivery).version == 0
        assert [row["编号"] for row in rows_of(source)] == [1]
        assert len(list_snapshots(open_lake(), raw_table(source))) == 1

    @pytest.mark.parametrize("stage", ["读取", "登记回执"])
    def test_database_is_read_on_and_no_row_twice(self, town: Town, tmp_path: Path, stage: str) -> None:
        """From the engine that the tests run on: PostgreSQL in the group of databases, else SQLite."""
        allow_machine(town)
        inbox = inbox_folder()
        inbox.mkdir(parents=True)
        with _Civil(inbox) as civil:
            civil.insert(1, 200)
            address = {"url": civil.url, "table": "civil_register", "by": "id", "key": "id"}
            columns = (ColumnContent("id", ValueType.INTEGER, is_nullable=False), ColumnContent("name"))
            source = a_source(town, kind=SourceKind.DATABASE, address=address, columns=columns)
            collection.ask_pull(source, actor=town.operator, now=NOW)
            delivery = Delivery.objects.get()
            _cut(delivery, stage, 1, tmp_path)
            civil.insert(201, 300)
            first = take(delivery)
            collection.ask_pull(source, actor=town.operator, now=NOW)
            second = take(Delivery.objects.exclude(pk=first.pk).get())
            assert first.taken + second.taken == 300
            held = read(open_lake(), raw_table(source))["id"].to_pylist()
            assert sorted(held) == list(range(1, 301))

    def test_mysql_that_cuts_the_connection_or_is_read_by_a_killed_process_is_read_on(
        self, town: Town, tmp_path: Path, mysql: tuple[str, Path]
    ) -> None:
        url, place = mysql
        allow_machine(town)
        address = {"url": url, "table": "civil_register", "by": "id", "key": "id"}
        columns = (ColumnContent("id", ValueType.INTEGER, is_nullable=False), ColumnContent("name"))
        source = a_source(town, kind=SourceKind.DATABASE, address=address, columns=columns)

        def cut_connection(stage: str, rows: int) -> None:
            if stage == "读取" and rows:
                mariadb.kill_clerk(place)

        collection.ask_pull(source, actor=town.operator, now=NOW)
        delivery = Delivery.objects.get()
        with pytest.raises(SourceUnreachable):
            take_delivery(delivery.pk, report=cut_connection, now=lambda: NOW)
        delivery.refresh_from_db()
        assert (delivery.state, "断开" in delivery.reason) == ("failed", True)
        _cut(delivery, "读取", 2, tmp_path)
        mariadb.run_statements(place, _more(ROWS, 100), database="city")
        first = take(delivery)
        collection.ask_pull(source, actor=town.operator, now=NOW)
        second = take(Delivery.objects.exclude(pk=first.pk).get())
        assert first.taken + second.taken == ROWS + 100
        held = read(open_lake(), raw_table(source))["id"].to_pylist()
        assert sorted(held) == list(range(ROWS + 100))


@pytest.fixture
def mysql() -> Iterator[tuple[str, Path]]:
    """A department's MySQL with one large table."""
    if not mariadb.has_programs():
        missing = "MariaDB's programs (mariadb-server-core, mariadb-client-core) are not on this machine"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    with mariadb.server() as (url, place):
        create = "CREATE TABLE civil_register (id bigint PRIMARY KEY, name text);"
        mariadb.run_statements(place, create + _more(0, ROWS), database="city")
        yield url, place


def _more(first: int, count: int) -> str:
    """Write the statement that adds rows with these numbers."""
    digits = " UNION ".join(f"SELECT {digit} n" for digit in range(10))
    places = ", ".join(f"({digits}) d{place}" for place in range(6))
    number = " + ".join(f"d{place}.n * {10**place}" for place in range(6))
    rows = f"SELECT {first} + m.n, repeat('x', 500) FROM (SELECT {number} n FROM {places}) m WHERE m.n < {count}"
    return f"INSERT INTO civil_register {rows};"


class _Civil:
    """A department's own database with one table, on the engine that the tests run on."""

    def __init__(self, folder: Path) -> None:
        self.url = database_url() if connection.vendor == "postgresql" else f"sqlite:///{folder / 'civil.db'}"

    def __enter__(self) -> Self:
        self._connection: Any = (
            psycopg.connect(self.url) if connection.vendor == "postgresql" else sqlite3.connect(self.url[10:])
        )
        self._connection.execute("DROP TABLE IF EXISTS civil_register")
        self._connection.execute("CREATE TABLE civil_register (id bigint PRIMARY KEY, name text)")
        self._connection.commit()
        return self

    def __exit__(self, *_fault: object) -> None:
        self._connection.execute("DROP TABLE civil_register")
        self._connection.commit()
        self._connection.close()

    def insert(self, first: int, last: int) -> None:
        """Add rows and commit them."""
        values = ", ".join(f"({number}, 'n{number}')" for number in range(first, last + 1))
        self._connection.execute(f"INSERT INTO civil_register VALUES {values}")
        self._connection.commit()
