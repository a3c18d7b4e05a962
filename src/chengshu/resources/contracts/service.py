"""What crosses the boundary of the data-operation service: its figures with their evidence, and what waits to be done."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ServiceValue:
    """A measured value as it is written, with the measurement that is its evidence; "—" where nothing was counted."""

    text: str
    measurement_id: int
    measured_at: datetime


@dataclass(frozen=True, slots=True)
class ServiceFigure:
    """An indicator of the service with its newest measurement over a month and over its year; None where none was taken.

    `waiting` says what has to be there before it can be counted; "" where it is counted.
    """

    key: str
    name: str
    unit: str
    definition: str
    month: ServiceValue | None = None
    year: ServiceValue | None = None
    waiting: str = ""


@dataclass(frozen=True, slots=True)
class FigureGroup:
    """Indicators of one kind of work, such as 归集."""

    label: str
    figures: tuple[ServiceFigure, ...]


@dataclass(frozen=True, slots=True)
class WaitingWork:
    """Something that waits for people: how many, and of these how many are over their limit (None: has no limit)."""

    key: str
    count: int
    late: int | None = None
