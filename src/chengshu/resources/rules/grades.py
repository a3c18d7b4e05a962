"""Grades: what is put together is at least as grave as its gravest part (就高从严, GB/T 43697-2024)."""

from collections.abc import Iterable

from chengshu.resources.contracts.catalogue import LOWEST_GRADE, FieldContent


def highest_grade(grades: Iterable[int]) -> int:
    """Give the highest of some grades; the lowest there is for none."""
    return max(grades, default=LOWEST_GRADE)


def hold_grade(own: int, fields: Iterable[FieldContent]) -> int:
    """Give the grade that holds for a resource: what was asked for, or the highest of its fields if that is more."""
    return max(own, highest_grade(field.grade for field in fields))
