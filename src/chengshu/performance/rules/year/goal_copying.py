"""Goals taken over from last year: what may stay, and what has to be looked at before they are handed in."""

import re
from collections.abc import Mapping
from dataclasses import replace

from chengshu.base.quantities import parse_quantity
from chengshu.performance.contracts.goals import GoalContent, GoalRow, Mark
from chengshu.performance.rules.assessment import Outcome, assess
from chengshu.performance.rules.rulesets import RuleSet
from chengshu.performance.rules.view import compact_text

_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?=年|[-/.．]|[^0-9]|$)")
_REACHED = frozenset({Outcome.MET, Outcome.WORDS_MET, Outcome.UNKNOWN})


def copy_content(last: GoalContent, year: int, results: Mapping[str, str], rules: RuleSet) -> GoalContent:
    """Take last year's goals over as new rows, marked with what has to change.

    `results` has last year's actual values by key of the row.
    """
    rows = tuple(_copy_row(number, row, year, results.get(row.key, ""), rules) for number, row in enumerate(last.rows))
    return GoalContent(last.expected, rows)


def _copy_row(number: int, row: GoalRow, year: int, actual: str, rules: RuleSet) -> GoalRow:
    marks = []
    if names_past(f"{row.name} {row.target}", year):
        marks.append(Mark.DATES)
    if row.target:
        marks.append(Mark.SAME_TARGET)
    if actual and has_failed(row, actual, rules):
        marks.append(Mark.FAILED)
    return replace(row, key=f"copy{number}", marks=tuple(marks))


def names_past(text: str, year: int) -> bool:
    """Whether a text names a year before the budget year."""
    return any(int(found) < year for found in _YEAR.findall(text))


def has_failed(row: GoalRow, actual: str, rules: RuleSet) -> bool:
    """Whether last year's result surely missed its target."""
    target, reached = parse_quantity(row.target or ""), parse_quantity(actual)
    return assess(compact_text(row.name), target, reached, rules).outcome not in _REACHED


def settle_marks(before: GoalContent, after: GoalContent, year: int) -> GoalContent:
    """Take away the marks whose cause is gone since `before`.

    A new target settles that it was last year's and that it was missed; a text that names no past year settles dates.
    """
    old = {row.key: row for row in before.rows}
    return replace(after, rows=tuple(_settle(old.get(row.key), row, year) for row in after.rows))


def _settle(was: GoalRow | None, row: GoalRow, year: int) -> GoalRow:
    if not row.marks:
        return row
    gone = set() if names_past(f"{row.name} {row.target}", year) else {Mark.DATES}
    if was is not None and was.target != row.target:
        gone |= {Mark.SAME_TARGET, Mark.FAILED}
    return replace(row, marks=tuple(mark for mark in row.marks if mark not in gone))
