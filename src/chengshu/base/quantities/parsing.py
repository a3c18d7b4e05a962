"""Reading a printed value: its sign, its exact figure, its unit."""

import calendar
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache

from chengshu.base.quantities.glyphs import compact
from chengshu.base.quantities.model import Kind, Quantity
from chengshu.base.quantities.numerals import NUMERAL, parse_numeral
from chengshu.base.quantities.units import base_unit, unit_table

_LEADING = {
    "≥": "≥", "≤": "≤", ">": ">", "<": "<", "=": "=", "±": None, "约": None, "近": None, "大约": None,
    "不低于": "≥", "不少于": "≥", "不小于": "≥", "大于等于": "≥", "大于或等于": "≥", "至少": "≥", "达到": "≥",
    "不超过": "≤", "不高于": "≤", "不大于": "≤", "不多于": "≤", "小于等于": "≤", "小于或等于": "≤", "至多": "≤",
    "控制在": "≤", "大于": ">", "超过": ">", "高于": ">", "多于": ">", "小于": "<", "低于": "<", "少于": "<",
    "等于": "=",
}  # fmt: skip
_TRAILING = {
    "及以上": "≥", "或以上": "≥", "以上": "≥", "及以下": "≤", "或以下": "≤", "以下": "≤", "以内": "≤", "之内": "≤",
    "内": "≤", "左右": None, "余": None, "多": None,
}  # fmt: skip

_SIGN = "|".join(sorted(map(re.escape, _LEADING), key=len, reverse=True))
_TAIL = "|".join(sorted(_TRAILING, key=len, reverse=True))
_NUMBER = r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,30})(?:\.[0-9]{1,20})?"
_UNIT_PART = r"[^\W\d_]{1,6}?|[%‰℃]"
_LOOSE_UNIT = rf"(?:{_UNIT_PART})(?:/(?:{_UNIT_PART})){{0,2}}"
_QUANTITY = re.compile(
    rf"(?P<sign>{_SIGN})?(?P<value>{_NUMBER})(?:(?P<inner>%|\(%\))?(?:-|~|至|到)(?P<upper>{_NUMBER}))?"
    rf"(?P<around>余|多)?(?:\((?P<boxed>[^()0-9]{{0,16}})\)|(?P<unit>{_LOOSE_UNIT}?))?(?P<tail>{_TAIL})?",
)
_SPELLED_PERCENT = re.compile(
    rf"(?P<sign>{_SIGN})?百分之(?P<value>{NUMERAL}|[0-9]{{1,24}}(?:\.[0-9]{{1,24}})?|百)(?P<tail>{_TAIL})?"
)
_DATE = re.compile(
    r"(?:于|在|至|截至|截止)?(?P<year>(?:19|20)[0-9]{2})(?:年度?|[-/.])(?:(?P<month>1[0-2]|0?[1-9])(?:月份?|[-/.])?"
    r"(?:(?P<day>3[01]|[12][0-9]|0?[1-9])日?)?)?(?P<end>[年月]?(?:底|末))?(?P<tail>之?前|以前|内)?(?:全部|全面)?(?:完成)?"
)
_PERIOD = re.compile(r"(?:于|在)?(?:当年|本年度?|年度?|当年度)(?:底前|末前|内|之内|以内)(?:完成)?")
_MORE_THAN = re.compile(r"^(万|亿)[余多]")
_DATE_SEPARATED = re.compile(r"[年月日./-]")
_FIGURE = re.compile(rf"(?P<value>{_NUMBER})(?P<around>余|多)?(?P<unit>[%‰]|(?:万|亿)?[余多]?[^\W\d_])?")


@lru_cache(maxsize=16384)
def parse_quantity(text: str) -> Quantity | None:
    """Read a printed value, in any of the ways that forms print one; None for an empty text.

    Text that is not wholly a figure with its sign and unit is a word (a sentence with a figure in it too; its
    figures can be had from `find_figures`). Never raises.
    """
    plain = compact(text)
    if not plain:
        return None
    return _figure(plain) or _date(plain) or _spelled(plain) or Quantity(plain, Kind.WORD)


def find_figures(text: str) -> Iterator[Quantity]:
    """Give the figures inside a sentence, each with the one-character unit (and multiplier) that follows it."""
    for match in _FIGURE.finditer(compact(text)):
        value = Decimal(match["value"].replace(",", ""))
        unit = _MORE_THAN.sub(r"\1", match["unit"] or "")
        yield Quantity(match[0], _kind(unit, None), value=value, unit=unit)


def _figure(plain: str) -> Quantity | None:
    match = _QUANTITY.fullmatch(plain)
    if match is None:
        return None
    unit = match["boxed"] if match["boxed"] is not None else _MORE_THAN.sub(r"\1", match["unit"] or "")
    if match["inner"] and not unit:
        unit = "%"
    value, upper = _decimal(match["value"]), _decimal(match["upper"])
    if match["sign"] == "±" and upper is None and value is not None:
        value, upper = -value, value
    if upper is not None and value is not None and upper < value:
        return None
    return Quantity(plain, _kind(unit, upper), _sign(match), value, upper, unit)


def _sign(match: re.Match[str]) -> str | None:
    if match["sign"]:
        return _LEADING[match["sign"]]
    return _TRAILING[match["tail"]] if match["tail"] else None


def _decimal(figure: str | None) -> Decimal | None:
    return None if figure is None else Decimal(figure.replace(",", ""))


def _kind(unit: str, upper: Decimal | None) -> Kind:
    if upper is not None:
        return Kind.RANGE
    if unit in {"%", "‰"}:
        return Kind.PERCENT
    return Kind.DURATION if unit in _durations() or base_unit(unit)[0] in {"秒", "工作日", "月"} else Kind.NUMBER


@cache
def _durations() -> frozenset[str]:
    return frozenset(unit_table()["measures"]["durations"])


def _date(plain: str) -> Quantity | None:
    if _PERIOD.fullmatch(plain):
        return Quantity(plain, Kind.DATE, "≤", unit=plain)
    match = _DATE.fullmatch(plain)
    if match is None or not _DATE_SEPARATED.search(plain):
        return None
    year, month = int(match["year"]), int(match["month"] or 12)
    last = calendar.monthrange(year, month)[1]
    day = int(match["day"] or last)
    if day > last:
        return None
    is_deadline = bool(match["tail"] or match["end"])
    return Quantity(plain, Kind.DATE, "≤" if is_deadline else None, day=date(year, month, day))


def _spelled(plain: str) -> Quantity | None:
    match = _SPELLED_PERCENT.fullmatch(plain)
    if match is not None:
        value = _spelled_value(match["value"])
        return None if value is None else Quantity(plain, Kind.PERCENT, _sign(match), value, unit="%")
    match = _spelled_count().fullmatch(plain)
    if match is None:
        return None
    value = parse_numeral(match["value"])
    unit = match["unit"]
    return None if value is None else Quantity(plain, _kind(unit, None), _sign(match), value, unit=unit)


def _spelled_value(text: str) -> Decimal | None:
    if text == "百":
        return Decimal(100)
    return Decimal(text) if text[0].isdecimal() else parse_numeral(text)


@cache
def _spelled_count() -> re.Pattern[str]:
    measures = unit_table()["measures"]
    units = sorted((*measures["counting"], *measures["durations"]), key=len, reverse=True)
    return re.compile(rf"(?P<sign>{_SIGN})?(?P<value>{NUMERAL})个?(?P<unit>{'|'.join(units)})(?P<tail>{_TAIL})?")
