"""An analyst answers an impact question: who is hit if this field is wrong, by which way, and who answers for it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from browser.conftest import DESK, PHONE, expect_to_fit
from hostile.evil_lineage import build_evil_lineage, list_questions
from playwright.sync_api import FilePayload, Page, expect
from pytest_django import Settings
from resources.catalogue.town import found_town
from resources.lineage.land import Land, build_land

from chengshu.kernel.accounts.facade import User

Enter = Callable[[User], None]
Check = Callable[[], None]


@pytest.fixture
def land(site: str, settings: Settings, tmp_path: Path) -> Land:
    settings.LAKE_ROOT = tmp_path / "lake"
    return build_land(found_town())


def test_an_analyst_answers_an_impact_question(
    page: Page, land: Land, sign_in: Enter, assert_accessible: Check
) -> None:
    sign_in(land.town.operator)
    page.goto("/resources/")
    page.get_by_role("link", name="血缘分析").click()
    page.get_by_label("字段或表").fill("登记日期")
    page.get_by_role("button", name="查找").click()
    assert_accessible()
    page.get_by_role("link", name=re.compile("影响分析.*登记日期（djrq）")).click()
    expect(page.get_by_text("出错，会影响 2 个部门、1 张报表、2 张表，共 5 个字段。")).to_be_visible()
    expect(page.get_by_role("cell", name="结婚月报")).to_be_visible()
    assert_accessible()

    page.get_by_role("link", name="血缘图", exact=True).click()
    asked = page.locator(".lineage-column-row.is-asked")
    expect(asked).to_have_count(1)
    expect(page.locator(".lineage-edge.on-way")).not_to_have_count(0)
    page.get_by_label("展开邻居：topic.marriage_monthly").press("Enter")
    expect(page.get_by_label("收起邻居：topic.marriage_monthly")).to_be_visible()
    canvas = page.locator("[data-lineage-canvas]")
    graph = page.locator("svg.lineage-graph")
    before = float(graph.get_attribute("width") or 0)
    canvas.press("-")
    narrower = "width => document.querySelector('svg.lineage-graph').getAttribute('width') < width"
    page.wait_for_function(narrower, arg=before)
    canvas.press("1")
    page.get_by_role("button", name="看全图").click()
    page.wait_for_function("c => c.scrollWidth <= c.clientWidth + 1", arg=canvas.element_handle())
    assert_accessible()

    page.goto("/resources/lineage/origins/?node=report:市场局报表/结婚月报.sql&column=月份")
    expect(page.get_by_role("heading", name="往回第 3 步")).to_be_visible()
    assert_accessible()
    page.goto("/resources/lineage/tellers/new/")
    page.get_by_label("血缘来源的名称").fill("补充脚本")
    page.get_by_label("责任部门").fill("S-MZ")
    script = FilePayload(name="more.sql", mimeType="text/plain", buffer=b"create table t as select xm from dwd_x;")
    page.get_by_label("SQL 文件").set_input_files(files=[script])
    assert_accessible()
    page.get_by_role("button", name="交来").click()
    expect(page.get_by_text("1 条语句，0 处读不出").first).to_be_visible()


def test_a_graph_wider_than_the_phone_opens_whole_and_its_table_keeps_words_together(
    page: Page, land: Land, sign_in: Enter
) -> None:
    sign_in(land.town.operator)
    page.set_viewport_size(PHONE)
    page.goto("/resources/lineage/graph/?node=307/MZ001&column=djrq")
    canvas = page.locator("[data-lineage-canvas]")
    page.wait_for_function("c => c.scrollWidth <= c.clientWidth + 1", arg=canvas.element_handle())
    opened = page.get_by_role("link", name="展开邻居：topic.marriage_monthly")
    expect(opened.locator("title")).to_have_text("展开邻居：topic.marriage_monthly")
    page.get_by_role("button", name="原大小").click()
    box = opened.locator("rect").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24
    cell = page.locator(".lineage-rows td").first.bounding_box()
    assert cell is not None
    assert cell["width"] >= 90
    expect_to_fit(page)


def test_pages_hold_together_whatever_scripts_call_their_tables(
    page: Page, site: str, sign_in: Enter, settings: Settings, tmp_path: Path
) -> None:
    settings.LAKE_ROOT = tmp_path / "lake"
    town = found_town()
    addresses = build_evil_lineage(town.civil.code)
    sign_in(town.operator)
    for address in [*addresses.values(), *list_questions()[::5]]:
        page.goto(address)
        for viewport in (DESK, PHONE):
            page.set_viewport_size(viewport)
            expect_to_fit(page)
