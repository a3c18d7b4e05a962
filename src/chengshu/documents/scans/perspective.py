"""Takes turns and perspective out of a picture: its long straight strokes are made to lie level and to stand upright."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from chengshu.documents.scans.recogniser import Picture

Numbers = NDArray[np.float64]

_PROBE_PX = 1300  # strokes are sought on a picture with a longer side of this
_LEAST_LENGTH = 0.02  # of the longer side: shorter strokes belong to characters
_FEWEST = 6  # strokes of a direction
_LEAST_TOTAL = 1.5  # longer sides of the picture that the strokes of both directions make together
_BINS_PER_DEG = 2
_QUARTER_DEG = 90
_WITHIN_DEG = 12.0  # of the common direction: strokes that perspective may have turned
_ROUNDS = 6
_CAP = 0.2  # half longer sides: a longer stroke has no more weight
_SEED, _TRIES = 7, 400
_APART = 0.05  # strokes nearer to one line do not tell where they meet
_DOUBT = 0.004  # slope by which a stroke may miss its direction before it counts for less
_WHITE = (255, 255, 255, 0)
_NOTICEABLE = 0.0016  # of the longer side: what bends less is straight enough
_GROWTH = 1.6  # a picture that would grow by more was misjudged


@dataclass(frozen=True, slots=True)
class _Strokes:
    """Middles and directions of strokes; the middle of the picture is the origin, half its longer side the unit."""

    middle: Numbers
    direction: Numbers

    @property
    def length(self) -> Numbers:
        return np.asarray(np.hypot(self.direction[:, 0], self.direction[:, 1]))

    def near(self, angle: float) -> "_Strokes":
        """Those that run within some degrees of the angle, turned to run its way."""
        own = np.degrees(np.arctan2(self.direction[:, 1], self.direction[:, 0]))
        apart = np.abs((own - angle + _QUARTER_DEG) % (2 * _QUARTER_DEG) - _QUARTER_DEG)
        chosen = apart < _WITHIN_DEG
        return _Strokes(self.middle[chosen], self.direction[chosen])

    def turned(self, angle: float) -> "_Strokes":
        """All of them turned by degrees, clockwise as seen on the picture."""
        turn = np.radians(angle)
        by = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
        return _Strokes(self.middle @ by, self.direction @ by)

    def swapped(self) -> "_Strokes":
        """Mirrored, so that what stood upright lies level."""
        return _Strokes(self.middle[:, ::-1], self.direction[:, ::-1])


def flatten(picture: Picture) -> Picture | None:
    """The picture (grey on white) bent so that rules lie level and stand upright; None where too few are seen.

    Turns by any angle are taken out up to the nearest quarter, and the perspective of a page that was photographed
    from one side. A picture that is straight already is given back as it is.
    """
    height, width = picture.shape[:2]
    strokes = _find_strokes(picture)
    if not len(strokes.middle):
        return None
    angle = _find_angle(strokes)
    turned = strokes.turned(-angle)
    level, upright = turned.near(0), turned.near(_QUARTER_DEG).swapped()
    enough = min(len(level.middle), len(upright.middle)) >= _FEWEST
    if not enough or float(level.length.sum() + upright.length.sum()) < 2 * _LEAST_TOTAL:
        return None
    change = _find_change(level, upright, angle, width=width, height=height)
    return _bend(picture, change)


def _find_strokes(picture: Picture) -> _Strokes:
    height, width = picture.shape[:2]
    scale = min(1.0, _PROBE_PX / max(height, width))
    small = cv2.resize(picture[:, :, 0], None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    found = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD).detect(small)[0]
    ends = np.zeros((0, 2, 2)) if found is None else np.asarray(found, dtype=float).reshape(-1, 2, 2) / scale
    ends = (ends - np.array([width / 2, height / 2])) / (max(height, width) / 2)
    strokes = _Strokes(ends.mean(axis=1), ends[:, 1] - ends[:, 0])
    long = strokes.length > 2 * _LEAST_LENGTH
    return _Strokes(strokes.middle[long], strokes.direction[long])


def _find_angle(strokes: _Strokes) -> float:
    """The direction in degrees, -45 to 45, that most strokes share when quarters make no difference."""
    angles = np.degrees(np.arctan2(strokes.direction[:, 1], strokes.direction[:, 0])) % _QUARTER_DEG
    bins = _QUARTER_DEG * _BINS_PER_DEG
    counts = np.bincount((angles * _BINS_PER_DEG).astype(int) % bins, weights=strokes.length, minlength=bins)
    spread = sum(np.roll(counts, shift) for shift in range(-2, 3))
    best = (int(np.argmax(spread)) + 0.5) / _BINS_PER_DEG
    return best - _QUARTER_DEG if best > _QUARTER_DEG / 2 else best


def _find_vanishing(strokes: _Strokes) -> Numbers:
    """Where level strokes meet: the point (1, y, w) in homogeneous coordinates.

    It is the point that most strokes agree on, found by trying pairs of them, then fitted to those. A sheet may lie
    askew to what is printed on it: its edges are few, and long strokes count for little more than short ones.
    """
    (x, y), (along, across) = strokes.middle.T, (strokes.direction / strokes.length[:, None]).T
    design, weight = np.stack([along, x * across - y * along], axis=1), np.minimum(strokes.length, _CAP)
    pairs = np.random.default_rng(_SEED).integers(len(x), size=(_TRIES, 2))
    pairs = pairs[np.abs(np.linalg.det(design[pairs])) > _APART]
    found = np.linalg.solve(design[pairs], across[pairs][:, :, None])[:, :, 0]
    tried = np.vstack([np.stack([np.median(across / along), 0.0]), found])
    misses = np.abs(tried @ design.T - across)
    solved = tried[int(np.argmax(((misses < _DOUBT) * weight).sum(axis=1)))]
    for _ in range(_ROUNDS):
        scale = np.sqrt(weight / (1 + np.square((design @ solved - across) / _DOUBT) ** 2))
        solved = np.linalg.lstsq(design * scale[:, None], across * scale, rcond=None)[0]
    return np.array([1.0, *solved])


def _find_change(level: _Strokes, upright: _Strokes, angle: float, *, width: int, height: int) -> Numbers:
    """The projective change, in pixels, that sets the strokes straight."""
    sideways, downward = _find_vanishing(level), _find_vanishing(upright)[[1, 0, 2]]
    half_width, half_height = width / max(width, height), height / max(width, height)
    lines = {
        "top": np.cross(sideways, (0, -half_height, 1)),
        "bottom": np.cross(sideways, (0, half_height, 1)),
        "left": np.cross(downward, (-half_width, 0, 1)),
        "right": np.cross(downward, (half_width, 0, 1)),
    }
    sides = (("top", "left"), ("top", "right"), ("bottom", "right"), ("bottom", "left"))
    corners = np.array([_meet(lines[across], lines[down]) for across, down in sides])
    straight = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * (half_width, half_height)
    turn = np.vstack([np.c_[cv2.getRotationMatrix2D((0, 0), angle, 1)], (0, 0, 1)])
    unit = max(width, height) / 2
    to_pixels = np.array([(unit, 0, width / 2), (0, unit, height / 2), (0, 0, 1)])
    squared = cv2.getPerspectiveTransform(corners.astype(np.float32), straight.astype(np.float32))
    return np.asarray(to_pixels @ squared @ turn @ np.linalg.inv(to_pixels), dtype=np.float64)


def _meet(first: Numbers, second: Numbers) -> Numbers:
    point = np.cross(first, second)
    return np.asarray(point[:2] / point[2])


def _bend(picture: Picture, change: Numbers) -> Picture | None:
    """The picture after the change, as large as what it shows; None where it would be bent out of all shape."""
    height, width = picture.shape[:2]
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
    moved = cv2.perspectiveTransform(corners.reshape(-1, 1, 2), change).reshape(-1, 2)
    if float(np.abs(moved - corners).max()) < _NOTICEABLE * max(height, width):
        return picture
    low, high = np.floor(moved.min(axis=0)), np.ceil(moved.max(axis=0))
    size = (int(high[0] - low[0]), int(high[1] - low[1]))
    if max(size) > _GROWTH * max(height, width) or cv2.contourArea(moved) < width * height / _GROWTH:
        return None
    shift = np.array([(1, 0, -low[0]), (0, 1, -low[1]), (0, 0, 1)])
    bent = cv2.warpPerspective(picture, shift @ change, size, flags=cv2.INTER_CUBIC, borderValue=_WHITE)
    return np.asarray(bent, dtype=np.uint8)
