"""How a value is shown, by the grade of its field, to who has no work with the rows themselves."""

import json
from collections.abc import Mapping

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


def mask_record(raw: str, grades: Mapping[str, int], *, highest: int) -> str:
    """Mask a record as it came, value by value, by the grades of its columns.

    A column without a grade is hidden, and so is a record that names no columns where `highest`, the grade of the whole
    table, is one that is masked.
    """
    try:
        told = json.loads(raw)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        return raw if highest <= _OPEN else HIDDEN
    shown = {
        name: value if value is None else mask_value(str(value), grades[name]) if name in grades else HIDDEN
        for name, value in told.items()
    }
    return json.dumps(shown, ensure_ascii=False)
