"""A long CSV file cut between records into pieces that can be read at the same time.

DuckDB reads one file in parallel too, but then loses records that are none (as of 1.5). A piece is read by one thread,
whole, and says where it began, so every record keeps its number.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np

PIECE_BYTES = 8 * 1024 * 1024
READERS = 2
_NEWLINE, _RETURN = b"\n", b"\r"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole records of a file, to be laid down in a copy of their own; or, without one, all that is left of the file."""

    source: Path
    start: int
    """Byte of the source at which it begins."""
    records_before: int
    records: int = 0
    is_plain: bool = False
    """Whether no record is blank and all end in the same way, so that their number can be relied on."""
    has_spans: bool = False
    """Whether some quote goes on in the next line. Then it was cut rightly only if its quotes are in order."""
    copy: Path | None = None
    content: bytes = field(default=b"", repr=False)
    """What the copy is to hold."""

    @property
    def is_first(self) -> bool:
        """Whether the header stands in it."""
        return self.start == 0


def cut_file(path: Path, folder: Path, *, quote: str, size: int = PIECE_BYTES) -> Iterator[Piece]:
    """Give the pieces of a UTF-8 file in order, at most about `size` bytes each; their copies are to lie in `folder`.

    A record ends with a line up to which all quotes are in pairs. Where none ends for more than `size` bytes, what is
    left is one piece, and so is a last record of several lines.
    """
    records, carried = 0, b""
    with path.open("rb") as source:
        while block := source.read(size):
            start = source.tell() - len(block) - len(carried)
            found, carried = _find_records(carried + block, quote.encode())
            if len(carried) > size:
                yield Piece(path, start, records)
                return
            if found.content:
                yield _piece(found, path, start, records, folder)
                records += found.number
    if carried:
        start = path.stat().st_size - len(carried)
        is_line = _NEWLINE not in carried and carried.count(quote.encode()) % 2 == 0
        last = _Records(carried, np.array([len(carried)]), has_spans=False)
        yield _piece(last, path, start, records, folder) if is_line else Piece(path, start, records)


def read_side_by_side(
    pieces: Iterator[Piece], read: Callable[[Piece], _T | None]
) -> Generator[tuple[Piece, _T | None], None, None]:
    """Give all pieces in order, each with what `read` makes of it; two are read at a time, one more waits at most.

    What has no copy is not read. A copy is there while its piece is read, made by the thread that reads it.
    """

    def take(piece: Piece) -> _T | None:
        if piece.copy is None:
            return None
        piece.copy.write_bytes(piece.content)
        found = read(piece)
        piece.copy.unlink()
        return found

    with ThreadPoolExecutor(READERS, thread_name_prefix="piece") as pool:
        coming: deque[tuple[Piece, Future[_T | None]]] = deque()
        try:
            for piece in pieces:
                coming.append((piece, pool.submit(take, piece)))
                if len(coming) > READERS:
                    first, found = coming.popleft()
                    yield first, found.result()
            for first, found in coming:
                yield first, found.result()
        finally:
            pool.shutdown(cancel_futures=True)


@dataclass(frozen=True, slots=True)
class _Records:
    """Whole records, where each of them ends, and whether some have several lines."""

    content: bytes
    ends: np.ndarray
    has_spans: bool

    @property
    def are_plain(self) -> bool:
        """Whether all end in the same way, and none is blank."""
        ended = self.ends[self.ends < len(self.content)]
        returns = self.content.count(_RETURN) if _RETURN in self.content else 0
        if returns and not (returns == len(ended) == self.content.count(_RETURN + _NEWLINE)):
            return False
        return bool((np.diff(ended, prepend=-1) > (2 if returns else 1)).all())

    @property
    def number(self) -> int:
        """How many there are."""
        return len(self.ends)


def _find_records(content: bytes, quote: bytes) -> tuple[_Records, bytes]:
    """Part whole records from what comes after them."""
    signs = np.frombuffer(content, dtype=np.uint8)
    ends = np.flatnonzero(signs == ord(_NEWLINE))
    are_open = np.zeros(len(ends), dtype=bool)
    if quote in content:
        are_open = np.searchsorted(np.flatnonzero(signs == ord(quote)), ends) % 2 == 1
    of_records = ends[~are_open]
    length = int(of_records[-1]) + 1 if len(of_records) else 0
    has_spans = bool((ends[are_open] < length).any())
    return _Records(content[:length], of_records, has_spans), content[length:]


def _piece(found: _Records, path: Path, start: int, before: int, folder: Path) -> Piece:
    copy = folder / f"piece-{start}.csv"
    return Piece(path, start, before, found.number, found.are_plain, found.has_spans, copy, found.content)
