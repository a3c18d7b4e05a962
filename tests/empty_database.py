"""The empty database of the tests, made by the migrations once for each state of them and copied from then on.

To run the migrations takes longer than most of what is tested. A copy is kept for a digest of whatever could make the
tables differ: the migrations of the house, and the lock that names the versions of everybody else's.
"""

import hashlib
import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

_HOUSE = Path(__file__).parents[1]
_KEPT = _HOUSE / ".pytest_cache" / "databases"
_LEFT = 3
"""So many states are kept, the latest used; branches differ by few."""


def copy_kept(target: Path) -> bool:
    """Copy the kept database to where a test wants one; False when none is kept for this state."""
    kept = _name()
    if not kept.is_file():
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(kept, target)
    os.utime(kept)
    return True


def keep(made: Path) -> None:
    """Keep a database that the migrations have just made, and forget those that were used longest ago."""
    _KEPT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_KEPT) as folder:
        copy = Path(folder) / "made.sqlite3"
        with closing(sqlite3.connect(made)) as source, closing(sqlite3.connect(copy)) as copied:
            source.backup(copied)
        copy.replace(_name())  # in one step: another process may be about to copy it
    for old in sorted(_KEPT.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime, reverse=True)[_LEFT:]:
        old.unlink(missing_ok=True)


def _name() -> Path:
    digest = hashlib.sha256()
    files = sorted((_HOUSE / "src").glob("**/migrations/*.py"))
    for file in (*files, _HOUSE / "requirements" / "dev.lock"):
        digest.update(str(file.relative_to(_HOUSE)).encode() + b"\0" + file.read_bytes() + b"\0")
    return _KEPT / f"{digest.hexdigest()[:32]}.sqlite3"
