"""A department's operator comes in, finds the day's work in one list, and does it until the list is empty."""

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from browser.conftest import expect_to_fit_phone
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings
from resources.catalogue.town import Town, a_content, found_town, published, step
from resources.quality.lake import deliver, row

from chengshu.kernel.accounts.facade import User
from chengshu.resources.facade import catalogue, quality
from chengshu.resources.facade.catalogue import Step
from chengshu.resources.facade.quality import RuleDraft

Enter = Callable[[User], None]
Check = Callable[[], None]


@pytest.fixture
def town(site: str, settings: Settings, tmp_path: Path) -> Town:
    """The civil department has an entry that came back, and a row with a day that no calendar has."""
    settings.LAKE_ROOT = tmp_path / "lake"
    town, now = found_town(), timezone.now()
    resource = published(town)
    rule = RuleDraft("djrq.day", "登记日期应是日期", {"kind": "type", "type": "date", "columns": ["djrq"]})
    quality.write_rule(resource.pk, rule, actor=town.steward, now=now)
    deliver(resource, [row("1"), row("2", djrq="2024-02-30")])
    quality.check_resource(resource.pk, actor=town.steward, now=now)
    draft = a_content(code="307/MZ002", name="收养登记信息")
    entry = catalogue.register_resource(draft, actor=town.operator, now=now)
    step(entry, Step.SUBMIT, town.operator)
    step(entry, Step.RETURN, town.steward, "请核对更新周期")
    return town


def test_an_operator_does_the_day_s_work_from_one_list(
    page: Page, town: Town, sign_in: Enter, assert_accessible: Check, tmp_path: Path
) -> None:
    sign_in(town.operator)
    page.goto("/")
    expect(page.get_by_role("heading", name="今日待办")).to_contain_text("2")
    rows = page.locator("[data-quality-inbox] tbody tr")
    expect(rows).to_have_count(2)
    assert_accessible()
    expect_to_fit_phone(page)

    rows.filter(has_text="收养登记信息").get_by_role("link", name="修改后提交").click()
    expect(page.get_by_text("请核对更新周期").first).to_be_visible()
    page.get_by_role("button", name="提交审核").click()
    page.get_by_role("link", name="今日待办").first.click()
    expect(rows).to_have_count(1)

    with page.expect_download() as coming:
        rows.first.get_by_role("link", name="导出问题行").click()
    book = openpyxl.load_workbook(io.BytesIO(coming.value.path().read_bytes()))
    sheet = book.worksheets[0]
    at = next(cell.column for cell in sheet[1] if str(cell.value).startswith("更正为"))
    assert isinstance(at, int)
    sheet.cell(2, at, "2024-02-29")
    book.save(tmp_path / "更正表.xlsx")
    rows.first.get_by_role("link", name="交回更正表").click()
    page.get_by_label("更正表（XLSX）").set_input_files(tmp_path / "更正表.xlsx")
    page.get_by_role("button", name="交回").click()
    expect(page.get_by_role("heading", name="更正表.xlsx")).to_be_visible()
    page.get_by_role("link", name="今日待办").first.click()
    expect(page.get_by_text("今天没有待办的数据工作。")).to_be_visible()
