"""The indicator library as it is delivered: read from its file, checked, in the order of the paper."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from chengshu.performance.contracts.goals import LibraryEntry

SIGNS = ("≥", "≤", "=", ">", "<")


@cache
def delivered_entries() -> Mapping[str, LibraryEntry]:
    """Give the delivered indicators by their stable code."""
    table = tomllib.loads(files("chengshu.performance.rules.year").joinpath("library.toml").read_text("utf-8"))
    return {
        code: LibraryEntry(
            level1=group["level1"],
            level2=group["level2"],
            name=name,
            domain=group["domain"],
            sign=sign,
            target=target,
            unit=unit,
            measured_by="".join(measured_by),
            basis=table["basis"],
        )
        for group in table["group"]
        for code, name, sign, target, unit, *measured_by in group["rows"]
    }


def write_target(entry: LibraryEntry) -> str:
    """Write the usual target as it stands on a form: sign, figure, unit; "" where none is usual."""
    return f"{entry.sign}{entry.target}{entry.unit}" if entry.target else ""
