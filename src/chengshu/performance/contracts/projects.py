"""What crosses the boundary of projects."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """What is kept of a project beside its years; `department_id` and `unit_id` are ids of organisations."""

    code: str
    name: str
    department_id: int
    unit_id: int
    started_on: date
    is_secret: bool = False
    description: str = ""
