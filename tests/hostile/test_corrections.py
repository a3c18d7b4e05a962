"""Corrections typed to hurt: endless figures, cells under a second name."""

import pytest
from django.test import Client
from hostile.conftest import Import
from performance.fakes import a_record, as_bytes

from chengshu.performance.facade import FormRecord

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(import_files: Import) -> FormRecord:
    return FormRecord.objects.get(batch=import_files(("甲.jsonl", as_bytes(a_record()))))


def _correct(client: Client, form: FormRecord, cell: str, value: str, seen: str) -> int:
    posted = {"cell": cell, "value": value, "seen": seen}
    return client.post(f"/performance/forms/{form.pk}/correct/", posted).status_code


class TestFigures:
    @pytest.mark.parametrize(
        "typed", ["1e-99999", "1e-99999999999", "1e400", "NaN", "Infinity", "1_0", "0x1", "--1", "1.2.3", "9" * 5000]
    )
    def test_what_is_no_plain_figure_is_refused(self, as_officer: Client, form: FormRecord, typed: str) -> None:
        assert _correct(as_officer, form, "/total/score", typed, "89.50") == 422
        form.refresh_from_db()
        assert form.content.record["total"]["score"] == "89.50"

    @pytest.mark.parametrize(
        ("typed", "kept"), [("９０．５", "90.5"), ("+5", "5"), (".5", "0.5"), ("1,234.50", "1234.50")]
    )
    def test_figures_as_people_type_them_are_taken(
        self, as_officer: Client, form: FormRecord, typed: str, kept: str
    ) -> None:
        assert _correct(as_officer, form, "/total/score", typed, "89.50") == 302
        form.content.refresh_from_db()
        assert form.content.record["total"]["score"] == kept


class TestCells:
    @pytest.mark.parametrize("row", ["9" * 5000, "٠", "0١", "-1", "01", " 0", "0\n"])
    def test_a_cell_has_one_name(self, as_officer: Client, form: FormRecord, row: str) -> None:
        cell = f"/indicators/{row}/score"
        assert _correct(as_officer, form, cell, "1", "50") == 422
        assert as_officer.get(f"/performance/forms/{form.pk}/", {"cell": cell}).status_code == 200
