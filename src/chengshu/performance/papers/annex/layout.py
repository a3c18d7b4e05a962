"""Lays the annex out in blocks: what it is, the figures at a glance, how to recompute, then figure by figure."""

from collections.abc import Iterator
from decimal import Decimal
from textwrap import dedent

from chengshu.performance.papers.annex.contents import Annex, Cell, Counting, Document, Figure, KeptFile, Measured
from chengshu.performance.papers.annex.words import list_steps
from chengshu.performance.papers.reports.contents import (
    Block,
    Code,
    Column,
    Facts,
    Heading,
    Paragraph,
    Table,
    TableCell,
)
from chengshu.performance.papers.reports.figures import show_moment
from chengshu.performance.papers.reports.words import Words

_NONE = "—"
_SHOWN_COLUMNS = 6


def lay_out(annex: Annex, words: Words) -> tuple[Block, ...]:
    """Give the annex in reading order."""
    figures = [block for figure in annex.figures for block in _figure(figure, words)]
    return (*_summary(annex, words), *_steps(words), *figures)


def _summary(annex: Annex, words: Words) -> Iterator[Block]:
    yield Facts(tuple(summary_facts(annex, words)))
    yield Heading(words["figures"])
    yield Table(
        (
            Column(words["number"], 7, "center"),
            Column(words["indicator"], 32),
            Column(words["target"], 15),
            Column(words["actual"], 15),
            Column(words["weight"], 8, "end"),
            Column(words["score"], 8, "end"),
            Column(words["evidence"], 15),
        ),
        tuple(
            (
                TableCell(str(figure.number)),
                TableCell(figure.name, figure.category),
                TableCell(figure.target or _NONE),
                TableCell(figure.actual or _NONE),
                TableCell(write_number(figure.weight)),
                TableCell(write_number(figure.score)),
                TableCell(words[f"evidence_{figure.evidence}"], tone="error" if figure.evidence == "none" else ""),
            )
            for figure in annex.figures
        ),
    )


def summary_facts(annex: Annex, words: Words) -> Iterator[tuple[str, str]]:
    """Give the cover's facts as names and values."""
    yield words["project"], f"{annex.project}（{annex.code}）"
    yield words["unit"], annex.unit or _NONE
    yield words["year"], str(annex.year)
    yield words["total"], f"{write_number(annex.total)} {annex.grade}".strip()
    yield words["rules"], annex.rules
    yield words["version"], words[f"state_{annex.state}"].format(version=annex.version)
    yield words["coverage"], words["coverage_of"].format(measured=annex.measured_count, all=len(annex.figures))
    yield words["made_at"], show_moment(annex.made_at, words)


def _steps(words: Words) -> Iterator[Block]:
    yield Heading(words["recompute"])
    for number, step in enumerate(list_steps(words), start=1):
        yield Paragraph(f"{number}. {step}")


def _figure(figure: Figure, words: Words) -> Iterator[Block]:
    yield Heading(f"{figure.number}. {figure.name}")
    if figure.measured:
        yield from _measured(figure, figure.measured, words)
    elif figure.document:
        yield Facts(tuple(document_facts(figure.document, words)))
    elif figure.waiting:
        yield Paragraph(f"{words['evidence_waiting']}{words['colon']}{figure.waiting}")
    else:
        yield Paragraph(words["evidence_none"], "error")


def _measured(figure: Figure, measured: Measured, words: Words) -> Iterator[Block]:
    yield Facts(((words["target"], figure.target or _NONE), *measured_facts(measured, words)))
    yield Heading(words["query"], 3)
    yield Code(write_query(measured))
    yield Facts(tuple((name, write_cell(value)) for name, value in measured.parameters.items()))
    if measured.sample:
        yield Heading(words["sample"], 3)
        yield Paragraph(words["sample_note"], "muted")
        yield _sample(measured)


def measured_facts(measured: Measured, words: Words) -> Iterator[tuple[str, str]]:
    """Give what a measurement says as names and values."""
    yield words["value"], write_value(measured)
    yield words["numerator"], write_number(measured.numerator)
    yield words["denominator"], write_number(measured.denominator)
    yield words["counted"], str(measured.counted)
    yield words["window"], f"{measured.first_day} – {measured.last_day}"
    yield words["scope"], measured.scope or words["whole_city"]
    if measured.counting:
        yield words["definition"], measured.counting.definition
        yield words["counting"], write_counting(measured.counting, words)
    yield words["key"], measured.key
    yield words["digest"], measured.digest
    yield words["rows_file"], write_file(measured.rows_file, words) if measured.rows_file else words["no_rows_file"]
    yield words["measured_at"], f"{show_moment(measured.measured_at, words)} {measured.measured_by}".strip()


def document_facts(document: Document, words: Words) -> Iterator[tuple[str, str]]:
    """Give what a document says as names and values."""
    yield words["document"], write_file(document.file, words)
    yield words["place"], document.place or _NONE


def write_file(kept: KeptFile, words: Words) -> str:
    """Write a file's name, size and digest."""
    return words["file_of"].format(file=kept)


def write_counting(counting: Counting, words: Words) -> str:
    """Write how the rows become the value."""
    said = words[f"by_{counting.aggregation}"].format(percentile=write_number(counting.percentile))
    if counting.factor != 1:
        said += words["times"].format(counting.factor)
    if counting.divisor != 1:
        said += words["divided"].format(counting.divisor)
    return said


def write_value(measured: Measured) -> str:
    """Write the value with its decimals and unit."""
    return _NONE if measured.value is None else f"{measured.value:.{measured.digits}f}{measured.unit}"


def write_query(measured: Measured) -> str:
    """Write the query without the indent that all its lines share; the digest does not depend on it."""
    return dedent(measured.query).strip()


def _sample(measured: Measured) -> Table:
    titles = measured.titles[:_SHOWN_COLUMNS]
    rows = tuple(tuple(TableCell(write_cell(cell)) for cell in row[:_SHOWN_COLUMNS]) for row in measured.sample)
    return Table(tuple(Column(title, 100 // len(titles)) for title in titles), rows)


def write_number(number: Decimal | None) -> str:
    """Write a figure without idle zeros; a dash where there is none."""
    if number is None:
        return _NONE
    plain = f"{number:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def write_cell(cell: Cell) -> str:
    """Write a value of a row or a query's parameter."""
    return _NONE if cell is None else str(cell)
