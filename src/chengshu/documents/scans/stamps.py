"""Lifts red office stamps off a picture: they lie over rules and figures, which stay."""

from collections.abc import Iterator

import cv2
import numpy as np

from chengshu.documents.scans.recogniser import Picture
from chengshu.documents.scans.rulings import Mask

# In levels of 255: red ink is so much redder than it is green or blue; print below it is darker by the second.
_REDNESS = 24
_DEPTH = 40
_WASHED = 0.85  # of the way from black to white: what is lighter is a trace of the stamp
_SCALE = 4  # stamps are sought on a picture made smaller by this
_JOIN = 5
# A stamp's box in parts of the page's longer side, and how far it may be from square. Words set in red are smaller.
_LEAST, _GREATEST = 0.07, 0.35
_SQUARE = 1.6
_SPREAD = 3
_BRIDGE, _BESIDE = 7, 31
_DARK = 128
_SOME_PRINT = 0.01  # of the paper beside the strokes is print, or nothing can be told
_SHOWS_THROUGH = 0.3  # of that share shows at least through the ink of an honest stamp


def lift_stamps(picture: Picture) -> Picture:
    """The picture (RGB) with what is red in the box of a stamp as light as its paper; what is black there stays."""
    red = _find_red(picture)
    boxes = list(_iter_stamps(red))
    if not boxes:
        return picture
    lifted = picture.copy()
    for part in boxes:
        _lift(lifted[part], red[part])
    return lifted


def find_hidden(picture: Picture) -> Mask:
    """Where the ink of a stamp lies so thick that no print shows through it: what stood there is lost."""
    red = _find_red(picture)
    hidden = np.zeros_like(red)
    for part in _iter_stamps(red):
        if _is_opaque(picture[part][:, :, 0], red[part]):
            hidden[part] = red[part]
    return hidden


def _is_opaque(level: Mask, red: Mask) -> bool:
    """Whether much less print shows within the strokes of a stamp than beside them."""
    strokes = cv2.morphologyEx(red, cv2.MORPH_CLOSE, np.ones((_BRIDGE, _BRIDGE), np.uint8))
    inside = cv2.erode(strokes, np.ones((_SPREAD, _SPREAD), np.uint8)) > 0
    beside = (cv2.dilate(strokes, np.ones((_BESIDE, _BESIDE), np.uint8)) > 0) & (
        cv2.dilate(strokes, np.ones((_SPREAD, _SPREAD), np.uint8)) == 0
    )
    if not inside.any() or not beside.any():
        return False
    print_inside = float((level[inside] < np.median(level[red > 0]) - _DEPTH).mean())
    print_beside = float((level[beside] < _DARK).mean())
    return print_beside > _SOME_PRINT and print_inside < _SHOWS_THROUGH * print_beside


def _lift(window: Picture, red: Mask) -> None:
    """Stretch the red of the stamp's own ink to the white of the paper, that of the print below it to black."""
    ink = cv2.dilate(red, np.ones((_SPREAD, _SPREAD), np.uint8)) > 0
    level = window[:, :, 0][red > 0]
    light = float(np.median(level))
    dark = min(float(np.percentile(level, 1)), light - _DEPTH)
    paper = np.median(window[~ink], axis=0) if (~ink).any() else np.full(3, 255)
    shade = np.clip((window[:, :, 0][ink] - dark) / (_WASHED * (light - dark)), 0, 1)
    window[ink] = (shade[:, None] * paper).astype(np.uint8)


def _find_red(picture: Picture) -> Mask:
    level = picture.astype(np.int16)
    red = level[:, :, 0] - np.maximum(level[:, :, 1], level[:, :, 2])
    return np.where(red > _REDNESS, 255, 0).astype(np.uint8)


def _iter_stamps(red: Mask) -> Iterator[tuple[slice, slice]]:
    """The boxes of what hangs together in red, is about as wide as high, and as large as a stamp."""
    height, width = red.shape
    small = cv2.resize(red, None, fx=1 / _SCALE, fy=1 / _SCALE, interpolation=cv2.INTER_AREA)
    joined = cv2.dilate((small > 0).astype(np.uint8), np.ones((_JOIN, _JOIN), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    for x, y, w, h, _ in (stats[1:] * _SCALE).tolist():
        sides = sorted((w, h))
        if (
            sides[0] > _LEAST * max(height, width)
            and sides[1] < _GREATEST * max(height, width)
            and sides[1] < _SQUARE * sides[0]
        ):
            yield slice(y, min(y + h, height)), slice(x, min(x + w, width))
