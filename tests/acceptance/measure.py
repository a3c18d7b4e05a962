"""Compares what was read with the truth, cell by cell."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from difflib import SequenceMatcher
from typing import Any

Record = Mapping[str, Any]

_FIELDS = ("level1", "level2", "level3", "target", "actual", "weight", "score", "reason")
_BLANKS = re.compile(r"\s+")
_WIDE = str.maketrans("（），：；％＞＜＝", "(),:;%><=")


@dataclass
class Accuracy:
    """Counts over the cells that hold a value on the paper or in the reading."""

    right: int = 0
    cells: int = 0
    wrong: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        return self.right / self.cells if self.cells else 0.0


def measure(truths: Sequence[Record], readings: Sequence[Record]) -> Accuracy:
    """Compare form by form in order; a missing form loses all its cells, a surplus one is invented."""
    accuracy = Accuracy()
    for number in range(max(len(truths), len(readings))):
        truth = truths[number] if number < len(truths) else {}
        reading = readings[number] if number < len(readings) else {}
        for name, expected, found in _pairs(truth, reading):
            _note(accuracy, f"{number + 1}{name}", expected, found)
    return accuracy


def _note(accuracy: Accuracy, name: str, expected: object, found: object) -> None:
    if expected is None and found is None:
        return
    accuracy.cells += 1
    if _same(expected, found):
        accuracy.right += 1
        return
    accuracy.wrong.append(f"{name}: {expected!r} read as {found!r}")
    if expected is None:
        accuracy.invented.append(f"{name}: {found!r}")


def _same(expected: object, found: object) -> bool:
    if expected is None or found is None:
        return False
    try:
        return Decimal(str(expected)) == Decimal(str(found))
    except InvalidOperation:
        return _bare(str(expected)) == _bare(str(found))


def _bare(text: str) -> str:
    return _BLANKS.sub("", text).translate(_WIDE)


def _pairs(truth: Record, reading: Record) -> Iterator[tuple[str, object, object]]:
    for name in ("year", "project", "department", "unit", "money_unit", "grade"):
        yield f"/{name}", truth.get(name), reading.get(name)
    for name in ("total", "fiscal", "carried_over", "other"):
        ours, theirs = _row(truth, "money", name), _row(reading, "money", name)
        for column in ("initial", "budget", "executed", "weight", "rate", "score"):
            yield f"/money/{name}/{column}", ours.get(column), theirs.get(column)
    for group, names in (("goal", ("expected", "actual")), ("total", ("weight", "score"))):
        ours, theirs = truth.get(group) or {}, reading.get(group) or {}
        for name in names:
            yield f"/{group}/{name}", ours.get(name), theirs.get(name)
    yield from _indicator_pairs(truth.get("indicators") or [], reading.get("indicators") or [])


def _row(record: Record, group: str, name: str) -> Record:
    return (record.get(group) or {}).get(name) or {}


def _indicator_pairs(truths: Sequence[Record], readings: Sequence[Record]) -> Iterator[tuple[str, object, object]]:
    for ours, theirs in _align(truths, readings):
        name = f"/indicators/{ours}" if ours is not None else f"/indicators/surplus{theirs}"
        for column in _FIELDS:
            expected = truths[ours][column] if ours is not None else None
            yield f"{name}/{column}", expected, readings[theirs][column] if theirs is not None else None


def _align(truths: Sequence[Record], readings: Sequence[Record]) -> Iterator[tuple[int | None, int | None]]:
    """Pair the rows: by position where the counts agree, by their names where not."""
    if len(truths) == len(readings):
        yield from ((index, index) for index in range(len(truths)))
        return
    ours, theirs = ([_bare(str(row["level3"])) for row in rows] for rows in (truths, readings))
    for tag, first, last, start, end in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        common = min(last - first, end - start)
        yield from ((first + step, start + step) for step in range(common))
        yield from ((index, None) for index in range(first + common, last))
        yield from ((None, index) for index in range(start + common, end))
        assert tag
