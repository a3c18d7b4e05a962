"""A form in the making: exact whole numbers that a planter may bend before the form is printed.

All figures are hundredths (of a yuan or of 万元, of a point, of a per cent, of a unit), so that sums and roundings
are exact without decimals.
"""

from dataclasses import dataclass, field
from typing import Any

from chengshu.synthetic.forms.styles import Style, fixed
from chengshu.synthetic.forms.vocabulary import Kind

FULL_SCORE = 100_00
EXECUTION_WEIGHT = 10_00
GRADES = (("优", 90_00), ("良", 80_00), ("中", 60_00), ("差", 0))

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PlantedDefect:
    """One defect of the key: its class, the JSON pointer of its cell, and whether arithmetic alone proves it."""

    code: str
    field: str
    is_certain: bool = False


@dataclass(slots=True)
class Row:
    """One indicator. `target` and `actual` are None where the answer is in words; the texts are what is printed."""

    level1: str
    level2: str
    level3: str
    kind: Kind
    unit: str
    word: str
    weight: int
    score: int = 0
    target: int | None = None
    actual: int | None = None
    target_text: str | None = None
    actual_text: str | None = None
    reason: str | None = None


@dataclass(slots=True)
class Purse:
    """The money block; `fiscal` and `carried_over` are parts of `budget`, whose printed rate and score follow."""

    initial: int
    budget: int
    executed: int
    carried_over: int
    fiscal: int
    rate: int
    score: int


@dataclass(slots=True)
class Draft:
    """A form before printing. `total_shift` bends the printed total, `grade` overrides the one deserved.

    `touched` holds what a planter has used ("money", "total", "goal", "names", a row's number), so that two defects
    never blur each other.
    """

    style: Style
    number: int
    year: int
    project: str | None
    department: str
    unit: str
    purse: Purse
    expected: str
    actual: str
    rows: list[Row]
    total_shift: int = 0
    grade: str | None = None
    touched: set[str | int] = field(default_factory=set)

    @property
    def total(self) -> int:
        """The total as it will be printed."""
        return self.purse.score + sum(row.score for row in self.rows) + self.total_shift


def share_of(figure: int, part: int, whole: int) -> int:
    """Give figure × part ÷ whole, rounded half up."""
    return (2 * figure * part + whole) // (2 * whole)


def grade_of(total: int) -> str:
    """Give the grade of a total by the national bands."""
    return next(grade for grade, lowest in GRADES if total >= lowest)


def print_form(draft: Draft, file: str) -> Record:
    """Print a draft as a published record."""
    style = draft.style
    return {
        "source": {"file": file, "form": draft.number, "line": None},
        "duplicate_of": None,
        "template": style.template,
        "year": draft.year,
        "project": draft.project,
        "department": draft.department,
        "unit": draft.unit,
        "money_unit": style.money_unit,
        "money": _print_money(draft.purse, style),
        "goal": {"expected": draft.expected, "actual": draft.actual},
        "indicators": [_print_row(row, style) for row in draft.rows],
        "total": {"weight": style.score(FULL_SCORE), "score": style.score(draft.total)},
        "grade": (draft.grade or grade_of(draft.total)) if style.has_grade else None,
        "unreadable": [],
    }


def _print_money(purse: Purse, style: Style) -> Record:
    spent_of_carried = min(purse.carried_over, purse.executed)
    rest = purse.executed - spent_of_carried
    return {
        "total": {
            "initial": fixed(purse.initial),
            "budget": fixed(purse.budget),
            "executed": fixed(purse.executed),
            "weight": style.score(EXECUTION_WEIGHT),
            "rate": fixed(purse.rate),
            "score": style.score(purse.score),
        },
        "fiscal": _part(purse.initial, purse.fiscal, rest, style),
        "carried_over": _part(0, purse.carried_over, spent_of_carried, style),
        "other": _part(0, 0, 0, style),
    }


def _part(initial: int, budget: int, executed: int, style: Style) -> Record:
    rate = share_of(100_00, executed, budget) if budget else 0
    return {
        "initial": fixed(initial),
        "budget": fixed(budget),
        "executed": fixed(executed),
        "weight": None,
        "rate": fixed(rate) if style.has_sub_rates else None,
        "score": None,
    }


def _print_row(row: Row, style: Style) -> Record:
    return {
        "level1": row.level1,
        "level2": row.level2,
        "level3": row.level3,
        "target": row.target_text,
        "actual": row.actual_text,
        "weight": style.score(row.weight),
        "score": style.score(row.score),
        "reason": row.reason,
        "confidence": 1.0,
    }
