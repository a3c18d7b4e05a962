"""The character recogniser: RapidOCR with the models inside its wheel, loaded once at first use."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidocr import RapidOCR

from chengshu.documents.lattices import Box

Picture = NDArray[np.uint8]

_LONGEST_SIDE_PX = 2600
_WHITE = 255
_UPSIDE_DOWN = "180"
_MARGIN_PX = 6
_LONGEST_FIGURE = 20  # with its unit; what is longer is a sentence
DOUBTED = 0.4
"""The certainty of a figure whose two readings differ: too low to be taken for a value."""


@cache
def _engine() -> Any:
    return RapidOCR(params={"Global.log_level": "critical", "Global.max_side_len": _LONGEST_SIDE_PX})


def detect_lines(picture: Picture) -> list[Box]:
    """The boxes of the lines of text on an upright picture, in no order."""
    found = _engine()(picture, use_det=True, use_cls=False, use_rec=False)
    if found.boxes is None:
        return []
    corners = np.asarray(found.boxes, dtype=float)
    low, high = corners.min(axis=1), corners.max(axis=1)
    return [(x0, y0, x1, y1) for (x0, y0), (x1, y1) in zip(low.tolist(), high.tolist(), strict=True)]


def recognise(crops: Sequence[Picture]) -> list[tuple[str, float]]:
    """Text and certainty of each crop, which holds one line.

    A figure is read twice, the second time with more white around it; where its digits differ, the certainty is
    `DOUBTED`, because the recogniser repeats or drops a digit at the edge of a crop and is sure of it.
    """
    read = _read(crops)
    figures = [index for index, (text, _) in enumerate(read) if _is_figure(text)]
    again = _read([_widen(crops[index]) for index in figures])
    for index, (text, certainty) in zip(figures, again, strict=True):
        agrees = _digits(text) == _digits(read[index][0])
        read[index] = max(read[index], (text, certainty), key=lambda one: one[1]) if agrees else (text, DOUBTED)
    return read


def _is_figure(text: str) -> bool:
    return len(text) <= _LONGEST_FIGURE and any(map(str.isdecimal, text))


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdecimal() or character == ".")


def _widen(part: Picture) -> Picture:
    frame = ((_MARGIN_PX, _MARGIN_PX), (_MARGIN_PX, _MARGIN_PX), (0, 0))
    return np.pad(part, frame, constant_values=_WHITE)


def _read(crops: Sequence[Picture]) -> list[tuple[str, float]]:
    if not crops:
        return []
    read = _engine().recognize_txt([np.ascontiguousarray(crop) for crop in crops])
    return [(text.strip(), float(score)) for text, score in zip(read.txts, read.scores, strict=True)]


def count_upside_down(crops: Sequence[Picture]) -> int:
    """How many of the crops, each one line, stand on their head."""
    if not crops:
        return 0
    _, seen = _engine().cls_and_rotate([np.ascontiguousarray(crop) for crop in crops])
    return sum(label == _UPSIDE_DOWN for label, _ in seen.cls_res)


def crop(picture: Picture, box: Box, *, margin: int = 0) -> Picture:
    """The part of the picture within the box and a white margin around it; empty boxes give one pixel."""
    height, width = picture.shape[:2]
    x0, y0 = max(0, int(box[0])), max(0, int(box[1]))
    x1, y1 = min(width, max(round(box[2]), x0 + 1)), min(height, max(round(box[3]), y0 + 1))
    part = picture[y0:y1, x0:x1]
    if not part.size:
        part = np.full((1, 1, 3), _WHITE, dtype=np.uint8)
    frame = ((margin, margin), (margin, margin), (0, 0))
    return np.pad(part, frame, constant_values=_WHITE) if margin else part
