"""A corrected sheet is answered: which of its rows hold now, which fail still and with what, in which version."""

from io import BytesIO

import pytest
from conftest import NOW
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from resources.catalogue.town import Town, open_person
from resources.quality.lake import BAD_ID, GOOD_ID, check, deliver, row, the_issue

from chengshu.resources.facade import quality
from chengshu.resources.facade.quality import IssueRow, QualityIssue, ReturnedSheet, RowFate, SheetAnswer
from chengshu.resources.models import DataResource

FILL = "更正为：公民身份号码（sfzh）"
OTHER_BAD_ID = "319901195001010013"


@pytest.fixture
def issue(town: Town, resource: DataResource) -> QualityIssue:
    deliver(resource, [row("1", sfzh=BAD_ID), row("2", sfzh="2"), row("3", sfzh="3"), row("4")])
    check(resource, town)
    return the_issue()


def _return(issue: QualityIssue, town: Town, *values: str) -> ReturnedSheet:
    """Hand in the rows that are owed, corrected to these values in the order of their keys; empty = not filled in."""
    with quality.export_sheet(issue.pk, actor=town.operator, now=NOW) as data:
        book = load_workbook(data)
    sheet = book.worksheets[0]
    at = next(cell.column for cell in sheet[1] if cell.value == FILL)
    for number, value in enumerate(values, start=2):
        sheet.cell(row=number, column=at, value=value)
    file = BytesIO()
    book.save(file)
    return quality.return_sheet(issue.pk, file.getvalue(), name="更正表.xlsx", actor=town.operator, now=NOW)


def _answer(receipt: ReturnedSheet) -> SheetAnswer:
    return quality.answer_sheet(ReturnedSheet.objects.get(pk=receipt.pk))


def _page(client: Client, town: Town, address: str) -> str:
    client.force_login(town.operator)
    return client.get(address).content.decode()


class TestStillFailing:
    def test_tells_how_many_rows_hold_and_how_many_fail_still(self, town: Town, issue: QualityIssue) -> None:
        receipt = _return(issue, town, BAD_ID, OTHER_BAD_ID, GOOD_ID)
        answer = _answer(receipt)
        assert (answer.held, answer.failing, answer.waiting) == (1, 2, 0)
        assert answer.run is not None
        assert answer.run.version == receipt.version

    def test_names_rows_values_version_and_rule_on_the_receipt(
        self, client: Client, town: Town, issue: QualityIssue
    ) -> None:
        receipt = _return(issue, town, BAD_ID, OTHER_BAD_ID, GOOD_ID)
        html = _page(client, town, f"/resources/quality/returns/{receipt.pk}/")
        assert f"复检（数据版本 {receipt.version}）：通过 1 行、仍不合格 2 行。" in html
        assert OTHER_BAD_ID in html
        assert "不符合“公民身份号码校验码正确”" in html
        assert "正在自动复检" not in html

    def test_shows_on_the_issue_what_the_rows_hold_now(self, client: Client, town: Town, issue: QualityIssue) -> None:
        receipt = _return(issue, town, BAD_ID, OTHER_BAD_ID, GOOD_ID)
        html = _page(client, town, f"/resources/quality/issues/{issue.pk}/")
        assert "复检未通过：2 行仍不符合" in html
        assert f"{OTHER_BAD_ID}（原为 2）" in html
        assert f"数据版本 {receipt.version}）" in html
        assert "复检通过 1 行、仍不合格 2 行" in html

    def test_stays_masked_for_who_does_not_mend(self, client: Client, town: Town, issue: QualityIssue) -> None:
        receipt = _return(issue, town, BAD_ID, OTHER_BAD_ID, GOOD_ID)
        client.force_login(open_person("onlooker", "data_service", town.civil))
        for address in (f"/resources/quality/issues/{issue.pk}/", f"/resources/quality/returns/{receipt.pk}/"):
            assert OTHER_BAD_ID not in client.get(address).content.decode()

    def test_keeps_the_receipt_as_it_ended_when_a_later_sheet_mends_the_rows(
        self, town: Town, issue: QualityIssue
    ) -> None:
        first = _return(issue, town, BAD_ID, OTHER_BAD_ID, GOOD_ID)
        second = _return(issue, town, GOOD_ID, GOOD_ID)
        assert (_answer(first).held, _answer(first).failing) == (1, 2)
        assert (_answer(second).held, _answer(second).failing) == (2, 0)
        assert the_issue().state == "rectified"

    def test_is_told_of_rows_of_a_new_delivery_too(self, resource: DataResource, issue: QualityIssue) -> None:
        version = deliver(resource, [row("1", sfzh=None), row("2", sfzh="22"), row("3", sfzh="3")])
        quality.recheck_resource(resource.pk, actor=None, now=NOW)
        owed = IssueRow.objects.filter(issue=issue, fate=RowFate.OWED).order_by("pk").select_related("failing_in")
        told = {one.key[0]: (one.value, one.failing_value) for one in owed}
        assert told["2"] == ("2", "22")
        assert told["3"] == ("3", None)
        assert {one.failing_in.version for one in owed if one.failing_in} == {version}


class TestWithoutAnswer:
    def test_says_why_no_recheck_was_made(
        self, client: Client, town: Town, resource: DataResource, issue: QualityIssue
    ) -> None:
        receipt = _return(issue, town, GOOD_ID, GOOD_ID, GOOD_ID)
        receipt.corrections.update(fate="", checked_in=None)
        issue.rows.update(fate=RowFate.OWED, verified_in=None, settled_at=None)
        quality.CheckRun.objects.filter(resource=resource, kind="recheck").update(state="failed", fault="数据湖读不了")
        answer = _answer(receipt)
        assert (answer.waiting, answer.fault) == (3, "数据湖读不了")
        html = _page(client, town, f"/resources/quality/returns/{receipt.pk}/")
        assert "复检没有做成：数据湖读不了" in html

    def test_of_refused_rows_alone_waits_for_nothing(self, client: Client, town: Town, issue: QualityIssue) -> None:
        receipt = _return(issue, town)
        assert (receipt.taken, _answer(receipt).waiting) == (0, 0)
        assert "正在自动复检" not in _page(client, town, f"/resources/quality/returns/{receipt.pk}/")

    def test_counts_rows_that_were_never_wrong_apart(self, town: Town, issue: QualityIssue) -> None:
        receipt = _return(issue, town, BAD_ID, OTHER_BAD_ID, GOOD_ID)
        receipt.corrections.filter(fate=RowFate.OWED).update(fate="", checked_in=None)
        IssueRow.objects.filter(issue=issue, fate=RowFate.OWED).update(fate=RowFate.VOID, settled_at=NOW)
        answer = _answer(receipt)
        assert (answer.held, answer.failing, answer.void, answer.waiting) == (1, 0, 2, 0)


def test_asks_as_often_for_many_sheets_as_for_one(town: Town, issue: QualityIssue) -> None:
    asked = []
    for values in ((BAD_ID,), (OTHER_BAD_ID, BAD_ID), (BAD_ID, OTHER_BAD_ID, BAD_ID)):
        _return(issue, town, *values)
        with CaptureQueriesContext(connection) as queries:
            told = quality.answer_sheets(issue, quality.list_returns(issue))
        asked.append(len(queries))
        assert told[0][1].failing == len(values)
    assert len(told) == 3
    assert len(set(asked)) == 1
