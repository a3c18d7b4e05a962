"""The pages of the performance year with 20,000 years of projects, beside a page with one indexed query.

SQLite stands in a file of its own; on PostgreSQL:
`python scripts/run_on_postgresql.py python -m benchmarks years`.
"""

from importlib import import_module

from benchmarks.houses import open_empty_house

PROJECTS, FULL_PROJECTS = 2_000, 20_000


def run() -> None:
    """Target: list, dashboard and inbox within 200 ms at 20,000 years: 2,000 projects over ten years."""
    _measure(PROJECTS)


def run_full() -> None:
    """The same with ten times as many."""
    _measure(FULL_PROJECTS)


def _measure(projects: int) -> None:
    """Measure in an empty house in a folder that vanishes."""
    with open_empty_house():
        import_module("benchmarks.years_pages").measure(projects)
