"""The printed examples say what the typed records say: they are the records, on paper."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chengshu.documents.contracts import Document
from chengshu.documents.reading import read_documents
from chengshu.performance.contracts.wire import form_record
from chengshu.performance.reading.reader import read_forms

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
FIGURES = ("year", "project", "department", "unit", "money_unit", "money", "total", "grade")


def _records() -> Iterator[dict[str, Any]]:
    for path in sorted((EXAMPLES / "forms").glob("[0-9]*.json")):
        yield json.loads(path.read_text(encoding="utf-8"))


def _printed() -> Iterator[dict[str, Any]]:
    for document in read_documents(EXAMPLES / "files"):
        assert isinstance(document, Document)
        for form in read_forms(document):
            yield form_record(form)


def _facts(record: dict[str, Any]) -> str:
    rows = [{key: row[key] for key in ("level3", "target", "actual")} for row in record["indicators"]]
    points = [(float(row["weight"] or 0), float(row["score"] or 0)) for row in record["indicators"]]
    return json.dumps([*(record[key] for key in FIGURES), rows, points], ensure_ascii=False, sort_keys=True)


@pytest.fixture(scope="module")
def printed() -> list[str]:
    return sorted(_facts(record) for record in _printed())


def test_every_record_is_printed_once_and_reads_back_the_same(printed: list[str]) -> None:
    assert printed == sorted(_facts(record) for record in _records())
