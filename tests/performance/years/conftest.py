"""The office and the years of monitoring's tests."""

from performance.monitoring.conftest import make_year, office, point, sheet

__all__ = ["make_year", "office", "point", "sheet"]
