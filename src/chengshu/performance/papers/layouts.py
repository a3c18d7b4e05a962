"""Layouts: what each template's paper looks like, one TOML file each beside this module."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from chengshu.performance.errors import ProfileInvalid
from chengshu.performance.papers.sheets import Align

FALLBACK = "national-2020"
_FOLDER = files("chengshu.performance.papers") / "layouts"


@dataclass(frozen=True, slots=True)
class CellLayout:
    """One cell of a row: a `label` (words of the form) or a `field` (where its value is found).

    `field` is a JSON pointer, or the name of a part of an indicator in a row `for_each` of them. `blank` is printed
    where the form has no value; `money_unit` is added to the label when the form states its unit. `merge` joins equal
    neighbours downward; `beside_indicators` stretches the cell down to the last indicator.
    """

    label: str | None = None
    field: str | None = None
    columns: int = 1
    rows: int = 1
    align: Align = "center"
    blank: str = ""
    money_unit: str = ""
    merge: bool = False
    beside_indicators: bool = False


@dataclass(frozen=True, slots=True)
class RowLayout:
    """A row of the paper: always there, once for each indicator, or only when the form has the value `only_with`."""

    cells: tuple[CellLayout, ...]
    heading: bool = False
    for_each: str = ""
    only_with: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole paper. `year_line` and `rate` are patterns with one {}; `signs` spells the signs of values."""

    name: str
    label: str
    title: str
    year_line: str
    widths: tuple[int, ...]
    grouped: bool
    rate: str
    rows: tuple[RowLayout, ...]
    signs: Mapping[str, str] = field(default_factory=dict)


@cache
def layout_names() -> tuple[str, ...]:
    """Name the templates that a form can be printed in, in alphabetical order."""
    return tuple(sorted(item.name.removesuffix(".toml") for item in _FOLDER.iterdir() if item.name.endswith(".toml")))


@cache
def get_layout(name: str) -> Layout:
    """Read the layout of a template.

    Raises ProfileInvalid for a name without a layout, and for data that are no layout.
    """
    if name not in layout_names():
        raise ProfileInvalid(f"没有名为“{name}”的版式，可用的版式：{'、'.join(layout_names())}", template=name)
    data = tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    try:
        return _layout(name, data)
    except (TypeError, KeyError) as fault:
        raise ProfileInvalid(f"版式“{name}”的数据有误：{fault}", template=name, reason=str(fault)) from fault


def choose_layout(template: str) -> Layout:
    """Give the layout of a form's own template, or the national form where the template has none."""
    return get_layout(template if template in layout_names() else FALLBACK)


def _layout(name: str, data: dict[str, Any]) -> Layout:
    rows = tuple(
        RowLayout(**{**row, "cells": tuple(CellLayout(**cell) for cell in row["cells"])}) for row in data.pop("rows")
    )
    return Layout(name=name, rows=rows, widths=tuple(data.pop("widths")), **data)
