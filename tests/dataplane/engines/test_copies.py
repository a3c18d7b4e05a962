"""Copies of a store's files: each is fetched once, within a bound, and none is there half."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import obstore
import pytest

from chengshu.dataplane.engines.copies import StoreCopies
from chengshu.dataplane.engines.stores import Store, store_of
from chengshu.dataplane.errors import EngineFault
from chengshu.dataplane.lake.places import Lake

SIZE = 1000


@pytest.fixture
def addresses(s3_lake: Lake) -> list[str]:
    names = [f"raw/人口 信息/part-{number}.parquet" for number in range(4)]
    for number, name in enumerate(names):
        obstore.put(s3_lake.store(), name, bytes([number]) * SIZE)
    return [f"{s3_lake.root}/{name}" for name in names]


@pytest.fixture
def copies(s3_lake: Lake, tmp_path: Path) -> StoreCopies:
    return StoreCopies(store_of(s3_lake.options), tmp_path / "copies", most_bytes=3 * SIZE)


def test_files_come_in_the_order_asked_for_and_paths_stay_as_they_are(
    copies: StoreCopies, addresses: list[str], tmp_path: Path
) -> None:
    found = copies.hold("t", [addresses[2], tmp_path / "own.parquet", addresses[0]])
    assert [found[0].read_bytes(), found[2].read_bytes()] == [bytes([2]) * SIZE, bytes([0]) * SIZE]
    assert found[1] == tmp_path / "own.parquet"


def test_a_file_is_fetched_once(copies: StoreCopies, addresses: list[str], s3_lake: Lake) -> None:
    first = copies.hold("t", addresses[:2])
    obstore.delete(s3_lake.store(), addresses[0].removeprefix(f"{s3_lake.root}/"))
    copies.release("t")
    assert copies.hold("u", addresses[:1]) == first[:1]


def test_copies_that_no_relation_has_go_when_there_is_no_room(
    copies: StoreCopies, addresses: list[str], tmp_path: Path
) -> None:
    oldest, held = copies.hold("a", addresses[:1])[0], copies.hold("b", addresses[1:2])[0]
    copies.release("a")
    copies.hold("c", addresses[2:])
    assert not oldest.exists()
    assert held.exists()
    assert sum(path.stat().st_size for path in (tmp_path / "copies").iterdir()) == 3 * SIZE


def test_more_than_there_is_room_for_is_refused_with_the_cure_before_anything_is_fetched(
    copies: StoreCopies, addresses: list[str], tmp_path: Path
) -> None:
    with pytest.raises(EngineFault, match=r"copied_bytes.*reads_s3"):
        copies.hold("t", addresses)
    assert not (tmp_path / "copies").exists()


def test_an_offer_that_was_refused_leaves_the_relation_what_it_had(copies: StoreCopies, addresses: list[str]) -> None:
    had = copies.hold("t", addresses[:2])
    with pytest.raises(EngineFault):
        copies.hold("t", addresses[2:])
    assert all(path.exists() for path in had)


def test_a_file_that_the_store_does_not_have_is_named_and_leaves_nothing(
    copies: StoreCopies, addresses: list[str], tmp_path: Path
) -> None:
    missing = addresses[0].replace("part-0", "part-9")
    with pytest.raises(EngineFault, match="part-9"):
        copies.hold("t", [missing])
    assert not (tmp_path / "copies").exists()


class SlowStore(ThreadingHTTPServer):
    """A store that gives a file of 40 MB for any name, and no byte before two requests have come and `open` is set."""

    size = 40 * 2**20

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), SlowAnswer)
        self.together = threading.Barrier(2, timeout=30)
        self.asked = threading.Event()
        self.open = threading.Event()


class SlowAnswer(BaseHTTPRequestHandler):
    server: SlowStore

    def do_HEAD(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(self.server.size))
        self.send_header("Last-Modified", "Sun, 22 Nov 2026 00:00:00 GMT")
        self.end_headers()

    def do_GET(self) -> None:
        first, last = map(int, self.headers["Range"].removeprefix("bytes=").split("-"))
        if first == 0:
            self.server.together.wait()
        self.server.asked.set()
        self.server.open.wait(30)
        self.send_response(206)
        self.send_header("Content-Length", str(last + 1 - first))
        self.send_header("Content-Range", f"bytes {first}-{last}/{self.server.size}")
        self.send_header("Last-Modified", "Sun, 22 Nov 2026 00:00:00 GMT")
        self.end_headers()
        self.wfile.write(b"x" * (last + 1 - first))

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture
def slow_store() -> Iterator[SlowStore]:
    with SlowStore() as server, ThreadPoolExecutor(1) as pool:
        served = pool.submit(server.serve_forever)
        yield server
        server.shutdown()
        served.result(30)


@pytest.fixture
def slow_copies(slow_store: SlowStore, tmp_path: Path) -> StoreCopies:
    endpoint = f"http://127.0.0.1:{slow_store.server_address[1]}"
    return StoreCopies(Store(endpoint, key="tests", secret="-"), tmp_path / "copies", most_bytes=2**30)  # noqa: S106 - it asks nobody


def test_files_are_fetched_side_by_side_and_whole(slow_copies: StoreCopies, slow_store: SlowStore) -> None:
    slow_store.open.set()
    found = slow_copies.hold("t", ["s3://city/a", "s3://city/b"])
    assert [path.stat().st_size for path in found] == [SlowStore.size] * 2


def test_fetching_is_stopped_from_another_thread_and_leaves_nothing(
    slow_copies: StoreCopies, slow_store: SlowStore, tmp_path: Path
) -> None:
    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(slow_copies.hold, "t", ["s3://city/a", "s3://city/b"])
        assert slow_store.asked.wait(30)
        slow_copies.stop()
        slow_store.open.set()
        with pytest.raises(EngineFault, match="停止"):
            held.result(30)
    assert list((tmp_path / "copies").iterdir()) == []
