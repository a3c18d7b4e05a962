"""Comparison signs alone in a cell, told by their shape: the recogniser takes ≥ for an M and = for a dash."""

from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from chengshu.documents.scans.recogniser import Picture

Shape = NDArray[np.bool_]

_SURE = "<>=%"
_LOOKALIKES = "一二三—–―ΣΞ≡"
_DARK = 0.5  # of the way from the paper to the darkest ink
_SMALLEST_PX, _LARGEST_PX = 7, 70
_BAR = 0.8  # of the sign's width: a row with so much ink is a bar
_ALIKE = 0.12  # of the width by which the two bars of = may differ
_NARROWEST, _WIDEST = 0.5, 9.0  # width in heights; the widest is ═, printed for =
_APEX = 0.12  # of the width by which the middle of the angle stands out


def may_be_sign(text: str) -> bool:
    """Whether the recogniser may have taken a sign for this: a letter or two, a stroke or nothing."""
    return (
        len(text) <= 2
        and not any(character.isdecimal() or character in _SURE for character in text)
        and all(character.isascii() or character in _LOOKALIKES for character in text)
    )


def read_sign(picture: Picture) -> str | None:
    """The sign ≥, ≤ or = that is all there is on the picture (one cell, without its rules); None for all else."""
    ink = _find_ink(picture)
    if ink is None:
        return None
    height, width = ink.shape
    if not (_SMALLEST_PX <= width <= _LARGEST_PX and height <= _LARGEST_PX and _NARROWEST * height <= width):
        return None
    strips = _cut_strips(ink)
    bars = [strip for strip in strips if _is_bar(strip, width)]
    if len(strips) == len(bars) == 2:
        return "=" if _are_alike(*bars) and width <= _WIDEST * height else None
    if len(strips) - len(bars) != 1 or not 1 <= len(bars) <= 2 or _is_bar(strips[0], width):
        return None
    return _read_angle(strips[0], width)


def _find_ink(picture: Picture) -> Shape | None:
    """The ink within its own box."""
    grey = picture[:, :, 0].astype(np.int16)
    if not grey.size or int(grey.max()) - int(grey.min()) < _LARGEST_PX:
        return None
    ink = grey < grey.max() - _DARK * (int(grey.max()) - int(grey.min()))
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return np.asarray(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], dtype=np.bool_)


def _cut_strips(ink: Shape) -> list[Shape]:
    """The parts that rows without ink set apart."""
    filled = np.asarray(ink.any(axis=1)).tolist()
    strips, start = [], 0
    for is_filled, rows in groupby(filled):
        end = start + len(list(rows))
        if is_filled:
            strips.append(ink[start:end])
        start = end
    return strips


def _is_bar(strip: Shape, width: int) -> bool:
    return len(strip) <= width / 3 and float(strip.any(axis=0).sum()) >= _BAR * width and float(strip.mean()) > _DARK


def _are_alike(first: Shape, second: Shape) -> bool:
    widths = [int(strip.any(axis=0).sum()) for strip in (first, second)]
    return abs(widths[0] - widths[1]) <= _ALIKE * max(widths)


def _read_angle(strip: Shape, width: int) -> str | None:
    """The sign by the side to which the angle points."""
    centres = [float(np.flatnonzero(row).mean()) for row in strip]
    third = max(1, len(centres) // 4)
    ends = float(np.mean(centres[:third] + centres[-third:]))
    middle = float(np.mean(centres[len(centres) // 2 - third // 2 : len(centres) // 2 + third // 2 + 1]))
    if abs(middle - ends) < _APEX * width:
        return None
    return "≥" if middle > ends else "≤"
