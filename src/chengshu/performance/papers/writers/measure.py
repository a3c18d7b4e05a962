"""How much room a text takes, for formats whose programs do not measure merged cells themselves."""

import unicodedata
from math import ceil


def text_width(text: str) -> int:
    """Count half-width positions: 2 for a Chinese character, 1 for a Latin letter or digit."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


def line_count(text: str, width: float) -> int:
    """Count the lines that a text fills when `width` half-width positions fit on one."""
    return sum(max(1, ceil(text_width(line) / width)) for line in text.split("\n"))
