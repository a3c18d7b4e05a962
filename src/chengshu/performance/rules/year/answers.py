"""A measured share as the answer to a target in words, by the bands that the rules score such answers by."""

from decimal import Decimal

from chengshu.base.quantities import find_figures
from chengshu.performance.rules.rulesets import RuleSet

MET, PARTLY_MET, NOT_MET = "达成指标", "部分达成", "未达成"
_WHOLE = Decimal(100)


def is_in_words(target: str) -> bool:
    """Tell whether a target names no figure that a measured one could be held against: 高, 健全, 建立监管机制."""
    return bool(target.strip()) and next(find_figures(target), None) is None


def answer_in_words(per_cent: Decimal, rules: RuleSet) -> str:
    """Say what a measured share of 0 to 100 makes of a target in words: met from the upper band's floor on."""
    met, partly = rules.qualitative_bands
    if per_cent >= met * _WHOLE:
        return MET
    return PARTLY_MET if per_cent >= partly * _WHOLE else NOT_MET
