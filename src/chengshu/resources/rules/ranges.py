"""The range that a data element's values lie in: bounds as people write them, as they are kept, and as rules have them."""

from datetime import date
from decimal import Decimal, InvalidOperation

from chengshu.resources.contracts.catalogue import ValueType
from chengshu.resources.errors import ElementInvalid

_NUMBERS = frozenset({ValueType.INTEGER, ValueType.DECIMAL})
_MOST_DIGITS = 15
"""Digits of a number that is kept in JSON as it was written."""


def tidy_range(least: str, most: str, kind: ValueType) -> tuple[str, str]:
    """Give both bounds as they are kept.

    Raises:
        ElementInvalid: names the place: what cannot be read by the type, or a least above the most.
    """
    low, high = _read(least, kind, "least"), _read(most, kind, "most")
    if low is not None and high is not None and low > high:  # type: ignore[operator]  # both of one type
        raise ElementInvalid(f"最小值 {least} 大于最大值 {most}。请核对。", field="least")
    return _write(low), _write(high)


def bound_of_rule(text: str, kind: str) -> int | float | str | None:
    """Give a kept bound as a rule has it, for a field of a type; None where there is none or the type has no range."""
    if not text or kind not in {*_NUMBERS, ValueType.DATE}:
        return None
    if (kind == ValueType.DATE) != _is_day(text):
        return None
    if kind == ValueType.DATE:
        return text
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else float(number)


def _read(text: str, kind: ValueType, place: str) -> Decimal | date | None:
    text = text.strip()
    if not text:
        return None
    if kind is ValueType.DATE:
        try:
            return date.fromisoformat(text)
        except ValueError as fault:
            raise ElementInvalid(f"“{text[:40]}”不是日期，请写成 2024-03-15。", field=place) from fault
    if kind not in _NUMBERS:
        raise ElementInvalid("只有整数型、小数型和日期型的数据元有取值范围。请留空，或改数据类型。", field=place)
    try:
        number = Decimal(text)
    except InvalidOperation as fault:
        raise ElementInvalid(f"“{text[:40]}”不是数。", field=place) from fault
    if not number.is_finite() or len(number.as_tuple().digits) > _MOST_DIGITS or abs(number.adjusted()) > _MOST_DIGITS:
        raise ElementInvalid(f"请写成最多 {_MOST_DIGITS} 位的数。", field=place)
    if kind is ValueType.INTEGER and number != number.to_integral_value():
        raise ElementInvalid("整数型的取值范围请写整数。", field=place)
    return number


def _write(bound: Decimal | date | None) -> str:
    if bound is None:
        return ""
    return bound.isoformat() if isinstance(bound, date) else f"{bound:f}"


def _is_day(text: str) -> bool:
    return text.count("-") > 1
