"""What a project's earlier years still have to mend, as the pages of the next year's goals show it."""

from dataclasses import dataclass
from datetime import date, datetime

from chengshu.performance.facade import reviews
from chengshu.performance.facade.goals import ProjectYear


@dataclass(frozen=True, slots=True)
class Carried:
    """One matter that is open: from which year and line, what is wrong, and its ticket with state and day."""

    year: int
    line: str
    problem: str
    ticket_id: int
    number: str
    state: str
    due: datetime | None


def draw_carried(year: ProjectYear, *, on: date) -> list[Carried]:
    """Give what is open of the years before, oldest first. For who may see the year. One query."""
    return [
        Carried(
            year=row.evaluation.project_year.year,
            line=row.indicator.goal.name if row.indicator else "",
            problem=row.problem,
            ticket_id=row.ticket_id,
            number=row.ticket_number,
            state=reviews.name_ticket_state(row.ticket_state),
            due=row.ticket_due,
        )
        for row in reviews.list_to_carry(year, on=on)
    ]
