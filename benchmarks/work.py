"""Today's work as a city grows: the counts and the page of one department's operator, and of who sees every department.

SQLite stands in a file of its own; on PostgreSQL:
`python scripts/run_on_postgresql.py python -m benchmarks work`.
"""

from importlib import import_module

from benchmarks.houses import open_empty_house

RESOURCES, FULL_RESOURCES = (2_000, 20_000), (2_000, 20_000, 60_000)


def run() -> None:
    """Target: 150 ms for a department's operator and 500 ms for the city's steward, at 20,000 resources."""
    _measure(RESOURCES)


def run_full() -> None:
    """The same with three times as many again."""
    _measure(FULL_RESOURCES)


def _measure(sizes: tuple[int, ...]) -> None:
    """Measure each size in an empty house in a folder that vanishes."""
    with open_empty_house():
        import_module("benchmarks.work_pages").measure(sizes)
