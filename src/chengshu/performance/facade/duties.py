"""The door of duties: what waits for a person, and by when."""

from chengshu.performance.contracts.duties import DueOn, Duty, DutyCount, DutyKind, Term
from chengshu.performance.contracts.year import SheetKind, StepAsked
from chengshu.performance.errors import ReasonMissing, SheetIncomplete, SheetStale, StepNotOpen
from chengshu.performance.operations.steps import take_step
from chengshu.performance.queries.duties import Inbox, count_duties, read_inbox
from chengshu.performance.rules.year.duties import list_terms

__all__ = [
    "DueOn",
    "Duty",
    "DutyCount",
    "DutyKind",
    "Inbox",
    "ReasonMissing",
    "SheetIncomplete",
    "SheetKind",
    "SheetStale",
    "StepAsked",
    "StepNotOpen",
    "Term",
    "count_duties",
    "list_terms",
    "read_inbox",
    "take_step",
]
