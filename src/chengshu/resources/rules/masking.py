"""How a value of a sample is shown, by the grade of its field."""

HIDDEN = "●●●"
"""Stands for a value that is not shown at all."""

_OPEN, _PARTLY = 2, 3
_KEPT_HEAD, _KEPT_TAIL = 3, 4


def mask_value(value: str, grade: int) -> str:
    """Show a value as it is up to grade 2, its ends alone at grade 3, nothing of it from grade 4 on.

    A text of seven signs or fewer keeps its first sign at grade 3.
    """
    if grade <= _OPEN or not value:
        return value
    if grade > _PARTLY:
        return HIDDEN
    if len(value) <= _KEPT_HEAD + _KEPT_TAIL:
        return value[0] + "*" * (len(value) - 1)
    return value[:_KEPT_HEAD] + "*" * (len(value) - _KEPT_HEAD - _KEPT_TAIL) + value[-_KEPT_TAIL:]
