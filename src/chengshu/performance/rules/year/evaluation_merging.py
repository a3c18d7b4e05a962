"""What differs between two contents of a self-evaluation, and how two edits of one go together without losing either."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from chengshu.performance.contracts.evaluations import EvaluationContent, ResultRow
from chengshu.performance.contracts.goals import Change, Clash

#: The columns of a row that people type.
TYPED = ("actual", "score", "score_reason", "deviation", "document_note")
_COMPARED = (*TYPED, "measurement_id", "document_id")


def text_of(row: ResultRow, field: str) -> str:
    """Give a column as text, alike for values that are alike ("9" for 9.00)."""
    value: Any = getattr(row, field)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)


def list_changes(before: EvaluationContent, after: EvaluationContent) -> tuple[Change, ...]:
    """List what differs, cell by cell; `field` is a column of ResultRow, or "result" for the result in words."""
    return tuple(_changes(before, after))


def _changes(before: EvaluationContent, after: EvaluationContent) -> Iterator[Change]:
    if before.actual != after.actual:
        yield Change("", "", "result", before.actual, after.actual)
    old = {row.goal_id: row for row in before.rows}
    for row in after.rows:
        was = old.get(row.goal_id, ResultRow(row.goal_id))
        for field in _COMPARED:
            then, now = text_of(was, field), text_of(row, field)
            if then != now:
                yield Change(str(row.goal_id), row.name, field, then, now)


def merge(
    base: EvaluationContent, theirs: EvaluationContent, mine: EvaluationContent
) -> tuple[EvaluationContent, tuple[Clash, ...]]:
    """Put two edits together that both began from `base`.

    What only one side changed is taken from it; where both changed one cell differently the content holds mine and the
    clash tells both. What a figure rests on is always theirs, since it is kept at once and not typed.
    """
    clashes: list[Clash] = []
    actual = _pick("", "", "result", (base.actual, theirs.actual, mine.actual), clashes)
    old = {row.goal_id: row for row in base.rows}
    typed = {row.goal_id: row for row in mine.rows}
    rows = tuple(_merge_row(row, old.get(row.goal_id), typed.get(row.goal_id), clashes) for row in theirs.rows)
    return EvaluationContent(actual, rows), tuple(clashes)


def take_theirs(theirs: EvaluationContent, mine: EvaluationContent, place: str) -> EvaluationContent:
    """Put the other's value of one cell over mine; `place` is the row and the field of its clash, parted by a colon."""
    row_id, _colon, field = place.partition(":")
    if (row_id, field) == ("", "result"):
        return replace(mine, actual=theirs.actual)
    if field not in TYPED:
        return mine
    other = {str(row.goal_id): row for row in theirs.rows}.get(row_id)
    rows = [
        replace(row, **{field: getattr(other, field)}) if other and row.goal_id == other.goal_id else row
        for row in mine.rows
    ]
    return replace(mine, rows=tuple(rows))


def _merge_row(theirs: ResultRow, was: ResultRow | None, mine: ResultRow | None, clashes: list[Clash]) -> ResultRow:
    if mine is None:
        return theirs
    base = was or ResultRow(theirs.goal_id)
    chosen: dict[str, Any] = {}
    for field in TYPED:
        texts = (text_of(base, field), text_of(theirs, field), text_of(mine, field))
        picked = _pick(str(theirs.goal_id), theirs.name, field, texts, clashes)
        chosen[field] = getattr(mine if picked == texts[2] else theirs, field)
    if theirs.measurement_id is not None:
        chosen["actual"] = theirs.actual
    return replace(theirs, **chosen)


def _pick(row: str, name: str, field: str, texts: tuple[str, str, str], clashes: list[Clash]) -> str:
    was, theirs, mine = texts
    if mine in (theirs, was):
        return theirs
    if theirs != was:
        clashes.append(Clash(row, name, field, was, theirs, mine))
    return mine


def to_record(content: EvaluationContent) -> dict[str, Any]:
    """Write a content as plain data, scores as text."""
    rows = [{"goal": row.goal_id, "name": row.name, **{f: text_of(row, f) for f in _COMPARED}} for row in content.rows]
    return {"actual": content.actual, "rows": rows}


def from_record(record: dict[str, Any]) -> EvaluationContent:
    """Read what `to_record` wrote."""
    return EvaluationContent(record["actual"], tuple(_row_from(row) for row in record["rows"]))


def _row_from(row: dict[str, Any]) -> ResultRow:
    return ResultRow(
        goal_id=int(row["goal"]),
        name=row["name"],
        actual=row["actual"],
        score=Decimal(row["score"]) if row["score"] else None,
        score_reason=row["score_reason"],
        deviation=row["deviation"],
        document_note=row["document_note"],
        measurement_id=int(row["measurement_id"]) if row["measurement_id"] else None,
        document_id=int(row["document_id"]) if row["document_id"] else None,
    )
