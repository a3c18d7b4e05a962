"""Targets that do not say which way is better, dates, changes and rough figures: certain only where it is certain."""

from decimal import Decimal
from typing import Any

import pytest
from performance.rules.building import GRAVE, check, codes, only, with_row

from chengshu.performance.contracts import Finding, Form, Level


def answered(name: str, target: str, actual: str, *, score: str = "15", reason: str | None = None) -> Form:
    """The right form with another first indicator, of 15 points."""
    changes: dict[str, Any] = {"level3": name, "target": target, "actual": actual, "reason": reason}
    return with_row(0, **changes, score=Decimal(score))


def grave_on_first(form: Form) -> list[Finding]:
    return [
        finding
        for finding in check(form).findings
        if finding.level in GRAVE and finding.field.startswith("/indicators/0/")
    ]


@pytest.mark.parametrize(
    ("name", "target", "actual"),
    [
        ("资产负债率", "60%", "55%"),
        ("工程变更率", "10%", "8%"),
        ("用电量", "5000度", "4800度"),
        ("系统漏洞数", "5个", "2个"),
        ("跑动次数", "2次", "1次"),
        ("办结天数", "5", "3"),
        ("人均标准", "500元/人", "480元/人"),
        ("三公经费", "10万", "9万"),
        ("某项比重", "5%", "4%"),
        ("工期", "3-5天", "2天"),
    ],
)
def test_breaks_no_rule_where_less_may_be_better(name: str, target: str, actual: str) -> None:
    assert grave_on_first(answered(name, target, actual)) == []


@pytest.mark.parametrize(
    ("name", "target", "actual"),
    [
        ("培训合格率", "95%", "90%"),
        ("资料归档", "100%", "90%"),
        ("培训场次", "12场", "10场"),
        ("某项比重", "=50%", "40%"),
    ],
)
def test_is_sure_where_more_is_better(name: str, target: str, actual: str) -> None:
    finding = only(answered(name, target, actual), "SCORE_OVER")
    assert finding.level is Level.BREACH


def test_asks_for_the_direction_where_it_is_open() -> None:
    finding = only(answered("某项比重", "5%", "4%"), "SCORE_OVER")
    assert finding.level is Level.HINT
    assert "方向" in finding.message


@pytest.mark.parametrize(
    ("target", "actual"),
    [
        ("12月底前", "11月底前"),
        ("2021.12", "2021.11"),
        ("4季度末", "3季度末"),
        ("2021年12月", "2021年8月3日"),
        ("10月", "9月"),
    ],
)
def test_takes_an_earlier_time_for_no_shortfall(target: str, actual: str) -> None:
    assert grave_on_first(answered("完成时间", target, actual)) == []


@pytest.mark.parametrize("actual", ["2021年8月", "2021年7月1日", "2021-12-20"])
def test_gives_no_full_marks_after_the_deadline(actual: str) -> None:
    finding = only(answered("项目完工时间", "2021年6月底前", actual), "SCORE_OVER")
    assert (finding.level, finding.field) == (Level.BREACH, "/indicators/0/score")


def test_takes_no_month_for_late_that_holds_the_deadline() -> None:
    assert "SCORE_OVER" not in codes(answered("项目完工时间", "2021年6月15日前", "2021年6月"))


@pytest.mark.parametrize(
    ("target", "actual"), [("≤-5%", "-6%"), ("-5%", "-6%"), ("≥-5%", "-3%"), ("≥0%", "2%"), ("-5%", "-5%")]
)
def test_breaks_no_rule_with_a_change_below_nothing(target: str, actual: str) -> None:
    assert grave_on_first(answered("能耗变化率", target, actual)) == []


@pytest.mark.parametrize("actual", ["约97%", "97%左右", "近97%", "≥97%", "97%以上"])
def test_asks_for_the_figure_in_place_of_a_rough_one(actual: str) -> None:
    assert only(answered("知晓率", "≥95%", actual), "ACTUAL_IS_RANGE").field == "/indicators/0/actual"


def test_allows_about_as_much_as_was_asked_for_about() -> None:
    assert grave_on_first(answered("培训人数", "约100人", "98人")) == []


@pytest.mark.parametrize("mark", ["-", "—", "——", "/", "／", "－"])
def test_takes_a_dash_for_an_empty_cell(mark: str) -> None:
    assert only(answered("知晓率", "≥95%", mark), "ACTUAL_MISSING").level is Level.BREACH
    assert only(answered("知晓率", mark, "96%"), "TARGET_MISSING").level is Level.BREACH


@pytest.mark.parametrize("said", ["无", "没有", "暂无", "——", "N/A", "\\", " ", "无原因"])
def test_takes_a_reason_without_content_for_none(said: str) -> None:
    assert only(answered("知晓率", "≥95%", "90%", score="14.21", reason=said), "REASON_MISSING").level is Level.BREACH


def test_hints_at_full_marks_for_a_figure_answered_with_nearly() -> None:
    finding = only(answered("共享完成率", "≥90%", "基本完成"), "SCORE_OVER")
    assert (finding.level, finding.printed) == (Level.HINT, "15")


def test_leaves_open_whether_a_far_surpassed_target_was_too_low() -> None:
    form = answered("培训人数", "≥100人", "200人", score="12")
    assert only(form, "SCORE_MET_BUT_DEDUCTED").level is Level.HINT
    assert "REASON_MISSING" in codes(form)


@pytest.mark.parametrize(("target", "actual"), [("降低", "下降"), ("无", "否"), ("不发生", "否"), ("下降", "有所下降")])
def test_takes_no_good_news_for_a_failure(target: str, actual: str) -> None:
    assert grave_on_first(answered("投诉情况", target, actual)) == []


def test_asks_for_nothing_in_a_row_that_carries_no_points() -> None:
    form = with_row(0, target="/", actual="/", weight=Decimal(0), score=Decimal(0))
    assert codes(form).isdisjoint({"TARGET_MISSING", "ACTUAL_MISSING"})


def test_looks_for_the_execution_rates_figures_in_the_money_block() -> None:
    form = answered("预算执行率", "/", "/")
    assert codes(form).isdisjoint({"TARGET_MISSING", "ACTUAL_MISSING"})
