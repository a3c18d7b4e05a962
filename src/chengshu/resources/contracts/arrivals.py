"""What crosses the boundary of refused arrivals (被拒来件): what came, and was refused as a whole."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

MOST_KEPT = 32 * 1024 * 1024
"""So many bytes of one arrival are kept; of a larger one its head."""
HEAD_KEPT = 1024 * 1024
"""So many bytes are kept from the beginning of what is too large, or was refused before it was read."""
MOST_A_DAY = 512 * 1024 * 1024
"""So many bytes of an organisation's arrivals are kept in a day, so that nobody fills the store."""

MOST_ROWS_A_DAY = 500
"""So many arrivals of an organisation are told of one by one in a day; what comes beyond them is counted."""
_CHUNK = 256 * 1024


class ArrivalKind(StrEnum):
    """What was handed in."""

    SCRIPTS = "scripts"
    EVENTS = "events"
    FILE = "file"
    SHEET = "sheet"
    PUSH = "push"
    WORKBOOK = "workbook"
    DATABASE = "database"


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something that came: `place` is the id of whom it was handed in for, None for where its sender stands.

    `subject` names what it was handed in to, such as `source:12`. `is_cut` says that more came, or was to come, than
    `content` holds, of `length` bytes as was announced.
    """

    kind: ArrivalKind
    name: str
    content: bytes | BinaryIO
    place: int | None = None
    subject: str = ""
    is_cut: bool = False
    length: int = 0

    @property
    def size(self) -> int:
        """How many bytes came, or were to come."""
        if isinstance(self.content, bytes):
            return max(len(self.content), self.length)
        return max(self.content.seek(0, 2), self.length)

    @property
    def is_head(self) -> bool:
        """Whether only its beginning is kept."""
        return self.is_cut or self.size > MOST_KEPT

    def head(self) -> bytes:
        """Give its beginning, as far as that is kept of what is too large."""
        if isinstance(self.content, bytes):
            return self.content[:HEAD_KEPT]
        self.content.seek(0)
        return self.content.read(HEAD_KEPT)

    @property
    def digest(self) -> str:
        """The SHA-256 of the content, of its head where only that is kept; empty where nothing of it came."""
        if self.is_head:
            head = self.head()
            return hashlib.sha256(head).hexdigest() if head else ""
        if isinstance(self.content, bytes):
            return hashlib.sha256(self.content).hexdigest()
        told = hashlib.sha256()
        self.content.seek(0)
        while chunk := self.content.read(_CHUNK):
            told.update(chunk)
        return told.hexdigest()
