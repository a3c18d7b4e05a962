"""What crosses the boundary of refused arrivals (被拒来件): what came, and was refused as a whole."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

MOST_KEPT = 32 * 1024 * 1024
"""So many bytes of one arrival are kept; of a larger one only what is told of it."""
MOST_A_DAY = 512 * 1024 * 1024
"""So many bytes of an organisation's arrivals are kept in a day, so that nobody fills the store."""


class ArrivalKind(StrEnum):
    """What was handed in."""

    SCRIPTS = "scripts"
    EVENTS = "events"
    SHEET = "sheet"
    PUSH = "push"
    WORKBOOK = "workbook"
    DATABASE = "database"


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something that came: `place` is the id of whom it was handed in for, None for where its sender stands.

    `subject` names what it was handed in to, such as `source:12`. `is_cut` says that more came than `content` holds.
    """

    kind: ArrivalKind
    name: str
    content: bytes
    place: int | None = None
    subject: str = ""
    is_cut: bool = False

    @property
    def digest(self) -> str:
        """The SHA-256 of the content."""
        return hashlib.sha256(self.content).hexdigest()
