"""Recording and linking an entry beside a bare insert, checking the chain as it grows, and four writers at once.

SQLite stands in a file of its own; on PostgreSQL:
`python scripts/run_on_postgresql.py python -m benchmarks audit`.
"""

from importlib import import_module

from benchmarks.houses import open_empty_house

SIZES, FULL_SIZES = (10_000, 100_000), (10_000, 100_000, 1_000_000)


def run() -> None:
    """Target: recording and linking add less than 2 ms to a write; a million entries are checked in two minutes."""
    _measure(SIZES)


def run_full() -> None:
    """The same, up to a million entries."""
    _measure(FULL_SIZES)


def _measure(sizes: tuple[int, ...]) -> None:
    """Measure in an empty house in a folder that vanishes."""
    with open_empty_house():
        import_module("benchmarks.audit_chain").measure(sizes)
