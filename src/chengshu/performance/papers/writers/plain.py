"""Writes sheets as text: separated by tabs, by commas, or as Markdown tables."""

import csv
import re
from collections.abc import Sequence
from io import StringIO

from chengshu.performance.papers.sheets import Sheet, grid

_FIGURE = re.compile(r"[-+]?[\d,]*\.?\d+%?|[-+]")


def write_txt(sheets: Sequence[Sheet]) -> bytes:
    """Write every position of the table between tabs; paragraphs within a cell are marked <p>…</p>, as published."""
    forms = []
    for sheet in sheets:
        rows = ["\t".join(_paragraphs(text) for text in texts) for texts in _texts(sheet)]
        forms.append("\n".join([sheet.title, "", sheet.year_line, "", *rows, ""]))
    return "\n".join(forms).encode()


def write_csv(sheets: Sequence[Sheet]) -> bytes:
    """Write every position of the table as a field, UTF-8 with a mark so that office programs read the Chinese."""
    buffer = StringIO()
    writer = csv.writer(buffer)
    for number, sheet in enumerate(sheets):
        if number:
            writer.writerow([])
        writer.writerow([sheet.title])
        writer.writerow([sheet.year_line])
        writer.writerows([guard(text) for text in texts] for texts in _texts(sheet))
    return buffer.getvalue().encode("utf-8-sig")


def write_md(sheets: Sequence[Sheet]) -> bytes:
    """Write one heading and one table a sheet."""
    forms = []
    for sheet in sheets:
        first, *others = (f"| {' | '.join(map(_pipe_safe, texts))} |" for texts in _texts(sheet))
        rule = "|" + " --- |" * len(sheet.widths)
        forms.append("\n".join([f"# {sheet.title}", "", sheet.year_line, "", first, rule, *others, ""]))
    return "\n".join(forms).encode()


def guard(text: str) -> str:
    """Keep office programs from running a text as a formula: a blank before its sign, which readers strip again."""
    return f" {text}" if text[:1] in {"=", "+", "-", "@"} and not _FIGURE.fullmatch(text) else text


def _texts(sheet: Sheet) -> list[list[str]]:
    return [[cell.text if cell else "" for cell in positions] for positions in grid(sheet)]


def _paragraphs(text: str) -> str:
    return " ".join(f"<p>{line}</p>" for line in text.split("\n")) if "\n" in text else text


def _pipe_safe(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", "<br>")
