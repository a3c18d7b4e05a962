"""Pages of an interface are brought as one file; what did not change is not brought again."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyarrow as pa
import pytest

from chengshu.dataplane.errors import SourceUnreachable, SourceUnreadable
from chengshu.dataplane.sources.files import open_file
from chengshu.dataplane.sources.pulls import Interface, pull

PAGES = [[{"编号": 1, "金额": 0.10}, {"编号": 2, "金额": 90071992547409.93}], [{"编号": 3, "金额": 1}], []]


class Department(BaseHTTPRequestHandler):
    """An interface of a department: counted pages, linked pages, CSV, and faults."""

    failures = 0

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        page = int(parse_qs(parts.query).get("page", ["1"])[0])
        if self.headers.get("X-Token") != "t":
            self._answer(403, b"")
        elif self.headers.get("If-None-Match") == '"v1"':
            self._answer(304, b"")
        elif parts.path == "/flaky" and Department.failures < 2:
            Department.failures += 1
            self._answer(503, b"")
        elif parts.path == "/csv":
            self._answer(200, "编号,金额\n1,2\n".encode("gb18030"), "text/csv; charset=gb18030")
        elif parts.path == "/deaf":
            self._json(PAGES[0])
        elif parts.path == "/broken":
            self._answer(200, b"{", "application/json")
        else:
            self._json(self._body(parts.path, page))

    def _body(self, path: str, page: int) -> Any:
        if path == "/linked":
            following = f"/linked?page={page + 1}" if page < 2 else None
            return {"data": {"rows": PAGES[page - 1]}, "next": following}
        if path == "/away":
            return {"data": {"rows": []}, "next": "http://127.0.0.2:9/steal"}
        return PAGES[page - 1]

    def _json(self, body: Any) -> None:
        self._answer(200, json.dumps(body, ensure_ascii=False).encode(), "application/json")

    def _answer(self, status: int, body: bytes, kind: str = "text/plain") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("ETag", '"v1"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_told: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    Department.failures = 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), Department)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def _pull(address: str, folder: Path, **options: str) -> list[int]:
    pulled = pull(Interface(address, headers={"X-Token": "t"}, **options), folder)
    assert pulled is not None
    schema = pa.schema([("编号", pa.int64()), ("金额", pa.decimal128(18, 2))])
    with open_file(pulled.file, schema, folder=folder) as intake:
        found: list[int] = intake.reader().read_all()["编号"].to_pylist()
        assert intake.refused == 0
        return found


def test_counted_pages_are_brought_until_one_is_empty(address: str, tmp_path: Path) -> None:
    assert _pull(f"{address}/rows", tmp_path, page_field="page") == [1, 2, 3]


def test_linked_pages_are_followed(address: str, tmp_path: Path) -> None:
    assert _pull(f"{address}/linked", tmp_path, rows_at="data.rows", next_at="next") == [1, 2, 3]


def test_csv_in_gb18030_is_read(address: str, tmp_path: Path) -> None:
    assert _pull(f"{address}/csv", tmp_path) == [1]


def test_a_server_that_stumbles_is_asked_again(address: str, tmp_path: Path) -> None:
    assert _pull(f"{address}/flaky", tmp_path) == [1, 2]


def test_what_did_not_change_is_not_brought(address: str, tmp_path: Path) -> None:
    interface = Interface(f"{address}/rows", headers={"X-Token": "t"})
    first = pull(interface, tmp_path)
    assert first is not None
    assert pull(interface, tmp_path, etag=first.etag) is None


def test_the_token_is_not_carried_to_another_server(address: str, tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable, match="另一台服务器"):
        _pull(f"{address}/away", tmp_path, rows_at="data.rows", next_at="next")


def test_answers_that_are_no_rows_are_named(address: str, tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable, match="JSON"):
        _pull(f"{address}/broken", tmp_path)
    with pytest.raises(SourceUnreadable, match="没有数据行"):
        _pull(f"{address}/rows", tmp_path, rows_at="data")


def test_a_refusal_and_a_silent_server_are_named(address: str, tmp_path: Path) -> None:
    with pytest.raises(SourceUnreachable, match="403"):
        pull(Interface(f"{address}/rows"), tmp_path)
    with pytest.raises(SourceUnreachable, match="没有响应"):
        pull(Interface("http://127.0.0.1:1/x"), tmp_path)


def test_a_server_that_gives_one_page_for_every_number_is_not_read_on_and_on(address: str, tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable, match="与前一页完全相同"):
        _pull(f"{address}/deaf", tmp_path, page_field="page")


def test_csv_where_pages_were_agreed_is_not_taken_for_all_there_is(address: str, tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable, match="CSV 没有下一页"):
        _pull(f"{address}/csv", tmp_path, page_field="page")
