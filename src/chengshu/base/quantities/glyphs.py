"""One spelling for characters that mean the same on a form."""

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_LOOKALIKES = {
    "≧": "≥",
    "⩾": "≥",
    "≦": "≤",
    "⩽": "≤",
    "═": "=",
    "﹦": "=",
    "﹥": ">",
    "﹤": "<",
    "﹪": "%",
    "～": "~",
    "〜": "~",
    "—": "-",
    "–": "-",
    "‐": "-",
    "−": "-",
}
_BLANKS = dict.fromkeys(map(ord, " \t\r\n\v\f\u00a0\u1680\u2000\u2002\u2003\u2009\u200b\u202f\u3000\ufeff"))
_HALF_WIDTH: dict[int, int | str | None] = {**_FULL_WIDTH, **{ord(odd): plain for odd, plain in _LOOKALIKES.items()}}
_COMPACT: dict[int, int | str | None] = {**_HALF_WIDTH, **_BLANKS}


def half_width(text: str) -> str:
    """Give the text with full-width letters, digits and signs in their half-width form."""
    return text.translate(_HALF_WIDTH)


def compact(text: str) -> str:
    """Give the half-width text without any blank, with >= and <= as one sign."""
    plain = text.translate(_COMPACT)
    if "=" in plain:
        plain = plain.replace(">=", "≥").replace("<=", "≤").replace("=>", "≥").replace("=<", "≤")
    return plain
