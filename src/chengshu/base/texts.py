"""Printed Chinese office text: blanks, markup, signs and plain decimals."""

import re
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?>")
_PARAGRAPH = re.compile(r"\s*(?:</p>\s*<p\b[^<>]*>|<br\s*/?>|</p>|<p\b[^<>]*>)\s*", re.IGNORECASE)
_BLANKS = re.compile(r"[\s\u00a0\u200b\u2002\u2003\u2009\u3000\ufeff]+")
# A blank is part of the text only between two Latin words or figures ("Smart City", "PC 2.0").
_LOOSE_BLANK = re.compile(r"(?<![A-Za-z0-9%])[^\S\n]+|[^\S\n]+(?![A-Za-z0-9])")
_WIDE = {
    code: code - 0xFEE0
    for first, last in (("０", "９"), ("Ａ", "Ｚ"), ("ａ", "ｚ"))
    for code in range(ord(first), ord(last) + 1)
} | {ord("％"): "%", ord("．"): ".", ord("－"): "-"}
_PUNCTUATION = str.maketrans({"（": "(", "）": ")", "：": ":", "，": ",", "％": "%", "﹙": "(", "﹚": ")", "＊": "*"})
_SIGNS = (
    (re.compile(r"\\geqslant|\\geqq|\\geq|\\ge(?![a-z])"), "≥"),
    (re.compile(r"\\leqslant|\\leqq|\\leq|\\le(?![a-z])"), "≤"),
    (re.compile(r"[≧⩾≥≽]|[>＞][=＝]"), "≥"),
    (re.compile(r"[≦⩽≤≼]|[<＜][=＝]"), "≤"),
    (re.compile(r"[＝═﹦]"), "="),
    (re.compile(r"[＞﹥]"), ">"),
    (re.compile(r"[＜﹤]"), "<"),
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LATEX = re.compile(r"\$([^$]*)\$")
_WHOLE = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+\.\d{2})%?")
_SENTENCE_ENDS = ("。", "；", ";", "：", ":", "！")
_NUMBERED = re.compile(
    r"[(（]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）]?[、.．:：]|[(（][一二三四五六七八九十\d]{1,2}[)）]|[①-⑳]|目标\d"
)
_SHORT_LINE = 0.7
# More than 24 digits are no figure but figures that ran together.
_PLAIN = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3}){1,7}|\d{1,24})(?:\.\d{1,24})?")


def drop_controls(text: str) -> str:
    """Leave out what nobody types and no database keeps: control characters but tab and line breaks, lone surrogates."""
    return _CONTROLS.sub("", text)


def strip_markup(text: str) -> str:
    """Remove HTML tags; the end of a paragraph or a line break becomes one newline. `<1天` is no tag and stays."""
    if "<" not in text:
        return text
    return _TAG.sub("", _PARAGRAPH.sub("\n", text)).strip()


def squeeze(text: str) -> str:
    """Remove every blank, also the wide and the invisible ones."""
    return _BLANKS.sub("", text)


def tidy(text: str) -> str:
    """Remove the blanks and line breaks that stand beside Chinese characters; Latin words keep one blank."""
    return tidy_line(_BLANKS.sub(" ", text).strip())


def tidy_line(text: str) -> str:
    """Remove the loose blanks of a text and keep its line breaks."""
    return _LOOSE_BLANK.sub("", text) if " " in text else text


def tidy_paragraphs(text: str, *, wrapped: bool = False) -> str:
    """Tidy a text of several paragraphs and join them by one newline each, without empty ones.

    With `wrapped` the line breaks are those of a narrow column: only those stay that end a sentence and stand before
    a numbered paragraph or after a line that is clearly short.
    """
    lines = [line for line in (tidy(line) for line in text.splitlines()) if line]
    if not wrapped or len(lines) < 2:
        return "\n".join(lines)
    full = max(map(len, lines))
    paragraphs = lines[:1]
    for before, line in pairwise(lines):
        if before.endswith(_SENTENCE_ENDS) and (_NUMBERED.match(line) or len(before) < _SHORT_LINE * full):
            paragraphs.append(line)
        else:
            paragraphs[-1] = tidy(f"{paragraphs[-1]} {line}")
    return "\n".join(paragraphs)


def fold_signs(text: str) -> str:
    r"""Write comparison signs as ≥ ≤ > < =, whatever their width or spelling (>=, ≧, ═, `$\geq 90\%$`)."""
    if "\\" in text or "$" in text:
        text = _LATEX.sub(r"\1", text).replace("\\%", "%")
    for pattern, sign in _SIGNS:
        text = pattern.sub(sign, text)
    return text


def fold_width(text: str) -> str:
    """Write full-width figures, letters and brackets in half width."""
    return text.translate(_WIDE).translate(_PUNCTUATION)


def value_text(text: str) -> str:
    """Give the text of a target or an actual value: no blanks, signs and full-width figures folded."""
    return squeeze(fold_signs(strip_markup(text))).translate(_WIDE)


@lru_cache(maxsize=8192)
def label_key(text: str) -> str:
    """Give the form of a printed label that labels are compared by: no blanks, half width, no closing colon."""
    return squeeze(fold_width(strip_markup(text))).rstrip(":").strip("*")


def parse_decimal(text: str) -> Decimal | None:
    """Read a plain decimal, with or without thousands commas, keeping its printed places; None when it is not one.

    A figure that a narrow cell has broken is joined when what comes out has thousands commas or two decimal places.
    """
    folded = fold_width(text).strip()
    if _BLANKS.search(folded):
        folded = squeeze(folded)
        if not _WHOLE.fullmatch(folded):
            return None
    if not _PLAIN.fullmatch(folded):
        return None
    return Decimal(folded.replace(",", ""))


def parse_percent(text: str) -> Decimal | None:
    """Read a percentage, printed with its sign or bare, as the figure before the sign; None when it is not one."""
    return parse_decimal(squeeze(fold_width(text)).removesuffix("%"))
