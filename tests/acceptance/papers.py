"""Sheets of merged cells as offices lay them out, and the record that a careful reader would take from each."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from acceptance.facts import Amounts, Facts, Row

Record = dict[str, Any]


@dataclass(frozen=True)
class At:
    """A cell: where it begins (from 0), how far it reaches, what is printed in it."""

    row: int
    column: int
    rows: int
    columns: int
    text: str


@dataclass
class Sheet:
    """The cells of one printed form, the lines around it, and its truth."""

    width: int
    record: Record
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    cells: list[At] = field(default_factory=list)
    height: int = 0
    header_rows: tuple[int, ...] = ()

    def add(self, *texts: tuple[str, int] | str, start: int = 0) -> int:
        """Add a row of (text, width) cells from the column `start`; give its number."""
        column = start
        for item in texts:
            text, width = item if isinstance(item, tuple) else (item, 1)
            self.cells.append(At(self.height, column, 1, width, text))
            column += width
        self.height += 1
        return self.height - 1

    def span(self, row: int, column: int, rows: int, columns: int, text: str) -> None:
        """Add a cell that reaches over several rows."""
        self.cells.append(At(row, column, rows, columns, text))

    @property
    def title(self) -> str:
        return self.before[-1] if self.before else self.cells[0].text

    def grid(self) -> list[list[At | None]]:
        """Give rows of cells by position; covered positions are None."""
        rows: list[list[At | None]] = [[None] * self.width for _ in range(self.height)]
        for cell in self.cells:
            rows[cell.row][cell.column] = cell
        return rows


def plain(text: str) -> str | None:
    """Give a printed figure as the record writes it."""
    text = text.replace(",", "").replace("%", "").strip()
    return None if text in ("", "-", "—", "/") else text


def money_record(amounts: Amounts, *, weight: str = "", score: str = "", rate: bool = True) -> Record:
    return {
        "initial": plain(amounts.initial),
        "budget": plain(amounts.budget),
        "executed": plain(amounts.executed),
        "weight": plain(weight),
        "rate": plain(amounts.rate) if rate else None,
        "score": plain(score),
    }


def indicator_record(row: Row) -> Record:
    return {
        "level1": row.level1,
        "level2": row.level2,
        "level3": row.level3,
        "target": row.target or None,
        "actual": row.actual or None,
        "weight": plain(row.weight),
        "score": plain(row.score),
        "reason": row.reason or None,
    }


def record_of(facts: Facts, money_unit: str = "万元") -> Record:
    """Give the truth of a form that prints everything; templates take away what they do not print."""
    return {
        "year": facts.year,
        "project": facts.project,
        "department": facts.department,
        "unit": facts.unit,
        "money_unit": money_unit,
        "money": {
            "total": money_record(facts.total, weight="10", score=facts.rate_score),
            "fiscal": money_record(facts.fiscal),
            "carried_over": money_record(facts.carried_over),
            "other": money_record(facts.other),
        },
        "goal": {"expected": facts.expected, "actual": facts.actual},
        "indicators": [indicator_record(row) for row in facts.rows],
        "total": {"weight": "100", "score": facts.score},
        "grade": None,
    }


def merged_labels(sheet: Sheet, first: int, rows: Iterable[Row], *, columns: tuple[int, int], points: str) -> None:
    """Set the class and category cells of the rows beside them, merged over what they cover.

    `points` says where the points of a class are printed behind its name: "", "class", "break" (on a new line).
    """
    listed = list(rows)
    for column, name in ((columns[0], "level1"), (columns[1], "level2")):
        start = 0
        for index in range(1, len(listed) + 1):
            same = index < len(listed) and (listed[index].level1, getattr(listed[index], name)) == (
                listed[start].level1,
                getattr(listed[start], name),
            )
            if same:
                continue
            text = getattr(listed[start], name)
            if name == "level1" and points:
                worth = sum(float(row.weight or 0) for row in listed[start:index])
                text += ("\n" if points == "break" else "") + f"（{worth:g}分）"
            sheet.span(first + start, column, index - start, 1, text)
            start = index


def split_sheet(sheet: Sheet, at: int, *, header: bool, labels: bool) -> tuple[Sheet, Sheet]:
    """Cut a sheet at a row as a page end cuts it.

    `header` prints the indicator header again on the second page, `labels` the merged labels that go on there.
    """
    first = Sheet(sheet.width, sheet.record, before=sheet.before, height=at, header_rows=sheet.header_rows)
    second = Sheet(sheet.width, {}, after=sheet.after)
    repeated = sheet.header_rows if header else ()
    second.height = sheet.height - at + len(repeated)
    down = len(repeated) - at
    for cell in sheet.cells:
        end = cell.row + cell.rows
        if cell.row < at:
            first.cells.append(replace(cell, rows=min(end, at) - cell.row))
        if end > at:
            start = max(cell.row, at)
            text = cell.text if cell.row >= at or labels else ""
            second.cells.append(replace(cell, row=start + down, rows=end - start, text=text))
        if cell.row in repeated:
            row = cell.row - repeated[0]
            second.cells.append(replace(cell, row=row, rows=min(cell.rows, len(repeated) - row)))
    return first, second
