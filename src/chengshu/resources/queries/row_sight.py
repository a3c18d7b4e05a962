"""Who sees rows that were refused or that failed as they are: who has to put them right, and nobody else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from chengshu.kernel.grants import facade as grants
from chengshu.resources.models import COLLECT, RECTIFY, Delivery
from chengshu.resources.rules.masking import HIDDEN, mask_record, mask_value


def sees_whole_rows(viewer: grants.Viewer, department_id: int, *, on: date) -> bool:
    """Tell whether the viewer collects for the department that owes the rows, or rectifies them."""
    return any(grants.is_permitted(viewer, permission, department_id, on=on) for permission in (COLLECT, RECTIFY))


@dataclass(frozen=True, slots=True)
class RowSight:
    """How somebody sees the refused rows of a delivery: as they are, or masked by the grades of their columns."""

    is_whole: bool
    grades: Mapping[str, int] = field(default_factory=dict)
    highest: int = 5

    def show(self, raw: str) -> str:
        """Give a row as it came, or its values masked."""
        return raw if self.is_whole else mask_record(raw, self.grades, highest=self.highest)

    def show_drift(self, drift: Mapping[str, Any]) -> dict[str, Any]:
        """Give what changed in the columns, the examples of values as they may be seen."""
        if self.is_whole or not drift.get("retyped"):
            return dict(drift)
        retyped = [
            found | {"example": self._show_value(found["column"], found["example"])} for found in drift["retyped"]
        ]
        return dict(drift) | {"retyped": retyped}

    def _show_value(self, column: str, value: str) -> str:
        return mask_value(value, self.grades[column]) if column in self.grades else HIDDEN


def sight_of_delivery(delivery: Delivery, viewer: grants.Viewer, *, on: date) -> RowSight:
    """Tell how the viewer sees the refused rows of a delivery in sight; of no known entry they are hidden.

    Columns go by the codes of fields, or by their names.
    """
    if sees_whole_rows(viewer, delivery.department_id, on=on):
        return RowSight(is_whole=True)
    entry = delivery.source.resource
    if entry is None:
        return RowSight(is_whole=False)
    told = list(entry.fields.order_by("grade").values_list("code", "name", "grade"))
    grades = {name: grade for _code, name, grade in told} | {code: grade for code, _name, grade in told}
    return RowSight(is_whole=False, grades=grades, highest=max(entry.grade, *grades.values(), 0))
