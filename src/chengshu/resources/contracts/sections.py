"""What other parts of the platform tell of a resource on its page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class SectionKey(StrEnum):
    """The questions that a resource's page answers beside its own entry."""

    FRESHNESS = "freshness"
    QUALITY = "quality"
    USERS = "users"
    SAMPLE = "sample"


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a section: what it is called, its value, and where more of it stands."""

    label: str
    value: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class SectionTold:
    """What a part knows: a sentence, facts, and rows of a table with their header; sample rows come unmasked."""

    sentence: str
    facts: tuple[Fact, ...] = ()
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


Teller = Callable[[int, Any, date], SectionTold | None]
"""Asked with the id of a resource, who looks and the day; None where it knows nothing."""
