"""Sums of weights and scores, grades, class weights."""

from dataclasses import replace
from decimal import Decimal

import pytest
from performance.rules.building import ROWS, a_form, codes, grave, money, only, row, with_row

from chengshu.performance.contracts import Level, Total, Unreadable
from chengshu.performance.rules.rulesets import get_rule_set


def test_reports_weights_that_miss_the_full_score() -> None:
    finding = only(with_row(0, weight=Decimal(20), score=Decimal(20)), "WEIGHT_SUM")
    assert (finding.level, finding.field) == (Level.ERROR, "/total/weight")
    assert (finding.printed, finding.expected) == ("105", "100")


def test_is_not_fooled_by_rows_that_alone_make_a_hundred() -> None:
    rows = [replace(ROWS[0], weight=Decimal(25), score=Decimal(25)), *ROWS[1:]]
    form = a_form(rows, total=Total(Decimal(100), Decimal(110)))
    assert only(form, "WEIGHT_SUM").level is Level.ERROR


def test_reports_a_printed_total_weight_that_is_not_the_sum() -> None:
    form = a_form(total=Total(Decimal(95), Decimal(100)))
    finding = only(form, "WEIGHT_SUM")
    assert (finding.level, finding.printed, finding.expected) == (Level.ERROR, "95", "100")


def test_only_hints_where_the_score_stands_in_the_weight_cell() -> None:
    assert only(a_form(total=Total(Decimal("97.5"), None)), "WEIGHT_SUM").level is Level.HINT


def test_only_hints_where_thirds_were_rounded() -> None:
    thirds = [row("服务对象满意度", f"第{name}类对象满意度", "≥90%", "93%", "3.33") for name in "甲乙丙"]
    form = a_form([*ROWS[:-1], *thirds], total=Total(Decimal(100), Decimal("99.99")))
    assert only(form, "WEIGHT_SUM").level is Level.HINT


def test_accepts_ninety_points_where_execution_is_not_scored() -> None:
    block = money(score=None)
    unscored = replace(block, total=replace(block.total, weight=None))
    assert grave(a_form(money=unscored, total=Total(Decimal(90), Decimal(90)))) == []


def test_accepts_twenty_points_for_execution_in_hubei() -> None:
    block = money(score="20.00")
    rows = [replace(ROWS[0], weight=Decimal(5), score=Decimal(5)), *ROWS[1:]]
    form = a_form(rows, money=replace(block, total=replace(block.total, weight=Decimal(20))))
    assert grave(form, get_rule_set("hubei-2020")) == []


def test_says_nothing_of_weights_when_one_could_not_be_read() -> None:
    form = replace(with_row(0, weight=None), unreadable=(Unreadable("/indicators/0/weight", "თ"),))
    assert "WEIGHT_SUM" not in codes(form)


def test_reports_a_total_that_is_not_the_sum() -> None:
    finding = only(a_form(total=Total(Decimal(100), Decimal("98.5"))), "TOTAL_WRONG")
    assert (finding.level, finding.printed, finding.expected) == (Level.ERROR, "98.5", "100.00")


def test_names_the_execution_score_as_what_is_missing() -> None:
    assert "漏计" in only(a_form(total=Total(Decimal(100), Decimal(90))), "TOTAL_WRONG").message


def test_accepts_a_total_printed_with_fewer_decimals() -> None:
    rows = [replace(ROWS[0], score=Decimal("14.26")), *ROWS[1:]]
    assert "TOTAL_WRONG" not in codes(a_form(rows, total=Total(Decimal(100), Decimal("99.3"))))


def test_says_nothing_of_a_total_that_is_gone() -> None:
    assert grave(a_form(total=Total(None, None))) == []


def test_only_hints_where_a_score_is_in_doubt() -> None:
    rows = [replace(ROWS[0], confidence=0.4), *ROWS[1:]]
    finding = only(a_form(rows, total=Total(Decimal(100), Decimal(98))), "TOTAL_WRONG")
    assert (finding.level, finding.doubtful) == (Level.HINT, True)
    assert "识别问题" in finding.message


@pytest.mark.parametrize(
    ("total", "grade", "wrong"),
    [("90", "优", False), ("89.99", "优", True), ("89.99", "良好", False), ("59", "中", True)],
)
def test_reports_a_grade_outside_its_band(total: str, grade: str, wrong: bool) -> None:  # noqa: FBT001 - a parameter of the table
    missing = Decimal(100) - Decimal(total)
    rows = [replace(item, score=(item.weight or Decimal(0)) - missing / 7) for item in ROWS]
    form = a_form(rows, total=Total(Decimal(100), Decimal(total)), grade=grade)
    assert ("GRADE_WRONG" in codes(form)) is wrong


def test_says_which_grade_is_due() -> None:
    finding = only(a_form(grade="良"), "GRADE_WRONG")
    assert (finding.level, finding.field, finding.expected) == (Level.ERROR, "/grade", "优")


def test_passes_over_grades_that_it_does_not_know() -> None:
    assert "GRADE_WRONG" not in codes(a_form(grade="A"))


def test_notes_unusual_class_weights() -> None:
    rows = [
        replace(ROWS[0], weight=Decimal(25), score=Decimal(25)),
        *ROWS[1:4],
        replace(ROWS[4], weight=Decimal(5), score=Decimal(5)),
        *ROWS[5:],
    ]
    finding = only(a_form(rows), "WEIGHT_NONSTANDARD")
    assert finding.level is Level.HINT
    assert finding.printed == "产出60分、效益20分、满意度10分"


def test_accepts_each_of_the_usual_patterns() -> None:
    cost = replace(ROWS[3], level1="成本指标", level2="经济成本指标", weight=Decimal(20), score=Decimal(20))
    rows = [*ROWS[:3], cost, replace(ROWS[4], weight=Decimal(5), score=Decimal(5)), *ROWS[5:]]
    assert "WEIGHT_NONSTANDARD" not in codes(a_form(rows), get_rule_set("national-2021"))
    assert "WEIGHT_NONSTANDARD" in codes(a_form(rows))
