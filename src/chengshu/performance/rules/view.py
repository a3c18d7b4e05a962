"""A form as the checks see it: every cell parsed once, every doubt known."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from chengshu.base.quantities import Quantity, parse_quantity
from chengshu.base.quantities.glyphs import compact
from chengshu.performance.contracts import Form, Indicator
from chengshu.performance.rules.assessment import UNKNOWN, Assessment, assess
from chengshu.performance.rules.damage import are_rows_damaged
from chengshu.performance.rules.lexicon import member_of, words
from chengshu.performance.rules.rounding import decimals_of
from chengshu.performance.rules.rulesets import RuleSet

_HUNDRED = Decimal(100)
_CELLS = ("level1", "level2", "level3", "target", "actual", "weight", "score", "reason")
_FEWEST_MISUSED = 3  # rows from which weights in the value columns are no accident
_POINTS = frozenset({"", "分"})
_HALF_UNITS = tuple(Decimal("0.5").scaleb(-digits) for digits in range(13))


@dataclass(slots=True)
class Row:
    """One indicator: `path` is its JSON pointer, `label` what messages call it, `name` its compact name.

    `level1` and `level2` are without 指标; `reason` is None where the cell says nothing (empty, 无, -).
    """

    path: str
    label: str
    name: str
    level1: str
    level2: str
    indicator: Indicator
    target: Quantity | None
    actual: Quantity | None
    weight: Decimal | None
    score: Decimal | None
    reason: str | None
    assessment: Assessment

    @property
    def is_deducted(self) -> bool:
        """Whether the printed score is below the printed weight."""
        return self.weight is not None and self.score is not None and self.score < self.weight

    @property
    def is_full(self) -> bool:
        """Whether the printed score is the whole weight."""
        return self.weight is not None and self.weight > 0 and self.score == self.weight


@dataclass(slots=True)
class FormView:
    """The form, its rows parsed, and which cells are in doubt (`doubtful`: JSON pointers).

    `goal` and `result` are the compact texts of the goal block, "" where empty. `is_misused` marks a form whose value
    columns hold weights and scores: its answers are not judged. `slack` is how far each amount may have been rounded,
    `rate` the unrounded execution rate in per cent, which lies between `rate_low` and `rate_high`.
    """

    form: Form
    rules: RuleSet
    rows: tuple[Row, ...]
    goal: str
    result: str
    doubtful: frozenset[str]
    unreadable: frozenset[str]
    is_misused: bool
    slack: Decimal
    rate: Decimal | None
    rate_low: Decimal | None
    rate_high: Decimal | None

    def is_doubtful(self, *fields: str) -> bool:
        """Whether any of these cells was read with low confidence or not at all."""
        return bool(self.doubtful) and not self.doubtful.isdisjoint(fields)

    def is_unreadable(self, field: str) -> bool:
        """Whether the cell, or what it stands in, could not be read."""
        return bool(self.unreadable) and any(
            field == lost or field.startswith(f"{lost}/") or lost == "" for lost in self.unreadable
        )


def view_form(form: Form, rules: RuleSet) -> FormView:
    """Parse a form for the checks."""
    rows = tuple(_row(number, indicator, rules) for number, indicator in enumerate(form.indicators))
    unreadable = frozenset(item.field for item in form.unreadable)
    is_misused = _has_weights_as_values(rows)
    if is_misused:
        for row in rows:
            row.assessment = UNKNOWN
    slack = amount_slack(form)
    return FormView(
        form,
        rules,
        rows,
        compact(form.goal.expected or ""),
        compact(form.goal.actual or ""),
        _doubtful(form, rules, unreadable),
        unreadable,
        is_misused,
        slack,
        *_execution_rate(form, rules, slack),
    )


def _has_weights_as_values(rows: tuple[Row, ...]) -> bool:
    """Whether every target is its row's weight and every actual value its score, in points or without unit."""
    return len(rows) >= _FEWEST_MISUSED and all(
        row.target is not None
        and row.actual is not None
        and row.weight is not None
        and row.target.unit in _POINTS
        and row.actual.unit in _POINTS
        and row.target.sign is None
        and row.target.value == row.weight
        and row.actual.value == row.score
        for row in rows
    )


def _row(number: int, indicator: Indicator, rules: RuleSet) -> Row:
    name = compact_text(indicator.level3)
    target = _answer(indicator.target)
    actual = _answer(indicator.actual)
    reason = compact_text(indicator.reason)
    return Row(
        path=f"/indicators/{number}",
        label=quoted(indicator.level3) if indicator.level3 else f"第{number + 1}项指标",
        name=name,
        level1=class_name(indicator.level1),
        level2=class_name(indicator.level2),
        indicator=indicator,
        target=target,
        actual=actual,
        weight=indicator.weight,
        score=indicator.score,
        reason=None if _says_nothing(reason) else reason,
        assessment=assess(name, target, actual, rules),
    )


@lru_cache(maxsize=16384)
def _answer(text: str | None) -> Quantity | None:
    """Read a value; a cell with nothing but a dash or a stroke is empty."""
    return None if not text or _is_mark(text) else parse_quantity(text)


def _is_mark(text: str) -> bool:
    return not text.strip().strip(words()["empty_marks"])


def _says_nothing(reason: str) -> bool:
    return not reason or reason in member_of("blank_reasons") or _is_mark(reason)


def quoted(text: str) -> str:
    """Give a name in quotation marks, its own ones turned into inner ones."""
    return f"“{text.replace('“', '‘').replace('”', '’')}”"


@lru_cache(maxsize=16384)
def compact_text(text: str | None) -> str:
    """Give a short text in half-width characters without blanks; "" for none."""
    return compact(text) if text else ""


@lru_cache(maxsize=1024)
def class_name(text: str | None) -> str:
    """Give the name of a class or category without 指标 ("产出指标" is "产出"); "" for none."""
    return compact_text(text).removesuffix("指标")


def class_of(row: Row) -> str:
    """Give the class of a row: the one its category belongs to, else the printed one."""
    known: Mapping[str, str] = words()["categories"]
    return row.level1 if row.level1 == "成本" else known.get(row.level2, row.level1)


def _doubtful(form: Form, rules: RuleSet, unreadable: frozenset[str]) -> frozenset[str]:
    floor = float(rules.confidence_floor)
    low = {pointer for pointer, origin in form.origins.items() if origin.confidence < floor}
    for number, indicator in enumerate(form.indicators):
        if indicator.confidence < floor:
            path = f"/indicators/{number}"
            low.update((path, *(f"{path}/{cell}" for cell in _CELLS)))
    if are_rows_damaged(form, rules):
        low.update(("/indicators", "/total/weight", "/total/score", "/grade"))
        low.update(f"/indicators/{number}/{cell}" for number in range(len(form.indicators)) for cell in _CELLS)
    return frozenset(low) | unreadable


def _execution_rate(form: Form, rules: RuleSet, half: Decimal) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """Give executed ÷ budget in per cent, unrounded, with the bounds that the printed decimals leave open.

    None where an amount is missing, or where the printed rate shows the amounts to be in different units.
    """
    row = form.money.total
    base = row.initial if rules.rate_base == "initial" else row.budget
    if base is None or row.executed is None or base <= 0 or row.executed < 0:
        return None, None, None
    rate = row.executed / base * _HUNDRED
    if row.rate and is_unit_apart(row.rate, rate, rules):
        return None, None, None
    return rate, *rate_bounds(row.executed, base, own_slack(row.executed, half), own_slack(base, half))


def is_unit_apart(printed: Decimal, rate: Decimal, rules: RuleSet) -> bool:
    """Whether a printed rate is the computed one with one of the amounts in yuan, the other in ten thousand yuan."""
    near = max(printed / _HUNDRED, own_slack(printed, _HALF_UNITS[0]))
    return any(abs(rate * factor - printed) <= near for factor in (rules.unit_ratio, 1 / rules.unit_ratio))


def rate_bounds(executed: Decimal, base: Decimal, slack: Decimal, base_slack: Decimal) -> tuple[Decimal, Decimal]:
    """Give the lowest and highest rate in per cent of amounts that may be off by their slack."""
    low = max(executed - slack, Decimal(0)) / (base + base_slack) * _HUNDRED
    high = (executed + slack) / (base - base_slack) * _HUNDRED if base > base_slack else executed / base * _HUNDRED
    return low, high


def own_slack(amount: Decimal, half: Decimal) -> Decimal:
    """Give how far this amount may be rounded by its own decimals; one without decimals has dropped its zeros."""
    digits = decimals_of(amount)
    return _HALF_UNITS[min(digits, 12)] if digits else half


def amount_slack(form: Form) -> Decimal:
    """Give half a unit of the last place that the form's amounts are printed with: how far each may be rounded."""
    money = form.money
    places = 0
    for row in (money.total, money.fiscal, money.carried_over, money.other):
        for amount in (row.initial, row.budget, row.executed):
            if amount is not None and (digits := decimals_of(amount)) > places:
                places = digits
    return _HALF_UNITS[min(places, 12)]
