"""The pages of the performance year with 20,000 years of projects, beside a page with one indexed query.

SQLite stands in a file of its own; on PostgreSQL:
`python scripts/run_on_postgresql.py python -m benchmarks years`.
"""

import os
import tempfile
from importlib import import_module

import django

PROJECTS, FULL_PROJECTS = 2_000, 20_000


def run() -> None:
    """Target: list, dashboard and inbox within 200 ms at 20,000 years: 2,000 projects over ten years."""
    _measure(PROJECTS)


def run_full() -> None:
    """The same with ten times as many."""
    _measure(FULL_PROJECTS)


def _measure(projects: int) -> None:
    """Measure in an empty house in a folder that vanishes."""
    with tempfile.TemporaryDirectory() as folder:
        house = {
            "CHENGSHU_VAR_DIR": folder,
            "CHENGSHU_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "chengshu.config.settings",
        }
        os.environ.update(house)  # noqa: TID251 - of this process and its children
        django.setup()
        import_module("benchmarks.years_pages").measure(projects)
