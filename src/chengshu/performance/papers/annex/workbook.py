"""The annex as a workbook: the figures, the measurements with their queries, the samples, how to recompute."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from chengshu.performance.papers.annex.contents import Annex, Figure
from chengshu.performance.papers.annex.layout import (
    document_facts,
    measured_facts,
    summary_facts,
    write_cell,
    write_query,
)
from chengshu.performance.papers.annex.words import list_steps
from chengshu.performance.papers.reports.words import Words
from chengshu.performance.papers.writers.xlsx import put_text

_Value = str | Decimal | int | None

_FONT = Font(name="微软雅黑", size=10)
_HEAD_FONT = Font(name="微软雅黑", size=10, bold=True)
_TITLE_FONT = Font(name="微软雅黑", size=14, bold=True)
_HEAD_FILL = PatternFill("solid", start_color="FFEEF2F7")
_TOP = Alignment(vertical="top", wrap_text=True)
_LONGEST_CELL = 32_000  # characters; a cell holds no more than 32,767


def write_workbook(annex: Annex, words: Words) -> bytes:
    """Write the sheets."""
    book = Workbook()
    _write_cover(book.worksheets[0], annex, words)
    _write_list(book, words["figures"], _figure_heads(words), (_figure_row(f, words) for f in annex.figures))
    key = ((words["number"], 7), (words["indicator"], 30))
    facts = (*key, (words["name"], 22), (words["content"], 90))
    _write_list(book, words["evidence"], facts, _evidence_rows(annex, words))
    cells = (*key, *((f"{words['cell']} {number}", 22) for number in range(1, 9)))
    _write_list(book, words["sample"], cells, _sample_rows(annex))
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _write_cover(sheet: Worksheet, annex: Annex, words: Words) -> None:
    sheet.title = words["cover"]
    put_text(sheet.cell(1, 1), words["title"].format(annex=annex))
    sheet.cell(1, 1).font = _TITLE_FONT
    facts = list(summary_facts(annex, words))
    steps = [(f"{words['recompute']} {number}", step) for number, step in enumerate(list_steps(words), start=1)]
    for row, pair in enumerate((*facts, *steps), start=3):
        _put_row(sheet, row, pair)
    sheet.column_dimensions["A"].width = 22
    sheet.column_dimensions["B"].width = 100


def _figure_heads(words: Words) -> Sequence[tuple[str, int]]:
    names = (
        "number",
        "category",
        "indicator",
        "target",
        "actual",
        "weight",
        "rule_score",
        "score",
        "evidence",
        "digest",
    )
    widths = (7, 18, 36, 18, 18, 9, 9, 9, 12, 70)
    return [(words[name], width) for name, width in zip(names, widths, strict=True)]


def _figure_row(figure: Figure, words: Words) -> Sequence[_Value]:
    digest = figure.measured.digest if figure.measured else figure.document.file.sha256 if figure.document else ""
    scores = (figure.weight, figure.rule_score, figure.score)
    texts = (figure.category, figure.name, figure.target, figure.actual)
    return (figure.number, *texts, *scores, words[f"evidence_{figure.evidence}"], digest)


def _evidence_rows(annex: Annex, words: Words) -> Iterator[Sequence[_Value]]:
    for figure in annex.figures:
        key = (figure.number, figure.name)
        if figure.measured:
            yield from ((*key, name, value) for name, value in measured_facts(figure.measured, words))
            yield (*key, words["query"], write_query(figure.measured))
            parameters = figure.measured.parameters.items()
            yield from ((*key, f"{words['parameter']} {name}", write_cell(value)) for name, value in parameters)
        elif figure.document:
            yield from ((*key, name, value) for name, value in document_facts(figure.document, words))


def _sample_rows(annex: Annex) -> Iterator[Sequence[_Value]]:
    for figure in annex.figures:
        if figure.measured and figure.measured.sample:
            for row in (figure.measured.titles, *figure.measured.sample):
                yield (figure.number, figure.name, *(write_cell(cell) for cell in row))


def _write_list(book: Workbook, title: str, heads: Sequence[tuple[str, int]], rows: Iterable[Sequence[_Value]]) -> None:
    sheet = book.create_sheet(title)
    _put_row(sheet, 1, [name for name, _ in heads], head=True)
    for number, row in enumerate(rows, start=2):
        _put_row(sheet, number, row)
    for column, (_, width) in enumerate(heads, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"


def _put_row(sheet: Worksheet, row: int, values: Sequence[_Value], *, head: bool = False) -> None:
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(row, column)
        if isinstance(value, str):
            put_text(cell, value[:_LONGEST_CELL])
        else:
            cell.value = value
        cell.font = _HEAD_FONT if head else _FONT
        cell.alignment = _TOP
        if head:
            cell.fill = _HEAD_FILL
