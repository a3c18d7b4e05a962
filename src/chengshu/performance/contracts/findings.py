"""What a check says about a form."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from chengshu.performance.contracts.forms import Source


class Level(StrEnum):
    """How certain and how grave: `error` is arithmetic, `breach` breaks a rule, `hint` asks a person to judge."""

    ERROR = "error"
    BREACH = "breach"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding on one cell (`field`: JSON pointer into the read record; "" is the whole form).

    `printed` and `expected` are texts as they would stand on the form; `message` is Chinese, `message_en` English,
    both ready for a letter; `basis` names rule set, rule and legal source. `doubtful` marks a finding whose source
    cell was read with low confidence: then its level is never above hint.
    """

    code: str
    level: Level
    field: str
    printed: str | None
    expected: str | None
    message: str
    message_en: str
    basis: str
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class RescoredLine:
    """What one indicator (or the execution rate, `field` = "/money/total") gets by the rules, and why."""

    field: str
    weight: Decimal | None
    printed: Decimal | None
    score: Decimal | None
    why: str
    why_en: str


@dataclass(frozen=True, slots=True)
class Rescored:
    """The re-scored form. `total` is None when a line cannot be scored by rule; then `grade` is None too.

    `changed` tells whether the grade by rule differs from the grade that the printed total deserves.
    """

    total: Decimal | None
    grade: str | None
    printed_grade: str | None
    changed: bool
    lines: tuple[RescoredLine, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """A form's findings and re-scoring under one rule set."""

    source: Source
    rules: str
    findings: tuple[Finding, ...]
    rescored: Rescored
