"""One indicator over its windows as a line: geometry for a drawing that needs no script."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from chengshu.kernel.indicators.models import Measurement

WIDTH, HEIGHT = 720, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 24, 16, 36
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Point:
    """One measured window: where it stands in the drawing, and what it says."""

    x: int
    y: int
    day: str
    value: str
    measurement_id: int


@dataclass(frozen=True, slots=True)
class LineChart:
    """The drawing: points from the earliest window on, the line through them, the ends of the scale."""

    points: tuple[Point, ...]
    line: str
    low: str
    high: str
    scope: str
    width: int = WIDTH
    height: int = HEIGHT
    base: int = HEIGHT - _BOTTOM
    top: int = _TOP
    left: int = _LEFT
    right: int = WIDTH - _RIGHT


def draw_history(measured: Sequence[Measurement]) -> LineChart | None:
    """Draw the windows of one scope, the latest measurement of each; None where fewer than two have a value.

    `measured` comes newest first.
    """
    latest: dict[tuple[object, object], Measurement] = {}
    for kept in measured:
        if kept.value is not None:
            latest.setdefault((kept.first_day, kept.last_day), kept)
    shown = sorted(latest.values(), key=lambda kept: (kept.last_day, kept.first_day))
    if len(shown) < _FEWEST:
        return None
    values = [kept.value for kept in shown if kept.value is not None]
    low, high = min(values), max(values)
    points = tuple(_point(kept, at, len(shown), low, high) for at, kept in enumerate(shown))
    digits = shown[-1].digits
    line = " ".join(f"{point.x},{point.y}" for point in points)
    return LineChart(points, line, f"{low:.{digits}f}", f"{high:.{digits}f}", shown[-1].scope)


def _point(kept: Measurement, at: int, count: int, low: Decimal, high: Decimal) -> Point:
    value = kept.value or Decimal(0)
    share = float((value - low) / (high - low)) if high > low else 0.5
    x = _LEFT + round(at * (WIDTH - _LEFT - _RIGHT) / (count - 1))
    y = HEIGHT - _BOTTOM - round(share * (HEIGHT - _TOP - _BOTTOM))
    return Point(x, y, kept.last_day.isoformat(), f"{value:.{kept.digits}f}", kept.pk)
