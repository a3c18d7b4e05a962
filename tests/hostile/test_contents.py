"""Names and texts that attack whatever shows or carries them: pages, spreadsheets, typesetter, word processor."""

import csv
import io
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from django.http import FileResponse, HttpResponseBase
from django.test import Client
from hostile.conftest import Import
from openpyxl import load_workbook
from performance.fakes import a_record, as_bytes

from chengshu.performance import facade
from chengshu.performance.facade import Batch, FormRecord

pytestmark = pytest.mark.django_db

_SCRIPT = "<script>alert(1)</script>\"'\u202e"
_FORMULA = "=cmd|' /C calc'!A0"
_MARKUP = '#read("/etc/hostname") #import "x.typ" $x$ *a* `b` \\ [c] @d'


def _attack() -> dict[str, Any]:
    record = a_record(_SCRIPT, unit=_FORMULA, department="@SUM(1)", goal={"expected": _MARKUP, "actual": "长" * 10_000})
    record["source"]["file"] = "../../<x>.txt"
    record["template"] = "</style><script>x"
    record["indicators"][0].update(level3="<img src=x onerror=alert(1)>", target="1" * 30, actual="\x01\x0b")
    record["indicators"][1].update(reason="</style><script>alert(2)</script>")
    return record


@pytest.fixture
def batch(import_files: Import) -> Batch:
    file = (f"{_FORMULA}<script>x</script>.jsonl", as_bytes(_attack(), {**_attack(), "year": 2021}))
    return import_files(file, name=f"{_SCRIPT}{_FORMULA}")


@pytest.fixture
def form(batch: Batch) -> FormRecord:
    return FormRecord.objects.filter(batch=batch).earliest("pk")


def _bytes(answer: HttpResponseBase) -> bytes:
    assert answer.status_code == 200
    data = bytes(answer.getvalue())
    if isinstance(answer, FileResponse) and answer.file_to_stream is not None:
        answer.file_to_stream.close()
    return data


class _Running(HTMLParser):
    """Notes what a browser would run: scripts and styles written into the page, handlers, script addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in given):
            self.found.append(tag)
        self.found += [name for name in given if name == "style" or name.startswith("on")]
        self.found += [value for value in given.values() if value and value.lower().startswith("javascript:")]


def _running_in(page: str) -> list[str]:
    parser = _Running()
    parser.feed(page)
    return parser.found


class TestPages:
    @pytest.mark.parametrize(
        "address",
        [
            "/performance/",
            "/performance/batches/",
            "/performance/batches/{batch}/",
            "/performance/batches/{batch}/delete/",
            "/performance/forms/?q=%3Cscript%3Ealert",
            "/performance/forms/{form}/",
            "/performance/forms/{form}/?cell=/indicators/0/level3",
            "/performance/compare/?form={form}&form={next}",
            "/performance/findings/?columns=code,project,unit,file,batch,message",
        ],
    )
    def test_run_nothing_that_was_written_into_a_form(
        self, as_officer: Client, batch: Batch, form: FormRecord, address: str
    ) -> None:
        answer = as_officer.get(address.format(batch=batch.pk, form=form.pk, next=form.pk + 1))
        page = _bytes(answer).decode()
        assert _running_in(page) == []
        assert "script-src 'self'" in answer["Content-Security-Policy"]
        assert "unsafe" not in answer["Content-Security-Policy"]

    def test_the_original_is_never_shown_as_a_page(self, as_officer: Client, batch: Batch) -> None:
        answer = as_officer.get(f"/performance/files/{batch.files.get().pk}/original/")
        assert _bytes(answer).startswith(b"{")
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["Content-Type"] == "application/octet-stream"
        assert "\n" not in answer["Content-Disposition"]


class TestSpreadsheets:
    @pytest.mark.parametrize(
        "address",
        [
            "/performance/forms/?columns=project,unit,department,file,batch",
            "/performance/findings/?columns=code,project,unit,file,batch",
            "/performance/batches/?columns=name",
            "/performance/batches/{batch}/?columns=name",
            "/performance/charts/units/?",
            "/performance/charts/scores/?",
        ],
    )
    def test_no_cell_of_a_csv_is_a_formula(self, as_officer: Client, batch: Batch, address: str) -> None:
        data = _bytes(as_officer.get(f"{address.format(batch=batch.pk)}&export=csv")).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(data)))
        assert len(rows) > 1
        assert not [cell for row in rows for cell in row if re.match(r"[=@\t\r]|[+-](?![\d,.]+%?$)", cell)]

    @pytest.mark.parametrize(
        "address",
        [
            "/performance/forms/?columns=project,unit,department,file,batch&export=xlsx",
            "/performance/findings/?columns=code,project,unit,file&export=xlsx",
            "/performance/forms/{form}/form.xlsx",
            "/performance/forms/{form}/report.xlsx",
            "/performance/batches/{batch}/report.xlsx",
        ],
    )
    def test_no_cell_of_a_workbook_is_a_formula(
        self, as_officer: Client, batch: Batch, form: FormRecord, address: str
    ) -> None:
        book = load_workbook(io.BytesIO(_bytes(as_officer.get(address.format(batch=batch.pk, form=form.pk)))))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert any(_FORMULA in str(cell.value) for cell in cells)
        assert not [cell.value for cell in cells if cell.data_type == "f"]


class TestPapers:
    @pytest.mark.parametrize("kind", ["docx", "pdf", "html", "csv", "md", "txt"])
    def test_every_format_takes_the_texts(self, as_officer: Client, form: FormRecord, kind: str) -> None:
        assert _bytes(as_officer.get(f"/performance/forms/{form.pk}/form.{kind}"))

    @pytest.mark.parametrize("address", ["/performance/forms/{0}/form.html", "/performance/forms/{0}/report.html"])
    def test_pages_to_take_away_run_nothing(self, as_officer: Client, form: FormRecord, address: str) -> None:
        page = _bytes(as_officer.get(address.format(form.pk))).decode()
        assert set(_running_in(page)) <= {"style"}  # their own style sheet, since they travel alone
        assert "<img" not in page

    def test_the_typesetter_sets_markup_as_text(self, form: FormRecord) -> None:
        data = facade.print_form(form, "pdf", font_dir=None)
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            text = "".join(page.extract_text() for page in pdf.pages)
        assert '#read("/etc/hostname")' in re.sub(r"\s+(?=[/\"(])", "", text)
        assert Path("/etc/hostname").read_text("utf-8").strip() not in text
