"""The two sums that hold a form together: its weights and its scores, execution rate included."""

from collections.abc import Iterable
from decimal import Decimal

from chengshu.performance.contracts import Form
from chengshu.performance.rules.rounding import cut, decimals_of, round_half_up
from chengshu.performance.rules.rulesets import RuleSet

_ZERO = Decimal(0)
_USUAL_POINTS = (Decimal(10), Decimal(20))  # what the execution rate counts where a form does not say


def sum_scores(form: Form) -> Decimal | None:
    """Give the sum of the printed scores with the execution rate's; None where one of them is not there."""
    money = form.money.total
    if money.score is None and money.weight is not None:
        return None
    return _sum_whole((row.score for row in form.indicators), money.score or _ZERO)


def sum_weights(form: Form) -> Decimal | None:
    """Give the sum of the weights, with the execution rate's where the total counts it; None where one is missing."""
    counted = form.money.total.weight if counts_execution(form) else None
    return _sum_whole((row.weight for row in form.indicators), counted or _ZERO)


def _sum_whole(values: Iterable[Decimal | None], start: Decimal) -> Decimal | None:
    given = list(values)
    present = [value for value in given if value is not None]
    return sum(present, start) if given and len(present) == len(given) else None


def counts_execution(form: Form) -> bool:
    """Whether the total row takes in the execution rate: by its score where that decides, else by having a weight."""
    money = form.money.total
    if money.weight is None:
        return False
    summed = sum_scores(form)
    return not money.score or summed is None or form.total.score != summed - money.score


def accepted_weights(form: Form, rules: RuleSet) -> frozenset[Decimal]:
    """Give the sums of weights that are right: the full score, or that without the execution rate's points."""
    if counts_execution(form):
        return frozenset({rules.full_score})
    without = (rules.full_score - points for points in (*_USUAL_POINTS, rules.execution_points))
    return frozenset({rules.full_score, *without})


def is_summed(printed: Decimal, summed: Decimal) -> bool:
    """Whether a printed total is the sum, or the sum at fewer decimals."""
    digits = decimals_of(printed)
    if printed == summed:
        return True
    return digits < decimals_of(summed) and printed in {round_half_up(summed, digits), cut(summed, digits)}


def possible_points(form: Form, rules: RuleSet) -> tuple[Decimal, ...]:
    """Give what the execution rate may count, likeliest first: as printed, else by rule, by what is left, as usual."""
    printed = form.money.total.weight
    if printed is not None:
        return (printed,)
    weights = _sum_whole((row.weight for row in form.indicators), _ZERO)
    left = () if weights is None or not rules.full_score - weights > _ZERO else (rules.full_score - weights,)
    return (rules.execution_points, *left, *_USUAL_POINTS)
