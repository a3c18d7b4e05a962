"""The money block: what is arithmetic, what is rounding, what needs a word."""

from dataclasses import replace
from decimal import Decimal

import pytest
from performance.rules.building import a_form, amounts, check, codes, grave, money, only

from chengshu.performance.contracts import Form, Goal, Level
from chengshu.performance.rules.rulesets import get_rule_set

MONEY_CODES = {"RATE_WRONG", "RATE_BASE", "RATE_SCORE_WRONG", "UNIT", "COMPONENT_SUM", "SCORE_ABOVE_WEIGHT"}


def spent(executed: str, budget: str, rate: str, score: str, *, unit: str = "元", initial: str | None = None) -> Form:
    block = money(executed, initial=initial or budget, budget=budget, rate=rate, score=score)
    return a_form(money=block, money_unit=unit)


def test_a_right_form_has_no_finding_at_all() -> None:
    assert codes(a_form()) == set()


@pytest.mark.parametrize(
    ("executed", "budget", "rate", "score", "unit"),
    [
        ("42456311.08", "42546380.00", "99.79", "9.98", "元"),
        ("180502000.00", "180505000.00", "100.00", "10", "元"),
        ("18945679.19", "25004698.00", "75.77", "7.58", "元"),
        ("128.76", "128.77", "99.99", "10.00", "万元"),
        ("644.60", "726.63", "88.71", "8.87", "万元"),
        ("403.70", "403.70", "100", "10", "万元"),
        ("0.00", "10.50", "0.00", "0.00", "万元"),
    ],
)
def test_finds_nothing_in_a_rounded_rate_and_its_score(
    executed: str, budget: str, rate: str, score: str, unit: str
) -> None:
    assert codes(spent(executed, budget, rate, score, unit=unit)).isdisjoint(MONEY_CODES)


def only_levels(form: Form, code: str) -> set[Level]:
    return {finding.level for finding in check(form).findings if finding.code == code}


def test_reports_a_rate_that_no_rounding_explains() -> None:
    form = spent("51562685.00", "51565764.00", "92.64", "9.26")
    finding = only(form, "RATE_WRONG")
    assert (finding.level, finding.field) == (Level.ERROR, "/money/total/rate")
    assert (finding.printed, finding.expected) == ("92.64", "99.99")
    assert "51,562,685.00" in finding.message
    assert "national-2020" not in finding.basis
    assert finding.basis.startswith("shanghai-2021：")


def test_reports_the_score_of_a_wrong_rate_too() -> None:
    finding = only(spent("51562685.00", "51565764.00", "92.64", "9.26"), "RATE_SCORE_WRONG")
    assert (finding.level, finding.printed, finding.expected) == (Level.ERROR, "9.26", "10.00")


@pytest.mark.parametrize(
    ("executed", "budget", "rate", "unit", "word"),
    [
        ("864.43", "912.55", "94.72", "万元", "截去尾数"),
        ("355.50", "355.51", "99.99", "万元", "按未取整的金额核对"),
        ("71503177.00", "71687531.00", "99.75", "元", "进位"),
        ("71503177.00", "71687531.00", "99.73", "元", "末位一个单位"),
    ],
)
def test_only_hints_at_a_rate_cut_or_off_by_one_in_the_last_place(
    executed: str, budget: str, rate: str, unit: str, word: str
) -> None:
    score = f"{Decimal(executed) / Decimal(budget) * 10:.2f}"
    finding = only(spent(executed, budget, rate, score, unit=unit), "RATE_WRONG")
    assert finding.level is Level.HINT
    assert word in finding.message


def test_allows_what_the_rounding_of_ten_thousands_leaves_open() -> None:
    # 0.05/0.15 lies anywhere between 29.03 % and 37.93 % once both are rounded to 100 yuan.
    assert "RATE_WRONG" not in codes(spent("0.05", "0.15", "35.00", "3.50", unit="万元"))
    assert "RATE_WRONG" in codes(spent("0.05", "0.15", "40.00", "4.00", unit="万元"))


def test_names_the_initial_budget_as_the_wrong_denominator() -> None:
    form = spent("700000.00", "900000.00", "70.00", "7.00", initial="1000000.00")
    finding = only(form, "RATE_BASE")
    assert (finding.level, finding.expected) == (Level.ERROR, "77.78")
    assert "RATE_WRONG" not in codes(form)


def test_names_the_unit_where_ten_thousand_explains_the_rate() -> None:
    finding = only(spent("98.00", "1000000.00", "98.00", "9.80"), "UNIT")
    assert finding.level is Level.ERROR


def test_blames_the_unit_and_not_the_score_that_was_right_before() -> None:
    form = spent("70.00", "1000000.00", "70.00", "7.00")
    assert only(form, "UNIT").level is Level.ERROR
    assert codes(form).isdisjoint({"RATE_SCORE_WRONG", "LOW_EXECUTION_UNEXPLAINED", "RATE_WRONG"})


def test_names_the_unit_though_ten_thousands_are_rounded() -> None:
    block = money(executed="840352.65", budget="840352.65", initial="840352.65")
    total = replace(block.total, initial=Decimal("84.04"), budget=Decimal("84.04"), executed=Decimal("84.04"))
    form = a_form(money=replace(block, total=total))
    assert "COMPONENT_SUM" not in codes(form)
    assert "UNIT" in codes(form)


def test_proves_no_rounding_with_the_decimals_of_another_column() -> None:
    # The budget is rounded to a hundred yuan, only the executed amounts are exact.
    form = spent("0.333333", "0.33", "99.98", "10.00", unit="万元")
    assert only_levels(form, "RATE_WRONG") <= {Level.HINT}
    block = money("98.123456", initial="100.00", budget="100.00", rate="98.12", score="9.81")
    parts = replace(block, fiscal=amounts("33.33", "33.33", "98.123456"), other=amounts("66.66", "66.66", "0"))
    assert only_levels(a_form(money=parts, money_unit="万元"), "COMPONENT_SUM") == {Level.HINT}


def test_hints_at_a_rate_printed_as_a_fraction() -> None:
    form = spent("98765.00", "100000.00", "0.99", "9.88")
    assert only(form, "UNIT").level is Level.HINT


def test_accepts_a_score_from_the_printed_rate() -> None:
    assert "RATE_SCORE_WRONG" not in codes(spent("8764.96", "10000.00", "87.65", "8.77"))


@pytest.mark.parametrize("score", ["9.87", "19.74"])
def test_accepts_either_usual_weight_of_execution_where_none_is_printed(score: str) -> None:
    block = money("987200.00", rate="98.72", score=score)
    form = a_form(money=replace(block, total=replace(block.total, weight=None)))
    assert "RATE_SCORE_WRONG" not in codes(form, get_rule_set("hubei-2020"))
    assert "WEIGHT_SUM" not in codes(form, get_rule_set("hubei-2020"))


def test_reports_a_score_that_follows_from_neither_rate() -> None:
    finding = only(spent("900000.00", "1000000.00", "90.00", "10.00"), "RATE_SCORE_WRONG")
    assert (finding.level, finding.expected) == (Level.ERROR, "9.00")


def test_takes_a_score_above_the_points_as_an_error() -> None:
    form = spent("1200000.00", "1000000.00", "120.00", "12.00")
    assert only(form, "SCORE_ABOVE_WEIGHT").field == "/money/total/score"


def test_reports_components_that_do_not_add_up() -> None:
    block = money()
    form = a_form(money=replace(block, other=amounts("0", "50000.00", "0")))
    finding = only(form, "COMPONENT_SUM")
    assert (finding.level, finding.field, finding.expected) == (Level.ERROR, "/money/total/budget", "1050000.00")


def test_only_hints_at_a_missing_part_where_more_rows_may_stand() -> None:
    block = money()
    parts = replace(block, fiscal=amounts("900000.00", "900000.00", "900000.00"), carried_over=amounts("0", "0", "0"))
    form = a_form(money=replace(parts, other=amounts("0", "0", "0")))
    assert grave(form, get_rule_set("national-2020")) == []
    assert len(grave(form)) == 3


def test_only_hints_at_low_execution_where_the_reason_may_stand_elsewhere() -> None:
    form = spent("644.60", "726.63", "88.71", "8.87", unit="万元")
    assert only(form, "LOW_EXECUTION_UNEXPLAINED", get_rule_set("sichuan-2023")).level is Level.HINT


def test_only_hints_where_part_of_the_column_is_empty() -> None:
    block = money()
    form = a_form(money=replace(block, fiscal=amounts("900000.00", "1000000.00", "1000000.00")))
    finding = only(form, "COMPONENT_SUM")
    assert (finding.level, finding.field) == (Level.HINT, "/money/total/initial")


def test_only_hints_where_the_fiscal_row_seems_shifted() -> None:
    block = money()
    form = a_form(money=replace(block, fiscal=amounts(None, "1000000.00", "1070000.00")))
    assert grave(form) == []
    assert "COMPONENT_SUM" in codes(form)


def test_only_hints_where_a_part_was_spent_that_had_no_budget() -> None:
    block = money()
    form = a_form(money=replace(block, carried_over=amounts("0", "0", "10000"), other=amounts("0", "0", "0")))
    assert only(form, "COMPONENT_SUM").level is Level.HINT


def test_only_hints_at_sums_off_by_the_rounding_of_ten_thousands() -> None:
    block = money("100.00", initial="100.00", budget="100.00")
    parts = replace(block, fiscal=amounts("60.00", "60.00", "60.00"), carried_over=amounts("40.01", "40.01", "40.01"))
    form = a_form(money=replace(parts, other=amounts("0.00", "0.00", "0.00")), money_unit="万元")
    assert grave(form) == []
    assert "COMPONENT_SUM" in codes(form)


def test_names_mixed_units_between_total_and_parts() -> None:
    block = money()
    form = a_form(money=replace(block, fiscal=amounts("100.00", "1000000.00", "1000000.00")))
    assert only(form, "UNIT").field == "/money/total/initial"
    assert "COMPONENT_SUM" not in codes(form)


def test_asks_for_the_reason_of_low_execution() -> None:
    finding = only(spent("644.60", "726.63", "88.71", "8.87", unit="万元"), "LOW_EXECUTION_UNEXPLAINED")
    assert (finding.level, finding.printed) == (Level.BREACH, "88.71")


def test_only_hints_at_low_execution_where_a_delay_may_be_the_reason() -> None:
    form = replace(
        spent("644.60", "726.63", "88.71", "8.87", unit="万元"), goal=Goal("全年维护系统不少于12套", "工期顺延到六月。")
    )
    assert only(form, "LOW_EXECUTION_UNEXPLAINED").level is Level.HINT


@pytest.mark.parametrize("words", ["受招标节约影响，预算执行率较低。", "尾款按合同约定跨年支付。"])
def test_is_content_when_low_execution_is_explained(words: str) -> None:
    form = replace(spent("644.60", "726.63", "88.71", "8.87", unit="万元"), goal=Goal("全年维护系统不少于12套", words))
    assert "LOW_EXECUTION_UNEXPLAINED" not in codes(form)


@pytest.mark.parametrize(
    ("initial", "budget", "swings"),
    [("100", "111", True), ("100", "110", False), ("100", "89", True), ("0", "50", True)],
)
def test_hints_at_budgets_moved_by_more_than_a_tenth(initial: str, budget: str, swings: bool) -> None:  # noqa: FBT001 - a parameter of the table
    form = spent(budget, budget, "100.00", "10.00", initial=initial)
    assert ("BUDGET_SWING" in codes(form)) is swings
    assert grave(form) == []


def test_hints_at_text_amounts_of_another_unit() -> None:
    goal = Goal("项目预算100万元，全年维护系统不少于12套，保证验收合格、按时完成、使用者满意。", "维护13套。")
    assert "UNIT" not in codes(a_form(goal=goal))
    wrong = Goal("项目预算100元，全年维护系统不少于12套，保证验收合格、按时完成、使用者满意。", "维护13套。")
    assert only(a_form(goal=wrong), "UNIT").field == "/goal/expected"
    other = Goal("项目预算70万元，全年维护系统不少于12套，保证验收合格、按时完成、使用者满意。", "维护13套。")
    assert only(a_form(goal=other), "UNIT").level is Level.HINT


def test_divides_by_the_initial_budget_where_the_rule_set_says_so() -> None:
    rules = replace(get_rule_set("national-2020"), rate_base="initial")
    form = spent("700000.00", "900000.00", "70.00", "7.00", initial="1000000.00")
    assert codes(form, rules).isdisjoint(MONEY_CODES)


def test_says_nothing_of_amounts_that_are_absent() -> None:
    block = money()
    empty = replace(block, total=replace(block.total, budget=None, executed=None))
    assert codes(a_form(money=empty)).isdisjoint(MONEY_CODES)
