"""Goals as a tree: classes, categories, order of the rows, sums of weights, moving a row."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from chengshu.performance.contracts.goals import Category, GoalClass, GoalContent, GoalRow, Mark

#: The classes with their categories, in the order of the paper (财预〔2020〕10号, with the cost class of 财预〔2021〕101号).
TREE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("成本指标", ("经济成本指标", "社会成本指标", "生态环境成本指标")),
    ("产出指标", ("数量指标", "质量指标", "时效指标", "成本指标")),
    ("效益指标", ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标")),
    ("满意度指标", ("服务对象满意度指标",)),
)
_PLACES = {pair: at for at, pair in enumerate((name, part) for name, parts in TREE for part in parts)}
_ZERO = Decimal(0)


def marks_of(text: str) -> tuple[Mark, ...]:
    """Read the marks that a row keeps; unknown words are left out."""
    known = {mark.value for mark in Mark}
    return tuple(Mark(word) for word in text.split() if word in known)


def write_marks(marks: Iterable[Mark]) -> str:
    """Write marks as a row keeps them; "" for none."""
    return " ".join(mark.value for mark in marks)


def arrange(content: GoalContent) -> GoalContent:
    """Bring the rows into the order of the paper: by class and category, in the given order within one.

    Categories that the tree does not know follow in the order in which they first appear, those of one class together.
    """
    classes = {name: at for at, (name, _) in enumerate(TREE)}
    pairs: dict[tuple[str, str], int] = {}
    for row in content.rows:
        classes.setdefault(row.level1, len(classes))
        pairs.setdefault((row.level1, row.level2), len(pairs))
    ordered = sorted(content.rows, key=lambda row: _place(row, classes, pairs))
    return replace(content, rows=tuple(ordered))


def _place(row: GoalRow, classes: dict[str, int], pairs: dict[tuple[str, str], int]) -> tuple[int, int]:
    pair = (row.level1, row.level2)
    return classes[row.level1], _PLACES.get(pair, len(_PLACES) + pairs[pair])


def grow_tree(content: GoalContent, *, with_empty: bool = False) -> tuple[GoalClass, ...]:
    """Give the rows as classes and categories with their sums; `with_empty` adds the categories nobody filled."""
    pairs: dict[tuple[str, str], list[GoalRow]] = {pair: [] for pair in _PLACES} if with_empty else {}
    for row in arrange(content).rows:
        pairs.setdefault((row.level1, row.level2), []).append(row)
    classes: dict[str, list[Category]] = {}
    for (level1, level2), rows in pairs.items():
        classes.setdefault(level1, []).append(Category(level1, level2, tuple(rows), sum_weights(rows)))
    return tuple(
        GoalClass(level1, tuple(parts), sum((part.weight for part in parts), _ZERO))
        for level1, parts in classes.items()
    )


def sum_weights(rows: Iterable[GoalRow]) -> Decimal:
    """Add the weights up; a missing one counts nothing."""
    return sum((row.weight for row in rows if row.weight is not None), _ZERO)


def move(content: GoalContent, key: str, step: int) -> GoalContent:
    """Move a row by one place up (-1) or down (+1) within its category; at the edge nothing moves."""
    rows = list(arrange(content).rows)
    at = next((place for place, row in enumerate(rows) if row.key == key), None)
    if at is None or not 0 <= at + step < len(rows):
        return replace(content, rows=tuple(rows))
    row, other = rows[at], rows[at + step]
    if (row.level1, row.level2) == (other.level1, other.level2):
        rows[at], rows[at + step] = other, row
    return replace(content, rows=tuple(rows))


def add(content: GoalContent, row: GoalRow) -> GoalContent:
    """Add a row at the end of its category, under a key that no other row has."""
    taken = {other.key for other in content.rows}
    key = next(name for name in _new_keys(row.key) if name not in taken)
    return arrange(replace(content, rows=(*content.rows, replace(row, key=key))))


def _new_keys(wished: str) -> Iterator[str]:
    if wished:
        yield wished
    number = 1
    while True:
        yield f"new{number}"
        number += 1


def drop(content: GoalContent, key: str) -> GoalContent:
    """Take a row out."""
    return replace(content, rows=tuple(row for row in content.rows if row.key != key))
