"""The words of reviews: what a spot check is drawn from, how a paper is scored again, how a review is led on."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class StratumBy(StrEnum):
    """By what the papers of a year are divided before a spot check is drawn."""

    DEPARTMENT = "department"
    GRADE = "grade"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Paper:
    """One approved self-evaluation as the drawing sees it.

    `budget_yuan` in 元, `total` in points, `evidence_pct` the share of its points that rest on a measurement,
    `difference` how many points the last settled review of the same project moved its total (absolute; None = never
    reviewed), `edge` how many points its total lies above the lowest of its grade (None without a total).
    """

    key: int
    department: str
    grade: str
    budget_yuan: Decimal
    errors: int
    breaches: int
    evidence_pct: Decimal
    edge: Decimal | None
    difference: Decimal | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paper with its stratum and its risk weight (a whole number of at least 1), and why it weighs so much."""

    key: int
    stratum: str
    weight: int
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stratum:
    """How many papers a stratum has, its part of the sample (papers, not yet whole), and how many are drawn."""

    name: str
    papers: int
    share: Decimal
    drawn: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a seed gives: the strata by name, and the drawn keys in the order of drawing, by stratum."""

    strata: tuple[Stratum, ...]
    drawn: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SpotCheckAsked:
    """The drawing that somebody wants: of which year, how many papers, with which seed, divided by what."""

    year: int
    name: str
    size: int
    seed: int
    by: tuple[StratumBy, ...]


class Origin(StrEnum):
    """Where a reviewer's score comes from, seen beside the unit's and the rules'."""

    SAME = "same"  # the unit's score stands
    RULE = "rule"  # the unit left the rules, the reviewer went back to them
    JUDGEMENT = "judgement"  # neither the unit's score nor the rules'


@dataclass(frozen=True, slots=True)
class ReviewedLine:
    """One line of a review: the unit's score, the rules' and the reviewer's beside each other.

    `key` is the id of the evaluated indicator as text, or "execution". `reviewed` is None while nothing was changed.
    """

    key: str
    level1: str
    level2: str
    name: str
    target: str
    actual: str
    deviation: str
    weight: Decimal | None
    own: Decimal | None
    by_rule: Decimal | None
    reviewed: Decimal | None = None
    reason: str = ""

    @property
    def counted(self) -> Decimal | None:
        """The score that counts in the reviewed total."""
        return self.own if self.reviewed is None else self.reviewed

    @property
    def difference(self) -> Decimal:
        """How far the reviewer moved the score; 0 where it stands."""
        if self.reviewed is None:
            return Decimal(0)
        return self.reviewed - (self.own or Decimal(0))

    @property
    def origin(self) -> Origin:
        """Where the score that counts comes from."""
        if self.reviewed is None or self.reviewed == self.own:
            return Origin.SAME
        return Origin.RULE if self.reviewed == self.by_rule else Origin.JUDGEMENT


@dataclass(frozen=True, slots=True)
class LineScore:
    """What a reviewer gives to one line, and why."""

    key: str
    score: Decimal
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What typed scores would make of a review: total, grade, move of the unit's total, and what is wrong, by line."""

    total: Decimal | None
    grade: str
    moved: Decimal | None
    faults: dict[str, str]


@dataclass(frozen=True, slots=True)
class ReviewEdit:
    """One save of a review: the version that was seen, the scores by line, and the opinion."""

    review_id: int
    version: int
    scores: tuple[LineScore, ...]
    opinion: str


@dataclass(frozen=True, slots=True)
class ReviewStep:
    """One step of a review's way; `words` tells whether it needs some, `permission` who takes it."""

    source: str
    action: str
    target: str
    permission: str
    needs_words: bool = False


@dataclass(frozen=True, slots=True)
class ReviewStepAsked:
    """A step of a review that somebody wants to take, on the version that was seen, with his words."""

    review_id: int
    action: str
    version: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """How reviews moved the scores of one group: papers or lines reviewed, how many moved, points in all and the most.

    `points` adds the differences with their sign, `most` is the greatest one without it.
    """

    name: str
    reviewed: int
    moved: int
    points: Decimal
    most: Decimal


@dataclass(frozen=True, slots=True)
class RectificationRate:
    """How many matters were raised in one group, how many are mended, how many still run past their day."""

    name: str
    raised: int
    mended: int
    overdue: int

    @property
    def rate_pct(self) -> Decimal | None:
        """Mended of all raised, in per cent with two decimals; None without any."""
        if not self.raised:
            return None
        return (Decimal(self.mended) / Decimal(self.raised) * 100).quantize(Decimal("0.01"))
