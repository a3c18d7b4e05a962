"""The rows of a delivery are read once, into files of its own, before the lake takes them.

A read that was cut begins again; one that was finished is not read again, even where the source has moved on since:
what the lake took and what the receipt says are always the same rows.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa

from chengshu.dataplane.lake.staging import write_parquet
from chengshu.dataplane.sources.contracts import Refused
from chengshu.dataplane.sources.intake import Intake

_ROWS, _REFUSED, _RECEIPT = "rows.parquet", "refused.jsonl", "receipt.json"
Marking = Callable[[], Any]
"""Gives the new mark once all rows were read; None where there is none."""


@dataclass(frozen=True, slots=True)
class Spooled:
    """A delivery that was read to its end."""

    folder: Path
    taken: int
    refused: int
    mark: Any

    @property
    def rows(self) -> Path:
        """The rows that were taken."""
        return self.folder / _ROWS

    def list_refused(self) -> Iterator[Refused]:
        """Give the rows that were refused."""
        with (self.folder / _REFUSED).open(encoding="utf-8") as lines:
            for line in lines:
                yield Refused(**json.loads(line))


def find_spooled(root: Path, delivery: UUID) -> Spooled | None:
    """Return what was read of a delivery to its end, or None."""
    folder = root / str(delivery)
    receipt = folder / _RECEIPT
    if not receipt.is_file():
        return None
    told = json.loads(receipt.read_text(encoding="utf-8"))
    return Spooled(folder, told["taken"], told["refused"], told["mark"])


def spool(root: Path, delivery: UUID, intake: Intake, *, mark: Marking, report: Callable[[int], object]) -> Spooled:
    """Read a delivery to its end; `report` is told how many rows were taken so far, and may raise to stop."""
    folder = root / str(delivery)
    discard(root, delivery)
    folder.mkdir(parents=True)
    write_parquet(folder / _ROWS, intake.schema, _watched(intake, report))
    with (folder / _REFUSED).open("w", encoding="utf-8") as lines:
        for refused in intake.list_refused():
            lines.write(json.dumps(asdict(refused), ensure_ascii=False) + "\n")
    told = {"taken": intake.taken, "refused": intake.refused, "mark": mark()}
    half = folder / f"{_RECEIPT}.half"
    with half.open("w", encoding="utf-8") as receipt:
        json.dump(told, receipt)
        receipt.flush()
        os.fsync(receipt.fileno())
    half.rename(folder / _RECEIPT)
    return Spooled(folder, intake.taken, intake.refused, told["mark"])


def _watched(intake: Intake, report: Callable[[int], object]) -> Iterator[pa.Table]:
    for batch in intake.batches():
        yield pa.Table.from_batches([batch])
        report(intake.taken)


def discard(root: Path, delivery: UUID) -> None:
    """Remove what was read of a delivery."""
    shutil.rmtree(root / str(delivery), ignore_errors=True)
