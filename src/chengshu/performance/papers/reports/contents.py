"""What a findings report is made from, and the blocks that it is laid out in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from chengshu.performance.contracts import Checked, Form

Tone = Literal["", "error", "breach", "hint", "muted"]
Align = Literal["start", "center", "end"]


@dataclass(frozen=True, slots=True)
class InputFault:
    """An input that could not be read: the file's name, why, and what to do about it."""

    file: str
    reason: str
    cure: str = ""


@dataclass(frozen=True, slots=True)
class FindingsReport:
    """The facts of a report: checked forms in order of appearance, the faults of input, when and by which rules.

    `made_at` is an aware moment; `rules` names the rule set that was asked for; `files` counts the inputs.
    """

    title: str
    made_at: datetime
    rules: str
    checked: Sequence[tuple[Form, Checked]]
    files: int
    faults: Sequence[InputFault] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 divides the report, level 2 a part of it."""

    text: str
    level: Literal[1, 2, 3] = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A sentence or two of running text."""

    text: str
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values side by side."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Text whose line breaks and indents count, such as a query."""

    text: str


@dataclass(frozen=True, slots=True)
class TableCell:
    """A text, with a smaller `note` under it; `rows` joins it with the same column below."""

    text: str
    note: str = ""
    tone: Tone = ""
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading, its share of the width, and how its cells stand."""

    text: str
    width: int
    align: Align = "start"


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose heading repeats on every page; None marks a position covered from above."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[TableCell | None, ...], ...]


Block = Heading | Paragraph | Facts | Code | Table
