"""A data engineer gives a resource its standard table, runs it, does it again, and looks back at what the lake held."""

from collections.abc import Callable
from pathlib import Path

import pytest
from browser.conftest import expect_to_fit_phone
from playwright.sync_api import Page, expect
from pytest_django import Settings
from resources.catalogue.town import found_town
from resources.processing.register import BAD_ID, GOOD_ID, Register, open_register

from chengshu.kernel.accounts.facade import User

Enter = Callable[[User], None]
Check = Callable[[], None]


@pytest.fixture
def register(site: str, settings: Settings, tmp_path: Path) -> Register:
    settings.LAKE_ROOT = tmp_path / "lake"
    register = open_register(found_town())
    register.deliver(f"1,王五,{GOOD_ID},2024-01-31")
    register.deliver(f"1,王五,{GOOD_ID},2024-01-31", f"2,李四,{BAD_ID},2024-02-01")
    return register


def test_an_engineer_makes_a_standard_table_and_looks_back(
    page: Page, register: Register, sign_in: Enter, assert_accessible: Check
) -> None:
    sign_in(register.town.steward)
    page.goto("/")
    page.get_by_role("link", name="数据加工").first.click()
    expect(page.get_by_text("还没有加工任务")).to_be_visible()
    page.get_by_role("link", name="建立标准化").click()
    page.locator("tbody input[type=checkbox]").first.check()
    page.get_by_role("button", name="为选中的建立标准化").click()
    expect(page.get_by_text("已建立 1 个加工任务")).to_be_visible()
    assert_accessible()

    page.get_by_role("link", name="标准化：婚姻登记信息").click()
    expect(page.get_by_role("row", name="sfzh")).to_contain_text("公民身份号码")
    page.get_by_text("合格行").first.click()
    expect(page.get_by_text("REGEXP_FULL_MATCH").first).to_be_visible()
    assert_accessible()
    expect_to_fit_phone(page)
    page.locator("tbody a").first.click()
    expect(page.get_by_text("没有进入 1 行")).to_be_visible()
    assert_accessible()
    expect_to_fit_phone(page)
    page.get_by_role("button", name="照原版本重做").click()
    expect(page.get_by_text("与原来那次运行的行完全相同")).to_be_visible()

    page.get_by_role("link", name="婚姻登记 · 原始表").click()
    expect(page.get_by_role("heading", name="第 1 版的内容")).to_be_visible()
    expect(page.get_by_text("李四")).to_be_visible()
    page.get_by_label("版本", exact=True).fill("0")
    page.get_by_role("button", name="查看").click()
    expect(page.get_by_role("heading", name="第 0 版的内容")).to_be_visible()
    expect(page.get_by_text("李四")).to_have_count(0)
    assert_accessible()
    expect_to_fit_phone(page)
