"""What a printed value is once it is read."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """How a printed value is measured; WORD is everything that is no figure."""

    NUMBER = "number"
    PERCENT = "percent"
    DURATION = "duration"
    DATE = "date"
    RANGE = "range"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Quantity:
    """One printed value.

    `text` is what was printed, in half-width characters and without blanks. `sign` is one of ≥ ≤ > < = or None
    (nothing printed, or "about"). `value` is exact, in `unit` as printed ("万条", "%", "小时/天", "" for none);
    ranges have `upper` too. Dates have `day`, unless only a period is named (当年内). Words have neither.
    """

    text: str
    kind: Kind
    sign: str | None = None
    value: Decimal | None = None
    upper: Decimal | None = None
    unit: str = ""
    day: date | None = None

    @property
    def is_limit(self) -> bool:
        """Whether this names a bound (≥90%, 48小时内) and not a single value."""
        return self.sign is not None and self.sign != "="

    def __str__(self) -> str:
        """Render the value so that reading it again gives the same quantity."""
        if self.value is None:
            return self.text
        upper = "" if self.upper is None else f"-{self.upper:f}"
        return f"{self.sign or ''}{self.value:f}{upper}{self.unit}"
