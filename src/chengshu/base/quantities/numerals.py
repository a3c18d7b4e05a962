"""Chinese numerals as they stand on forms: 三, 十二, 一百零五, 两千, 九十五点五."""

import re
from decimal import Decimal

NUMERAL = r"[零〇一二两三四五六七八九十百千万亿]+(?:点[零〇一二三四五六七八九]+)?"

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_GROUPS = {"万": 10_000, "亿": 100_000_000}
_FULLMATCH = re.compile(NUMERAL)
_MOST_GLYPHS = 40  # beyond any number that a form spells out


def parse_numeral(text: str) -> Decimal | None:
    """Read a Chinese numeral, or give None where the characters make no number, or one beyond counting."""
    if len(text) > _MOST_GLYPHS or not _FULLMATCH.fullmatch(text):
        return None
    whole, _, fraction = text.partition("点")
    value = _whole(whole)
    if value is None:
        return None
    digits = "".join(str(_DIGITS[glyph]) for glyph in fraction)
    return Decimal(f"{value}.{digits}") if digits else Decimal(value)


def _whole(text: str) -> int | None:
    if all(glyph in _DIGITS for glyph in text):
        return int("".join(str(_DIGITS[glyph]) for glyph in text))
    total = section = 0
    digit: int | None = None
    for glyph in text:
        if glyph in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[glyph]
        elif glyph in _PLACES:
            section += (1 if digit is None else digit or 1) * _PLACES[glyph]
            digit = None
        else:
            total = (total + section + (digit or 0)) * _GROUPS[glyph]
            section, digit = 0, None
    return total + section + (digit or 0)
