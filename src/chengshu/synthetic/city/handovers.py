"""When the city's systems hand over, month by month: in time, too late, not at all, or with a column nobody announced."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from random import Random

ADDED = "bz"
"""The column that comes unannounced."""


class Manner(StrEnum):
    """How one month's delivery comes."""

    IN_TIME = "in_time"
    LATE = "late"
    MISSING = "missing"
    DRIFTED = "drifted"


@dataclass(frozen=True, slots=True)
class Handover:
    """One month's delivery of a table; `came_at` is None where none comes."""

    table: str
    month: date
    manner: Manner
    came_at: datetime | None
    hours_late: int = 0


def draw_handovers(
    table: str, months: Sequence[date], *, due_hours: int, seed: int, utc_offset_hours: int = 8
) -> list[Handover]:
    """Draw how a table is handed over in each month for the month before; every manner comes once in four months.

    A delivery is due `due_hours` after the month's first midnight, in the zone with the offset.
    """
    draw = Random(f"{seed}:{table}:handovers")  # noqa: S311 - invented data
    manners: list[Manner] = []
    while len(manners) < len(months):
        manners += draw.sample(list(Manner), len(Manner))
    found = []
    for month, manner in zip(months, manners, strict=False):
        midnight = datetime(month.year, month.month, month.day, tzinfo=UTC) - timedelta(hours=utc_offset_hours)
        late = draw.randrange(1, 200) if manner is Manner.LATE else 0
        after = due_hours + late if late else draw.randrange(1, due_hours)
        came_at = None if manner is Manner.MISSING else midnight + timedelta(hours=after)
        found.append(Handover(table, month, manner, came_at, late))
    return found
