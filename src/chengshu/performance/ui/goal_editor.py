"""The editor of goals as its template shows it: the tree with open rows, findings beside them, sums, clashes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from chengshu.performance.contracts import Finding
from chengshu.performance.facade import goals
from chengshu.performance.facade.goals import GoalRow, GoalSheet
from chengshu.performance.ui.forms.goals import Typed
from chengshu.performance.ui.goal_words import (
    FIELDS,
    MARKS,
    GoalRemark,
    name_level,
    show_value,
    word_remarks,
    write_points,
)


@dataclass(frozen=True, slots=True)
class EditedRow:
    """One row of the editor. `weight` is the text in its box, `fault` why it cannot be saved."""

    row: GoalRow
    number: int
    weight: str
    marks: tuple[str, ...]
    marks_text: str
    remarks: tuple[GoalRemark, ...]
    fault: str
    is_gone: bool
    category: str


@dataclass(frozen=True, slots=True)
class EditedCategory:
    """One category with its rows; `value` is what its add button sends."""

    name: str
    value: str
    number: int
    points: str
    rows: tuple[EditedRow, ...]


@dataclass(frozen=True, slots=True)
class EditedClass:
    """One class with its categories."""

    name: str
    number: int
    points: str
    categories: tuple[EditedCategory, ...]


@dataclass(frozen=True, slots=True)
class Editor:
    """The whole editor. `left` is what the weights lack (negative: are too many), as text; "" where they are right."""

    classes: tuple[EditedClass, ...]
    loose: tuple[GoalRemark, ...]
    points: str
    expected_points: str
    left: str
    error_count: int
    choices: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True, slots=True)
class ShownClash:
    """One field that both changed; `take` is what the button that takes the other's value sends, "" where none can."""

    name: str
    field: str
    was: str
    theirs: str
    mine: str
    take: str


@dataclass(frozen=True, slots=True)
class Clashes:
    """What somebody else saved meanwhile: where it clashes with what was typed, and what was taken over."""

    editor: str
    saved_at: datetime
    fields: tuple[ShownClash, ...]
    taken: tuple[ShownClash, ...]


def draw_editor(typed: Typed, findings: Sequence[Finding], expected: Decimal) -> Editor:
    """Lay the editor out. Findings are numbered by the rows that stand, without those to be removed."""
    remarks = word_remarks(findings)
    places = {row.key: at for at, row in enumerate(typed.standing.rows)}
    classes = []
    number = 0
    for class_number, part in enumerate(goals.grow_tree(typed.content, with_empty=True)):
        categories = []
        for category in part.categories:
            rows = tuple(_edit(typed, row, places.get(row.key), remarks) for row in category.rows)
            points = goals.sum_weights(row for row in category.rows if row.key not in typed.gone)
            value = f"{category.level1}/{category.level2}"
            categories.append(EditedCategory(name_level(category.level2), value, number, write_points(points), rows))
            number += 1
        standing = (row for category in part.categories for row in category.rows if row.key not in typed.gone)
        points = goals.sum_weights(standing)
        classes.append(EditedClass(name_level(part.level1), class_number, write_points(points), tuple(categories)))
    total = goals.sum_weights(typed.standing.rows)
    return Editor(
        tuple(classes),
        tuple(remark for remark in remarks if remark.row is None),
        write_points(total),
        write_points(expected),
        "" if total == expected else write_points(expected - total),
        sum(remark.level == "error" for remark in remarks),
        _choices(typed),
    )


def _edit(typed: Typed, row: GoalRow, place: int | None, remarks: Sequence[GoalRemark]) -> EditedRow:
    weight = typed.weights.get(row.key)
    if weight is None:
        weight = "" if row.weight is None else write_points(row.weight)
    return EditedRow(
        row,
        -1 if place is None else place + 1,
        weight,
        tuple(str(MARKS[mark]) for mark in row.marks),
        " ".join(row.marks),
        tuple(remark for remark in remarks if place is not None and remark.row == place),
        typed.faults.get(row.key, ""),
        row.key in typed.gone,
        f"{row.level1}/{row.level2}",
    )


def _choices(typed: Typed) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Offer the categories of the tree, and those that rows of this sheet have beside them."""
    tree = {level1: list(parts) for level1, parts in goals.TREE}
    for row in typed.content.rows:
        if row.level2 not in tree.setdefault(row.level1, []):
            tree[row.level1].append(row.level2)
    return tuple(
        (name_level(level1), tuple((f"{level1}/{level2}", name_level(level2)) for level2 in parts))
        for level1, parts in tree.items()
    )


def list_clashes(sheet: GoalSheet, typed: Typed) -> Clashes:
    """Compare what stands in the editor with what somebody else saved since it was opened."""
    edition = goals.find_edition(sheet, typed.base)
    base = None if edition is None else goals.from_record(edition.content)
    merged = goals.merge(base, goals.content_of(sheet), typed.standing)
    fields = tuple(
        ShownClash(
            clash.name,
            str(FIELDS[clash.field]),
            show_value(clash.field, clash.was),
            show_value(clash.field, clash.theirs),
            show_value(clash.field, clash.mine),
            "" if clash.field == "row" else f"theirs:{clash.row}:{clash.field}",
        )
        for clash in merged.clashes
    )
    clashing = {(clash.row, clash.field) for clash in merged.clashes}
    taken = tuple(
        ShownClash(
            change.name,
            str(FIELDS[change.field]),
            show_value(change.field, change.before),
            show_value(change.field, change.after),
            "",
            "",
        )
        for change in merged.theirs
        if (change.row, change.field) not in clashing
    )
    editor = sheet.edited_by.display_name if sheet.edited_by else ""
    return Clashes(editor, sheet.edited_at, fields, taken)
