"""What officers and reviewers do with goals, from an empty sheet to finance's approval, and when two edit at once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import pytest
from conftest import NOW, PASSWORD
from django.utils import timezone
from performance.goals.years import a_content
from playwright.sync_api import Locator, Page, Route, expect

from chengshu.kernel.accounts.facade import NewAccount, Role, User, create_account
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.grants.facade import HouseRole, NewGrant
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import Kind, NewOrganisation, Organisation
from chengshu.performance.facade import goals
from chengshu.performance.facade.goals import GoalSheet
from chengshu.performance.models import Project, ProjectYear

Enter = Callable[[User], None]
Check = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Desk:
    """A unit's year without goals, and the four who deal with it."""

    year: ProjectYear
    officer: User
    colleague: User
    department: User
    finance: User


def _found(code: str, kind: Kind, name: str, parent: Organisation | None = None) -> Organisation:
    new = NewOrganisation(code, kind, name, date(2019, 1, 1), parent.pk if parent else None)
    return organisations.create_organisation(new, actor=None, now=NOW)


def _hire(login: str, name: str, role: HouseRole, place: Organisation) -> User:
    user = create_account(NewAccount(login, name, "示范单位", Role.OFFICER, PASSWORD), now=NOW)
    grants.give_grant(NewGrant(user.pk, role, place.pk, NOW.date(), "分工"), actor=None, now=NOW)
    return user


@pytest.fixture
def desk(site: str) -> Desk:
    city = _found("C", Kind.CITY, "示范市")
    unit = _found("U1", Kind.UNIT, "示范中心", city)
    goals.load_library(actor=None, now=NOW)
    project = Project.objects.create(
        code="P1", name="政务外网运行维护", department=city, unit=unit, started_on=date(2024, 1, 1), created_at=NOW
    )
    budget = Decimal(1_000_000)
    year = ProjectYear.objects.create(
        project=project, unit=unit, year=2024, initial_yuan=budget, budget_yuan=budget, created_at=NOW
    )
    return Desk(
        year,
        _hire("chen", "陈专员", HouseRole.OFFICER, unit),
        _hire("li", "李专员", HouseRole.OFFICER, unit),
        _hire("zhao", "赵审核", HouseRole.DEPARTMENT_REVIEWER, city),
        _hire("lin", "林复核", HouseRole.FINANCE_REVIEWER, city),
    )


@pytest.fixture
def sheet(desk: Desk, now: datetime) -> GoalSheet:
    opened = goals.open_goals(desk.year.pk, actor=desk.officer, now=now)
    saved, _changes = goals.save_goals(opened.pk, a_content(), opened.version, actor=desk.officer, now=now)
    return saved


def _search_library(page: Page, words: str) -> Locator:
    """Type into the search, and give the offers once they are those that were searched for."""
    offers = page.locator("#picker-results")
    page.get_by_label("搜索指标库").fill(words)
    expect(offers.get_by_role("listitem").filter(has_not_text=words)).to_have_count(0)
    return offers


class TestWritingGoals:
    def test_what_a_button_asked_for_comes_even_where_the_check_of_what_was_typed_begins_meanwhile(
        self, page: Page, desk: Desk, sign_in: Enter
    ) -> None:
        sign_in(desk.officer)
        page.goto("/performance/goals/")
        page.get_by_role("link", name="政务外网运行维护").click()
        page.get_by_role("button", name="从空白开始").click()
        offer = _search_library(page, "线路巡检").get_by_role("button", name="线路巡检次数")
        expect(offer).to_be_visible()
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        page.route("**/edit/", hold)
        page.clock.install()
        with page.expect_request("**/edit/"):
            offer.click()
        page.clock.run_for(1_000)
        for asked in held:
            asked.continue_()
        expect(page.get_by_label("指标名称")).to_have_value("线路巡检次数")

    def test_begin_take_from_the_library_see_the_sum_and_save(
        self, page: Page, desk: Desk, sign_in: Enter, assert_accessible: Check
    ) -> None:
        sign_in(desk.officer)
        page.goto("/performance/goals/")
        assert_accessible()
        page.get_by_role("link", name="政务外网运行维护").click()
        page.get_by_role("button", name="从空白开始").click()
        expect(page.get_by_role("heading", level=1, name="编报绩效目标")).to_be_visible()
        page.get_by_label("年度总体目标").fill("保障政务外网稳定运行，线路巡检到位。")
        _search_library(page, "线路巡检").get_by_role("button", name="线路巡检次数").click()
        expect(page.get_by_label("指标名称")).to_have_value("线路巡检次数")
        page.get_by_label("分值").fill("60")
        expect(page.get_by_text("还差 30 分")).to_be_visible()
        page.get_by_role("button", name="添加指标 社会效益指标").click()
        added = page.locator("input[name=row][value=new2]").locator("..")
        added.get_by_label("指标名称").fill("业务覆盖率")
        added.get_by_label("年度指标值").fill("=100%")
        added.get_by_label("分值").fill("30")
        expect(page.get_by_text("分值正好")).to_be_visible()
        assert_accessible()
        page.get_by_role("button", name="保存", exact=True).click()
        expect(page.get_by_text("已保存为版本 2。")).to_be_visible()
        expect(page.get_by_role("table").first).to_contain_text("业务覆盖率")
        assert_accessible()

    def test_move_a_row_by_the_keyboard_and_bring_the_old_version_back(
        self, page: Page, desk: Desk, sheet: GoalSheet, sign_in: Enter, assert_accessible: Check
    ) -> None:
        sign_in(desk.officer)
        page.goto(f"/performance/goals/{sheet.pk}/edit/")
        page.get_by_role("button", name="添加指标 数量指标").click()
        name = page.locator("#name-new1")
        expect(name).to_be_focused()
        name.fill("应急演练次数")
        name.press("Alt+ArrowUp")
        names = page.locator("#category-3").get_by_label("指标名称")
        expect(names.first).to_have_value("应急演练次数")
        page.get_by_role("button", name="保存", exact=True).click()
        page.get_by_role("link", name="看改了什么、恢复旧版本").click()
        assert_accessible()
        page.get_by_role("button", name="恢复到版本 2").click()
        expect(page.get_by_text("已恢复到版本 2。")).to_be_visible()
        page.goto(f"/performance/goals/{sheet.pk}/")
        expect(page.get_by_text("应急演练次数")).to_have_count(0)


class TestTwoAtOnce:
    def test_the_second_sees_the_first_ones_change_and_loses_nothing(
        self, page: Page, desk: Desk, sheet: GoalSheet, sign_in: Enter, assert_accessible: Check
    ) -> None:
        sign_in(desk.officer)
        page.goto(f"/performance/goals/{sheet.pk}/edit/")
        target = page.locator("#editor").get_by_label("年度指标值").first
        target.fill("≥12次")
        page.get_by_label("年度总体目标").fill("第二个人写的总体目标")
        content = goals.content_of(goals.get_goals(sheet.pk, viewer=desk.colleague, on=timezone.localdate()))
        theirs = goals.GoalContent(
            content.expected,
            tuple(
                goals.GoalRow(
                    row.key,
                    row.level1,
                    row.level2,
                    row.name,
                    {"线路巡检次数": "≥6次", "网络可用率": "≥99.95%"}.get(row.name, row.target),
                    row.weight,
                )
                for row in content.rows
            ),
        )
        goals.save_goals(sheet.pk, theirs, sheet.version, actor=desk.colleague, now=timezone.now())
        page.get_by_role("button", name="保存", exact=True).click()
        clash = page.get_by_role("alert")
        expect(clash).to_contain_text("李专员")
        row = clash.get_by_role("row", name="线路巡检次数")
        for text in ("≥4次", "≥6次", "≥12次"):
            expect(row).to_contain_text(text)
        expect(page.get_by_label("年度总体目标")).to_have_value("第二个人写的总体目标")
        expect(target).to_have_value("≥12次")
        assert_accessible()
        row.get_by_role("button", name="用对方的").click()
        expect(target).to_have_value("≥6次")
        page.get_by_role("button", name="保存", exact=True).click()
        expect(page.get_by_text("已保存为版本 4。")).to_be_visible()
        for text in ("≥6次", "≥99.95%", "第二个人写的总体目标"):
            expect(page.get_by_role("table").first).to_contain_text(text)


class TestDecidingOnGoals:
    def test_the_unit_hands_in_the_department_returns_and_finance_approves(
        self, page: Page, desk: Desk, sheet: GoalSheet, sign_in: Enter, assert_accessible: Check
    ) -> None:
        address = f"/performance/goals/{sheet.pk}/"
        sign_in(desk.officer)
        page.goto(address)
        page.get_by_role("button", name="提交审核").click()
        expect(page.get_by_text("已提交，等部门审核。")).to_be_visible()
        sign_in(desk.department)
        page.goto(address)
        page.get_by_role("button", name="退回修改").click()
        expect(page.get_by_role("alert")).to_contain_text("请写明理由")
        page.get_by_label("意见").fill("时效指标请再细一些")
        page.get_by_role("button", name="退回修改").click()
        expect(page.get_by_text("时效指标请再细一些")).to_be_visible()
        sign_in(desk.officer)
        page.goto(address)
        page.get_by_role("button", name="提交审核").click()
        expect(page.get_by_text("已提交，等部门审核。")).to_be_visible()
        for reviewer in (desk.department, desk.finance):
            sign_in(reviewer)
            page.goto(address)
            page.get_by_role("button", name="审核通过").click()
            expect(page.get_by_text("已审核通过。")).to_be_visible()
        expect(page.get_by_text("已批复")).to_be_visible()
        assert_accessible()


class TestKeepingTheLibrary:
    def test_finance_searches_retires_with_a_reason_and_offers_again(
        self, page: Page, desk: Desk, sign_in: Enter, assert_accessible: Check
    ) -> None:
        sign_in(desk.finance)
        page.goto("/performance/library/?q=网络可用率")
        assert_accessible()
        page.get_by_role("link", name="网络可用率", exact=True).click()
        page.get_by_role("button", name="停用").click()
        expect(page.get_by_role("alert")).to_contain_text("请写明停用的理由")
        page.get_by_label("理由").fill("改用可用时长")
        page.get_by_role("button", name="停用").click()
        expect(page.get_by_text("改用可用时长")).to_be_visible()
        assert_accessible()
        page.get_by_role("button", name="恢复使用").click()
        expect(page.get_by_text("已恢复使用。")).to_be_visible()
        page.get_by_role("link", name="修改", exact=True).click()
        expect(page.get_by_label("指标名称")).to_have_value("网络可用率")
        assert_accessible()
