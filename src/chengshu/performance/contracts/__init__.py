"""Frozen dataclasses and enums that cross the domain's boundary."""

from chengshu.performance.contracts.findings import Checked, Finding, Level, Rescored, RescoredLine
from chengshu.performance.contracts.forms import (
    Form,
    FormRef,
    Goal,
    Indicator,
    Money,
    MoneyRow,
    Origin,
    Source,
    Total,
    Unreadable,
)

__all__ = [
    "Checked",
    "Finding",
    "Form",
    "FormRef",
    "Goal",
    "Indicator",
    "Level",
    "Money",
    "MoneyRow",
    "Origin",
    "Rescored",
    "RescoredLine",
    "Source",
    "Total",
    "Unreadable",
]
