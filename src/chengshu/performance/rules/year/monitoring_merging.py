"""What differs between two contents of a monitoring report, and how two edits of one go together without losing either."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from chengshu.performance.contracts.goals import Change, Clash
from chengshu.performance.contracts.monitoring import MonitoredRow, MonitoringContent
from chengshu.performance.contracts.year import Lamp

#: What people type of the whole report and of each indicator.
HEAD = ("forecast_yuan", "deviation", "measure")
TYPED = ("value", "forecast", "lamp", "deviation", "measure")
_KEPT = (*TYPED, "measurement_id")


def text_of(holder: MonitoringContent | MonitoredRow, field: str) -> str:
    """Give a field as text, alike for values that are alike ("9" for 9.00)."""
    value: Any = getattr(holder, field)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)


def list_changes(before: MonitoringContent, after: MonitoringContent) -> tuple[Change, ...]:
    """List what differs, cell by cell; changes of the whole report have no row."""
    changes = [
        Change("", "", field, text_of(before, field), text_of(after, field))
        for field in HEAD
        if text_of(before, field) != text_of(after, field)
    ]
    old = {row.goal_id: row for row in before.rows}
    for row in after.rows:
        was = old.get(row.goal_id, MonitoredRow(row.goal_id))
        changes += [
            Change(str(row.goal_id), row.name, field, text_of(was, field), text_of(row, field))
            for field in _KEPT
            if text_of(was, field) != text_of(row, field)
        ]
    return tuple(changes)


def merge(
    base: MonitoringContent, theirs: MonitoringContent, mine: MonitoringContent
) -> tuple[MonitoringContent, tuple[Clash, ...]]:
    """Put two edits together that both began from `base`.

    What only one side changed is taken from it; where both changed one cell differently the content holds mine, and
    the clash tells both.
    """
    clashes: list[Clash] = []
    head = {field: _pick(("", "", field), (base, theirs, mine), clashes) for field in HEAD}
    old = {row.goal_id: row for row in base.rows}
    typed = {row.goal_id: row for row in mine.rows}
    rows = []
    for row in theirs.rows:
        blank = MonitoredRow(row.goal_id)
        sides = (old.get(row.goal_id, blank), row, typed.get(row.goal_id, row))
        chosen = {field: _pick((str(row.goal_id), row.name, field), sides, clashes) for field in TYPED}
        if row.measurement_id is not None:
            chosen["value"] = row.value
        rows.append(replace(row, **chosen))
    return MonitoringContent(rows=tuple(rows), **head), tuple(clashes)


def _pick(where: tuple[str, str, str], sides: tuple[Any, Any, Any], clashes: list[Clash]) -> Any:
    row, name, field = where
    was, theirs, mine = (text_of(side, field) for side in sides)
    if mine in (theirs, was):
        return getattr(sides[1], field)
    if theirs != was:
        clashes.append(Clash(row, name, field, was, theirs, mine))
    return getattr(sides[2], field)


def to_record(content: MonitoringContent) -> dict[str, Any]:
    """Write a content as plain data, figures as text."""
    rows = [{"goal": row.goal_id, "name": row.name, **{f: text_of(row, f) for f in _KEPT}} for row in content.rows]
    return {**{field: text_of(content, field) for field in HEAD}, "rows": rows}


def from_record(record: dict[str, Any]) -> MonitoringContent:
    """Read what `to_record` wrote."""
    forecast = Decimal(record["forecast_yuan"]) if record["forecast_yuan"] else None
    rows = tuple(_row_from(row) for row in record["rows"])
    return MonitoringContent(forecast, record["deviation"], record["measure"], rows)


def _row_from(row: dict[str, Any]) -> MonitoredRow:
    return MonitoredRow(
        goal_id=int(row["goal"]),
        name=row["name"],
        value=row["value"],
        forecast=row["forecast"],
        lamp=Lamp(row["lamp"]) if row["lamp"] else None,
        deviation=row["deviation"],
        measure=row["measure"],
        measurement_id=int(row["measurement_id"]) if row["measurement_id"] else None,
    )
