"""The door of all refused rows of a delivery; apart from the rest because what it stands on is heavy to import."""

from chengshu.resources.queries.refused import read_refused, write_csv, write_workbook

__all__ = ["read_refused", "write_csv", "write_workbook"]
