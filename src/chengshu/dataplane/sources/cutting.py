"""A long text file cut between records into pieces that can be read at the same time.

DuckDB reads one CSV in parallel too, but then loses records that are none (as of 1.5). A piece is read by one thread,
whole, and says where it began, so every record keeps its number.
"""

import shutil
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

import numpy as np

PIECE_BYTES = 16 * 1024 * 1024
READERS = 2
_NEWLINE = b"\n"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole records of a file: where they lie and how many lines come before them."""

    path: Path
    lines_before: int
    lines: int = 0
    """How many lines it has; counted only where it is plain."""
    is_plain: bool = False
    """Whether each line is a record: quotes in pairs, no blank line, all lines ended in the same way."""
    is_rest: bool = False
    """Whether it is the rest of the file, of any length."""
    is_copy: bool = True

    @property
    def is_first(self) -> bool:
        """Whether the header stands in it."""
        return self.lines_before == 0


def cut_file(path: Path, folder: Path, *, quote: str, size: int = PIECE_BYTES) -> Iterator[Piece]:
    """Give the pieces of a UTF-8 file in order, at most about `size` bytes each; `folder` takes copies of them.

    A file is cut only as long as each of its lines has all its quotes in pairs: a line that has not may go on in the
    next one. From there on, and from a line longer than a piece, the rest is one piece; a small file stays where it is.
    """
    lines, carried = 0, b""
    with path.open("rb") as source:
        while block := source.read(size):
            start = source.tell() - len(block) - len(carried)
            whole, newline, carried = (carried + block).rpartition(_NEWLINE)
            records = _Lines.of(whole + newline)
            if not newline or not records.have_pairs(quote.encode()):
                yield _leave_rest(source, start, path, folder, lines)
                return
            yield _lay_down(records, folder, lines)
            lines += len(records.ends)
    if carried:
        yield _lay_down(_Lines.of(carried), folder, lines)


def read_side_by_side(pieces: Iterator[Piece], read: Callable[[Piece], Iterator[_T]]) -> Generator[_T, None, None]:
    """Give what `read` makes of all pieces, in order; two are read at a time, and one more lies ready at most.

    The rest of a file is read only as fast as it is taken. Copies are removed once they were read.
    """

    def gather(piece: Piece) -> list[_T]:
        found = list(read(piece))
        _discard(piece)
        return found

    with ThreadPoolExecutor(READERS, thread_name_prefix="piece") as pool:
        coming: deque[Future[list[_T]]] = deque()
        try:
            for piece in pieces:
                while len(coming) > (0 if piece.is_rest else READERS):
                    yield from coming.popleft().result()
                if piece.is_rest:
                    yield from read(piece)
                    _discard(piece)
                else:
                    coming.append(pool.submit(gather, piece))
            while coming:
                yield from coming.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def _discard(piece: Piece) -> None:
    if piece.is_copy:
        piece.path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class _Lines:
    """Lines of a file, and where each of them ends."""

    content: bytes
    ends: np.ndarray

    @classmethod
    def of(cls, content: bytes) -> "_Lines":
        return cls(content, np.flatnonzero(np.frombuffer(content, dtype=np.uint8) == ord(_NEWLINE)))

    def have_pairs(self, quote: bytes) -> bool:
        """Whether each line has an even number of quotes."""
        if quote not in self.content:
            return True
        signs = np.flatnonzero(np.frombuffer(self.content, dtype=np.uint8) == ord(quote))
        return len(signs) % 2 == 0 and not (np.searchsorted(signs, self.ends) % 2).any()

    @property
    def are_plain(self) -> bool:
        """Whether all end in the same way, and none is blank."""
        returns = self.content.count(b"\r") if b"\r" in self.content else 0
        if returns and not (returns == len(self.ends) == self.content.count(b"\r\n")):
            return False
        blank = 2 if returns else 1
        return not (np.diff(self.ends, prepend=-1) == blank).any()

    @property
    def number(self) -> int:
        """How many there are; the last one may have no end."""
        return len(self.ends) + (not self.content.endswith(_NEWLINE))


def _lay_down(records: _Lines, folder: Path, lines_before: int) -> Piece:
    target = folder / f"piece-{lines_before}.csv"
    target.write_bytes(records.content)
    return Piece(target, lines_before, records.number, is_plain=records.are_plain)


def _leave_rest(source: BinaryIO, start: int, path: Path, folder: Path, lines_before: int) -> Piece:
    if start == 0:
        return Piece(path, 0, is_rest=True, is_copy=False)
    source.seek(start)
    target = folder / "piece-rest.csv"
    with target.open("wb") as out:
        shutil.copyfileobj(source, out, PIECE_BYTES)
    return Piece(target, lines_before, is_rest=True)
