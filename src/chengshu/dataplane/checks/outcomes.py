"""What came of rules on a table."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from chengshu.dataplane.checks.rules import Rule


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one rule found.

    Row and group tests count rows, completeness counts cells, tests of the table as a whole count one thing looked
    at, which holds or fails. `keys` is the folder of Parquet files with the failing rows (columns rule, key, value: the
    row's key and the failing cell, texts; a JSON array where there are several), None when none were asked for or none
    failed. `seconds` is this rule's part of the time: what several rules share is divided evenly among them.
    """

    rule: Rule
    checked: int
    failed: int
    keys: Path | None
    seconds: float
    observed: str = ""
    """What a test of the table saw, for people."""

    @property
    def share(self) -> float:
        """Failed among checked, 0 to 1; 0 when nothing was looked at."""
        return self.failed / self.checked if self.checked else 0.0

    @property
    def passed(self) -> bool:
        """Whether no more failed than the rule permits."""
        return self.failed <= self.rule.permitted * Decimal(self.checked)


def outcome_record(outcome: Outcome) -> dict[str, Any]:
    """Give the published record, docs/schemas/resources-check.schema.json."""
    return {
        "rule": outcome.rule.key,
        "kind": outcome.rule.kind,
        "checked": outcome.checked,
        "failed": outcome.failed,
        "share": outcome.share,
        "keys": None if outcome.keys is None else str(outcome.keys),
        "seconds": round(outcome.seconds, 6),
    }
