"""Scores against what the answers are worth."""

from decimal import Decimal

import pytest
from performance.rules.building import ROWS, a_form, check, codes, grave, only, row

from chengshu.performance.contracts import Finding, Form, Indicator, Level

SCORE_CODES = {"SCORE_OVER", "SCORE_UNDER", "SCORE_MET_BUT_DEDUCTED", "SCORE_ABOVE_WEIGHT", "SCORE_INCONSISTENT"}


def bent(indicator: Indicator) -> Form:
    """A form whose first row is this one."""
    return a_form([indicator, *ROWS[1:]])


def finding_of(target: str, actual: str, points: str, code: str, reason: str | None = None) -> Finding:
    return only(bent(row("数量", "设备维护数量", target, actual, points, reason=reason)), code)


@pytest.mark.parametrize(
    ("target", "actual", "points", "expected"),
    [("≥180批次", "105批次", "8/10", "5.83"), ("≥5000人", "1669人次", "8/10", "3.34"), ("≥90%", "80%", "10", "8.89")],
)
def test_reports_unmet_targets_scored_above_proportion(target: str, actual: str, points: str, expected: str) -> None:
    finding = finding_of(target, actual, points, "SCORE_OVER", "受活动减少影响")
    assert (finding.level, finding.field, finding.expected) == (Level.BREACH, "/indicators/0/score", expected)


def test_accepts_a_proportion_rounded_at_the_printed_decimals() -> None:
    assert codes(bent(row("数量", "设备维护数量", "100%", "76%", "8/10", reason="设备维护停机"))).isdisjoint(
        SCORE_CODES
    )
    assert codes(bent(row("数量", "设备维护数量", "≥90%", "80%", "8.89/10", reason="设备维护停机"))).isdisjoint(
        SCORE_CODES
    )


@pytest.mark.parametrize(("actual", "points", "expected"), [("80%", "6.00/10", "8.89"), ("70%", "10/15", "11.67")])
def test_only_notes_scores_below_proportion(actual: str, points: str, expected: str) -> None:
    finding = finding_of("≥90%", actual, points, "SCORE_UNDER", "受设备停机影响")
    assert (finding.level, finding.expected) == (Level.HINT, expected)


def test_lets_the_other_reverse_formula_pass_as_a_hint() -> None:
    assert finding_of("≤5%", "7.5%", "6.67/10", "SCORE_OVER", "设备老化").level is Level.HINT
    assert finding_of("≤5%", "7.5%", "8/10", "SCORE_OVER", "设备老化").level is Level.BREACH
    assert codes(bent(row("数量", "设备维护数量", "≤5%", "7.5%", "5/10", reason="设备老化"))).isdisjoint(SCORE_CODES)


@pytest.mark.parametrize(
    ("target", "actual"),
    [
        ("≥95.00(%)", "98.00(%)"),
        ("=100.00(%)", "100.00(%)"),
        ("≤2.00(ms)", "1.50(ms)"),
        ("≥500.00(个)", "524.00(个)"),
        ("0%", "0%"),
    ],
)
def test_reports_points_taken_off_a_met_target_without_a_reason(target: str, actual: str) -> None:
    finding = finding_of(target, actual, "9/10", "SCORE_MET_BUT_DEDUCTED")
    assert (finding.level, finding.expected) == (Level.BREACH, "10")


@pytest.mark.parametrize(("target", "actual", "points"), [("12次", "14次", "9/10"), ("=80(个)", "85(个)", "9/10")])
def test_only_hints_where_no_sign_tells_that_more_is_better(target: str, actual: str, points: str) -> None:
    assert finding_of(target, actual, points, "SCORE_MET_BUT_DEDUCTED").level is Level.HINT


@pytest.mark.parametrize(
    ("target", "actual"), [("5天", "8天"), ("5天", "3天"), ("100万元", "120万元"), ("100万元", "80万元")]
)
def test_judges_no_unsigned_duration_or_cost(target: str, actual: str) -> None:
    assert codes(bent(row("数量", "设备维护数量", target, actual, "7/10", reason="设备维护停机"))).isdisjoint(
        SCORE_CODES
    )


@pytest.mark.parametrize(
    ("target", "actual"),
    [
        ("不发生安全事故", "未发生"),
        ("持续提升", "不断提升"),
        ("无投诉", "未出现投诉"),
        ("95", "0.97"),
        ("0.95", "97"),
        ("0%", "3%"),
    ],
)
def test_takes_no_answer_for_a_failure_that_is_none(target: str, actual: str) -> None:
    assert grave(bent(row("数量", "收入增长率", target, actual, "15"))) == []


def test_only_hints_at_a_score_that_was_rounded_further() -> None:
    assert finding_of("≥90%", "80%", "8.90/10", "SCORE_OVER", "设备停机").level is Level.HINT
    assert finding_of("≥90%", "80%", "9.00/10", "SCORE_OVER", "设备停机").level is Level.HINT
    assert finding_of("≥90%", "80%", "9.10/10", "SCORE_OVER", "设备停机").level is Level.BREACH


def test_only_hints_where_a_reason_was_given() -> None:
    assert finding_of("100%", "100%", "8/10", "SCORE_MET_BUT_DEDUCTED", "设备维护响应不够快").level is Level.HINT


def test_leaves_qualitative_scores_inside_their_band_alone() -> None:
    assert codes(bent(row("数量", "设备维护数量", "提升", "达成指标", "13/15"))).isdisjoint(SCORE_CODES)


def test_judges_qualitative_scores_outside_their_band() -> None:
    assert finding_of("提升", "达成指标", "11/15", "SCORE_MET_BUT_DEDUCTED").level is Level.HINT
    assert finding_of("健全", "基本完成", "10", "SCORE_OVER").level is Level.HINT
    assert finding_of("健全", "部分达成", "5/10", "SCORE_UNDER").level is Level.HINT
    assert finding_of("健全", "未完成", "8/10", "SCORE_OVER").level is Level.BREACH


@pytest.mark.parametrize(
    ("target", "actual"),
    [("≥90%", "基本完成"), ("24小时/天", "8760小时/年"), ("≥90%", "≥80%"), ("≥90%", "0.95"), ("完善", "100%")],
)
def test_judges_no_score_that_cannot_be_computed(target: str, actual: str) -> None:
    judged = {"SCORE_OVER", "SCORE_UNDER", "SCORE_MET_BUT_DEDUCTED"}
    assert codes(bent(row("数量", "设备维护数量", target, actual, "7/10", reason="设备维护停机"))).isdisjoint(judged)


@pytest.mark.parametrize(("points", "field"), [("12/10", "/indicators/0/score"), ("-1/10", "/indicators/0/score")])
def test_reports_scores_outside_their_weight(points: str, field: str) -> None:
    finding = finding_of("≥90%", "93%", points, "SCORE_ABOVE_WEIGHT")
    assert (finding.level, finding.field) == (Level.ERROR, field)


def test_notes_the_same_completion_with_different_shares() -> None:
    rows = [
        row("数量", "设备维护数量", "100%", "100%", "10"),
        row("质量", "系统验收通过率", "100%", "100%", "9/10", reason="系统验收偏晚"),
    ]
    found = [finding for finding in check(a_form([*rows, *ROWS[2:]])).findings if finding.code == "SCORE_INCONSISTENT"]
    assert [finding.field for finding in found] == ["/indicators/1/score", "/indicators"]
    assert {finding.level for finding in found} == {Level.HINT}


def test_notes_the_same_words_with_different_shares() -> None:
    rows = [
        row("数量", "设备维护数量", "≥90%", "基本完成", "10"),
        row("质量", "系统通过率", "≥90%", "基本完成", "7/10", reason="系统偏晚"),
    ]
    assert only(a_form([*rows, *ROWS[2:]]), "SCORE_INCONSISTENT").field == "/indicators/1/score"


def test_does_not_compare_rows_without_weight_or_score() -> None:
    rows = [row("数量", "设备维护数量", "100%", "100%", "10"), row("质量", "系统验收通过率", "100%", "100%", None)]
    assert "SCORE_INCONSISTENT" not in codes(a_form([*rows, *ROWS[2:]]))


def test_keeps_figures_of_another_scale_apart() -> None:
    assert grave(bent(row("数量", "设备维护数量", "≥53万条", "530001条", "15"))) == []
    assert finding_of("≥53万条", "265000条", "10", "SCORE_OVER", "设备维护停机").expected == str(Decimal("5.00"))


def test_takes_no_score_above_its_weight_as_a_yardstick_for_the_others() -> None:
    rows = [
        row("数量", "设备维护数量", "≥180批次", "180批次", "12/10"),
        row("质量", "设备合格率", "≥180批次", "180批次", "10/10"),
    ]
    found = codes(a_form([*rows, *ROWS[2:]]))
    assert "SCORE_ABOVE_WEIGHT" in found
    assert "SCORE_INCONSISTENT" not in found


def test_names_the_one_that_stands_alone_above_equal_answers() -> None:
    answers = [("甲", "10"), ("乙", "7"), ("丙", "7")]
    rows = [row("质量", f"{name}项治理率", "≥90%", "基本完成", f"{score}/10") for name, score in answers]
    found = [finding for finding in check(a_form([*rows, *ROWS[2:]])).findings if finding.code == "SCORE_INCONSISTENT"]
    assert {finding.field for finding in found} == {f"/indicators/{number}/score" for number in range(3)}
