"""What holds for every text: no crash, a faithful rendering, orderly conversions."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from chengshu.base.quantities import Kind, base_unit, common_values, parse_amount, parse_percent, parse_quantity
from chengshu.base.quantities.model import Quantity

FIGURES = st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False, allow_infinity=False)
SIGNS = st.sampled_from(["≥", "≤", ">", "<", "=", ""])
UNITS = st.sampled_from(["%", "家", "小时", "万条", "ms", "工作日", "次/年", "委办局/街道镇", "元", ""])
CLOCK = st.sampled_from(["秒", "分钟", "小时", "天", "周", "ms"])
ODD_TEXT = st.text(
    alphabet=st.sampled_from("0123456789.,%‰≥≤<>=~-至万亿个小时天年月日前内以上百分之九十 (（)）合及时"), max_size=24
)


@given(text=st.one_of(st.text(max_size=40), ODD_TEXT))
def test_no_text_ever_raises(text: str) -> None:
    quantity = parse_quantity(text)
    assert quantity is None or quantity.kind is Kind.WORD or quantity.value is not None or quantity.kind is Kind.DATE
    parse_amount(text)
    parse_percent(text)


@given(sign=SIGNS, value=FIGURES, unit=UNITS)
def test_a_rendered_value_reads_back_the_same(sign: str, value: Decimal, unit: str) -> None:
    first = parse_quantity(f"{sign}{value:f}{unit}")
    assert first is not None
    again = parse_quantity(str(first))
    assert again is not None
    assert _facts(again) == _facts(first) == (sign or None, value, None, unit)


@given(low=FIGURES, high=FIGURES, unit=UNITS)
def test_a_rendered_range_reads_back_the_same(low: Decimal, high: Decimal, unit: str) -> None:
    low, high = sorted((low, high))
    first = parse_quantity(f"{low:f}~{high:f}{unit}")
    assert first is not None
    again = parse_quantity(str(first))
    assert again is not None
    assert _facts(again) == (None, low, high, unit)


@given(value=FIGURES)
def test_the_systems_boxed_units_read_as_plain_ones(value: Decimal) -> None:
    assert _facts(parse_quantity(f"≥{value:f}(%)")) == _facts(parse_quantity(f"≥{value:f}%"))


@given(value=st.integers(min_value=0, max_value=10**12))
def test_thousands_commas_change_no_amount(value: int) -> None:
    assert parse_amount(f"{value:,}.00") == Decimal(value)


@given(left=FIGURES, right=FIGURES, left_unit=CLOCK, right_unit=CLOCK)
def test_conversions_keep_the_order(left: Decimal, right: Decimal, left_unit: str, right_unit: str) -> None:
    one, other = (
        Quantity("", Kind.DURATION, value=left, unit=left_unit),
        Quantity("", Kind.DURATION, value=right, unit=right_unit),
    )
    pair = common_values(one, other)
    assert pair is not None
    exact_left, exact_right = left * base_unit(left_unit)[1], right * base_unit(right_unit)[1]
    assert (pair[0] < pair[1]) == (exact_left < exact_right)


def _facts(quantity: Quantity | None) -> tuple[str | None, Decimal | None, Decimal | None, str]:
    assert quantity is not None
    return quantity.sign, quantity.value, quantity.upper, quantity.unit
