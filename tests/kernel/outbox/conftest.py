"""Another side that takes webhooks, and an endpoint that leads to it."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pytest_django import Settings

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.outbox.facade import Endpoint, NewEndpoint, Topic, register_endpoint, register_topic

TOPIC = "tests.happened"
register_topic(Topic(TOPIC, "发生了"))


@dataclass
class Receiver:
    """What came in, and how the next ones are answered; `before_answer` is called when one has come in."""

    url: str = ""
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    before_answer: Callable[[], None] = lambda: None

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _body in self.came]


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    settings.WEBHOOK_LOOPBACK = True
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.came.append(({name.lower(): value for name, value in self.headers.items()}, body))
            found.before_answer()
            try:
                self.send_response(found.statuses.pop(0) if found.statuses else 204)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()
            except ConnectionError:  # who asked was killed
                self.close_connection = True

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{server.server_port}/hook?from=tests"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def registered(receiver: Receiver, admin: User, now: datetime) -> tuple[Endpoint, str]:
    return register_endpoint(NewEndpoint("政务微信", receiver.url, frozenset({TOPIC})), actor=admin, now=now)


@pytest.fixture
def endpoint(registered: tuple[Endpoint, str]) -> Endpoint:
    return registered[0]


class Clock:
    """A clock that is set by hand."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def wait(self, span: timedelta) -> None:
        self.now += span


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)
