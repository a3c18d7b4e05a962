"""A measured share answers a target in words by the bands that the rules score such answers by."""

from decimal import Decimal

import pytest

from chengshu.performance.rules.assessment import Outcome, judge_answer
from chengshu.performance.rules.rulesets import get_rule_set
from chengshu.performance.rules.year.answers import answer_in_words, is_in_words

RULES = get_rule_set("shanghai-2024")


@pytest.mark.parametrize(
    ("share", "answer", "outcome"),
    [
        ("100", "达成指标", Outcome.WORDS_MET),
        ("80", "达成指标", Outcome.WORDS_MET),
        ("79.99", "部分达成", Outcome.WORDS_PARTIAL),
        ("60", "部分达成", Outcome.WORDS_PARTIAL),
        ("59.99", "未达成", Outcome.WORDS_UNMET),
        ("0", "未达成", Outcome.WORDS_UNMET),
    ],
)
def test_the_answer_is_scored_in_the_band_of_the_share(share: str, answer: str, outcome: Outcome) -> None:
    assert answer_in_words(Decimal(share), RULES) == answer
    assert judge_answer("高", answer) is outcome


@pytest.mark.parametrize(
    ("target", "is_worded"),
    [
        ("高", True),
        ("建立监管机制，促进工作的规范化；构筑管理体系，促进项目管理", True),
        ("≥95.00(%)", False),
        ("48小时内", False),
        ("完成3项制度", False),
        ("", False),
    ],
)
def test_a_target_without_a_figure_is_one_in_words(target: str, is_worded: bool) -> None:  # noqa: FBT001 - a case
    assert is_in_words(target) is is_worded
