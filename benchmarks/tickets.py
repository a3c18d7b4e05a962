"""The pages and figures of tickets as their number grows, beside a page with one indexed query.

SQLite stands in a file of its own; on PostgreSQL:
`python scripts/run_on_postgresql.py python -m benchmarks tickets`.
"""

from importlib import import_module

from benchmarks.houses import open_empty_house

COUNT, FULL_COUNT = 20_000, 200_000


def run() -> None:
    """Target: list, inbox and record within 200 ms however many tickets there are; figures of a year within a second."""
    _measure(COUNT)


def run_full() -> None:
    """The same with ten times as many."""
    _measure(FULL_COUNT)


def _measure(count: int) -> None:
    """Measure in an empty house in a folder that vanishes."""
    with open_empty_house():
        import_module("benchmarks.tickets_pages").measure(count)
