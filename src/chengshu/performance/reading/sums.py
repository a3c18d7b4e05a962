"""Settles under which columns the figures of a short money row stand: where the rows add up to the total."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations, product

from chengshu.base.texts import parse_decimal
from chengshu.performance.reading.lines import Piece

AMOUNTS = ("initial", "budget", "executed")

Row = dict[str, Piece]


def settle_short_rows(rows: Mapping[str, Row], roles: Sequence[str]) -> dict[str, Row]:
    """Move the amounts of rows that leave columns empty to where all columns add up, if there is one such way.

    Rows that add up as they stand, and rows that add up in no way or in several, stay as they are.
    """
    amounts = [role for role in AMOUNTS if role in roles]
    total = rows.get("total", {})
    short = {name: row for name, row in rows.items() if name != "total" and 0 < _count(row, amounts) < len(amounts)}
    if not short or not all(role in total for role in amounts) or _adds_up(rows, amounts):
        return dict(rows)
    choices = product(*(list(_placings(row, amounts)) for row in short.values()))
    settled = [dict(rows) | dict(zip(short, choice, strict=True)) for choice in choices]
    fitting = [option for option in settled if _adds_up(option, amounts)]
    return fitting[0] if len(fitting) == 1 else dict(rows)


def _count(row: Row, amounts: Sequence[str]) -> int:
    return sum(role in row for role in amounts)


def _placings(row: Row, amounts: Sequence[str]) -> Iterator[Row]:
    figures = [row[role] for role in amounts if role in row]
    others = {role: piece for role, piece in row.items() if role not in amounts}
    for columns in combinations(amounts, len(figures)):
        yield others | dict(zip(columns, figures, strict=True))


def _adds_up(rows: Mapping[str, Row], amounts: Sequence[str]) -> bool:
    parts = [row for name, row in rows.items() if name != "total"]
    return all(
        _value(rows["total"][role]) == sum((_value(row[role]) for row in parts if role in row), Decimal(0))
        for role in amounts
    )


def _value(piece: Piece) -> Decimal:
    return parse_decimal(piece.key) or Decimal(0)
