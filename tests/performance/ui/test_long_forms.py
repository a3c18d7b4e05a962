"""A form with more indicators than a screen can draw at once."""

from datetime import datetime

import pytest
from django.test import Client
from performance.fakes import a_record, as_bytes

from chengshu.kernel.accounts.facade import User
from chengshu.performance import facade
from chengshu.performance.facade import FormRecord

pytestmark = pytest.mark.django_db

INDICATORS = 450


@pytest.fixture
def form(officer: User, now: datetime) -> FormRecord:
    row = a_record()["indicators"][1]
    rows = [
        {**row, "level3": f"指标{number:03}", "weight": "0.2", "score": "0.1"} for number in range(1, INDICATORS + 1)
    ]
    data = as_bytes(a_record("长表", indicators=rows))
    batch = facade.create_batch([("长.jsonl", data)], name="长", owner=officer, now=now)
    facade.run_import(batch.pk, reader=facade.intake, clock=lambda: now, report=lambda _: None)
    return FormRecord.objects.get(batch=batch)


def _shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


class TestStretches:
    def test_the_first_page_shows_the_head_and_the_first_indicators(self, form: FormRecord, as_officer: Client) -> None:
        page = _shown(as_officer, f"/performance/forms/{form.pk}/")
        assert "长表" in page
        assert ("指标001" in page, "指标200" in page, "指标201" in page) == (True, True, False)
        assert "第 1—200 行指标，共 450 行" in page

    def test_the_last_page_ends_with_the_last_indicator(self, form: FormRecord, as_officer: Client) -> None:
        page = _shown(as_officer, f"/performance/forms/{form.pk}/?rows=3")
        assert ("指标400" in page, "指标401" in page, "指标450" in page) == (False, True, True)
        assert 'rel="next"' not in page.split('class="stretches"')[1].split("</nav>")[0]

    def test_a_cell_opens_on_the_page_that_holds_it_with_its_findings(
        self, form: FormRecord, as_officer: Client
    ) -> None:
        finding = form.findings.filter(field__startswith="/indicators/430").first()
        assert finding is not None
        page = _shown(as_officer, f"/performance/forms/{form.pk}/?cell={finding.field}")
        assert "指标431" in page
        assert f'id="finding-{finding.number}"' in page
        assert 'class="remark' in page
        elsewhere = form.findings.filter(field__startswith="/indicators/3/").first()
        assert elsewhere is not None
        assert f'id="finding-{elsewhere.number}"' not in page

    def test_a_page_that_is_not_there_gives_the_first(self, form: FormRecord, as_officer: Client) -> None:
        for asked in ("0", "4", "x", "9" * 40, "-1"):
            assert "第 1—200 行指标" in _shown(as_officer, f"/performance/forms/{form.pk}/?rows={asked}")

    def test_what_is_downloaded_is_whole(self, form: FormRecord, as_officer: Client) -> None:
        text = _shown(as_officer, f"/performance/forms/{form.pk}/form.html")
        assert all(f"指标{number:03}" in text for number in range(1, INDICATORS + 1))


def test_a_short_form_has_no_pages(batch: object, as_officer: Client) -> None:
    form = FormRecord.objects.order_by("pk")[0]
    assert "行指标，共" not in _shown(as_officer, f"/performance/forms/{form.pk}/")
