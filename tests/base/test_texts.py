"""Printed text: blanks, markup, signs, plain decimals."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengshu.base.texts import (
    drop_controls,
    fold_signs,
    fold_width,
    label_key,
    parse_decimal,
    parse_percent,
    squeeze,
    strip_markup,
    tidy,
    tidy_paragraphs,
    value_text,
)

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)


class TestStripMarkup:
    def test_turns_paragraphs_into_lines(self) -> None:
        assert strip_markup('<p style="x">一、甲</p> <p>二、乙</p>') == "一、甲\n二、乙"
        assert strip_markup("甲<br/>乙") == "甲\n乙"

    def test_keeps_a_sign_that_is_no_tag(self) -> None:
        assert strip_markup("<1天") == "<1天"
        assert strip_markup("2<3 且 5>4") == "2<3 且 5>4"


class TestTidy:
    @pytest.mark.parametrize(
        ("raw", "expected"),
        [
            ("产出 指标", "产出指标"),
            ("上海市大数据\n中心", "上海市大数据中心"),
            ("服务费 (运维)", "服务费(运维)"),
            ("Smart City 平台", "Smart City平台"),
            ("网络可用率 99.99% 以上", "网络可用率99.99%以上"),
            ("　数量　指标　", "数量指标"),
        ],
    )
    def test_removes_blanks_beside_chinese_only(self, raw: str, expected: str) -> None:
        assert tidy(raw) == expected

    def test_joins_paragraphs_by_one_line_break(self) -> None:
        assert tidy_paragraphs("一、 甲\n\n 二、乙 ") == "一、甲\n二、乙"

    def test_takes_the_line_breaks_of_a_narrow_column_out(self) -> None:
        assert tidy_paragraphs("保障系统\n稳定运行。", wrapped=True) == "保障系统稳定运行。"
        assert (
            tidy_paragraphs("一、保障系统稳\n定运行。\n二、按时付款。", wrapped=True)
            == "一、保障系统稳定运行。\n二、按时付款。"
        )
        assert (
            tidy_paragraphs("系统全年稳定运行。\n故障两次，已排除。", wrapped=True)
            == "系统全年稳定运行。故障两次，已排除。"
        )

    @given(st.lists(st.text(HAN, min_size=1), min_size=1))
    def test_gives_chinese_back_whatever_blanks_stood_in_it(self, words: list[str]) -> None:
        assert tidy(" ".join(words)) == "".join(words)

    @given(st.text())
    def test_is_at_rest_after_one_time(self, text: str) -> None:
        assert tidy(tidy(text)) == tidy(text)


class TestSigns:
    @pytest.mark.parametrize(
        ("raw", "expected"),
        [
            (">=95%", "≥95%"),
            ("≧ 95 %", "≥95%"),
            ("⩾95", "≥95"),
            ("＞＝95", "≥95"),
            ("<=5%", "≤5%"),
            ("≦5", "≤5"),
            ("═ 100％", "=100%"),
            ("﹦3", "=3"),
            ("＜ 1 天", "<1天"),
            (r"系统用户满意度 $\geq 90\%$", "系统用户满意度≥90%"),
            ("≥ 95.00 (%)", "≥95.00(%)"),
            ("建立机制；构筑体系", "建立机制；构筑体系"),
        ],
    )
    def test_are_written_one_way(self, raw: str, expected: str) -> None:
        assert value_text(raw) == expected

    @given(st.text())
    def test_stay_once_folded(self, text: str) -> None:
        assert fold_signs(fold_signs(text)) == fold_signs(text)


class TestLabelKey:
    def test_compares_labels_across_widths_and_colons(self) -> None:
        assert label_key("执行率（%） ：") == label_key("执行率(%)")
        assert label_key("**一级指标**") == "一级指标"


class TestParseDecimal:
    @pytest.mark.parametrize(
        ("raw", "expected"),
        [
            ("39,090,800.00", "39090800.00"),
            ("10.00", "10.00"),
            (" 0 ", "0"),
            ("１２．５", "12.5"),
            ("104,769,00\n0.00", "104769000.00"),
            ("-3.5", "-3.5"),
        ],
    )
    def test_keeps_the_printed_places(self, raw: str, expected: str) -> None:
        assert str(parse_decimal(raw)) == expected

    @pytest.mark.parametrize("raw", ["", "—", "10 1973", "1,23", "约5", "თ", "5%", "1e3", "10.00 5"])
    def test_refuses_what_is_no_figure(self, raw: str) -> None:
        assert parse_decimal(raw) is None

    @given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12))
    def test_reads_back_every_amount(self, amount: Decimal) -> None:
        assert parse_decimal(f"{amount:,f}") == amount

    def test_reads_percentages_with_and_without_sign(self) -> None:
        assert parse_percent("99.99%") == parse_percent("99.99") == Decimal("99.99")
        assert parse_percent("９９．９９％") == Decimal("99.99")


@given(st.text())
def test_no_text_is_too_strange(text: str) -> None:
    for clean in (squeeze, fold_width, strip_markup, label_key, value_text):
        assert isinstance(clean(text), str)
    assert parse_decimal(text) is None or isinstance(parse_decimal(text), Decimal)


def test_controls_are_dropped_and_breaks_stay() -> None:
    assert drop_controls("甲\0乙\x1b\ud800\n丙\t丁") == "甲乙\n丙\t丁"
