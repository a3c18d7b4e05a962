"""One form: findings on its cells, where a value came from, corrections and their undoing, downloads."""

import json
from typing import Any

import pytest
from django.test import Client
from lxml import html

from chengshu.performance.facade import Batch, FormRecord
from chengshu.performance.models import Correction

pytestmark = pytest.mark.django_db


def _parse(content: bytes) -> Any:
    """Give the page as a tree, whose paths have answers of many types."""
    return html.fromstring(content.decode())


def _page(client: Client, form: FormRecord, query: str = "") -> Any:
    answer = client.get(f"/performance/forms/{form.pk}/{query}")
    assert answer.status_code == 200
    return _parse(answer.content)


class TestShowForm:
    def test_shows_findings_on_their_cells(self, form: FormRecord, as_officer: Client) -> None:
        page = _page(as_officer, form)
        [cell] = page.xpath("//td[@id='cell-total-score']")
        assert "has-error" in cell.get("class")
        [mark] = cell.xpath(".//a[contains(@class, 'mark-error')]")
        assert page.xpath(f"//li[@id='{mark.get('href')[1:]}']")

    def test_shows_the_score_by_rule_beside_the_printed_one(self, form: FormRecord, as_officer: Client) -> None:
        page = _page(as_officer, form)
        [row] = page.xpath("//tr[td[@id='cell-indicators-0-level3']]")
        assert row.xpath("string(td[last()])").strip().startswith("50")

    def test_a_chosen_cell_says_where_its_value_came_from(self, form: FormRecord, as_officer: Client) -> None:
        content = form.content
        content.origins = {"/total/score": {"raw": "9 5", "place": {"line": 7}, "confidence": 0.42}}
        content.rows = [
            {"layout": "tabbed", "cells": [{"text": "总分 9 5", "place": {"line": 7}, "rows": 1, "columns": 1}]}
        ]
        content.save()
        page = _page(as_officer, form, "?cell=/total/score")
        [side] = page.xpath("//div[@id='side']")
        text = side.text_content()
        assert "第 7 行" in text
        assert "42%" in text
        assert side.xpath("string(.//mark)") == "9 5"
        assert "读数存疑" in page.xpath("string(//td[@id='cell-total-score'])")

    def test_gives_only_the_panel_when_only_the_panel_is_asked_for(self, form: FormRecord, as_officer: Client) -> None:
        answer = as_officer.get(f"/performance/forms/{form.pk}/?cell=/year", headers={"HX-Target": "side"})
        assert b"<html" not in answer.content

    @pytest.mark.parametrize("cell", ["/nothing", "/indicators/99/score", "x", "/source/file"])
    def test_an_unknown_cell_chooses_none(self, cell: str, form: FormRecord, as_officer: Client) -> None:
        assert "点表上的任何一栏" in _page(as_officer, form, f"?cell={cell}").text_content()

    def test_texts_of_the_form_cannot_write_markup(self, form: FormRecord, as_officer: Client) -> None:
        form.content.record["goal"]["expected"] = "<script>alert(1)</script>"
        form.content.save()
        assert not _page(as_officer, form, "?cell=/goal/expected").xpath("//script[contains(., 'alert')]")

    def test_leads_to_the_forms_before_and_after(self, form: FormRecord, as_officer: Client) -> None:
        [after] = _page(as_officer, form).xpath("//a[@rel='next']/@href")
        assert as_officer.get(after).context["before"] == form.pk


class TestCorrectCell:
    def _correct(self, client: Client, form: FormRecord, **typed: str) -> int:
        sent = {"cell": "/total/score", "seen": "95", **typed}
        return client.post(f"/performance/forms/{form.pk}/correct/", sent).status_code

    def test_changes_the_value_and_checks_again(self, form: FormRecord, as_officer: Client) -> None:
        assert self._correct(as_officer, form, value="89.5", reason="看错") == 302
        form.refresh_from_db()
        assert form.error_count == 0
        page = _page(as_officer, form, "?cell=/total/score")
        assert "看错" in page.text_content()
        assert "已更正" in page.xpath("string(//td[@id='cell-total-score'])")

    def test_says_at_the_field_what_it_can_hold_and_keeps_what_was_typed(
        self, form: FormRecord, as_officer: Client
    ) -> None:
        sent = {"cell": "/total/score", "seen": "95", "value": "九十"}
        answer = as_officer.post(f"/performance/forms/{form.pk}/correct/", sent)
        assert answer.status_code == 422
        page = _parse(answer.content)
        [field] = page.xpath("//input[@id='value']")
        assert (field.get("value"), field.get("aria-invalid")) == ("九十", "true")
        assert "不是数字" in page.xpath(f"string(//*[@id='{field.get('aria-describedby')}'])")

    def test_shows_the_other_persons_change(self, form: FormRecord, as_officer: Client) -> None:
        assert self._correct(as_officer, form, value="89.5", seen="94") == 422
        assert Correction.objects.count() == 0

    def test_can_be_undone_once(self, form: FormRecord, as_officer: Client) -> None:
        self._correct(as_officer, form, value="89.5")
        [correction] = Correction.objects.all()
        address = f"/performance/forms/{form.pk}/undo/{correction.pk}/"
        assert as_officer.post(address).status_code == 302
        form.refresh_from_db()
        assert form.error_count == 1
        assert "不能再撤销" in as_officer.post(address, follow=True).content.decode()


class TestDownloads:
    @pytest.mark.parametrize("kind", ["xlsx", "docx", "html", "json"])
    def test_gives_the_form(self, kind: str, form: FormRecord, as_officer: Client) -> None:
        answer = as_officer.get(f"/performance/forms/{form.pk}/form.{kind}")
        assert answer.status_code == 200
        assert kind in answer["Content-Disposition"]
        assert len(answer.content) > 500

    def test_the_record_has_the_corrections(self, form: FormRecord, as_officer: Client) -> None:
        as_officer.post(f"/performance/forms/{form.pk}/correct/", {"cell": "/grade", "seen": "", "value": "良"})
        record = json.loads(as_officer.get(f"/performance/forms/{form.pk}/form.json").content)
        assert record["grade"] == "良"

    @pytest.mark.parametrize("kind", ["xlsx", "html"])
    def test_gives_the_reports(self, kind: str, form: FormRecord, batch: Batch, as_officer: Client) -> None:
        for address in (f"forms/{form.pk}/report.{kind}", f"batches/{batch.pk}/report.{kind}"):
            assert as_officer.get(f"/performance/{address}").status_code == 200

    def test_the_report_names_the_findings(self, form: FormRecord, as_officer: Client) -> None:
        report = as_officer.get(f"/performance/forms/{form.pk}/report.html").content.decode()
        assert "总分不符" in report

    def test_gives_the_file_as_it_was_handed_in(self, form: FormRecord, as_officer: Client) -> None:
        answer = as_officer.get(f"/performance/files/{form.source_file_id}/original/")
        assert "attachment" in answer["Content-Disposition"]
        assert "项目0".encode() in b"".join(answer)

    @pytest.mark.parametrize("kind", ["exe", "xls"])
    def test_other_formats_are_not_found(self, kind: str, form: FormRecord, as_officer: Client) -> None:
        assert as_officer.get(f"/performance/forms/{form.pk}/form.{kind}").status_code == 404
        assert as_officer.get(f"/performance/forms/{form.pk}/report.{kind}").status_code == 404
