"""Printed values are read exactly, or stay words."""

from datetime import date
from decimal import Decimal

import pytest

from chengshu.base.quantities import (
    Kind,
    base_unit,
    common_values,
    find_figures,
    in_base_unit,
    parse_amount,
    parse_percent,
    parse_quantity,
)
from chengshu.base.quantities.numerals import parse_numeral


@pytest.mark.parametrize(
    ("text", "sign", "value", "unit", "kind"),
    [
        ("≥95.00(%)", "≥", "95.00", "%", Kind.PERCENT),
        (">=2家", "≥", "2", "家", Kind.NUMBER),
        ("48小时内", "≤", "48", "小时", Kind.DURATION),
        ("≤48小时", "≤", "48", "小时", Kind.DURATION),
        ("<1天", "<", "1", "天", Kind.DURATION),
        (">95%", ">", "95", "%", Kind.PERCENT),
        ("不低于90%", "≥", "90", "%", Kind.PERCENT),
        ("不超过10小时", "≤", "10", "小时", Kind.DURATION),
        ("90%以上", "≥", "90", "%", Kind.PERCENT),
        ("5%以下", "≤", "5", "%", Kind.PERCENT),
        ("=100%", "=", "100", "%", Kind.PERCENT),
        ("═12.00(次/年)", "=", "12.00", "次/年", Kind.NUMBER),
        ("≧43.00(个)", "≥", "43.00", "个", Kind.NUMBER),
        ("24小时/天", None, "24", "小时/天", Kind.NUMBER),
        ("8760小时/年", None, "8760", "小时/年", Kind.NUMBER),
        ("1529", None, "1529", "", Kind.NUMBER),
        ("2套", None, "2", "套", Kind.NUMBER),
        ("1.9万个", None, "1.9", "万个", Kind.NUMBER),
        ("1.9万余个", None, "1.9", "万个", Kind.NUMBER),
        ("120亿次", None, "120", "亿次", Kind.NUMBER),
        ("５０％", None, "50", "%", Kind.PERCENT),
        ("1,234.5万元", None, "1234.5", "万元", Kind.NUMBER),
        ("百分之九十五", None, "95", "%", Kind.PERCENT),
        ("不低于百分之九十点五", "≥", "90.5", "%", Kind.PERCENT),
        ("三次", None, "3", "次", Kind.NUMBER),
        ("十二个月", None, "12", "月", Kind.DURATION),
        ("0.00(次)", None, "0.00", "次", Kind.NUMBER),
        ("≤2.00(ms)", "≤", "2.00", "ms", Kind.DURATION),
        ("≤30.00(工作日)", "≤", "30.00", "工作日", Kind.DURATION),
        ("≥9.00(委办局/街道镇)", "≥", "9.00", "委办局/街道镇", Kind.NUMBER),
        ("≥ 50 万条", "≥", "50", "万条", Kind.NUMBER),
        ("-5%", None, "-5", "%", Kind.PERCENT),
        ("约30个", None, "30", "个", Kind.NUMBER),
    ],
)
def test_reads_sign_figure_and_unit(text: str, sign: str | None, value: str, unit: str, kind: Kind) -> None:
    quantity = parse_quantity(text)
    assert quantity is not None
    assert (quantity.sign, quantity.value, quantity.unit, quantity.kind) == (sign, Decimal(value), unit, kind)


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [("3-5", "3", "5", ""), ("60%~80%", "60", "80", "%"), ("3至5家", "3", "5", "家"), ("±5%", "-5", "5", "%")],
)
def test_reads_ranges(text: str, low: str, high: str, unit: str) -> None:
    quantity = parse_quantity(text)
    assert quantity is not None
    assert quantity.kind is Kind.RANGE
    assert (quantity.value, quantity.upper, quantity.unit) == (Decimal(low), Decimal(high), unit)


@pytest.mark.parametrize(
    ("text", "sign", "day"),
    [
        ("于2021年12月31日前完成", "≤", date(2021, 12, 31)),
        ("2020年12月底前", "≤", date(2020, 12, 31)),
        ("2021年6月", None, date(2021, 6, 30)),
        ("2021.12.31", None, date(2021, 12, 31)),
        ("2024年2月底前完成", "≤", date(2024, 2, 29)),
    ],
)
def test_reads_deadlines_as_days(text: str, sign: str | None, day: date) -> None:
    quantity = parse_quantity(text)
    assert quantity is not None
    assert (quantity.kind, quantity.sign, quantity.day) == (Kind.DATE, sign, day)


def test_takes_a_period_without_a_year_as_a_deadline_without_a_day() -> None:
    quantity = parse_quantity("当年内")
    assert quantity is not None
    assert (quantity.kind, quantity.sign, quantity.day) == (Kind.DATE, "≤", None)


@pytest.mark.parametrize(
    "text",
    [
        "制定应用安全管理办法1项",
        "基本完成",
        "一般",
        "一次性",
        "系统用户满意度≥90%",
        "5-3",
        "2021年13月",
        "百分百",
        "2月30日",
    ],
)
def test_leaves_words_as_words(text: str) -> None:
    quantity = parse_quantity(text)
    assert quantity is not None
    assert quantity.kind is Kind.WORD
    assert quantity.value is None


def test_gives_nothing_for_an_empty_cell() -> None:
    assert parse_quantity("") is None
    assert parse_quantity(" \u3000") is None


def test_finds_the_figures_inside_a_sentence() -> None:
    found = [(figure.value, figure.unit) for figure in find_figures("累计发布1.9万余个目录，完成5次演练，达标率98.5%")]
    assert found == [(Decimal("1.9"), "万个"), (Decimal(5), "次"), (Decimal("98.5"), "%")]


@pytest.mark.parametrize(
    ("unit", "base", "factor"),
    [
        ("万条", "条", "10000"),
        ("亿元", "元", "100000000"),
        ("小时", "秒", "3600"),
        ("ms", "秒", "0.001"),
        ("‰", "%", "0.1"),
    ],
)
def test_knows_exact_conversions(unit: str, base: str, factor: str) -> None:
    assert base_unit(unit) == (base, Decimal(factor))


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("50万条", "530000条", ("500000", "530000")),
        ("2天", "36小时", ("172800", "129600")),
        ("1.5秒", "900ms", ("1.5", "0.900")),
        ("403.70万元", "4037000元", ("4037000.00", "4037000")),
    ],
)
def test_sets_convertible_values_side_by_side(left: str, right: str, expected: tuple[str, str]) -> None:
    one, other = parse_quantity(left), parse_quantity(right)
    assert one is not None
    assert other is not None
    assert common_values(one, other) == tuple(Decimal(value) for value in expected)


@pytest.mark.parametrize(
    ("left", "right"), [("10工作日", "10天"), ("5人", "5人次"), ("24小时/天", "8760小时/年"), ("90%", "90")]
)
def test_converts_nothing_that_is_not_exact(left: str, right: str) -> None:
    one, other = parse_quantity(left), parse_quantity(right)
    assert one is not None
    assert other is not None
    assert common_values(one, other) is None


def test_gives_no_base_value_for_words() -> None:
    word = parse_quantity("及时")
    assert word is not None
    assert in_base_unit(word) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("39,090,800.00", "39090800.00"),
        ("105000.00", "105000.00"),
        ("69,800", "69800"),
        ("－１，２３４．５", "-1234.5"),
        (" 0.00 ", "0.00"),
        ("+7.90", "7.90"),
    ],
)
def test_reads_amounts(text: str, value: str) -> None:
    assert parse_amount(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["", "—", "1,23", "12,34.5", "1 000", "12万", "1.2.3", ".5", "5.", "¥5", "1,234567", "十"]
)
def test_never_guesses_an_amount(text: str) -> None:
    assert parse_amount(text) is None


@pytest.mark.parametrize(("text", "value"), [("99.79%", "99.79"), ("98.62", "98.62"), ("５０％", "50"), ("5‰", "0.5")])
def test_reads_percentages_in_per_cent(text: str, value: str) -> None:
    assert parse_percent(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "%", "—", "约90%", "1‰‰"])
def test_reads_no_percentage_from_other_text(text: str) -> None:
    assert parse_percent(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三", 3),
        ("十", 10),
        ("十二", 12),
        ("两千", 2000),
        ("一百零五", 105),
        ("三万二千", 32000),
        ("二〇二四", 2024),
        ("一亿", 100_000_000),
    ],
)
def test_reads_chinese_numerals(text: str, value: int) -> None:
    assert parse_numeral(text) == Decimal(value)


def test_reads_no_numeral_from_a_muddle() -> None:
    assert parse_numeral("十三五一百") is None
    assert parse_numeral("三家") is None
