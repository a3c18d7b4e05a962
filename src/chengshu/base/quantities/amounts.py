"""Strict reading of amounts and percentages: a number stands there, or nothing does."""

import re
from decimal import Decimal

from chengshu.base.quantities.glyphs import half_width

# More than 24 digits are no amount but amounts that ran together.
_AMOUNT = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3}){1,7}|[0-9]{1,24})(?:\.[0-9]{1,24})?", re.ASCII)
_TEN = Decimal(10)


def parse_amount(text: str) -> Decimal | None:
    """Read an amount: digits, commas between thousands or none, a sign, decimals; full-width digits are read too.

    Gives None for anything else (misplaced commas, inner blanks, letters): nothing is guessed.
    """
    plain = half_width(text).strip()
    return Decimal(plain.replace(",", "")) if _AMOUNT.fullmatch(plain) else None


def parse_percent(text: str) -> Decimal | None:
    """Read a percentage, with or without its sign, in per cent ("99.79%" and "99.79" are 99.79, "5‰" is 0.5)."""
    plain = half_width(text).strip()
    if plain.endswith("%"):
        return parse_amount(plain[:-1])
    if plain.endswith("‰"):
        tenths = parse_amount(plain[:-1])
        return None if tenths is None else tenths / _TEN
    return parse_amount(plain)
