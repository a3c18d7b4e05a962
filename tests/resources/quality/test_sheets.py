"""A department takes its failing rows as a workbook, corrects them, hands it in, and the rate rises."""

from io import BytesIO
from typing import Any

import pytest
from conftest import NOW
from openpyxl import Workbook, load_workbook
from resources.catalogue.town import Town
from resources.quality.lake import GOOD_ID, check, deliver, held, row, the_issue

from chengshu.kernel.grants.facade import PermissionRefused
from chengshu.resources.facade import quality
from chengshu.resources.facade.quality import IssueNotFound, QualityIssue, ReturnedSheet, SheetRefused
from chengshu.resources.models import DataResource
from chengshu.resources.queries.quality_sheets import write_sheet

FILL = "更正为：公民身份号码（sfzh）"


def _taken(issue: QualityIssue, town: Town) -> list[list[Any]]:
    """Take the rows as the department's operator does."""
    with quality.export_sheet(issue.pk, actor=town.operator, now=NOW) as data:
        return [list(line) for line in load_workbook(data).worksheets[0].iter_rows(values_only=True)]


def _workbook(lines: list[list[Any]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in lines:
        sheet.append(line)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _filled(lines: list[list[Any]], *values: str) -> list[list[Any]]:
    at = lines[0].index(FILL)
    for line, value in zip(lines[1:], values, strict=True):
        line[at] = value
    return lines


def _hand_in(issue: QualityIssue, lines: list[list[Any]], town: Town) -> ReturnedSheet:
    return quality.return_sheet(issue.pk, _workbook(lines), name="更正表.xlsx", actor=town.operator, now=NOW)


def _reasons(receipt: ReturnedSheet) -> list[str]:
    return list(receipt.refusals.order_by("row").values_list("reason", flat=True))


@pytest.fixture
def issue(town: Town, resource: DataResource) -> QualityIssue:
    deliver(resource, [row("1", sfzh="=1+1"), row("2", sfzh="2"), row("3")])
    check(resource, town)
    return the_issue()


def test_the_whole_loop_ends_with_a_closed_ticket_and_a_full_rate(
    town: Town, resource: DataResource, issue: QualityIssue
) -> None:
    assert quality.compare_departments(town.steward, on=NOW.date(), now=NOW)[0].rate_pct == 0
    receipt = _hand_in(issue, _filled(_taken(issue, town), GOOD_ID, GOOD_ID), town)
    assert (receipt.sent, receipt.taken, receipt.rejected) == (2, 2, 0)
    assert {line["sfzh"] for line in held(resource).values()} == {GOOD_ID}
    after = the_issue()
    assert after.ticket is not None
    assert (after.state, after.rows_verified, after.ticket.state) == ("rectified", 2, "closed")
    (standing,) = quality.compare_departments(town.steward, on=NOW.date(), now=NOW)
    assert (standing.rows, standing.verified) == (2, 2)
    assert standing.rate_pct == 100


class TestExport:
    def test_gives_key_value_rule_and_cure_as_texts(self, town: Town, issue: QualityIssue) -> None:
        header, first, _second = _taken(issue, town)
        assert header[0] == "问题行编号"
        assert first[1:3] == ["1", "=1+1"]
        assert first[header.index("规则")] == "公民身份号码校验码正确"
        with quality.export_sheet(issue.pk, actor=town.operator, now=NOW) as data:
            assert load_workbook(data).worksheets[0]["C2"].data_type == "s"

    def test_of_more_rows_than_a_sheet_takes_gives_the_rest_when_the_first_are_mended(
        self, town: Town, issue: QualityIssue
    ) -> None:
        def taken() -> list[list[Any]]:
            with write_sheet(the_issue(), most=1) as data:
                return [list(line) for line in load_workbook(data).worksheets[0].iter_rows(values_only=True)]

        first = taken()
        _hand_in(issue, _filled(first, GOOD_ID), town)
        second = taken()
        assert [len(first), len(second)] == [2, 2]
        assert first[1][0] != second[1][0]

    def test_is_not_for_another_department(self, town: Town, issue: QualityIssue) -> None:
        with pytest.raises(IssueNotFound):
            quality.export_sheet(issue.pk, actor=town.other, now=NOW)


class TestReturn:
    def test_corrects_what_the_issue_speaks_of_and_nothing_else(
        self, town: Town, resource: DataResource, issue: QualityIssue
    ) -> None:
        lines = _filled(_taken(issue, town), GOOD_ID, GOOD_ID)
        lines[0].append("姓名（xm）")
        lines[1].append("改名")
        receipt = _hand_in(issue, lines, town)
        assert (receipt.taken, receipt.rejected) == (1, 1)
        assert "不是本问题涉及的栏目" in _reasons(receipt)[0]
        assert (held(resource)["1"]["xm"], held(resource)["1"]["sfzh"]) == ("王五", "=1+1")
        assert held(resource)["2"] == row("2")
        assert the_issue().rows_owed == 1

    def test_refuses_strange_changed_and_empty_rows_each_with_its_reason(
        self, town: Town, resource: DataResource, issue: QualityIssue
    ) -> None:
        lines = _filled(_taken(issue, town), "", GOOD_ID)
        lines[2][1] = "22"
        lines += [["999999999", *lines[1][1:]], ["abc"], list(lines[1])]
        version_before = held(resource)
        receipt = _hand_in(issue, lines, town)
        assert (receipt.sent, receipt.taken, receipt.version) == (5, 0, None)
        reasons = _reasons(receipt)
        assert reasons[0].startswith("没有填写")
        assert reasons[1].startswith("标识与导出时不同")
        assert reasons[2].startswith("这一行不属于本问题")
        assert reasons[3].startswith("这一行不属于本问题")
        assert held(resource) == version_before

    def test_refuses_a_correction_that_is_a_formula_without_a_result(
        self, town: Town, resource: DataResource, issue: QualityIssue
    ) -> None:
        receipt = _hand_in(issue, _filled(_taken(issue, town), "=A1+1", GOOD_ID), town)
        assert (receipt.taken, receipt.rejected) == (1, 1)
        assert "2 是没有计算结果的公式" in _reasons(receipt)[0]
        assert held(resource)["1"]["sfzh"] == "=1+1"

    def test_leaves_owed_what_is_still_wrong(self, town: Town, issue: QualityIssue) -> None:
        _hand_in(issue, _filled(_taken(issue, town), "还是错", GOOD_ID), town)
        after = the_issue()
        assert (after.state, after.rows_owed, after.rows_verified) == ("open", 1, 1)

    def test_of_the_same_file_again_changes_nothing(
        self, town: Town, resource: DataResource, issue: QualityIssue
    ) -> None:
        data = _workbook(_filled(_taken(issue, town), "还是错", GOOD_ID))
        first = quality.return_sheet(issue.pk, data, name="a.xlsx", actor=town.operator, now=NOW)
        deliver(resource, [row("1", sfzh="3"), row("2"), row("3")])
        again = quality.return_sheet(issue.pk, data, name="b.xlsx", actor=town.operator, now=NOW)
        assert again == first
        assert held(resource)["1"]["sfzh"] == "3"

    def test_of_another_file_is_told_so(self, town: Town, issue: QualityIssue) -> None:
        with pytest.raises(SheetRefused):
            _hand_in(issue, [["随便", "什么"]], town)
        with pytest.raises(SheetRefused):
            quality.return_sheet(issue.pk, b"\x00\x01", name="x.xlsx", actor=town.operator, now=NOW)

    def test_is_for_who_rectifies_there_alone(self, town: Town, issue: QualityIssue) -> None:
        data = _workbook(_filled(_taken(issue, town), GOOD_ID, GOOD_ID))
        with pytest.raises(IssueNotFound):
            quality.return_sheet(issue.pk, data, name="x.xlsx", actor=town.other, now=NOW)
        with pytest.raises(PermissionRefused):
            quality.return_sheet(issue.pk, data, name="x.xlsx", actor=town.steward, now=NOW)

    def test_comes_too_late_for_a_closed_issue(self, town: Town, resource: DataResource, issue: QualityIssue) -> None:
        lines = _filled(_taken(issue, town), GOOD_ID, GOOD_ID)
        deliver(resource, [row("1"), row("2")])
        quality.recheck_resource(resource.pk, actor=None, now=NOW)
        with pytest.raises(SheetRefused):
            _hand_in(issue, lines, town)
