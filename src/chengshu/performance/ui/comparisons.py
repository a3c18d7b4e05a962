"""The comparison table as the page shows it."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from chengshu.performance.facade import ComparedIndicator, ComparedLine, Comparison, FormRecord
from chengshu.performance.ui.wording import name_cell, words, write_move, write_score

_AMOUNTS = frozenset({"initial", "budget", "executed"})
_SCORE = re.compile(r"\d{1,9}(\.\d{1,9})?")


@dataclass(frozen=True, slots=True)
class ComparedCell:
    """One value and how it moved against the form before; `is_new` where it is not what the form before says."""

    text: str
    move: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One line: its name, and a cell for each form. `group` starts an indicator."""

    name: str
    cells: tuple[ComparedCell, ...]
    starts_group: bool = False
    is_long: bool = False


@dataclass(frozen=True, slots=True)
class ComparedTable:
    """The whole comparison."""

    forms: tuple[FormRecord, ...]
    heads: tuple[ComparedRow, ...]
    indicators: tuple[ComparedRow, ...]
    differing_indicators: int


def draw_comparison(comparison: Comparison, *, only_differences: bool) -> ComparedTable:
    """Turn the comparison into rows; `only_differences` leaves out what every form says alike."""
    heads = [line for line in comparison.heads if line.differs or not only_differences]
    indicators = [item for item in comparison.indicators if item.differs or not only_differences]
    return ComparedTable(
        comparison.forms,
        tuple(_head_row(line) for line in heads),
        tuple(row for item in indicators for row in _indicator_rows(item, only_differences=only_differences)),
        sum(item.differs for item in comparison.indicators),
    )


def _indicator_rows(item: ComparedIndicator, *, only_differences: bool) -> list[ComparedRow]:
    name = ComparedRow(words().parts["level3"], _cells(item.names, ()), starts_group=True)
    lines = [line for line in item.lines if line.differs or (not only_differences and any(line.values))]
    return [name, *(_row(line) for line in lines)]


def _head_row(line: ComparedLine) -> ComparedRow:
    cells = _cells(_even(line), line.moves)
    if line.name in _AMOUNTS:
        cells = tuple(replace(cell, text=_apart(cell.text), move=_apart(cell.move)) for cell in cells)
    return ComparedRow(name_cell(line.field), cells, is_long=line.field.startswith("/goal/"))


def _row(line: ComparedLine) -> ComparedRow:
    return ComparedRow(words().parts.get(line.name, line.name), _cells(_even(line), line.moves))


def _even(line: ComparedLine) -> tuple[str | None, ...]:
    """Give the line's values, scores with even decimals; what is no score stays as printed."""
    if line.name != "score":
        return line.values
    return tuple(write_score(Decimal(value)) if value and _SCORE.fullmatch(value) else value for value in line.values)


def _apart(figure: str) -> str:
    """Set the thousands of a figure apart; other texts stay."""
    whole, point, fraction = figure.partition(".")
    return re.sub(r"(?<=\d)(?=(\d{3})+(?!\d))", ",", whole) + point + fraction


def _cells(values: tuple[str | None, ...], moves: tuple[Decimal | None, ...]) -> tuple[ComparedCell, ...]:
    shifted = (None, *moves, *([None] * len(values)))
    return tuple(
        ComparedCell(value or "—", write_move(shifted[at]), is_new=at > 0 and value != values[at - 1])
        for at, value in enumerate(values)
    )
