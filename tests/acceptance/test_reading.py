"""Files as offices make them are read cell by cell: the shares of right cells that the product promises."""

import pytest
from acceptance.catalogue import (
    Sample,
    page_samples,
    pdf_samples,
    run_on_samples,
    scan_samples,
    table_text_samples,
    word_samples,
    workbook_samples,
)
from acceptance.measure import Accuracy, measure

from chengshu.documents.reading import read_document
from chengshu.performance.contracts.wire import form_record
from chengshu.performance.reading.reader import read_forms

LOST_TABLES = [item for item in run_on_samples() if "glued" not in item.name]
GLUED = [item for item in run_on_samples() if "glued" in item.name]
TABLES = [*workbook_samples(), *word_samples(), *page_samples(), *table_text_samples()]
SCANS = {
    "scan-skew.jpg",
    "scan-photo.jpg",
    "scan-turned.jpg",
    "scan-pages.pdf",
}  # seconds each: the hardest of their kind


def _read(sample: Sample) -> Accuracy:
    forms = read_forms(read_document(sample.name, sample.make()))
    return measure(sample.truths, [form_record(form) for form in forms])


def _named(samples: list[Sample]) -> list[object]:
    return [pytest.param(sample, id=sample.name) for sample in samples]


def _demand(accuracy: Accuracy, share: float) -> None:
    assert not accuracy.invented
    assert accuracy.share >= share, accuracy.wrong


@pytest.mark.parametrize("sample", _named(TABLES))
def test_tables_are_read_to_97_per_cent(sample: Sample) -> None:
    _demand(_read(sample), 0.97)


@pytest.mark.parametrize("sample", _named(LOST_TABLES))
def test_words_in_reading_order_are_read_to_97_per_cent(sample: Sample) -> None:
    _demand(_read(sample), 0.97)


@pytest.mark.parametrize("sample", _named(GLUED))
def test_text_without_blanks_is_read_in_part_and_never_invented(sample: Sample) -> None:
    _demand(_read(sample), 0.75)


@pytest.mark.parametrize("sample", _named(pdf_samples()))
def test_pdf_text_is_read_to_93_per_cent(sample: Sample) -> None:
    _demand(_read(sample), 0.93)


@pytest.mark.scan
@pytest.mark.parametrize("sample", _named([item for item in scan_samples() if item.name in SCANS]))
def test_scans_are_read_to_80_per_cent(sample: Sample) -> None:
    _demand(_read(sample), 0.80)
