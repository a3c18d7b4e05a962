"""A department's data officer registers a resource, the centre approves it, and everybody finds it by two signs."""

from collections.abc import Callable

import pytest
from browser.conftest import expect_to_fit
from playwright.sync_api import Page, expect
from resources.catalogue.town import Town, a_content, found_town, published

from chengshu.kernel.accounts.facade import User

Enter = Callable[[User], None]
Check = Callable[[], None]


@pytest.fixture
def place(site: str) -> Town:
    return found_town()


def test_a_resource_is_registered_approved_and_found(page: Page, place: Town, sign_in: Enter) -> None:
    sign_in(place.operator)
    page.goto("/resources/new/")
    for label, text in (
        ("目录编码", "307/MZ009"),
        ("资源名称", "最低生活保障对象信息"),
        ("资源摘要", "审核确认最低生活保障时产生的对象信息。"),
        ("分类", "3/07/救助"),
        ("提供方", "S-MZ"),
        ("共享条件或不予共享的依据", "限于履行法定职责的核验"),
        ("共享方式", "库表交换"),
    ):
        page.get_by_label(label, exact=True).fill(text)
    page.locator("textarea[name=fields_table]").fill("sfzh\t公民身份号码\t字符型\t18\t\t\t3\t是\t否")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", name="编目质量：达标")).to_be_visible()
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_text("已办理。")).to_be_visible()
    sign_in(place.steward)
    page.goto("/resources/waiting/")
    page.get_by_role("link", name="最低生活保障对象信息").click()
    page.get_by_role("button", name="审核通过").click()
    expect(page.get_by_text("已办理。")).to_be_visible()
    sign_in(place.reader)
    page.goto("/resources/")
    page.get_by_label("要找什么数据").press_sequentially("保障")
    expect(page.locator(".suggestions a")).to_have_text("最低生活保障对象信息")
    page.get_by_label("要找什么数据").fill("身份证号")
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_role("heading", name="找到 1 项")).to_be_visible()


def test_its_pages_stand_for_everybody(page: Page, place: Town, sign_in: Enter, assert_accessible: Check) -> None:
    resource = published(place)
    published(place, code="N-1", name="低保对象信息")
    sign_in(place.operator)
    for address in ("?q=婚姻", f"{resource.pk}/", f"{resource.pk}/edit/", f"{resource.pk}/fields/", "lacking/"):
        page.goto(f"/resources/{address}")
        assert_accessible()
        expect_to_fit(page)
    assert a_content().name in page.goto(f"/resources/{resource.pk}/versions/").text()  # type: ignore[union-attr]  # answered
