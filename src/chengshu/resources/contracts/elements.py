"""What crosses the boundary of data elements and value domains."""

from dataclasses import dataclass

from chengshu.resources.contracts.catalogue import LOWEST_GRADE, ValueType

CHECKS = ("id_number", "credit_code", "phone", "postcode", "plate")
"""Checks of values that the quality rules know by name."""


@dataclass(frozen=True, slots=True)
class ElementContent:
    """What is kept of a data element; `domain` is the code of a value domain, or empty.

    `least` and `most` bound its values, ends included: a number, or a day as 2024-03-15, by its type; empty = unbounded.
    """

    code: str
    name: str
    type: ValueType
    definition: str = ""
    format: str = ""
    length: int | None = None
    unit: str = ""
    domain: str = ""
    check: str = ""
    grade: int = LOWEST_GRADE
    least: str = ""
    most: str = ""


@dataclass(frozen=True, slots=True)
class DomainContent:
    """What is kept of a value domain: `codes` are pairs of code and label, in their order."""

    code: str
    name: str
    source: str = ""
    description: str = ""
    codes: tuple[tuple[str, str], ...] = ()
