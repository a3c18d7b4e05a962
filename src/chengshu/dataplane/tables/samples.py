"""Sample rows of a declared table, from a seed: they keep every constraint, and mean nothing."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pyarrow as pa

from chengshu.dataplane.errors import SampleImpossible
from chengshu.dataplane.tables.constraints import (
    Between,
    CheckDigits,
    Length,
    Matches,
    NotBefore,
    NotNull,
    OneOf,
    References,
    Scheme,
    Unique,
)
from chengshu.dataplane.tables.digits import CREDIT_SIGNS, citizen_check, credit_check
from chengshu.dataplane.tables.keeping import keeps
from chengshu.dataplane.tables.patterns import draw_text, parse_pattern
from chengshu.dataplane.tables.schemas import arrow_schema
from chengshu.dataplane.tables.shapes import Column, Shape, Type, find_constraint

_TRIES = 500
_NULL_SHARE = 0.1
_SIGNS = "甲乙丙丁市区街道路号楼室人口法人事项abcXYZ0189 -"
_ISSUERS = ("91", "92", "93", "12", "52", "11")
Others = Mapping[tuple[str, str], tuple[object, ...]]
"""Values that there are, by table and column."""


def draw_rows(shape: Shape, *, seed: int, count: int, others: Others | None = None) -> pa.Table:
    """Draw rows that keep all constraints; the same seed gives the same rows.

    `others` are the values that References point to. Raises SampleImpossible, naming the column, when they are lacking
    or the constraints leave too few values.
    """
    random = Random(seed)  # noqa: S311 - sample rows
    taken: dict[tuple[str, ...], set[object]] = {unique: set() for unique in _uniques(shape)}
    rows = [_draw_row(shape, random, taken, others or {}) for _ in range(count)]
    return pa.Table.from_pylist(rows, schema=arrow_schema(shape))


def _uniques(shape: Shape) -> list[tuple[str, ...]]:
    """Give the groups of columns whose values occur once."""
    single = [(one.name,) for one in shape.columns if find_constraint(one, Unique)]
    return [*single, *([shape.key] if shape.key else [])]


def _draw_row(
    shape: Shape, random: Random, taken: dict[tuple[str, ...], set[object]], others: Others
) -> dict[str, object]:
    for _ in range(_TRIES):
        row: dict[str, object] = {}
        if not all(_fill(shape, column, row, random, others) for column in shape.columns):
            continue
        groups = {names: tuple(row[name] for name in names) for names in taken}
        if any(None not in values and values in taken[names] for names, values in groups.items()):
            continue
        for names, values in groups.items():
            taken[names].add(values)
        return row
    columns = "、".join(name for names in taken for name in names) or "各列"
    raise SampleImpossible(
        f"表“{shape.name}”凑不出更多互不重复的示例行（{columns}）；请放宽约束或减少行数。", table=shape.name
    )


def _fill(shape: Shape, column: Column, row: dict[str, object], random: Random, others: Others) -> bool:
    """Put a column's value into the row, after that of the column it stands behind; False where the row is lost."""
    if column.name in row:
        return True
    earlier = find_constraint(column, NotBefore)
    if earlier is not None and not _fill(shape, shape.column(earlier.column), row, random, others):
        return False
    must = find_constraint(column, NotNull) is not None or column.name in shape.key
    if not must and random.random() < _NULL_SHARE:
        row[column.name] = None
        return True
    floor = row.get(earlier.column) if earlier else None
    draw = _drawer(shape, column, floor, others)
    for _ in range(_TRIES):
        value = draw(random)
        if all(keeps(constraint, value, row) for constraint in column.constraints):
            row[column.name] = value
            return True
    if floor is not None:  # the earlier value was drawn too late
        return False
    message = f"表“{shape.name}”的字段“{column.name}”的约束之间没有凑得出的值；请检查它们是否矛盾。"
    raise SampleImpossible(message, table=shape.name, column=column.name)


def _drawer(shape: Shape, column: Column, floor: object, others: Others) -> Callable[[Random], object]:
    """Give what draws values of a column, from its narrowest constraint."""
    references = find_constraint(column, References)
    if references is not None:
        values = others.get((references.table, references.column), ())
        if not values:
            message = (
                f"表“{shape.name}”的字段“{column.name}”引用 {references.table}.{references.column}，但没有给出它的值。"
            )
            raise SampleImpossible(message, table=shape.name, column=column.name)
        return lambda random: random.choice(values)
    domain = find_constraint(column, OneOf)
    if domain is not None:
        return lambda random: random.choice(domain.values)
    if column.type is Type.TEXT:
        return _text_drawer(column)
    return _number_drawer(column, floor)


def _text_drawer(column: Column) -> Callable[[Random], object]:
    digits = find_constraint(column, CheckDigits)
    if digits is not None:
        return _draw_citizen_id if digits.scheme is Scheme.CITIZEN_ID else _draw_credit_code
    pattern = find_constraint(column, Matches)
    if pattern is not None:
        node = parse_pattern(pattern.pattern)
        return lambda random: draw_text(node, random)
    length = find_constraint(column, Length) or Length(1, 12)
    top = min(length.most, length.least + 20)
    return lambda random: "".join(random.choices(_SIGNS, k=random.randint(length.least, top)))


def _number_drawer(column: Column, floor: Any) -> Callable[[Random], object]:
    """Draw whole steps between two ends: units, digits behind the point, days or seconds."""
    limits = find_constraint(column, Between)
    least, most = (limits.least, limits.most) if limits else (None, None)
    if floor is not None:
        least = floor if least is None else max(least, floor)
    if column.type is Type.BOOLEAN:
        return lambda random: random.random() < 0.5
    low, high = _ends(least, most, *_DEFAULTS[column.type])
    high = max(high, low)  # lower where what it stands behind was drawn too late: any value will be refused
    if column.type in (Type.DATE, Type.MOMENT):
        step = timedelta(days=1) if column.type is Type.DATE else timedelta(seconds=1)
        steps = (high - low) // step
        return lambda random: low + random.randint(0, steps) * step
    if column.type is Type.DOUBLE:
        return lambda random: random.uniform(float(low), float(high))
    scale = column.digits[1] if column.type is Type.DECIMAL else 0
    first, last = (int(Decimal(end).scaleb(scale)) for end in (low, high))
    if column.type is Type.DECIMAL:
        last = min(last, 10 ** column.digits[0] - 1)
        return lambda random: Decimal(random.randint(min(first, last), last)).scaleb(-scale)
    return lambda random: random.randint(first, last)


_DEFAULTS: dict[Type, tuple[Any, Any]] = {
    Type.INTEGER: (0, 1_000_000),
    Type.DECIMAL: (Decimal(0), Decimal(10_000)),
    Type.DOUBLE: (0.0, 1_000.0),
    Type.DATE: (date(1950, 1, 1), date(2030, 12, 31)),
    Type.MOMENT: (datetime(1990, 1, 1, tzinfo=UTC), datetime(2030, 12, 31, tzinfo=UTC)),
}


def _ends(least: Any, most: Any, low: Any, high: Any) -> tuple[Any, Any]:
    """Give the ends to draw between: those declared, or as far apart as the usual ones."""
    if least is not None and most is not None:
        return least, most
    if least is not None:
        return least, max(least, high)
    if most is not None:
        return min(most, low), most
    return low, high


def _draw_citizen_id(random: Random) -> str:
    day = date(1950, 1, 1) + timedelta(days=random.randrange(25_000))
    body = f"3101{random.randint(1, 20):02d}{day:%Y%m%d}{random.randrange(1_000):03d}"
    return body + citizen_check(body)


def _draw_credit_code(random: Random) -> str:
    body = f"{random.choice(_ISSUERS)}3101{random.randint(1, 20):02d}" + "".join(random.choices(CREDIT_SIGNS, k=9))
    return body + credit_check(body)
