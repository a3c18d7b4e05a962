"""Infected files are refused; one that could not be scanned says so."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

import pytest
from pytest_django import Settings

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.files.facade import FileInfected, Scan, StoredFile, store_file

# The harmless text that every scanner reports, put together here so that no scanner reports this file.
EICAR = (r"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-" + "TEST-FILE!$H+H*").encode()


@dataclass
class Scanner:
    """Speaks the scanner's protocol, and finds the test text."""

    address: str = ""
    answer: bytes | None = None
    scanned: list[bytes] = field(default_factory=list)


@pytest.fixture
def scanner(settings: Settings) -> Iterator[Scanner]:
    found = Scanner()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            assert self.rfile.read(10) == b"zINSTREAM\0"
            content = b""
            while length := struct.unpack(">I", self.rfile.read(4))[0]:
                content += self.rfile.read(length)
            found.scanned.append(content)
            verdict = b"stream: Eicar-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
            self.wfile.write(verdict if found.answer is None else found.answer)

    server = socketserver.TCPServer(("127.0.0.1", 0), Handler)
    settings.CLAMD_ADDRESS = f"tcp://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


class TestScan:
    def test_lets_harmless_contents_pass(self, scanner: Scanner, officer: User, now: datetime) -> None:
        content = b"x" * 200_000
        assert store_file(content, name="a.txt", owner=officer, now=now).scan == Scan.CLEAN
        assert scanner.scanned == [content]

    @pytest.mark.usefixtures("scanner")
    def test_refuses_infected_contents(self, officer: User, now: datetime) -> None:
        with pytest.raises(FileInfected) as refused:
            store_file(EICAR, name="a.txt", owner=officer, now=now)
        assert "Eicar-Signature" in refused.value.message
        assert not StoredFile.objects.exists()

    @pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"\xff\0"])
    def test_says_when_the_scanner_could_not(
        self, scanner: Scanner, officer: User, now: datetime, answer: bytes
    ) -> None:
        scanner.answer = answer
        assert store_file(b"x", name="a.txt", owner=officer, now=now).scan == Scan.FAILED

    def test_says_when_there_is_no_scanner_at_its_address(
        self, officer: User, now: datetime, settings: Settings
    ) -> None:
        settings.CLAMD_ADDRESS = "unix:/nowhere/clamd.ctl"
        assert store_file(b"x", name="a.txt", owner=officer, now=now).scan == Scan.FAILED

    def test_is_not_asked_without_an_address(self, officer: User, now: datetime) -> None:
        assert store_file(b"x", name="a.txt", owner=officer, now=now).scan == Scan.NONE
