"""A form far beyond any office's: its page grows with its rows, not with their square."""

import time
from typing import Any

import pytest
from django.test import Client
from hostile.conftest import Import
from performance.fakes import a_record, as_bytes

from chengshu.performance.facade import FormRecord

pytestmark = pytest.mark.django_db


def _rows(count: int) -> list[dict[str, Any]]:
    first = a_record()["indicators"][0]
    return [{**first, "level3": f"归集第{number}类数据条数"} for number in range(count)]


def _seconds(client: Client, form: FormRecord) -> float:
    started = time.process_time()
    assert client.get(f"/performance/forms/{form.pk}/").status_code == 200
    return time.process_time() - started


def test_a_page_grows_with_its_rows(as_officer: Client, import_files: Import) -> None:
    counts = (150, 1200)
    records = [a_record(f"项目{count}", indicators=_rows(count)) for count in counts]
    import_files(("大.jsonl", as_bytes(*records)))
    small, large = FormRecord.objects.order_by("number")
    _seconds(as_officer, small)
    # Eight times the rows: straight growth is eightfold, the square sixty-four; the bound lies well between.
    assert _seconds(as_officer, large) < 24 * _seconds(as_officer, small)
