"""The paper before it has a format: a title and a table of cells with spans, which every writer puts down its own way."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Align = Literal["start", "center"]

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class SheetCell:
    """One cell of the paper at its top-left corner (`row`, `column` from 0), covering `rows` × `columns` positions.

    `text` is what is printed. `number` is the figure behind the text where it is one and `decoration` what follows it
    ("%"), for formats that keep figures apart from their look. `field` is the JSON pointer of the value, empty for
    words of the form itself; `label` marks those.
    """

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1
    field: str = ""
    label: bool = False
    align: Align = "center"
    number: Decimal | None = None
    decoration: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form ready to be written: every grid position belongs to exactly one cell.

    `name` tells the sheets of one file apart (the project); `widths` are shares of the table's width, one a column;
    `heading` is the row to repeat on every page below it.
    """

    name: str
    layout: str
    title: str
    year_line: str
    widths: tuple[int, ...]
    rows: tuple[tuple[SheetCell, ...], ...]
    heading: int | None
    grouped: bool


def grid(sheet: Sheet) -> list[list[SheetCell | None]]:
    """Lay the cells out on full rows of positions; a position that a span covers is None."""
    positions: list[list[SheetCell | None]] = [[None] * len(sheet.widths) for _ in sheet.rows]
    for row in sheet.rows:
        for cell in row:
            positions[cell.row][cell.column] = cell
    return positions


def printable(text: str) -> str:
    """Drop what no paper can hold (control characters, halves of surrogates); line breaks stay, tabs become blanks."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
