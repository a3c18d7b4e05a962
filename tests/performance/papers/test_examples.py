import json
from dataclasses import replace
from pathlib import Path

import pytest

from chengshu.documents.reading import read_document
from chengshu.performance.contracts import Form
from chengshu.performance.contracts.wire import form_from_record
from chengshu.performance.errors import RecordInvalid
from chengshu.performance.papers.examples import render_examples
from chengshu.performance.reading.reader import read_forms

RECORDS = Path(__file__).parents[3] / "examples" / "forms"


def _key(form: Form) -> tuple[object, ...]:
    indicators = tuple(replace(indicator, confidence=1.0) for indicator in form.indicators)
    return (form.template, form.year, form.unit, form.money_unit, form.money, indicators, form.total, form.grade)


class TestRenderExamples:
    def test_prints_every_form_once_and_readable(self, tmp_path: Path) -> None:
        written = render_examples(RECORDS, tmp_path / "files")
        printed = [_key(form) for path in written for form in read_forms(read_document(path.name, path.read_bytes()))]
        typed = [_key(form_from_record(json.loads(path.read_text()))) for path in RECORDS.glob("[0-9]*.json")]
        assert sorted(map(repr, printed)) == sorted(map(repr, typed))

    def test_has_every_template_in_every_format(self, tmp_path: Path) -> None:
        names = {path.name for path in render_examples(RECORDS, tmp_path)}
        assert {"shanghai-2020.xlsx", "shanghai-2021.docx", "shanghai-2023.pdf", "shanghai-2024.html"} <= names
        assert len(names) == 28

    def test_names_what_is_wrong_with_a_record(self, tmp_path: Path) -> None:
        (tmp_path / "1.json").write_text('{"source": {"file": "表.txt"}}')
        with pytest.raises(RecordInvalid, match="form"):
            render_examples(tmp_path, tmp_path / "files")

    def test_does_nothing_without_records(self, tmp_path: Path) -> None:
        assert render_examples(tmp_path, tmp_path / "files") == []
