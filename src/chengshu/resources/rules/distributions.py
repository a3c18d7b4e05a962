"""How the values of a column are spread over bins, and how far that moved from before. Pure."""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

BINS = 10
FEW_VALUES = 20
"""Distinct values up to which each is counted by itself."""
_STEPS = (1, 2, 2.5, 5, 10)
_EPOCH = date(1970, 1, 1)


def nice_edges(low: float, high: float, *, is_whole: bool) -> list[float]:
    """Give round edges, ascending, about ten bins apart, from below the lowest value to above the highest."""
    if not math.isfinite(low) or not math.isfinite(high) or high <= low:
        return []
    rough = (high - low) / BINS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in _STEPS if power * factor >= rough)
    if is_whole:
        step = max(1.0, math.ceil(step))
    first = math.floor(low / step)
    last = math.floor(high / step) + 1
    return [round(number * step, 10) for number in range(first, last + 1)]


def name_bins(edges: Sequence[float], *, is_day: bool) -> list[str]:
    """Name the bins of edges: below the first, between two (the lower one belongs to it), from the last on."""
    shown = [_day(edge) if is_day else format(edge, ",.10g") for edge in edges]
    between = [f"{low} – {high}" for low, high in pairwise(shown)]
    return [f"< {shown[0]}", *between, f"≥ {shown[-1]}"]


def shares_of(counts: Sequence[int]) -> list[float]:
    """Give counts as shares of their sum, 0 to 1."""
    total = sum(counts)
    return [count / total if total else 0.0 for count in counts]


def _day(number: float) -> str:
    try:
        return f"{_EPOCH + timedelta(days=number):%Y-%m-%d}"
    except OverflowError:
        return format(number, ",.10g")
