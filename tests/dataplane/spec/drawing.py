"""Small tables drawn as text, as they stand in the specs and in docs/pipelines.md.

The first line names columns and types (`金额:decimal(12,2)`), every other line is a row. `-` is null; `''` is an empty
text; texts may stand in single quotes to keep their blanks.
"""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa

from chengshu.dataplane.tables.schemas import arrow_schema
from chengshu.dataplane.tables.shapes import Column, Shape, Type

_HEADER = re.compile(r"(\w+):(\w+)(?:\((\d+),(\d+)\))?")


def draw_shape(name: str, drawn: str) -> Shape:
    """Read the first line: the columns with their types."""
    columns = []
    for cell in _lines(drawn)[0]:
        found = _HEADER.fullmatch(cell)
        assert found is not None, f"{name}: not a column: {cell}"
        digits = (int(found[3]), int(found[4])) if found[3] else (None, None)
        columns.append(Column(Type(found[2]), found[1], precision=digits[0], scale=digits[1], name=found[1]))
    return Shape(name, name, tuple(columns))


def draw_table(name: str, drawn: str) -> pa.Table:
    """Read the rows."""
    shape = draw_shape(name, drawn)
    kinds = [column.type for column in shape.columns]
    rows = [[_read(cell, kind) for cell, kind in zip(line, kinds, strict=True)] for line in _lines(drawn)[1:]]
    names = [column.name for column in shape.columns]
    return pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows], schema=arrow_schema(shape))


def _lines(drawn: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in drawn.strip().splitlines()]


def _read(cell: str, kind: Type) -> object:  # noqa: PLR0911 - one a type
    if cell == "-":
        return None
    match kind:
        case Type.INTEGER:
            return int(cell)
        case Type.DECIMAL:
            return Decimal(cell)
        case Type.DOUBLE:
            return float(cell)
        case Type.BOOLEAN:
            return {"T": True, "F": False}[cell]
        case Type.DATE:
            return date.fromisoformat(cell)
        case Type.MOMENT:
            return datetime.fromisoformat(cell).astimezone(UTC)
    return cell[1:-1] if cell.startswith("'") and cell.endswith("'") and len(cell) > 1 else cell
