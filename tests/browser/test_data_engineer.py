"""Data is taken in, checked and rectified: an engineer at the centre, a clerk of a department, and the rate between them."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from conftest import NOW, PASSWORD
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings
from resources.catalogue.town import Town, found_town, published

from chengshu.kernel.accounts.facade import NewAccount, Role, User, create_account
from chengshu.kernel.grants.facade import NewGrant, give_grant
from chengshu.kernel.organisations.facade import find_organisation
from chengshu.resources.facade import quality
from chengshu.resources.facade.catalogue import DataResource
from chengshu.resources.facade.quality import RuleDraft

Enter = Callable[[User], None]
Check = Callable[[], None]
FILE = "djbh,xm,sfzh,djrq\n1,王五,11010519491231002X,2024-01-31\n2,赵六,无,2024-02-30\n3,多了,一,格,的\n"


@pytest.fixture
def place(site: str, settings: Settings, tmp_path: Path) -> Town:
    settings.LAKE_ROOT = tmp_path / "lake"
    return found_town()


@pytest.fixture
def engineer(place: Town) -> User:
    """Somebody at the centre who takes in and checks for the whole city."""
    user = create_account(NewAccount("engineer", "钱工", "数据中心", Role.OFFICER, PASSWORD), now=NOW)
    city = find_organisation("S")
    assert city is not None
    for role in ("data_operator", "data_steward"):
        give_grant(NewGrant(user.pk, role, city.pk, NOW.date(), "分工"), actor=None, now=NOW)
    return user


def test_an_engineer_registers_a_source_collects_and_checks(
    page: Page, place: Town, engineer: User, sign_in: Enter, assert_accessible: Check
) -> None:
    published(place)
    sign_in(engineer)
    page.goto("/resources/sources/new/")
    for label, text in (("数据源名称", "婚姻登记系统"), ("提供方", "S-MZ"), ("湖表名", "hydj"), ("主键列", "djbh")):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("列", exact=True).fill("djbh 文字 必填\nxm\nsfzh\ndjrq")
    page.get_by_label("写入方式").select_option("merge")
    page.get_by_role("button", name="登记").click()
    page.get_by_role("link", name="选择目录").click()
    page.get_by_label("婚姻登记信息").check()
    page.get_by_role("button", name="就选这一条").click()
    page.get_by_label("要交付的文件").set_input_files(
        {"name": "登记.csv", "mimeType": "text/csv", "buffer": FILE.encode("gb18030")}
    )
    page.get_by_role("button", name="交付文件").click()
    expect(page.get_by_role("heading", name="登记.csv")).to_be_visible()
    expect(page.get_by_text("列数多于表头")).to_be_visible()
    assert_accessible()
    page.goto(f"/resources/{DataResource.objects.get().pk}/quality/")
    page.get_by_role("button", name="由编目生成规则").click()
    expect(page.get_by_role("status").first).to_contain_text("新增")
    page.get_by_role("button", name="开始检查").click()
    expect(page.get_by_text("检查已排入后台任务")).to_be_visible()
    page.goto("/resources/quality/issues/")
    expect(page.get_by_role("link", name="登记日期应是日期")).to_be_visible()
    expect(page.get_by_role("row", name="民政局").first).to_contain_text("0.00%")


def test_a_department_corrects_its_rows_and_the_rate_rises(
    page: Page, place: Town, engineer: User, sign_in: Enter, tmp_path: Path
) -> None:
    _owe(place)
    sign_in(place.operator)
    page.goto("/resources/quality/")
    page.get_by_role("link", name="登记日期应是日期").click()
    with page.expect_download() as coming:
        page.get_by_role("link", name="导出问题行").click()
    book = openpyxl.load_workbook(io.BytesIO(coming.value.path().read_bytes()))
    sheet = book.worksheets[0]
    at = next(cell.column for cell in sheet[1] if str(cell.value).startswith("更正为"))
    assert isinstance(at, int)
    sheet.cell(2, at, "2024-02-29")
    book.save(tmp_path / "更正表.xlsx")
    page.get_by_label("更正表（XLSX）").set_input_files(tmp_path / "更正表.xlsx")
    page.get_by_role("button", name="交回").click()
    expect(page.get_by_role("heading", name="更正表.xlsx")).to_be_visible()
    sign_in(engineer)
    page.goto("/resources/quality/issues/")
    expect(page.get_by_role("row", name=re.compile("民政局")).first).to_contain_text("50.00%")


def _owe(place: Town) -> None:
    """Let the civil department owe two rows: a day that no calendar has, and a person without a number."""
    from resources.quality.lake import deliver, row  # noqa: PLC0415 - heavy: only where a lake is needed

    resource, now = published(place), timezone.now()
    draft = RuleDraft("djrq.day", "登记日期应是日期", {"kind": "type", "type": "date", "columns": ["djrq"]})
    needed = RuleDraft("sfzh.needed", "公民身份号码应当填写", {"kind": "not_null", "columns": ["sfzh"]})
    for rule in (draft, needed):
        quality.write_rule(resource.pk, rule, actor=place.steward, now=now)
    deliver(resource, [row("1"), row("2", djrq="2024-02-30"), row("3", sfzh=None)])
    quality.check_resource(resource.pk, actor=place.steward, now=now)
