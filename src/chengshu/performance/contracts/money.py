"""What crosses the boundary of money: rows of tables with their faults, and the money block of the form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from chengshu.performance.contracts.year import FundSource


class RowFault(StrEnum):
    """What can be wrong with a row of a table. The pages have the words, and the cure, for each."""

    PROJECT_MISSING = "project_missing"
    PROJECT_UNKNOWN = "project_unknown"
    PROJECT_DIFFERS = "project_differs"
    YEAR_UNREADABLE = "year_unreadable"
    YEAR_OUTSIDE_PROJECT = "year_outside_project"
    YEAR_UNOPENED = "year_unopened"
    SOURCE_UNKNOWN = "source_unknown"
    VOUCHER_MISSING = "voucher_missing"
    VOUCHER_DIFFERS = "voucher_differs"
    DATE_UNREADABLE = "date_unreadable"
    DATE_OUTSIDE_YEAR = "date_outside_year"
    DATE_IN_FUTURE = "date_in_future"
    AMOUNT_UNREADABLE = "amount_unreadable"
    AMOUNT_ZERO = "amount_zero"
    AMOUNT_NEGATIVE = "amount_negative"
    AMOUNT_TOO_FINE = "amount_too_fine"
    AMOUNT_TOO_LARGE = "amount_too_large"
    BUDGET_DIFFERS = "budget_differs"
    TEXT_TOO_LONG = "text_too_long"
    NAME_MISSING = "name_missing"
    UNIT_UNKNOWN = "unit_unknown"
    DEPARTMENT_UNKNOWN = "department_unknown"
    START_MISSING = "start_missing"
    FLAG_UNREADABLE = "flag_unreadable"


@dataclass(frozen=True, slots=True)
class FaultyRow:
    """A row that cannot be taken: what is wrong, and the text at fault."""

    fault: RowFault
    value: str = ""


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment as a table has it. `amount_yuan` is in 元; negative = paid back."""

    project: str
    year: int
    source: FundSource
    voucher: str
    paid_on: date
    amount_yuan: Decimal
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """One project as a table has it, with the initial budget of one year, or without a year.

    Organisations stand as typed, by code or name. `started_on` None = not told; `budgets` in 元.
    """

    code: str
    name: str
    unit: str
    department: str = ""
    started_on: date | None = None
    is_secret: bool = False
    description: str = ""
    year: int | None = None
    budgets: Mapping[FundSource, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """One row of the form's money block; `source` None is the total. All in 元, `rate` in per cent, None without a budget."""

    source: FundSource | None
    initial_yuan: Decimal
    adjusted_yuan: Decimal
    budget_yuan: Decimal
    executed_yuan: Decimal
    rate: Decimal | None


@dataclass(frozen=True, slots=True)
class MonthPoint:
    """How far the money was at the end of a month, against a plan that spends the year's budget evenly. In 元.

    `executed_yuan` is None for months that have not begun.
    """

    month: int
    planned_yuan: Decimal
    executed_yuan: Decimal | None


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What is needed to adjust a budget: source, change in 元 (negative = less), day of the document, why, its number."""

    source: FundSource
    amount_yuan: Decimal
    adjusted_on: date
    reason: str
    document_number: str = ""
