"""Folders for the files of one work, which others sweep once its process is dead.

Each has a lock beside it that the system lets go when the process ends, however it ends. Processes and machines may share
the place where they lie.
"""

import fcntl
import os
import re
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

_HEAD, _LOCK = "chengshu-", ".lock"
_QUIET = timedelta(days=1)
"""So long nothing has changed in a folder of another machine before it is swept: not every store tells its locks to all."""
_mine: set[str] = set()
"""Names of the folders of this process: on some stores a process is not kept out by its own lock."""
_guard = threading.Lock()


@contextmanager
def work_folder(place: Path | None) -> Iterator[Path]:
    """Give an empty folder under a place, and take it away afterwards; None as the place is the system's own for such."""
    if place is None:
        with tempfile.TemporaryDirectory(prefix=_HEAD) as given:
            yield Path(given)
        return
    place.mkdir(parents=True, exist_ok=True)
    name, held = _take(place)
    folder = place / name
    try:
        folder.mkdir(mode=0o700)
        yield folder
    finally:
        _remove(folder)
        os.close(held)
        with _guard:
            _mine.discard(name)


def sweep_work(place: Path) -> int:
    """Take away the folders of processes that are dead; tell how many. What cannot be told of is left where it is."""
    swept = 0
    for mark in sorted(place.glob(f"{_HEAD}*{_LOCK}")):
        with _guard:
            if mark.stem in _mine:
                continue
        try:
            held = os.open(mark, os.O_RDWR)
        except OSError:  # gone meanwhile, or another user's
            continue
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            folder = place / mark.stem
            if not os.fstat(held).st_nlink:  # another sweep was quicker
                continue
            if mark.stem.startswith(_head_here()) or _is_quiet(mark, folder):
                _remove(folder)
                swept += 1
        except OSError:  # its process lives, or the store knows no locks
            continue
        finally:
            os.close(held)
    return swept


def _take(place: Path) -> tuple[str, int]:
    """Make a lock of a new name and hold it; one that a sweep was quicker to take is left to it."""
    while True:
        name = f"{_head_here()}{uuid4().hex}"
        with _guard:
            _mine.add(name)
        held = os.open(place / f"{name}{_LOCK}", os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass
        except OSError:  # the store knows no locks: nobody sweeps there either
            return name, held
        else:
            if os.fstat(held).st_nlink:
                return name, held
        os.close(held)
        with _guard:
            _mine.discard(name)


def _head_here() -> str:
    """Give what names of folders of this machine begin with."""
    host = re.sub(r"[^0-9A-Za-z-]", "-", socket.gethostname())[:48]
    return f"{_HEAD}{host}."


def _is_quiet(mark: Path, folder: Path) -> bool:
    changed = [entry.stat().st_mtime for entry in (mark, *folder.rglob("*")) if entry.exists()]
    return max(changed) < time.time() - _QUIET.total_seconds()


def _remove(folder: Path) -> None:
    """Take a folder away, its lock last: while that is there, a sweep comes back to what was left."""
    shutil.rmtree(folder, ignore_errors=True)
    if not folder.exists():
        folder.with_name(f"{folder.name}{_LOCK}").unlink(missing_ok=True)
