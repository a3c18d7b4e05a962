"""Sets a picture upright: its small skew by the rows of ink, quarter turns and half turns by its lines of text."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from chengshu.documents.lattices import Box
from chengshu.documents.scans.recogniser import Picture, count_upside_down, crop
from chengshu.documents.scans.rulings import binarise

_PROBE_WIDTH_PX = 800
_STEEPEST_DEG = 6.0
_STEPS_DEG = (1.0, 0.25, 0.05)
_NOTICEABLE_DEG = 0.1
_NOTICEABLE_PX = 4
_STRONGEST_BEND = 0.05  # of the longer side; beyond it the outline was misjudged
_SHADE_SCALE = 8
_SHADE_PX = 5
_WHITE = (255, 255, 255, 0)  # and nothing in a fourth layer
_ELONGATED = 1.8
_ASKED_LINES = 24


def straighten(picture: Picture) -> Picture:
    """The picture turned by its skew, up to 6 degrees."""
    angle = find_skew(picture)
    if abs(angle) < _NOTICEABLE_DEG:
        return picture
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    turned = cv2.warpAffine(picture, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=_WHITE)
    return np.asarray(turned, dtype=np.uint8)


def whiten(picture: Picture) -> Picture:
    """The page in shades of grey on even white: shadows and the colour of the paper taken out."""
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    small = cv2.resize(grey, None, fx=1 / _SHADE_SCALE, fy=1 / _SHADE_SCALE, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((_SHADE_PX, _SHADE_PX), np.uint8)), 2 * _SHADE_PX + 1)
    paper = cv2.resize(paper, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    even = cv2.divide(grey, np.maximum(paper, 1), scale=_WHITE[0])
    return np.asarray(cv2.cvtColor(even, cv2.COLOR_GRAY2RGB), dtype=np.uint8)


def square(picture: Picture, outline: NDArray[np.float32]) -> Picture:
    """The picture bent so that the four corners of a table (clockwise from the top left) make a rectangle."""
    left, right = outline[[0, 3], 0].mean(), outline[[1, 2], 0].mean()
    top, bottom = outline[[0, 1], 1].mean(), outline[[2, 3], 1].mean()
    straight = np.array([(left, top), (right, top), (right, bottom), (left, bottom)], dtype=np.float32)
    bend = float(np.abs(straight - outline).max())
    if not _NOTICEABLE_PX < bend < _STRONGEST_BEND * max(picture.shape):
        return picture
    height, width = picture.shape[:2]
    change = cv2.getPerspectiveTransform(outline, straight)
    bent = cv2.warpPerspective(picture, change, (width, height), flags=cv2.INTER_CUBIC, borderValue=_WHITE)
    return np.asarray(bent, dtype=np.uint8)


def find_skew(picture: Picture) -> float:
    """Degrees by which the picture must be turned (counter-clockwise) for its rows of ink to lie level."""
    grey = cv2.cvtColor(np.ascontiguousarray(picture[:, :, :3]), cv2.COLOR_RGB2GRAY)
    scale = _PROBE_WIDTH_PX / max(grey.shape)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else grey
    ink = binarise(np.asarray(small, dtype=np.uint8))
    best, reach = 0.0, _STEEPEST_DEG
    for step in _STEPS_DEG:
        tried = best + np.arange(-reach, reach + step / 2, step)
        best = float(max(tried, key=lambda angle: _levelness(ink, float(angle))))
        reach = step
    return best


def _levelness(ink: NDArray[np.uint8], angle: float) -> float:
    """How unevenly the ink is spread over the rows of the turned picture: most when lines lie level."""
    height, width = ink.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    turned = cv2.warpAffine(ink, turn, (width, height), flags=cv2.INTER_NEAREST)
    profile = np.asarray(turned, dtype=np.float64).sum(axis=1)
    return float(np.square(np.diff(profile)).sum())


def count_quarter_turns(picture: Picture, boxes: Sequence[Box]) -> int:
    """How often the picture must be turned by a quarter, counter-clockwise, for its lines of text to run rightward.

    `boxes` are the lines found on the picture as it is.
    """
    tall = sum(y1 - y0 > _ELONGATED * (x1 - x0) for x0, y0, x1, y1 in boxes)
    wide = sum(x1 - x0 > _ELONGATED * (y1 - y0) for x0, y0, x1, y1 in boxes)
    quarter = int(tall > wide)
    longest = sorted(boxes, key=lambda box: max(box[2] - box[0], box[3] - box[1]), reverse=True)[:_ASKED_LINES]
    lines = [np.rot90(crop(picture, box), quarter) for box in longest]
    is_upside_down = 2 * count_upside_down(lines) > len(lines)
    return quarter + 2 * is_upside_down
