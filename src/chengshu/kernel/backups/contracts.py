"""What crosses the boundary of backups."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database/dump"

OnProgress = Callable[[int, int, str], None]
"""Takes bytes done, bytes in all, and the member at hand."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a backup: its path in the archive, its bytes, their SHA-256."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `migrations` maps each app to its last migration, `records` each table to its rows."""

    format: int
    program: str
    made_at: str
    engine: str
    migrations: Mapping[str, str]
    records: Mapping[str, int]
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What was written or restored: how many members and bytes, and the SHA-256 of the archive."""

    members: int
    size: int
    sha256: str
    records: int


class Database(Protocol):
    """What a backup asks of a database engine."""

    engine: str

    def dump(self, target: Path) -> None:
        """Write one consistent state of the database to a file; raise DatabaseToolFailed."""

    def load(self, source: Path) -> None:
        """Put that state in place of what is there, whole or not at all; raise DatabaseToolFailed."""
