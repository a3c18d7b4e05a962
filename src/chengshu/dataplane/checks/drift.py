"""How far a table moved from what it used to be. Pure."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median

_LEAST_SHARE = 1e-4
"""Shares below are taken for this one: an empty bin would make the index infinite."""


def stability_index(earlier: Sequence[Decimal], now: Sequence[int]) -> float:
    """Give the population stability index: the sum of (q - p) ln(q / p) over the bins; 0 for the same shares.

    `earlier` are shares, `now` counts. Infinite when there are no counts at all.
    """
    total = sum(now)
    if not total:
        return math.inf
    pairs = (
        (max(float(p), _LEAST_SHARE), max(count / total, _LEAST_SHARE)) for p, count in zip(earlier, now, strict=True)
    )
    return sum((q - p) * math.log(q / p) for p, q in pairs)


def count_drift(history: Sequence[int], now: int) -> Decimal:
    """Give the distance of a count from the median of earlier ones, as a share of that median."""
    middle = median(map(Decimal, history))
    if middle == 0:
        return Decimal(0) if now == 0 else Decimal("Infinity")
    return abs(now - middle) / middle


def is_late(latest: datetime | None, now: datetime, within: timedelta) -> bool:
    """Say whether the latest moment lies further back than it may; nothing at all is late."""
    return latest is None or now - latest > within
