"""Settles by the sums of the money rows under which columns figures stand, and which are traces of another row."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations, product

from chengshu.base.texts import parse_decimal
from chengshu.performance.reading.lines import Piece

AMOUNTS = ("initial", "budget", "executed")

Row = dict[str, Piece]


def settle_short_rows(rows: Mapping[str, Row], roles: Sequence[str], unsure: Collection[str] = ()) -> dict[str, Row]:
    """Move the amounts of rows that leave columns empty to where all columns add up, if there is one such way.

    Rows that add up as they stand, and rows that add up in no way or in several, stay as they are; the amounts of
    those that are `unsure` of their columns become illegible then.
    """
    amounts = [role for role in AMOUNTS if role in roles]
    short = {name: row for name, row in rows.items() if name != "total" and 0 < _count(row, amounts) < len(amounts)}
    doubtful = short.keys() & unsure
    has_sums = all(role in rows.get("total", {}) for role in amounts)
    stands = has_sums and _adds_up(rows, amounts)
    if not short or (not doubtful and (stands or not has_sums)):
        return dict(rows)
    choices = product(*(list(_placings(row, amounts)) for row in short.values())) if has_sums else ()
    settled = [dict(rows) | dict(zip(short, choice, strict=True)) for choice in choices]
    fitting = [option for option in settled if _adds_up(option, amounts)]
    best = fitting[0] if len(fitting) == 1 and not stands else dict(rows)
    open_rows = {name for name in doubtful if len({tuple(sorted(option[name])) for option in fitting}) != 1}
    return {name: _blurred(row, amounts) if name in open_rows else row for name, row in best.items()}


def blur_traces(rows: Mapping[str, Row], roles: Sequence[str], torn: Collection[str]) -> dict[str, Row]:
    """Make illegible what alone keeps a column from adding up: in a torn row the trace of a figure of another row."""
    blurred = dict(rows)
    parts = [name for name in rows if name != "total"]
    for role in (role for role in AMOUNTS if role in roles and role in rows.get("total", {})):
        figures = {name: _value(rows[name][role]) for name in parts if role in rows[name]}
        surplus = sum(figures.values(), Decimal(0)) - _value(rows["total"][role])
        alone = [name for name, value in figures.items() if value == surplus > 0]
        if len(alone) == 1 and len(figures) > 1 and alone[0] in torn:
            blurred[alone[0]] = _blurred(blurred[alone[0]], [role])
    return blurred


def _blurred(row: Row, roles: Collection[str]) -> Row:
    return {role: replace(piece, legible=False) if role in roles else piece for role, piece in row.items()}


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
