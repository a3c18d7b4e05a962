"""Contents on the local disk, two levels of folders deep so that each folder stays small."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_DIGEST = re.compile(r"^[0-9a-f]{64}$")


@dataclass(frozen=True, slots=True)
class LocalStore:
    """Keeps contents below `root`."""

    root: Path

    def path_of(self, digest: str) -> Path:
        """Return where the content lies, or would.

        Raises:
            ValueError: this is no digest.
        """
        if not _DIGEST.match(digest):
            raise ValueError(f"{digest!r} is no digest")
        return self.root / digest[:2] / digest[2:4] / digest

    def put(self, path: Path, digest: str) -> None:
        """Move the file to its place."""
        final = self.path_of(digest)
        final.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(path, final)

    def fetch(self, digest: str) -> Path | None:
        """Return the content's file, or None when it is gone."""
        path = self.path_of(digest)
        return path if path.is_file() else None

    def copy_to(self, digest: str, target: Path) -> bool:
        """Write the content to a file; tell whether it is there."""
        kept = self.fetch(digest)
        if kept is not None:
            shutil.copyfile(kept, target)
        return kept is not None

    def delete(self, digest: str) -> None:
        """Forget the content."""
        self.path_of(digest).unlink(missing_ok=True)

    def list_contents(self) -> Iterator[tuple[str, datetime]]:
        """Give every digest with the moment it was last put."""
        for path in self.root.glob("??/??/*"):
            if _DIGEST.match(path.name):
                yield path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC)

    def list_leftovers(self) -> Iterator[tuple[Path, datetime]]:
        """Give what a killed process left half-written."""
        for path in self.root.glob(".incoming-*"):
            yield path, datetime.fromtimestamp(path.stat().st_mtime, UTC)
