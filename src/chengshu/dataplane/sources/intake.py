"""One pass over a source: rows as declared on one side, refused rows on the other, and how many of each."""

import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, Self

import pyarrow as pa
import pyarrow.compute as pc

from chengshu.dataplane.sources.conform import RAW, REASON, ROW, TAB
from chengshu.dataplane.sources.contracts import Refused


@dataclass(slots=True)
class Intake:
    """Rows in the making. `pieces` are batches of declared columns, `_reason`, `_raw` and, where known, `_row`.

    `list_broken` gives, once the pieces are read, the records that could not even be cut into fields. Where no `_row`
    is known, rows are numbered as they come. Used in a `with`: refused rows are spooled to disk, memory stays small.
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
            self.refused += 1

    def reader(self) -> pa.RecordBatchReader:
        """Give the same as a stream that the lake takes."""
        return pa.RecordBatchReader.from_batches(self.schema, self.batches())

    def list_refused(self) -> Iterator[Refused]:
        """Give the refused rows with their places, after the rows were read; first those with wrong values."""
        self._spool.seek(0)
        for line in self._spool:
            yield Refused(*json.loads(line))
        self._broken_spool.seek(0)
        for line in self._broken_spool:
            yield Refused(*json.loads(line))

    def _part(self, piece: pa.RecordBatch) -> pa.RecordBatch:
        reasons = piece.column(REASON)
        first, self._seen = self._seen, self._seen + piece.num_rows
        if reasons.null_count == piece.num_rows:
            return piece
        bad = pc.is_valid(reasons)
        numbers = pc.indices_nonzero(bad).to_pylist()
        chosen = piece.filter(bad)
        has_rows = ROW in piece.schema.names
        rows = chosen.column(ROW).to_pylist() if has_rows else [self.first_row + first + at for at in numbers]
        for row, told, raw in zip(rows, chosen.column(REASON).to_pylist(), chosen.column(RAW).to_pylist(), strict=True):
            column, _tab, reason = told.partition(TAB)
            self._spool.write(json.dumps([row, column, raw, reason], ensure_ascii=False) + "\n")
        self.refused += len(numbers)
        return piece.filter(pc.invert(bad))
