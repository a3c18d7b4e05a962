"""Every class of the rules has its wording, and every wording rests on a setting or a principle."""

import re
import string

from chengshu.performance.rules.checking import CHECKS
from chengshu.performance.rules.notices import notices
from chengshu.performance.rules.rulesets import get_rule_set

CLASSES = {
    "WEIGHT_SUM",
    "TOTAL_WRONG",
    "RATE_WRONG",
    "RATE_SCORE_WRONG",
    "RATE_BASE",
    "COMPONENT_SUM",
    "UNIT",
    "SCORE_OVER",
    "SCORE_UNDER",
    "SCORE_MET_BUT_DEDUCTED",
    "SCORE_ABOVE_WEIGHT",
    "SCORE_INCONSISTENT",
    "REASON_MISSING",
    "REASON_BOILERPLATE",
    "OFF_POINT",
    "TAUTOLOGY",
    "TARGET_MISSING",
    "ACTUAL_MISSING",
    "TARGET_LOW",
    "TARGET_ECHO",
    "TYPE_MISMATCH",
    "ACTUAL_IS_RANGE",
    "ACTUAL_OFF_SCALE",
    "UNIT_MISMATCH",
    "UNMEASURABLE",
    "INDICATOR_PLACEHOLDER",
    "DUPLICATED",
    "MISCLASSIFIED",
    "WEIGHT_NONSTANDARD",
    "NO_SATISFACTION",
    "MISSING_CLASS",
    "GOAL_COPIED",
    "GOAL_REUSED",
    "COPIED_INDICATORS",
    "COPIED_ACTUALS",
    "GOAL_WITHOUT_INDICATOR",
    "ITEM_UNREPORTED",
    "CROSS_FORM_CONFLICT",
    "BUDGET_SWING",
    "BUDGET_RESET",
    "LOW_EXECUTION_UNEXPLAINED",
    "CONTRADICTION",
    "GRADE_WRONG",
    "YEAR_MISMATCH",
    "NAME_MISSING",
    "COLUMN_MISUSED",
    "NOT_FILLED",
    "UNREADABLE",
    "DUPLICATE",
}
ACROSS = {"DUPLICATE", "GOAL_REUSED", "COPIED_INDICATORS", "COPIED_ACTUALS", "CROSS_FORM_CONFLICT", "BUDGET_RESET"}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_words_every_class_and_no_other() -> None:
    assert {notice.code for notice in notices().values()} == CLASSES


def test_rests_every_notice_on_a_setting() -> None:
    rules = get_rule_set("national-2020")
    assert all("依据：" in rules.basis_of(notice.basis) for notice in notices().values())


def test_lists_every_class_of_one_form_among_the_checks() -> None:
    assert {code for named, _ in CHECKS for code in named.split()} == CLASSES - ACROSS


def test_writes_like_a_clerk() -> None:
    for key, notice in notices().items():
        assert notice.zh.endswith("。"), key
        assert notice.en.endswith("."), key
        assert not re.search(r"[!！]", notice.zh + notice.en), key


def test_names_in_english_no_fact_that_the_chinese_lacks() -> None:
    translated = {"column_en": "column", "label_en": "label"}
    for key, notice in notices().items():
        assert {translated.get(name, name) for name in fields(notice.en)} <= fields(notice.zh), key
