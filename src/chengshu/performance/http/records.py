"""The published shape of a form (docs/schemas): plain decimals as texts, absent values as null."""

from decimal import Decimal

from ninja import Schema


class SourceRecord(Schema):
    """Where the form was read: file, which form of it, line of its title."""

    file: str
    form: int
    line: int | None


class FirstPrinting(Schema):
    """The form that this one repeats."""

    file: str
    form: int


class MoneyLine(Schema):
    """One row of the money block."""

    initial: str | None
    budget: str | None
    executed: str | None
    weight: str | None
    rate: str | None
    score: str | None


class MoneyBlock(Schema):
    """The money block, in the form's unit of money."""

    total: MoneyLine
    fiscal: MoneyLine
    carried_over: MoneyLine
    other: MoneyLine


class GoalTexts(Schema):
    """The yearly goal in words, as promised and as reached."""

    expected: str | None
    actual: str | None


class IndicatorLine(Schema):
    """One indicator of the form."""

    level1: str | None
    level2: str | None
    level3: str | None
    target: str | None
    actual: str | None
    weight: str | None
    score: str | None
    reason: str | None
    confidence: float


class TotalLine(Schema):
    """The totals of the form."""

    weight: str | None
    score: str | None


class UnreadableCell(Schema):
    """A cell that could not be read, with what stands there."""

    field: str
    raw: str


class PublishedForm(Schema):
    """A form as `chengshu performance read --json` gives it."""

    source: SourceRecord
    duplicate_of: FirstPrinting | None
    template: str
    year: int | None
    project: str | None
    department: str | None
    unit: str | None
    money_unit: str | None
    money: MoneyBlock
    goal: GoalTexts
    indicators: list[IndicatorLine]
    total: TotalLine
    grade: str | None
    unreadable: list[UnreadableCell]


def plain(value: Decimal | None) -> str | None:
    """Write a decimal without exponent and without zeros at its end."""
    if value is None:
        return None
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
