"""Re-scoring follows the formulas; expected scores are worked out apart, with fractions."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from performance.rules.building import ROWS, SHANGHAI, a_form, check, money, row

from chengshu.performance.contracts import RescoredLine, Total
from chengshu.performance.rules.rulesets import get_rule_set

HUBEI = get_rule_set("hubei-2020")


def line(target: str, actual: str, points: str = "10", name: str = "某项指标") -> RescoredLine:
    form = a_form([row("数量", name, target, actual, points)])
    return check(form).rescored.lines[1]


def half_up(value: Fraction, digits: int = 2) -> Decimal:
    """Independent of the code under test: whole-number arithmetic."""
    scaled = value * 10**digits
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole).scaleb(-digits)


@pytest.mark.parametrize(
    ("target", "actual", "weight", "expected"),
    [
        ("≥90%", "80%", "10", half_up(Fraction(80, 90) * 10)),
        ("≥90%", "70%", "15", half_up(Fraction(70, 90) * 15)),
        (">95%", "90%", "15", half_up(Fraction(90, 95) * 15)),
        ("≥5000人", "1669人次", "10", half_up(Fraction(1669, 5000) * 10)),
        ("100%", "92%", "10", Decimal("9.20")),
        ("≥50万条", "530000条", "10", Decimal("10.00")),
        ("≥3套", "1套", "5", half_up(Fraction(1, 3) * 5)),
        ("≥90%", "-5%", "10", Decimal(0)),
        ("6项", "6", "10", Decimal("10.00")),
    ],
)
def test_scores_positive_targets_in_proportion(target: str, actual: str, weight: str, expected: Decimal) -> None:
    assert line(target, actual, weight).score == expected


def test_uses_the_excess_formula_where_the_rule_set_says_so() -> None:
    assert line("≤5%", "7.5%").score == Decimal("5.00")
    assert line("≤5%", "10%").score == 0
    assert line("≤5%", "12%").score == 0
    assert line("≤5%", "5%").score == 10


def test_uses_the_older_reverse_formula_for_hubei() -> None:
    form = a_form([row("质量", "某项指标", "≤5%", "7.5%", "10")])
    assert check(form, HUBEI).rescored.lines[1].score == half_up(Fraction(5 * 10 * 10, 75))


@pytest.mark.parametrize(
    ("target", "actual", "expected"),
    [("0%", "0%", 10), ("=0.00(次)", "1.00(次)", 0), ("≥0", "3", 10), ("≤0次", "2次", 0)],
)
def test_scores_a_target_of_nothing_all_or_none(target: str, actual: str, expected: int) -> None:
    assert line(target, actual).score == expected


@pytest.mark.parametrize(
    ("target", "actual", "score", "expected"),
    [
        ("及时", "及时", "9", "9"),
        ("及时", "及时", "7", "8.00"),
        ("提升", "基本完成", "7", "7"),
        ("提升", "基本完成", "10", "7.99"),
        ("提升", "部分达成", "5", "6.00"),
        ("健全", "未完成", "6", "5.99"),
        ("健全", "不健全", "3", "3"),
        ("合同工期内完工", "达成指标", "10", "10"),
    ],
)
def test_keeps_qualitative_scores_within_their_band(target: str, actual: str, score: str, expected: str) -> None:
    assert line(target, actual, f"{score}/10").score == Decimal(expected)


def test_rounds_figures_of_any_length() -> None:
    assert line("≥1", "9" * 30).score == 10
    assert line("≥" + "9" * 30, "1").score == 0


@pytest.mark.parametrize(
    ("target", "actual", "expected"),
    [("60%~80%", "70%", "10.00"), ("60%~80%", "30%", "5.00"), ("3-5家", "5家", "10.00")],
)
def test_scores_range_targets(target: str, actual: str, expected: str) -> None:
    assert line(target, actual).score == Decimal(expected)


def test_gives_full_score_for_a_kept_deadline() -> None:
    assert line("2021年12月31日前完成", "2021年11月").score == 10


@pytest.mark.parametrize(
    ("target", "actual"),
    [
        ("≥90%", "基本完成"),
        ("完善", "100%"),
        ("24小时/天", "8760小时/年"),
        ("≥90%", "0.95"),
        ("2021年6月30日前", "2021年7月15日"),
    ],
)
def test_keeps_the_printed_score_where_no_formula_fits_and_says_so(target: str, actual: str) -> None:
    kept = line(target, actual, "6.5/10")
    assert kept.score == Decimal("6.5")
    assert "保留原得分" in kept.why
    assert "kept" in kept.why_en


def test_does_not_guess_the_direction_of_an_unsigned_failure_rate() -> None:
    assert line("5%", "3%", points="8/10", name="系统故障率").score == 8
    assert line("5%", "7%", points="8/10", name="系统故障率").score == 8


def test_scores_execution_from_the_unrounded_rate() -> None:
    form = a_form(money=money("51562685.00", initial="51565764.00", budget="51565764.00", rate="92.64", score="9.26"))
    assert check(form).rescored.lines[0].score == half_up(Fraction(51562685, 51565764) * 10)


def test_caps_the_execution_score_at_its_weight() -> None:
    form = a_form(money=money("1200000.00", rate="120.00", score="12.00"))
    assert check(form).rescored.lines[0].score == 10


def test_adds_up_the_lines_and_compares_grades() -> None:
    rows = [*ROWS[:-1], row("服务对象满意度", "使用者满意度", "≥90%", "45%", "10")]
    rescored = check(a_form(rows)).rescored
    assert rescored.total == Decimal(95)
    assert (rescored.grade, rescored.changed) == ("优", False)
    rows[0] = row("数量", "维护系统数量", "≥12套", "6套", "15")
    rescored = check(a_form(rows)).rescored
    assert rescored.total == Decimal("87.50")
    assert (rescored.grade, rescored.printed_grade, rescored.changed) == ("良", "优", True)


def test_gives_no_total_where_a_line_has_neither_rule_nor_score() -> None:
    rows = [*ROWS[:-1], row("服务对象满意度", "使用者满意度", "≥90%", "满意", "/10")]
    rescored = check(a_form(rows, total=Total(Decimal(100), Decimal(90)))).rescored
    assert (rescored.total, rescored.grade, rescored.changed) == (None, None, False)


def test_keeps_the_execution_score_where_an_amount_is_missing() -> None:
    block = money()
    form = a_form(money=replace(block, total=replace(block.total, executed=None)))
    assert check(form).rescored.lines[0].score == block.total.score


def test_never_changes_a_right_form() -> None:
    checked = check(a_form())
    assert checked.rules == SHANGHAI.name
    assert checked.rescored.total == 100
    assert all(entry.score == entry.printed for entry in checked.rescored.lines)
