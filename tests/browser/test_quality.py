"""The centre tries a rule before it is kept, sees what the data look like, and a department works through its inbox."""

from collections.abc import Callable
from pathlib import Path

import pytest
from browser.conftest import expect_to_fit_phone
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings
from resources.catalogue.town import Town, found_town
from resources.quality.lake import BAD_ID, deliver, register, row

from chengshu.kernel.accounts.facade import User
from chengshu.resources.facade import quality
from chengshu.resources.models import DataResource, QualityRule

Enter = Callable[[User], None]
Check = Callable[[], None]
DRAFT = '{"kind": "not_null", "columns": ["xm"], "blank": true}'


@pytest.fixture
def town(site: str, settings: Settings, tmp_path: Path) -> Town:
    settings.LAKE_ROOT = tmp_path / "lake"
    return found_town()


@pytest.fixture
def resource(town: Town) -> DataResource:
    """The register in three versions, each checked and profiled."""
    resource = register(town)
    for version in range(3):
        people = [row(str(number), djrq=f"2024-{1 + number % 12:02}-{1 + number % 28:02}") for number in range(60)]
        wrong = [row(str(100 + number), sfzh=BAD_ID, xm=" " * version or "李四") for number in range(5 + version)]
        deliver(resource, [*people, *wrong])
        quality.check_resource(resource.pk, actor=town.steward, now=timezone.now())
        quality.profile_resource(resource.pk, now=timezone.now())
    quality.plan_checks(timezone.localdate(), None, actor=town.steward, now=timezone.now())
    return resource


def test_a_range_is_written_without_seeing_json(
    page: Page, town: Town, resource: DataResource, sign_in: Enter, assert_accessible: Check
) -> None:
    sign_in(town.steward)
    page.goto(f"/resources/{resource.pk}/quality/")
    page.get_by_role("link", name="新写规则").click()
    page.get_by_label("要求").select_option("不得为空")
    expect(page.get_by_label("只有空格也算空")).to_be_checked()
    page.get_by_label("要求").select_option("在取值范围内")
    expect(page.get_by_label("最小值")).to_be_visible()
    page.get_by_label("哪个栏目").select_option("登记日期（djrq）")
    page.get_by_label("最小值").fill("二月")
    preview = page.locator("#preview")
    expect(preview.get_by_text("请写成数，或日期")).to_be_visible()
    page.get_by_label("最小值").fill("2024-02-01")
    expect(preview.get_by_text("前 12 行")).to_be_visible()  # five of sixty in January, and the seven others
    assert_accessible()
    expect_to_fit_phone(page)
    page.get_by_label("事由").fill("一月的登记已另行归档")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("heading", name="登记日期应不小于 2024-02-01")).to_be_visible()
    page.get_by_label("最小值").fill("2024-12-02")
    page.get_by_label("最大值").fill("2024-01-01")
    page.get_by_label("事由").fill("改")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_label("最大值")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("最大值").fill("2024-12-31")
    page.get_by_label("事由").fill("改")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("规则已改")).to_be_visible()
    expect(page.locator("#rule-definition")).to_have_count(0)
    rule = QualityRule.objects.get(key="djrq.between")
    assert (rule.definition["min"], rule.definition["max"]) == ("2024-12-02", "2024-12-31")


def test_the_pages_of_quality(
    page: Page, town: Town, resource: DataResource, sign_in: Enter, assert_accessible: Check
) -> None:
    sign_in(town.steward)
    page.goto(f"/resources/{resource.pk}/quality/new/")
    page.locator("summary", has_text="定义（JSON）").click()
    page.get_by_role("button", name="表单说不全时，直接写定义").click()
    page.get_by_label("定义（JSON）").fill(DRAFT)
    preview = page.locator("#preview")
    expect(preview.get_by_role("row")).to_have_count(8)  # the header and seven rows whose name is blank
    page.get_by_label("定义（JSON）").fill('{"kind": "not_null"')
    expect(preview.get_by_text("第 1 行第")).to_be_visible()
    page.get_by_text("各种规则怎么写").click()
    page.get_by_role("button", name="套用 不得为空").click()
    expect(preview.get_by_role("row")).to_have_count(8)
    page.get_by_label("定义（JSON）").fill('{"kind": "not_null", "blank": true, "columns": []}')
    page.keyboard.press("Control+End")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.get_by_role("button", name="xm", exact=True).click()
    expect(page.get_by_label("定义（JSON）")).to_have_value('{"kind": "not_null", "blank": true, "columns": ["xm"]}')
    expect(preview.get_by_role("row")).to_have_count(8)
    assert_accessible()
    expect_to_fit_phone(page)

    for address, drawn in (
        (f"/resources/{resource.pk}/profile/", 1),
        (f"/resources/{resource.pk}/profile/?column=djrq", 3),
        ("/resources/quality/trend/", 3),
        ("/resources/quality/plan/", 0),
    ):
        page.goto(address)
        expect(page.locator(".chart-canvas canvas")).to_have_count(drawn)
        assert_accessible()
        expect_to_fit_phone(page)

    sign_in(town.operator)
    page.goto("/resources/quality/")
    assert_accessible()
    expect_to_fit_phone(page)
    rows = page.locator("[data-quality-inbox] tbody tr")
    expect(rows).not_to_have_count(0)
    page.locator("[data-quality-inbox] .table-scroll").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("j")
    expect(rows.nth(1).get_by_role("link").first).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="导出问题行")).to_be_visible()
    assert_accessible()
    expect_to_fit_phone(page)
