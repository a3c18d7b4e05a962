"""Composes the paper: puts the values of a form into the cells of a layout."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from chengshu.performance.contracts import Form
from chengshu.performance.papers.layouts import CellLayout, Layout, RowLayout
from chengshu.performance.papers.sheets import Sheet, SheetCell, printable

_SIGNED = ("target", "actual")
_INDICATORS = "indicators"


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of the layout bound to the indicator that it prints (None for rows of the form itself).

    `shown` are the indicators that stand on the paper.
    """

    layout: RowLayout
    indicator: int | None
    shown: range


def compose_sheet(form: Form, layout: Layout, *, shown: range | None = None) -> Sheet:
    """Put a form on its paper. Values stand as the form has them; what it has not stays blank.

    `shown` leaves a stretch of the indicators (from 0), for screens that show a long form piece by piece.
    """
    lines = tuple(_lines(form, layout, range(len(form.indicators)) if shown is None else shown))
    rows = tuple(_place_rows(form, layout, lines))
    heading = next((number for number, line in enumerate(lines) if line.layout.heading), None)
    return Sheet(
        name=printable(form.project or form.source.file),
        layout=layout.name,
        title=layout.title,
        year_line=layout.year_line.format("    " if form.year is None else form.year),
        widths=layout.widths,
        rows=rows,
        heading=heading,
        grouped=layout.grouped,
    )


def _lines(form: Form, layout: Layout, shown: range) -> Iterator[_Line]:
    for row in layout.rows:
        if row.for_each == _INDICATORS:
            yield from (_Line(row, number, shown) for number in shown)
        elif not row.only_with or _value(form, row.only_with) is not None:
            yield _Line(row, None, shown)


def _place_rows(form: Form, layout: Layout, lines: tuple[_Line, ...]) -> Iterator[tuple[SheetCell, ...]]:
    """Walk the grid from the top; `free_at[c]` is the first row in which column c is not covered from above."""
    free_at = [0] * len(layout.widths)
    for number, line in enumerate(lines):
        placed = []
        for cell in line.layout.cells:
            if cell.merge and _continues(form, line, cell):
                continue
            column = next(position for position, row in enumerate(free_at) if row <= number)
            rows = _row_count(form, line, cell)
            for covered in range(column, column + cell.columns):
                free_at[covered] = number + rows
            placed.append(_cell(form, layout, line, cell, (number, column, rows)))
        yield tuple(placed)


def _row_count(form: Form, line: _Line, cell: CellLayout) -> int:
    if cell.beside_indicators:
        return 1 + len(line.shown)
    if not cell.merge or line.indicator is None:
        return cell.rows
    following = range(line.indicator + 1, line.shown.stop)
    count = 1
    for number in following:
        if not _continues(form, replace(line, indicator=number), cell):
            break
        count += 1
    return count


def _continues(form: Form, line: _Line, cell: CellLayout) -> bool:
    """Tell whether a merged cell goes on from the row above: the same value, and the same values left of it."""
    if line.indicator is None or line.indicator == line.shown.start:
        return False
    here, above = form.indicators[line.indicator], form.indicators[line.indicator - 1]
    left = line.layout.cells[: line.layout.cells.index(cell) + 1]
    names = [part.field for part in left if part.merge and part.field]
    same = all(getattr(here, name) == getattr(above, name) for name in names)
    return same and getattr(here, names[-1]) is not None


def _cell(form: Form, layout: Layout, line: _Line, cell: CellLayout, place: tuple[int, int, int]) -> SheetCell:
    row, column, rows = place
    if cell.field is None:
        unit = cell.money_unit.format(form.money_unit) if form.money_unit else ""
        text = f"{cell.label}{unit}"
        return SheetCell(row, column, text, rows, cell.columns, label=True, align=cell.align)
    field = cell.field if line.indicator is None else f"/{_INDICATORS}/{line.indicator}/{cell.field}"
    value = _value(form, field)
    if isinstance(value, Decimal):
        pattern = layout.rate if field.endswith("/rate") else "{}"
        figure = format(value, ",f" if layout.grouped else "f")
        return SheetCell(
            row,
            column,
            pattern.format(figure),
            rows,
            cell.columns,
            field,
            align=cell.align,
            number=value,
            decoration=pattern.removeprefix("{}"),
        )
    text = cell.blank if value is None else printable(str(value))
    if cell.field in _SIGNED:
        text = _spell(text, layout.signs.items())
    return SheetCell(row, column, text, rows, cell.columns, field, align=cell.align)


def _value(form: Form, pointer: str) -> str | Decimal | int | None:
    """Follow a JSON pointer of the published record into the form."""
    value: object = form
    for step in pointer.strip("/").split("/"):
        value = value[int(step)] if isinstance(value, tuple) else getattr(value, step)
    if value is None or isinstance(value, str | Decimal | int):
        return value
    raise TypeError(f"{pointer} is not a value")


def _spell(text: str, signs: Iterable[tuple[str, str]]) -> str:
    for sign, spelling in signs:
        text = text.replace(sign, spelling)
    return text
