"""What people owe in the performance year: kinds of duties, one duty, and how many fall due on a day."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class DutyKind(StrEnum):
    """What is to be done; the pages have the words."""

    WRITE_GOALS = "write_goals"
    MONITOR = "monitor"
    EVALUATE = "evaluate"
    REVIEW_GOALS = "review_goals"
    REVIEW_MONITORING = "review_monitoring"
    REVIEW_EVALUATION = "review_evaluation"
    SPOT_CHECK = "spot_check"
    ANSWER_REVIEW = "answer_review"
    TICKET = "ticket"


@dataclass(frozen=True, slots=True)
class Term:
    """By when a duty is to be done: a day of the year (moved by `years`), or working days after it came up."""

    kind: DutyKind
    month: int
    day: int
    years: int
    working_days: int
    source: str


@dataclass(frozen=True, slots=True)
class DueOn:
    """The last day for a duty; provisional while a holiday notice still to come may move it. `day` None = paused."""

    day: date | None
    is_provisional: bool = False


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing that waits for a person.

    `sheet_id` is the paper, review or ticket; None where the paper was not begun. `state` is the paper's or the
    ticket's, "none" where it was not begun. `label` is the monitoring point, or the ticket's number. `version` is what
    a step has to name.
    """

    kind: DutyKind
    due: DueOn
    sheet_id: int | None
    project_year_id: int | None
    name: str
    unit: str
    year: int | None
    state: str
    label: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class DutyCount:
    """How many duties of a kind fall due on a day. `key` tells apart what they are of: year, point, or day it came up."""

    kind: DutyKind
    due: DueOn
    count: int
    key: str
    label: str = ""
