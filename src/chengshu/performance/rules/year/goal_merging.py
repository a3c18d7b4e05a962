"""What differs between two contents of goals, and how two edits of one content go together without losing either."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from chengshu.performance.contracts.goals import Change, Clash, GoalContent, GoalRow, Mark, Merged
from chengshu.performance.rules.year.goals import arrange, write_marks

#: The columns of a row that people edit, as they are compared.
FIELDS = ("level1", "level2", "name", "target", "weight", "measured_by", "scope", "marks")


def text_of(row: GoalRow, field: str) -> str:
    """Give a column of a row as text, alike for values that are alike ("10" for 10.00)."""
    value: Any = getattr(row, field)
    if field == "marks":
        return write_marks(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)


def list_changes(before: GoalContent, after: GoalContent) -> tuple[Change, ...]:
    """List what differs: the sheet's text, rows that came and went, columns of rows that stayed, the order."""
    return tuple(_changes(before, after))


def _changes(before: GoalContent, after: GoalContent) -> Iterator[Change]:
    if before.expected != after.expected:
        yield Change("", "", "expected", before.expected, after.expected)
    old, new = _by_key(before), _by_key(after)
    for key, row in old.items():
        if key not in new:
            yield Change(key, row.name, "row", write_row(row), "")
    for key, row in new.items():
        if key not in old:
            yield Change(key, row.name, "row", "", write_row(row))
            continue
        for field in FIELDS:
            was, now = text_of(old[key], field), text_of(row, field)
            if was != now:
                yield Change(key, row.name or old[key].name, field, was, now)
    if _is_reordered(before, after):
        names = [
            "、".join(row.name for row in side.rows if row.key in old and row.key in new) for side in (before, after)
        ]
        yield Change("", "", "order", *names)


def write_row(row: GoalRow) -> str:
    """Write a whole row in one line for people."""
    parts = (row.level1, row.level2, row.name, row.target, text_of(row, "weight"))
    return " / ".join(part for part in parts if part)


def _is_reordered(before: GoalContent, after: GoalContent) -> bool:
    """Whether rows of one category changed places; a row that went to another category is told by its column."""
    places = {(row.key, row.level1, row.level2) for row in before.rows}
    stayed = {row.key for row in after.rows if (row.key, row.level1, row.level2) in places}
    return [row.key for row in before.rows if row.key in stayed] != [row.key for row in after.rows if row.key in stayed]


def merge(base: GoalContent | None, theirs: GoalContent, mine: GoalContent) -> Merged:
    """Put two edits together that both began from `base` (None where it was not kept).

    What only one side changed is taken from it. Where both changed one field differently, the content holds mine and
    the clash tells both. A row that one side removed and the other changed stays. No row of either side is lost.
    """
    start = base if base is not None else GoalContent()
    clashes: list[Clash] = []
    expected = _merge_text(start.expected, theirs.expected, mine.expected, clashes, base=base)
    old, their_rows, my_rows = _by_key(start), _by_key(theirs), _by_key(mine)
    rows: list[GoalRow] = []
    for row in mine.rows:
        merged = _merge_mine(row, old.get(row.key), their_rows.get(row.key), clashes)
        if merged is not None:
            rows.append(merged)
    for at, row in enumerate(theirs.rows):
        if row.key in my_rows:
            continue
        was = old.get(row.key)
        if was is not None and was == row:
            continue  # I removed what they left as it was
        if was is not None:
            clashes.append(Clash(row.key, row.name, "row", write_row(was), write_row(row), ""))
        rows.insert(_place_after(rows, theirs.rows[:at]), row)
    content = arrange(GoalContent(expected, tuple(rows)))
    return Merged(content, tuple(clashes), list_changes(start, theirs) if base is not None else ())


def _merge_text(was: str, theirs: str, mine: str, clashes: list[Clash], *, base: GoalContent | None) -> str:
    if theirs == mine:
        return mine
    if base is not None and mine == was:
        return theirs
    if base is None or theirs != was:
        clashes.append(Clash("", "", "expected", was, theirs, mine))
    return mine


def _merge_mine(row: GoalRow, was: GoalRow | None, theirs: GoalRow | None, clashes: list[Clash]) -> GoalRow | None:
    """Merge a row that I have: None where they removed it and I left it as it was."""
    if theirs is None:
        if row.kept_id is None:
            return row  # my own new row
        if was is None or was != row:
            clashes.append(Clash(row.key, row.name, "row", write_row(was) if was else "", "", write_row(row)))
            return replace(row, key=f"again{row.key}")
        return None
    for field in FIELDS:
        before = text_of(was, field) if was is not None else None
        their_text, my_text = text_of(theirs, field), text_of(row, field)
        if their_text == my_text:
            continue
        if my_text == before:
            row = replace(row, **{field: getattr(theirs, field)})
        elif their_text != before:
            clashes.append(Clash(row.key, row.name or theirs.name, field, before or "", their_text, my_text))
    return row


def _place_after(rows: Sequence[GoalRow], before: Sequence[GoalRow]) -> int:
    """Find the place behind the last of the rows that stood before it."""
    keys = {row.key for row in before}
    return max((at + 1 for at, row in enumerate(rows) if row.key in keys), default=0)


def _by_key(content: GoalContent) -> dict[str, GoalRow]:
    return {row.key: row for row in content.rows}


def to_record(content: GoalContent) -> dict[str, Any]:
    """Write a content as plain data, weights as text."""
    rows = [
        {
            "key": row.key,
            **{field: text_of(row, field) for field in FIELDS},
            "library": row.library_id,
        }
        for row in content.rows
    ]
    return {"expected": content.expected, "rows": rows}


def from_record(record: dict[str, Any]) -> GoalContent:
    """Read what `to_record` wrote."""
    rows = tuple(
        GoalRow(
            key=str(row["key"]),
            level1=row["level1"],
            level2=row["level2"],
            name=row["name"],
            target=row["target"],
            weight=read_weight(row["weight"]),
            measured_by=row["measured_by"],
            scope=row["scope"],
            library_id=row["library"],
            marks=tuple(Mark(word) for word in row["marks"].split()),
        )
        for row in record["rows"]
    )
    return GoalContent(record["expected"], rows)


def read_weight(text: str) -> Decimal | None:
    """Read a weight as typed, full-width digits too; None for an empty cell.

    Raises:
        ValueError: it is no figure from 0 to 1000 with at most four decimals.
    """
    bare = text.strip().replace("．", ".").removesuffix("分")
    if not bare:
        return None
    try:
        value = Decimal(bare)
    except InvalidOperation as fault:
        raise ValueError(text) from fault
    if not value.is_finite() or not 0 <= value <= 1000 or value != round(value, 4):
        raise ValueError(text)
    return value
