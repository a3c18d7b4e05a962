"""A measurement as it is printed in the line of the promise that it answers."""

from chengshu.kernel.indicators import facade as indicators
from chengshu.kernel.indicators.facade import Direction, Measurement
from chengshu.performance.rules.rulesets import RuleSet
from chengshu.performance.rules.year.answers import answer_in_words, is_in_words

_SHARE = "%"


def write_value(kept: Measurement, target: str, rules: RuleSet) -> str:
    """Write a measured value: its digits without idle zeros, and its unit; "" where nothing was counted.

    To a target in words a share of which more is better answers in words, by the bands of the rules; the share itself
    stands in the measurement.
    """
    if kept.value is None:
        return ""
    if kept.unit == _SHARE and is_in_words(target):
        spec = indicators.get_spec(kept.key)
        if spec.direction is Direction.UP:
            return answer_in_words(kept.value, rules)
    return f"{indicators.plain_decimal(kept.value)}{kept.unit}"
