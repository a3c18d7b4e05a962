"""Typesets sheets as PDF, all forms in one run of the typesetter."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from chengshu.performance.papers.sheets import Sheet, SheetCell, printable


def write_pdf(sheets: Sequence[Sheet], *, font_dir: Path | None = None) -> bytes:
    """Typeset one form a page run; `font_dir` holds the font files (else the machine's own fonts serve)."""
    return typeset("form", {"sheets": [_sheet_data(sheet) for sheet in sheets]}, font_dir=font_dir)


def typeset(template: str, data: Mapping[str, Any], *, font_dir: Path | None) -> bytes:
    """Run the typesetter over a template of the `typst` folder; texts travel as data and are never markup."""
    compiled = typst.compile(
        _template(template),
        font_paths=_fonts(font_dir),
        sys_inputs={"data": printable(json.dumps(data, ensure_ascii=False))},
        format="pdf",
    )
    if not isinstance(compiled, bytes):
        raise TypeError("the typesetter gave no single file")
    return compiled


@cache
def _template(name: str) -> bytes:
    return (files("chengshu.performance.papers") / "typst" / f"{name}.typ").read_bytes()


@cache
def _fonts(font_dir: Path | None) -> typst.Fonts:
    """Look the fonts up once: reading a folder of Chinese fonts takes longer than setting a page."""
    return typst.Fonts(font_paths=[] if font_dir is None else [str(font_dir)])


def _sheet_data(sheet: Sheet) -> dict[str, Any]:
    heading = len(sheet.rows) if sheet.heading is None else sheet.heading
    repeated = [cell for row in sheet.rows[heading : heading + 1] for cell in row]
    overhanging = [cell for cell in repeated if cell.rows > 1]
    return {
        "title": sheet.title,
        "year": sheet.year_line,
        "widths": sheet.widths,
        "above": [_cell_data(cell) for row in sheet.rows[:heading] for cell in row],
        "heading": [_heading_data(cell) for cell in repeated],
        "below": [_overhang_data(cell) for cell in overhanging]
        + [_cell_data(cell) for row in sheet.rows[heading + 1 :] for cell in row],
    }


def _cell_data(cell: SheetCell) -> dict[str, Any]:
    return {
        "text": cell.text,
        "rows": cell.rows,
        "columns": cell.columns,
        "align": cell.align,
        "figure": cell.number is not None,
        "open": "",
    }


def _heading_data(cell: SheetCell) -> dict[str, Any]:
    """Cut a cell that hangs out of the repeated heading: its head has no text and no line below."""
    if cell.rows == 1:
        return _cell_data(cell)
    return {**_cell_data(cell), "rows": 1, "text": "", "open": "below"}


def _overhang_data(cell: SheetCell) -> dict[str, Any]:
    """The rest of a cell cut by the heading carries the text and has no line above: together they look like one."""
    return {**_cell_data(cell), "rows": cell.rows - 1, "open": "above"}
