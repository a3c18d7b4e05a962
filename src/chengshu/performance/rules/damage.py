"""Signs that the rows of a form were not read as they stand on the paper."""

from chengshu.base.quantities import Kind, parse_quantity
from chengshu.base.quantities.units import unit_table
from chengshu.performance.contracts import Form
from chengshu.performance.rules.rulesets import RuleSet
from chengshu.performance.rules.sums import accepted_weights, is_summed, sum_scores, sum_weights


def are_rows_damaged(form: Form, rules: RuleSet) -> bool:
    """Whether a form from paper shows rows that are none, or sums that fail together.

    A unit that fills in a wrong weight still adds up its scores, and one that adds up wrongly still has a hundred
    points of weights; where neither holds, rows were lost or shifted in reading. Forms from data are not doubted.
    """
    if not form.origins:
        return False
    return any(_is_no_name(row.level3) for row in form.indicators) or _are_sums_lost(form, rules)


def _is_no_name(name: str | None) -> bool:
    """Whether a name is a value, a unit or a sign: what slips into the column when cells shift."""
    read = parse_quantity(name) if name else None
    if read is None:
        return False
    return (read.value is not None and read.kind is not Kind.DATE) or read.text in unit_table()["conversions"]


def _are_sums_lost(form: Form, rules: RuleSet) -> bool:
    weights = sum_weights(form)
    if weights is None or weights in accepted_weights(form, rules):
        return False
    summed, printed = sum_scores(form), form.total.score
    return summed is None or printed is None or not is_summed(printed, summed)
