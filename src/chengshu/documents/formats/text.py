"""Plain text as extraction and OCR programs leave it: tabs between cells, or none at all."""

import re
from collections import Counter

from chengshu.documents.contracts import Cell, Place
from chengshu.documents.encoding import decode_text
from chengshu.documents.markup import strip_markup
from chengshu.documents.transcript import Source, Transcript

_RUN = re.compile(r"(?<=\S) {2,}(?=\S)")  # within a line: an indented one is no table
_TAB_WIDTHS = (8, 4, 3, 2)
_LEAST_TABS = 10
_TAB_SHARE = 0.95
_LINE_END = re.compile(r"\r\n|\n|\r")


def split_lines(text: str) -> list[str]:
    """Physical lines as an editor counts them: form feeds and Unicode separators do not end a line."""
    return _LINE_END.split(text)


def transcribe(source: Source, transcript: Transcript) -> None:
    """Give every line with tabs as a tabbed row (empty fields kept), every other as a loose one; blank lines none.

    Tabbed lines in unbroken succession share a table number.
    """
    lines = split_lines(decode_text(source.data, file=source.file))
    transcribe_lines(_restore_tabs(lines), transcript, first=1)


def _restore_tabs(lines: list[str]) -> list[str]:
    """Give a text whose tabs were typed over by a fixed number of blanks its tabs again; any other as it is.

    Such a text has no tab, and its runs of blanks are all as long as one of them or a multiple of it.
    """
    if any("\t" in line for line in lines):
        return lines
    runs = Counter(len(run) for line in lines for run in _RUN.findall(line))
    for width in _TAB_WIDTHS:
        fitting = sum(count for length, count in runs.items() if length % width == 0)
        if runs[width] >= _LEAST_TABS and fitting >= _TAB_SHARE * runs.total():
            return [line.replace(" " * width, "\t") for line in lines]
    return lines


def transcribe_lines(lines: list[str], transcript: Transcript, *, first: int) -> None:
    """Give the lines as rows; `first` is the number of the first in its file."""
    table: int | None = None
    for number, line in enumerate(lines, start=first):
        if not line or line.isspace():
            table = None
        elif "\t" in line:
            table = table or transcript.open_table()
            transcript.refuse_beyond(1, line.count("\t") + 1)  # before so many cells are made
            transcript.add_fields(_split_fields(line, number), table=table)
        else:
            table = None
            transcript.add_paragraph(strip_markup(line), Place(line=number))


def _split_fields(line: str, number: int) -> list[Cell]:
    return [
        Cell(strip_markup(field), Place(line=number, ref=f"C{column}"))
        for column, field in enumerate(line.split("\t"), start=1)
    ]
