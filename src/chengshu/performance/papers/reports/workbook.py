"""Writes a report as a workbook to filter and to work on: summary, findings, re-scored lines, forms, input faults."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from chengshu.performance.contracts import Form
from chengshu.performance.papers.reports.contents import FindingsReport
from chengshu.performance.papers.reports.figures import show_source, total_difference
from chengshu.performance.papers.reports.layout import summary_facts
from chengshu.performance.papers.reports.naming import name_cell
from chengshu.performance.papers.reports.tally import count_levels, count_report, single_forms
from chengshu.performance.papers.reports.words import Words
from chengshu.performance.papers.writers.xlsx import put_text

_Value = str | Decimal | int | None

_HEAD_FONT = Font(name="微软雅黑", size=10, bold=True)
_FONT = Font(name="微软雅黑", size=10)
_TITLE_FONT = Font(name="微软雅黑", size=14, bold=True)
_HEAD_FILL = PatternFill("solid", start_color="FFEEF2F7")
_KEY = (("file", 26), ("form", 7), ("project", 30), ("year", 8))
_TOP = Alignment(vertical="top", wrap_text=True)


def write_workbook(report: FindingsReport, words: Words) -> bytes:
    """Write the sheets; every list has a filter and a fixed heading row."""
    book = Workbook()
    _write_summary(book.worksheets[0], report, words)
    _write_list(book, words["sheet_findings"], _finding_columns(words), _finding_rows(report, words))
    _write_list(book, words["sheet_rescoring"], _rescoring_columns(words), _rescoring_rows(report, words))
    _write_list(book, words["sheet_forms"], _form_columns(words), _form_rows(report, words))
    _write_list(book, words["sheet_faults"], _fault_columns(words), _fault_rows(report, words))
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _write_summary(sheet: Worksheet, report: FindingsReport, words: Words) -> None:
    sheet.title = words["sheet_summary"]
    tally = count_report(report)
    put_text(sheet.cell(1, 1), report.title)
    sheet.cell(1, 1).font = _TITLE_FONT
    row = 3
    for name, value in summary_facts(report, tally, words):
        _put_row(sheet, row, (name, value))
        row += 1
    heads = (words["level"], words["class"], words["code"], words["count"])
    _put_row(sheet, row + 1, heads, head=True)
    for number, item in enumerate(tally.classes, start=row + 2):
        _put_row(sheet, number, (words.levels[item.level], words.code(item.code), item.code, item.count))
    for column, width in enumerate((22, 34, 26, 10), start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width


def _write_list(
    book: Workbook, title: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[_Value]]
) -> None:
    sheet = book.create_sheet(title)
    _put_row(sheet, 1, [name for name, _ in columns], head=True)
    for number, row in enumerate(rows, start=2):
        _put_row(sheet, number, row)
    for column, (_, width) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{sheet.max_row}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.print_title_rows = "1:1"


def _put_row(sheet: Worksheet, row: int, values: Sequence[_Value], *, head: bool = False) -> None:
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(row, column)
        if isinstance(value, str):
            put_text(cell, value)
        else:
            cell.value = value
        cell.font = _HEAD_FONT if head else _FONT
        cell.alignment = _TOP
        if head:
            cell.fill = _HEAD_FILL


def _finding_columns(words: Words) -> list[tuple[str, int]]:
    cell = (("level", 10), ("class", 24), ("code", 26), ("cell", 34), ("printed", 18), ("expected", 18))
    return _named(words, *_KEY, *cell, ("message", 60), ("basis", 40), ("doubtful_column", 10), ("field", 28))


def _finding_rows(report: FindingsReport, words: Words) -> Iterator[Sequence[_Value]]:
    for form, checked in single_forms(report.checked):
        for finding in checked.findings:
            yield (
                *_form_key(form),
                words.levels[finding.level],
                words.code(finding.code),
                finding.code,
                name_cell(form, finding.field, words),
                finding.printed,
                finding.expected,
                words.message(finding),
                finding.basis,
                words["yes"] if finding.doubtful else "",
                finding.field,
            )


def _rescoring_columns(words: Words) -> list[tuple[str, int]]:
    figures = (("weight", 10), ("printed_score", 10), ("rule_score", 10), ("difference", 10))
    return _named(words, *_KEY, ("line", 34), *figures, ("why", 60))


def _rescoring_rows(report: FindingsReport, words: Words) -> Iterator[Sequence[_Value]]:
    for form, checked in single_forms(report.checked):
        for line in checked.rescored.lines:
            yield (
                *_form_key(form),
                name_cell(form, line.field.removesuffix("/score"), words),
                line.weight,
                line.printed,
                line.score,
                None if line.score is None or line.printed is None else line.score - line.printed,
                words.why(line),
            )


def _form_columns(words: Words) -> list[tuple[str, int]]:
    names = (("department", 26), ("unit", 26), ("template", 16))
    money = [(words.parts[name], 18) for name in ("money_unit", "initial", "budget", "executed", "rate")]
    totals = ("printed_total", "printed_grade", "rule_total", "rule_grade", "difference")
    levels = [(name, 9) for name in words.levels.values()]
    results = _named(words, *((name, 12) for name in totals))
    return [*_named(words, *_KEY, *names), *money, *results, *levels, *_named(words, ("same_as", 30))]


def _form_rows(report: FindingsReport, words: Words) -> Iterator[Sequence[_Value]]:
    for form, checked in report.checked:
        total, same = form.money.total, form.duplicate_of
        yield (
            *_form_key(form),
            form.department,
            form.unit,
            form.template,
            form.money_unit,
            total.initial,
            total.budget,
            total.executed,
            total.rate,
            form.total.score,
            form.grade,
            checked.rescored.total,
            checked.rescored.grade,
            total_difference(form, checked),
            *(count_levels(() if same else checked.findings).values()),
            words["source_of"].format(file=same.file, form=same.form) if same else "",
        )


def _fault_columns(words: Words) -> list[tuple[str, int]]:
    return _named(words, ("source", 36), ("cell", 30), ("reason", 60), ("cure", 50))


def _fault_rows(report: FindingsReport, words: Words) -> Iterator[Sequence[_Value]]:
    for fault in report.faults:
        yield fault.file, "", fault.reason, fault.cure
    for form, _ in single_forms(report.checked):
        for item in form.unreadable:
            raw = f"{words['unreadable_values']}: {item.raw}"
            yield show_source(form, words), name_cell(form, item.field, words), raw, ""


def _form_key(form: Form) -> tuple[_Value, ...]:
    return form.source.file, form.source.form, form.project, form.year


def _named(words: Words, *columns: tuple[str, int]) -> list[tuple[str, int]]:
    return [(words[name], width) for name, width in columns]
