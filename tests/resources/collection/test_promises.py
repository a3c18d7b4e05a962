"""What was promised, whether it came in time, and what collection does by itself."""

import json
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from conftest import NOW
from hypothesis import given
from hypothesis import strategies as st
from resources.catalogue.town import Town
from resources.collection.sources import a_file, a_source, allow_machine, rows_of, take

from chengshu.base.errors import ChengshuError
from chengshu.kernel.notifications.facade import list_notifications
from chengshu.resources.contracts.catalogue import Cycle
from chengshu.resources.facade import collection
from chengshu.resources.facade.addresses import inbox_folder
from chengshu.resources.facade.collection import ColumnContent, Lateness, PromiseContent, SourceInvalid, SourceKind
from chengshu.resources.facade.deliveries import bring_interface, take_delivery
from chengshu.resources.models import DataSource, Delivery
from chengshu.resources.operations.watching import PAUSE
from chengshu.resources.rules.promises import PROMISED, judge, last_due

ZONE = ZoneInfo("Asia/Shanghai")


def _at(day: int, hour: int = 0, month: int = 3) -> datetime:
    return datetime(2024, month, day, hour, tzinfo=ZONE)


class TestLastDue:
    @pytest.mark.parametrize(
        ("cycle", "now", "due", "ended"),
        [
            (Cycle.DAILY, _at(15, 13), _at(15, 12), _at(15)),
            (Cycle.DAILY, _at(15, 11), _at(14, 12), _at(14)),
            (Cycle.WEEKLY, _at(15, 13), _at(11, 12), _at(11)),
            (Cycle.MONTHLY, _at(15), _at(1, 12), _at(1)),
            (Cycle.QUARTERLY, _at(15), _at(1, 12, month=1), _at(1, month=1)),
            (Cycle.YEARLY, _at(1, 12, month=1), _at(1, 12, month=1), _at(1, month=1)),
        ],
    )
    def test_is_so_many_hours_after_the_end_of_the_cycle(
        self, cycle: Cycle, now: datetime, due: datetime, ended: datetime
    ) -> None:
        promise = PromiseContent(cycle, 12, date(2020, 1, 1))
        assert last_due(promise, now=now, zone=ZONE) == (due, ended)

    def test_is_none_before_the_first_cycle_has_ended(self) -> None:
        promise = PromiseContent(Cycle.MONTHLY, 0, date(2024, 3, 1))
        assert last_due(promise, now=_at(31, 23), zone=ZONE) is None
        assert last_due(promise, now=_at(1, month=4), zone=ZONE) is not None

    @given(
        st.sampled_from(PROMISED),
        st.integers(0, 500),
        st.datetimes(datetime(2021, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 - made aware below
    )
    def test_never_lies_ahead_nor_more_than_a_cycle_back(self, cycle: Cycle, hours: int, moment: datetime) -> None:
        now = moment.replace(tzinfo=UTC)
        found = last_due(PromiseContent(cycle, hours, date(2019, 1, 1)), now=now, zone=ZONE)
        assert found is not None
        assert found[0] <= now
        assert now - found[0] <= timedelta(days=367)


def test_lateness_is_counted_in_full_hours() -> None:
    due = _at(15)
    assert judge(due, due, now=_at(16)) == (Lateness.ON_TIME, 0)
    assert judge(due, _at(15, 3), now=_at(16)) == (Lateness.LATE, 3)
    assert judge(due, None, now=_at(16, 1)) == (Lateness.MISSING, 25)


class TestPunctuality:
    def _promise(self, town: Town) -> DataSource:
        source = a_source(town)
        promise = PromiseContent(Cycle.DAILY, 12, date(2024, 1, 1))
        collection.keep_promise(source, promise, actor=town.operator, now=NOW)
        return source

    def _send(self, source: DataSource, town: Town, at: datetime) -> None:
        content = a_file(f"{int(at.timestamp())},张三,1")
        take(collection.receive_file(source, content, name="a.csv", actor=town.operator, now=at)[0])

    def test_tells_who_is_late_and_who_owes_still(self, town: Town) -> None:
        source = self._promise(town)
        (found,) = collection.list_punctuality(town.operator, now=_at(15, 20))
        assert (found.lateness, found.hours_late, found.due_at) == (Lateness.MISSING, 8, _at(15, 12))
        self._send(source, town, _at(15, 14))
        (found,) = collection.list_punctuality(town.operator, now=_at(15, 20))
        assert (found.lateness, found.hours_late, found.taken_at) == (Lateness.LATE, 2, _at(15, 14))
        self._send(source, town, _at(16, 1))
        (found,) = collection.list_punctuality(town.operator, now=_at(16, 20))
        assert found.lateness is Lateness.ON_TIME

    def test_of_other_departments_is_not_seen(self, town: Town) -> None:
        self._promise(town)
        assert collection.list_punctuality(town.other, now=_at(15, 20)) == []
        assert len(collection.list_punctuality(town.steward, now=_at(15, 20))) == 1

    def test_is_asked_of_cycles_with_an_end(self, town: Town) -> None:
        source, promise = a_source(town), PromiseContent(Cycle.IRREGULAR, 12, date(2024, 1, 1))
        with pytest.raises(SourceInvalid):
            collection.keep_promise(source, promise, actor=town.operator, now=NOW)


class TestFolder:
    def test_files_are_received_once_they_are_no_longer_written_to(self, town: Town, tmp_path: Path) -> None:
        source = a_source(town, kind=SourceKind.FOLDER, address={"folder": "civil"})
        folder = tmp_path / "lake" / "_inbox" / "civil"
        folder.mkdir(parents=True)
        for name, age in (("old.csv", 60), ("growing.csv", 0)):
            (folder / name).write_bytes(a_file(f"{age},张三,1"))
            os.utime(folder / name, (time.time() - age, time.time() - age))
        assert collection.watch_folders(NOW) == 1
        assert [path.name for path in folder.iterdir() if path.is_file()] == ["growing.csv"]
        assert collection.watch_folders(NOW) == 0
        take(Delivery.objects.get(source=source))
        assert len(rows_of(source)) == 1

    def test_the_same_file_again_is_moved_away_and_not_taken_again(self, town: Town, tmp_path: Path) -> None:
        a_source(town, kind=SourceKind.FOLDER, address={"folder": "civil"})
        folder = tmp_path / "lake" / "_inbox" / "civil"
        folder.mkdir(parents=True)
        for name in ("a.csv", "b.csv"):
            (folder / name).write_bytes(a_file("1,张三,1"))
            os.utime(folder / name, (0, 0))
        assert collection.watch_folders(NOW) == 1
        assert len(list((folder / "done").iterdir())) == 2

    def test_one_that_can_never_be_received_is_set_aside_and_who_collects_is_told(
        self, town: Town, tmp_path: Path
    ) -> None:
        a_source(town, kind=SourceKind.FOLDER, address={"folder": "civil"})
        folder = tmp_path / "lake" / "_inbox" / "civil"
        folder.mkdir(parents=True)
        (folder / "空.csv").write_bytes(b"")
        os.utime(folder / "空.csv", (0, 0))
        assert [collection.watch_folders(NOW) for _again in range(2)] == [0, 0]
        assert [path.name for path in folder.rglob("*.csv")] == [f"{NOW:%Y%m%dT%H%M%S}-空.csv"]
        assert [path.name for path in folder.iterdir()] == ["refused"]
        told = list_notifications(town.operator, on=NOW.date()).filter(template="resources.folder_file_refused")
        assert [one.fields["file"] for one in told] == ["空.csv"]
        assert not list_notifications(town.other, on=NOW.date()).exists()


class Interface(BaseHTTPRequestHandler):
    """An interface whose answer has a tag."""

    def do_GET(self) -> None:
        known = self.headers.get("If-None-Match") == '"1"'
        body = b"" if known else json.dumps([{"编号": 1, "姓名": "张三", "金额": 1.25}]).encode()
        self.send_response(304 if known else 200)
        self.send_header("ETag", '"1"')
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_told: object) -> None:
        """Say nothing."""


class TestPull:
    @pytest.fixture
    def url(self) -> Iterator[str]:
        server = HTTPServer(("127.0.0.1", 0), Interface)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/rows"
        server.shutdown()
        thread.join()
        server.server_close()

    def test_of_an_interface_becomes_a_delivery_only_when_something_is_new(self, town: Town, url: str) -> None:
        allow_machine(town)
        source = a_source(town, kind=SourceKind.INTERFACE, address={"url": url})
        delivery = bring_interface(source.pk, now=NOW)
        assert delivery is not None
        assert take(delivery).taken == 1
        assert bring_interface(source.pk, now=NOW) is None
        assert Delivery.objects.count() == 1

    def _promised(self, town: Town, url: str) -> DataSource:
        allow_machine(town)
        source = a_source(town, kind=SourceKind.INTERFACE, address={"url": url})
        collection.keep_promise(source, PromiseContent(Cycle.DAILY, 12, date(2024, 1, 1)), actor=town.operator, now=NOW)
        return source

    def test_begins_when_the_cycle_has_ended_and_is_done_once(self, town: Town, url: str) -> None:
        source = self._promised(town, url)
        assert collection.pull_due(_at(15, 0)) == 1
        delivery = bring_interface(source.pk, now=_at(15, 0))
        assert delivery is not None
        take(delivery)
        assert [collection.pull_due(_at(15, hour)) for hour in (1, 11, 12, 13, 23)] == [0] * 5
        assert collection.pull_due(_at(16, 0)) == 1
        (found,) = collection.list_punctuality(town.operator, now=_at(15, 13))
        assert (found.lateness, found.taken_at) == (Lateness.ON_TIME, _at(15, 0))

    def test_that_finds_nothing_new_is_the_delivery_of_its_day(self, town: Town, url: str) -> None:
        source = self._promised(town, url)
        first = bring_interface(source.pk, now=_at(15, 0))
        assert first is not None
        take(first)
        assert collection.pull_due(_at(16, 0)) == 1
        second = bring_interface(source.pk, now=_at(16, 0))
        assert second is not None
        assert (take(second).is_unchanged, len(rows_of(source))) == (True, 1)
        assert [collection.pull_due(_at(16, hour)) for hour in (1, 12, 13)] == [0] * 3
        (found,) = collection.list_punctuality(town.operator, now=_at(16, 13))
        assert (found.lateness, found.taken_at) == (Lateness.ON_TIME, _at(16, 0))

    def test_that_brought_nothing_is_tried_again_until_due_and_once_more_after(self, town: Town, url: str) -> None:
        self._promised(town, url)
        assert collection.pull_due(_at(15, 0)) == 1
        assert collection.pull_due(_at(15, 0) + timedelta(minutes=5)) == 0
        assert collection.pull_due(_at(15, 0) + PAUSE) == 1
        assert collection.pull_due(_at(15, 11)) == 1
        assert [collection.pull_due(_at(15, hour)) for hour in (12, 13, 23)] == [1, 0, 0]
        assert collection.pull_due(_at(16, 0)) == 1

    def test_of_a_database_that_was_down_at_first_is_on_time(self, town: Town) -> None:
        inbox = inbox_folder()
        inbox.mkdir(parents=True)
        address = {"url": f"sqlite:///{inbox / 'civil.db'}", "table": "t"}
        source = a_source(town, kind=SourceKind.DATABASE, address=address, columns=(ColumnContent("id"),))
        promise = PromiseContent(Cycle.DAILY, 12, date(2024, 1, 1))
        collection.keep_promise(source, promise, actor=town.operator, now=NOW)

        def pull(at: datetime) -> Delivery:
            assert collection.pull_due(at) == 1
            return take_delivery(Delivery.objects.get().pk, report=lambda _stage, _rows: None, now=lambda: at)

        with pytest.raises(ChengshuError):
            pull(_at(15, 0))
        (found,) = collection.list_punctuality(town.operator, now=_at(15, 13))
        assert found.lateness is Lateness.MISSING
        with closing(sqlite3.connect(inbox / "civil.db")) as civil:
            civil.execute("CREATE TABLE t (id text)")
            civil.execute("INSERT INTO t VALUES ('1')")
            civil.commit()
        assert pull(_at(15, 1)).taken == 1
        (found,) = collection.list_punctuality(town.operator, now=_at(15, 13))
        assert (found.lateness, found.taken_at) == (Lateness.ON_TIME, _at(15, 1))
        assert collection.pull_due(_at(15, 13)) == 0
