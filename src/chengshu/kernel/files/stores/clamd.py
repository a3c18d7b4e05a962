"""The virus scanner clamd, asked over its socket by the command INSTREAM."""

import socket
import struct
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import structlog

from chengshu.kernel.files.contracts import Scan
from chengshu.kernel.files.errors import FileInfected

log = structlog.get_logger(__name__)

_PIECE_BYTES = 64 * 1024
_ANSWER_BYTES = 4096
_TIMEOUT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Clamd:
    """The scanner at `tcp://host:port` or `unix:/path`; without an address nothing is scanned."""

    address: str

    def scan(self, path: Path, name: str) -> Scan:
        """Tell whether the content was scanned; one that could not be is taken and said so.

        Raises:
            FileInfected: the scanner found something.
        """
        if not self.address:
            return Scan.NONE
        try:
            answer = self._ask(path)
        except OSError as error:
            log.warning("virus_scan_failed", fault=type(error).__name__)
            return Scan.FAILED
        verdict = answer.rpartition(":")[2].strip()
        if verdict.endswith("FOUND"):
            found = verdict.removesuffix("FOUND").strip()
            raise FileInfected(f"{name} 里查出病毒（{found}），不能存入", name=name, found=found)
        if verdict != "OK":
            log.warning("virus_scan_failed", fault="answer")
            return Scan.FAILED
        return Scan.CLEAN

    def _ask(self, path: Path) -> str:
        with self._connect() as line, path.open("rb") as content:
            line.sendall(b"zINSTREAM\0")
            while piece := content.read(_PIECE_BYTES):
                line.sendall(struct.pack(">I", len(piece)) + piece)
            line.sendall(struct.pack(">I", 0))
            answer = b""
            while not answer.endswith(b"\0") and (more := line.recv(_ANSWER_BYTES)):
                answer += more
        return answer.rstrip(b"\0").decode("utf-8", "replace")

    def _connect(self) -> socket.socket:
        if self.address.startswith("unix:"):
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            line.settimeout(_TIMEOUT_SECONDS)
            try:
                line.connect(self.address.removeprefix("unix:"))
            except OSError:
                line.close()
                raise
            return line
        parts = urlsplit(self.address)
        return socket.create_connection((parts.hostname or "", parts.port or 3310), timeout=_TIMEOUT_SECONDS)
