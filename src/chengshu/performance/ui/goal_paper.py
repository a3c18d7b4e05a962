"""Goals as the official paper shows them, and their history in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from chengshu.performance.facade import goals
from chengshu.performance.facade.goals import Decision, Edition, GoalContent, GoalRow
from chengshu.performance.ui.goal_words import (
    CAUSES,
    FIELDS,
    STEPS,
    GoalRemark,
    name_level,
    row_of,
    show_value,
    write_points,
)


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One indicator on paper; a span of 0 says that the cell above covers this one."""

    row: GoalRow
    number: int
    level1: str
    level1_rows: int
    level2: str
    level2_rows: int
    weight: str
    remarks: tuple[GoalRemark, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """The indicators with the sum of their weights, and the findings that speak of the whole."""

    lines: tuple[PaperLine, ...]
    total: str
    loose: tuple[GoalRemark, ...]


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One change in words."""

    name: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """One save in words."""

    version: int
    cause: str
    editor: str
    saved_at: datetime
    changes: tuple[ShownChange, ...]


@dataclass(frozen=True, slots=True)
class ShownDecision:
    """One decision in words."""

    action: str
    actor: str
    decided_at: datetime
    reason: str


def draw_goals(content: GoalContent, remarks: Sequence[GoalRemark]) -> Paper:
    """Lay the indicators out with spans and findings."""
    lines: list[PaperLine] = []
    for part in goals.grow_tree(content):
        first_of_class = len(lines)
        class_rows = sum(len(category.rows) for category in part.categories)
        for category in part.categories:
            for place, row in enumerate(category.rows):
                number = len(lines)
                lines.append(
                    PaperLine(
                        row,
                        number,
                        name_level(part.level1),
                        class_rows if number == first_of_class else 0,
                        name_level(category.level2),
                        len(category.rows) if place == 0 else 0,
                        "" if row.weight is None else write_points(row.weight),
                        tuple(remark for remark in remarks if remark.row == number),
                    )
                )
    loose = tuple(remark for remark in remarks if remark.row is None)
    return Paper(tuple(lines), write_points(goals.sum_weights(content.rows)), loose)


def word_changes(edition: Edition) -> ShownVersion:
    """Put a save into words."""
    changes = tuple(
        ShownChange(
            change["name"],
            str(FIELDS.get(change["field"], change["field"])),
            show_value(change["field"], change["before"]),
            show_value(change["field"], change["after"]),
        )
        for change in edition.changes
    )
    cause = str(CAUSES.get(edition.cause, edition.cause))
    return ShownVersion(edition.version, cause, edition.editor.display_name, edition.saved_at, changes)


def word_decisions(decisions: Iterable[Decision]) -> list[ShownDecision]:
    """Put decisions into words."""
    return [
        ShownDecision(
            str(STEPS.get(decision.action, decision.action)),
            decision.actor.display_name,
            decision.decided_at,
            decision.reason,
        )
        for decision in decisions
    ]


def word_gaps(gaps: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Give each gap with the id of its place on the page."""
    return [(f"line-{row}" if (row := row_of(field)) is not None else "remarks-title", said) for field, said in gaps]
