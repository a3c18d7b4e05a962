"""How long to wait before the next attempt."""

from datetime import timedelta

from chengshu.kernel.jobs.contracts import Backoff

_SPREAD = 0.25
_LARGEST_POWER = 32


def reckon_wait(backoff: Backoff, failures: int, *, chance: float) -> timedelta | None:
    """Return how long to wait after this many failures in a row, or None when no further attempt is due.

    Args:
        backoff: how often, and how long.
        failures: at least 1.
        chance: from 0 to 1, drawn anew for each wait; spreads it by a quarter to both sides.
    """
    if failures >= backoff.attempts:
        return None
    longest = backoff.most.total_seconds()
    wait = min(backoff.first.total_seconds() * backoff.factor ** min(failures - 1, _LARGEST_POWER), longest)
    return timedelta(seconds=wait * (1 - _SPREAD + 2 * _SPREAD * chance))
