"""What crosses a boundary of self-evaluations: results as people enter them, scores by rule, gaps, copied passages."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One indicator's result as entered. `score` is one given by hand; None = as the rules give it.

    `measurement_id` and `document_id` are what the figure rests on; `document_note` says where in the document it is.
    """

    goal_id: int
    name: str = ""
    actual: str = ""
    score: Decimal | None = None
    score_reason: str = ""
    deviation: str = ""
    document_note: str = ""
    measurement_id: int | None = None
    document_id: int | None = None


@dataclass(frozen=True, slots=True)
class EvaluationContent:
    """The whole self-evaluation: the result in words, and the indicators in the order of the goals."""

    actual: str = ""
    rows: tuple[ResultRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """A document that is handed in as evidence: its name and bytes, and where in it the figure stands."""

    name: str
    content: BinaryIO
    note: str = ""


@dataclass(frozen=True, slots=True)
class LineScore:
    """What one line gets. `rule_score` is the most that the rules allow, None where they cannot say; `score` what counts."""

    weight: Decimal | None
    rule_score: Decimal | None
    score: Decimal | None
    why: str
    why_en: str


@dataclass(frozen=True, slots=True)
class Settled:
    """A scored self-evaluation. `total` is None while a line has no score, and `grade` is empty then."""

    lines: tuple[LineScore, ...]
    execution: LineScore | None
    total: Decimal | None
    grade: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much rests on measurement: indicators and their points."""

    indicators: int
    measured: int
    points: Decimal
    measured_points: Decimal


class GapKind(StrEnum):
    """What can be missing before a self-evaluation is handed in; the pages have the words for each."""

    GOALS_OPEN = "goals_open"  # the goals are not approved
    RESULT = "result"  # the yearly goal's result in words
    EXECUTION = "execution"  # no budget, so that the execution cannot be scored
    ACTUAL = "actual"
    WAITING = "waiting"  # what the indicator would count is not there yet
    MEASUREMENT = "measurement"  # the indicator is measured by a registered one, and was not
    DOCUMENT = "document"
    DOCUMENT_NOTE = "document_note"
    SCORE = "score"
    SCORE_ABOVE_WEIGHT = "score_above_weight"
    SCORE_BASIS = "score_basis"  # the rules cannot say, a score by hand needs words
    SCORE_RAISED = "score_raised"  # a score above the rules' needs words
    DEVIATION = "deviation"  # points taken off, or a target far surpassed, and no word why


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing, at a cell of the form (JSON pointer); `name` is the indicator's."""

    field: str
    kind: GapKind
    name: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a text; `is_copied` where the other text has it word by word."""

    text: str
    is_copied: bool


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Goal and result beside each other. `copied_pct` is the share of the result that the goal has too, 0 to 100."""

    expected: tuple[Stretch, ...]
    actual: tuple[Stretch, ...]
    copied_pct: int
