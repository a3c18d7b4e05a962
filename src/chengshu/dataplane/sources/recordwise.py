"""CSV record by record, for files in which quotes, line ends or bytes are not in order.

Slower than DuckDB, but it loses nothing: a quote that never ends makes one line a broken one, and the next line is
looked at again. (DuckDB 1.5 passes over all that follows such a quote without a word, and refuses a whole file whose
lines end now in one way and now in another.)
"""

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

from chengshu.dataplane.sources.dialects import Dialect

LONGEST_RECORD = 2_000_000
"""In characters; as with DuckDB."""
LONGEST_SHOWN = 10_000
_ENDS = ("\n", "\r")

csv.field_size_limit(LONGEST_RECORD)  # of all csv readers of the process; the default would refuse a long text


@dataclass(frozen=True, slots=True)
class Whole:
    """A record that could be cut: its number (a blank line counts too), and a text for each column."""

    number: int
    fields: list[str]


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that is no record: its number, its text, and the fault as DuckDB names it."""

    number: int
    text: str
    fault: str


def read_records(source: TextIO, dialect: Dialect, *, first: int) -> Iterator[Whole | Broken]:
    """Give the records of a text opened without translating line ends; `first` is the number of the first one.

    Bytes that were no characters are expected as surrogates.
    """
    lines, width = _Lines(source), len(dialect.header)
    reader = _start(lines, dialect)
    number = first
    while lines.begin():
        if lines.is_overlong:
            yield Broken(number, _shown(lines.drop_line()), "LINE SIZE OVER MAXIMUM")
        else:
            try:
                fields = next(reader)
            except csv.Error as error:
                fault = "INVALID STATE" if "new-line" in str(error) else "UNQUOTED VALUE"
                yield Broken(number, _shown(lines.give_back()), fault)
                reader = _start(lines, dialect)
            else:
                if fields or width == 1:
                    yield _judge(number, fields or [""], width, lines)
        number += 1


def _judge(number: int, fields: list[str], width: int, lines: "_Lines") -> Whole | Broken:
    if len(fields) == width + 1 and not fields[-1]:
        del fields[-1]  # a delimiter at the end of the line
    fault = ""
    if len(fields) != width:
        fault = "MISSING COLUMNS" if len(fields) < width else "TOO MANY COLUMNS"
    elif not _is_text("".join(fields)):
        fault = "INVALID ENCODING"
    return Broken(number, _shown(lines.text), fault) if fault else Whole(number, fields)


def _start(lines: "_Lines", dialect: Dialect) -> "Iterator[list[str]]":
    return csv.reader(lines, delimiter=dialect.delimiter, quotechar=dialect.quote, strict=True)


def _shown(text: str) -> str:
    return text.rstrip("\r\n")[:LONGEST_SHOWN].encode(errors="surrogateescape").decode(errors="replace")


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class _Lines:
    """The lines of a text, one record's at a time; all but the first can be given back."""

    def __init__(self, source: TextIO) -> None:
        self._source = source
        self._back: deque[str] = deque()
        self._taken: list[str] = []
        self._size = 0

    def begin(self) -> bool:
        """Turn to the next record; False at the end."""
        self._taken, self._size = [], 0
        if not self._back and (line := self._read()):
            self._back.append(line)
        return bool(self._back)

    @property
    def is_overlong(self) -> bool:
        """Whether the next line is longer than a record may be."""
        return len(self._back[0]) >= LONGEST_RECORD and not self._back[0].endswith(_ENDS)

    @property
    def text(self) -> str:
        """The lines of this record."""
        return "".join(self._taken)

    def drop_line(self) -> str:
        """Pass over the rest of an overlong line; its beginning is returned."""
        begun = part = self._back.popleft()
        while part and not part.endswith(_ENDS):
            part = self._read()
        return begun

    def give_back(self) -> str:
        """Return the first line of this record; the others will come again."""
        self._back.extendleft(reversed(self._taken[1:]))
        return self._taken[0]

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if self._size >= LONGEST_RECORD:
            raise StopIteration
        line = self._back.popleft() if self._back else self._read()
        if not line:
            raise StopIteration
        self._taken.append(line)
        self._size += len(line)
        return line

    def _read(self) -> str:
        return self._source.readline(LONGEST_RECORD)
