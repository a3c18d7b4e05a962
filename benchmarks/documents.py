"""Reading workbooks and PDF into rows, beside the libraries underneath on the same bytes."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pdfplumber

from benchmarks.measuring import best_seconds, print_line
from chengshu.documents.reading import read_document
from chengshu.performance.contracts.wire import form_from_record
from chengshu.performance.papers.forms import render_forms

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples" / "forms"
TEXT_REPEATS = 20


def run() -> None:
    """Targets: a workbook within 1.5 times openpyxl's bare load, a PDF within 1.3 times pdfplumber's bare tables."""
    forms = [form_from_record(json.loads(path.read_text("utf-8"))) for path in sorted(EXAMPLES.glob("[0-9]*.json"))]
    workbook, pdf = render_forms(forms, kind="xlsx"), render_forms(forms, kind="pdf")
    _compare("forms.xlsx", workbook, load_workbook, "openpyxl.load_workbook")
    _compare("forms.pdf", pdf, extract_pdf, "pdfplumber extract_tables")
    _measure_text(render_forms(forms, kind="txt"))


def load_workbook(data: bytes) -> None:
    """What openpyxl does for a caller who wants values."""
    openpyxl.load_workbook(io.BytesIO(data), data_only=True)


def extract_pdf(data: bytes) -> None:
    """What pdfplumber does for a caller who wants tables and no text around them."""
    with pdfplumber.open(io.BytesIO(data)) as document:
        for page in document.pages:
            page.extract_tables()
            page.close()


def _compare(name: str, data: bytes, bare: Callable[[bytes], None], library: str) -> None:
    own = best_seconds(lambda: read_document(name, data), runs=3)
    floor = best_seconds(lambda: bare(data), runs=3)
    print_line(
        f"{name}, {len(data) / 1024:,.0f} KiB", f"{own:,.2f} s", f"{own / floor:.2f} x {library} ({floor:,.2f} s)"
    )


def _measure_text(data: bytes) -> None:
    """Rows a second of plain text."""
    lengthened = data * TEXT_REPEATS
    rows = len(read_document("forms.txt", lengthened).rows)
    print_line(
        "rows of plain text", f"{rows / best_seconds(lambda: read_document('forms.txt', lengthened)):,.0f} rows/s"
    )
