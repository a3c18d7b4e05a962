"""A row whose key itself is wrong is named anew by the sheet, and one that should not be there is taken out."""

from io import BytesIO

import pytest
from conftest import NOW
from openpyxl import load_workbook
from resources.catalogue.town import Town
from resources.quality.lake import BAD_ID, GOOD_ID, check, deliver, held, row, the_issue

from chengshu.resources.facade import quality
from chengshu.resources.facade.quality import IssueRow, QualityIssue, ReturnedSheet, RuleDraft
from chengshu.resources.models import DataResource

RENAME, WHOLE, CURE = "标识更正为：登记编号（djbh）", "整行", "更正为：公民身份号码（sfzh）"


@pytest.fixture
def issue(town: Town, resource: DataResource) -> QualityIssue:
    """Five rows whose keys are no numbers, or are missing; the first breaks another rule too."""
    draft = RuleDraft("djbh.matches", "登记编号应为数字", {"kind": "matches", "columns": ["djbh"], "pattern": "[0-9]+"})
    quality.write_rule(resource.pk, draft, actor=town.steward, now=NOW)
    wrong = [row("a", sfzh=BAD_ID), row("b"), row("c"), row("d"), row("e")]
    deliver(resource, [*wrong, row("1")])
    check(resource, town)
    return the_issue(rule__key="djbh.matches")


def _fill(issue: QualityIssue, town: Town, filled: dict[str, dict[str, str]]) -> bytes:
    """Fill an issue's sheet in: by the key of a row, header and text."""
    with quality.export_sheet(issue.pk, actor=town.operator, now=NOW) as data:
        book = load_workbook(data)
    sheet = book.worksheets[0]
    headers = [cell.value for cell in sheet[1]]
    for line in sheet.iter_rows(min_row=2):
        for header, text in filled.get(str(line[1].value or ""), {}).items():
            line[headers.index(header)].value = text
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _return(issue: QualityIssue, town: Town, data: bytes) -> ReturnedSheet:
    return quality.return_sheet(issue.pk, data, name="更正表.xlsx", actor=town.operator, now=NOW)


def test_keys_are_corrected_with_checks_and_looked_at_by_the_new_one(
    town: Town, resource: DataResource, issue: QualityIssue
) -> None:
    filled = {"a": {RENAME: "11"}, "b": {RENAME: "1"}, "c": {RENAME: "x"}, "d": {WHOLE: "删除"}, "e": {WHOLE: "不要"}}
    data = _fill(issue, town, filled)
    receipt = _return(issue, town, data)
    assert (receipt.taken, receipt.rejected) == (3, 2)
    reasons = " ".join(receipt.refusals.order_by("row").values_list("reason", flat=True))
    assert "已有另一行是这个标识" in reasons  # b would be the 1 that is there
    assert "只能填“删除”" in reasons
    assert set(held(resource)) == {"11", "b", "x", "e", "1"}
    assert held(resource)["11"] == row("11", sfzh=BAD_ID)
    rows = {tuple(line.former_key or line.key): (line.key, line.fate) for line in IssueRow.objects.filter(issue=issue)}
    assert rows == {
        ("a",): (["11"], "fixed"),
        ("b",): (["b"], "owed"),
        ("c",): (["x"], "owed"),  # its new key is as wrong as the old one
        ("d",): (["d"], "gone"),
        ("e",): (["e"], "owed"),
    }
    other = the_issue(rule__key="sfzh.check_digit")
    assert (other.state, other.rows.get().key) == ("open", ["11"])  # still owed, under its new name
    assert _return(issue, town, data) == receipt


def test_a_sheet_whose_receipt_was_lost_is_handed_in_again(
    town: Town, resource: DataResource, issue: QualityIssue
) -> None:
    data = _fill(issue, town, {"a": {RENAME: "11"}, "b": {RENAME: "1"}, "d": {WHOLE: "删除"}})
    receipt = _return(issue, town, data)
    told = (receipt.taken, receipt.rejected, receipt.version)
    after = held(resource)
    receipt.refusals.all().delete()
    ReturnedSheet.objects.all().delete()  # as though the process had ended between the two
    IssueRow.objects.filter(key=["11"]).update(
        key=["a"], former_key=None, fate="owed", verified_in=None, settled_at=None
    )
    IssueRow.objects.filter(key=["d"]).update(fate="owed", verified_in=None, settled_at=None)
    again = _return(issue, town, data)
    assert (again.taken, again.rejected, again.version) == told
    assert held(resource) == after


def test_a_missing_key_is_filled_in_once_it_names_one_row(town: Town, resource: DataResource) -> None:
    deliver(resource, [row("1"), row("2") | {"djbh": None, "sfzh": BAD_ID}])
    check(resource, town)
    issue = the_issue(rule__key="key.not_null")
    _return(
        the_issue(rule__key="sfzh.check_digit"),
        town,
        _fill(the_issue(rule__key="sfzh.check_digit"), town, {"": {CURE: GOOD_ID}}),
    )
    assert held(resource)[None]["sfzh"] == BAD_ID  # type: ignore[index]  # cannot be written without a key
    assert _return(issue, town, _fill(issue, town, {"": {RENAME: "2"}})).taken == 1
    assert set(held(resource)) == {"1", "2"}
    assert the_issue(rule__key="key.not_null").state == "rectified"
    assert the_issue(rule__key="sfzh.check_digit").rows.get().key == ["2"]
