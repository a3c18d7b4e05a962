"""One pass over a source: rows as declared on one side, refused rows on the other, and how many of each."""

import json
import tempfile
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, Self

import pyarrow as pa
import pyarrow.compute as pc

from chengshu.dataplane.sources.conform import RAW, REASON, ROW, TAB
from chengshu.dataplane.sources.contracts import Refused


@dataclass(slots=True)
class Intake:
    """Rows in the making. `pieces` are batches of declared columns, `_reason`, `_raw` and, where known, `_row`.

    `list_broken` gives, once the pieces are read, the records that could not even be cut into fields; they carry their
    true numbers, and the rows around them are numbered after them. Used in a `with`: refused rows are spooled to disk: memory stays small.
    """

    schema: pa.Schema
    pieces: Iterator[pa.RecordBatch]
    list_broken: Callable[[], Iterator[Refused]] = field(default=lambda: iter(()))
    close_source: Callable[[], object] = field(default=lambda: None)
    first_row: int = 2
    taken: int = 0
    refused: int = 0
    _seen: int = 0
    _spool: IO[str] = field(default_factory=lambda: tempfile.TemporaryFile("w+", encoding="utf-8"))  # noqa: SIM115 - lives as long as the intake
    _broken_spool: IO[str] = field(default_factory=lambda: tempfile.TemporaryFile("w+", encoding="utf-8"))  # noqa: SIM115 - the same
    _broken_rows: "array[int]" = field(default_factory=lambda: array("q"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the source and the refused rows."""
        self._spool.close()
        self._broken_spool.close()
        self.close_source()

    @property
    def sent(self) -> int:
        """All rows that came."""
        return self.taken + self.refused

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Give the rows as declared, once; counts and refused rows are complete when it ends."""
        for piece in self.pieces:
            good = self._part(piece)
            self.taken += good.num_rows
            if good.num_rows:
                yield pa.RecordBatch.from_arrays(
                    [good.column(column.name).cast(column.type) for column in self.schema], schema=self.schema
                )
        for refused in self.list_broken():
            told = [refused.row, refused.column, refused.raw, refused.reason]
            self._broken_spool.write(json.dumps(told, ensure_ascii=False) + "\n")
            self._broken_rows.append(refused.row)
        self._broken_rows = array("q", sorted(self._broken_rows))
        self.refused += len(self._broken_rows)

    def reader(self) -> pa.RecordBatchReader:
        """Give the same as a stream that the lake takes."""
        return pa.RecordBatchReader.from_batches(self.schema, self.batches())

    def list_refused(self) -> Iterator[Refused]:
        """Give the refused rows with their places, after the rows were read; first those with wrong values."""
        self._spool.seek(0)
        for line in self._spool:
            row, ordinal, column, raw, reason = json.loads(line)
            yield Refused(row or self.place_of(ordinal), column, raw, reason)
        self._broken_spool.seek(0)
        for line in self._broken_spool:
            yield Refused(*json.loads(line))

    def place_of(self, ordinal: int) -> int:
        """Return the number of a taken or refused record that was the `ordinal`-th (from 0) to be cut into fields."""
        return _number(ordinal + self.first_row, self._broken_rows)

    def _part(self, piece: pa.RecordBatch) -> pa.RecordBatch:
        reasons = piece.column(REASON)
        first, self._seen = self._seen, self._seen + piece.num_rows
        if reasons.null_count == piece.num_rows:
            return piece
        bad = pc.is_valid(reasons)
        numbers = pc.indices_nonzero(bad).to_pylist()
        chosen = piece.filter(bad)
        rows = chosen.column(ROW).to_pylist() if ROW in piece.schema.names else [0] * len(numbers)
        for at, row, told, raw in zip(
            numbers, rows, chosen.column(REASON).to_pylist(), chosen.column(RAW).to_pylist(), strict=True
        ):
            column, _tab, reason = told.partition(TAB)
            self._spool.write(json.dumps([row, first + at, column, raw, reason], ensure_ascii=False) + "\n")
        self.refused += len(numbers)
        return piece.filter(pc.invert(bad))


def _number(row: int, broken: Sequence[int]) -> int:
    """The number of a record, when those in `broken` (sorted) were left out of the count before it."""
    skipped = 0
    while (now := bisect_left(broken, row + skipped + 1)) != skipped:
        skipped = now
    return row + skipped
