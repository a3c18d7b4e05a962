"""What the three roles do with monitoring, what waits for them, and how they see the year stand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import pytest
from conftest import NOW, PASSWORD
from playwright.sync_api import Page, expect

from chengshu.kernel.accounts.facade import NewAccount, Role, User, create_account
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.grants.facade import HouseRole, NewGrant
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import Kind, NewOrganisation, Organisation
from chengshu.performance.facade import monitoring
from chengshu.performance.facade.monitoring import MonitoringSheet
from chengshu.performance.models import Evaluation, GoalIndicator, GoalSheet, Project, ProjectYear

Enter = Callable[[User], None]
Check = Callable[[], None]
PROMISES = (("线路巡检次数", "≥12次"), ("网络可用率", "≥99%"), ("资料归档", "及时"))


@dataclass(frozen=True, slots=True)
class Desk:
    """Two units with years whose goals stand, and the people of the year."""

    officer: User
    colleague: User
    department: User
    finance: User
    years: tuple[ProjectYear, ...]


def _found(code: str, kind: Kind, name: str, parent: Organisation | None = None) -> Organisation:
    new = NewOrganisation(code, kind, name, date(2019, 1, 1), parent.pk if parent else None)
    return organisations.create_organisation(new, actor=None, now=NOW)


def _hire(login: str, name: str, role: HouseRole, place: Organisation) -> User:
    user = create_account(NewAccount(login, name, "示范单位", Role.OFFICER, PASSWORD), now=NOW)
    grants.give_grant(NewGrant(user.pk, role, place.pk, NOW.date(), "分工"), actor=None, now=NOW)
    return user


def _open_year(name: str, unit: Organisation, city: Organisation, year: int = 2024) -> ProjectYear:
    project, _is_new = Project.objects.get_or_create(
        name=name,
        defaults={
            "code": f"P{Project.objects.count() + 1}",
            "department": city,
            "unit": unit,
            "started_on": date(2020, 1, 1),
            "created_at": NOW,
        },
    )
    budget = Decimal(1_000_000)
    made = ProjectYear.objects.create(
        project=project,
        unit=unit,
        year=year,
        initial_yuan=budget,
        budget_yuan=budget,
        executed_yuan=Decimal(930_000),
        created_at=NOW,
    )
    sheet = GoalSheet.objects.create(project_year=made, state="approved", edited_at=NOW)
    GoalIndicator.objects.bulk_create(
        GoalIndicator(sheet=sheet, number=n, name=what, target=target, weight=30)
        for n, (what, target) in enumerate(PROMISES)
    )
    return made


@pytest.fixture
def desk(site: str) -> Desk:
    city = _found("C", Kind.CITY, "示范市")
    unit, other = (_found(f"U{n}", Kind.UNIT, name, city) for n, name in ((1, "示范中心"), (2, "另一中心")))
    years = (
        _open_year("政务外网运行维护", unit, city),
        _open_year("政务外网运行维护", unit, city, 2023),
        _open_year("公共数据平台运维", unit, city),
        _open_year("社区网格管理平台", other, city),
    )
    grades = ((Decimal("93.5"), "优"), (Decimal("91.2"), "优"), (Decimal(84), "良"), (Decimal("74.6"), "中"))
    for year, (total, grade) in zip(years, grades, strict=True):
        Evaluation.objects.create(
            project_year=year,
            rules="national-2020",
            total=total,
            grade=grade,
            breach_count=int(total < 80),
            indicator_count=3,
            indicator_weight=90,
            evidence_count=int(total > 90),
            evidence_weight=30 * int(total > 90),
            edited_at=NOW,
        )
    return Desk(
        _hire("chen", "陈专员", HouseRole.OFFICER, unit),
        _hire("li", "李专员", HouseRole.OFFICER, unit),
        _hire("zhao", "赵审核", HouseRole.DEPARTMENT_REVIEWER, city),
        _hire("lin", "林复核", HouseRole.FINANCE_REVIEWER, city),
        years,
    )


@pytest.fixture
def sheet(desk: Desk, now: datetime) -> MonitoringSheet:
    point = monitoring.set_point("1—7月监控", date(2024, 7, 31), date(2024, 8, 30), actor=desk.finance, now=now)
    monitoring.open_reports(point.pk, now=now)
    found: MonitoringSheet = MonitoringSheet.objects.get(project_year=desk.years[0])
    return found


class TestPoints:
    def test_finance_sets_a_point_and_is_told_what_does_not_follow(
        self, page: Page, desk: Desk, sign_in: Enter, assert_accessible: Check
    ) -> None:
        sign_in(desk.finance)
        page.goto("/performance/monitoring/points/")
        page.get_by_label("名称").fill("1—9月监控")
        page.get_by_label("监控截至日期").fill("2024-09-30")
        page.get_by_label("报送截止日期").fill("2024-09-01")
        page.get_by_role("button", name="设定并下发").click()
        expect(page.get_by_text("报送截止日期不能早于监控截至日期。")).to_be_visible()
        expect(page.get_by_label("名称")).to_have_value("1—9月监控")
        assert_accessible()
        page.get_by_label("报送截止日期").fill("2024-10-20")
        page.get_by_role("button", name="设定并下发").click()
        expect(page.get_by_role("rowheader", name="1—9月监控")).to_be_visible()
        assert_accessible()


class TestReporting:
    def test_the_unit_fills_and_hands_in_and_two_reviewers_approve_from_their_inbox(
        self, page: Page, desk: Desk, sheet: MonitoringSheet, sign_in: Enter, assert_accessible: Check
    ) -> None:
        sign_in(desk.officer)
        page.goto("/performance/duties/")
        assert_accessible()
        waiting = page.locator(".duty").filter(has_text="填报绩效监控")
        waiting.get_by_role("link", name="政务外网运行维护").click()
        page.get_by_role("link", name="填报", exact=True).click()
        page.get_by_label("完成值 线路巡检次数", exact=True).fill("3次")
        page.get_by_label("完成值 网络可用率", exact=True).fill("99.5%")
        page.get_by_label("完成值 资料归档", exact=True).fill("及时")
        page.get_by_role("button", name="保存并继续填").click()
        row = page.locator(".monitoring-row").filter(has_text="线路巡检次数")
        expect(row.locator("h3")).to_contain_text("红灯")
        assert_accessible()
        page.goto(f"/performance/monitoring/{sheet.pk}/")
        page.get_by_role("button", name="提交审核").click()
        expect(page.get_by_role("alert")).to_contain_text("线路巡检次数：黄灯、红灯要写明偏差原因。")
        assert_accessible()
        page.get_by_role("link", name="填报", exact=True).click()
        for text, name in (("巡检车辆检修", "偏差原因"), ("八月起每月巡检两次", "纠偏措施")):
            page.get_by_label(f"{name} 线路巡检次数", exact=True).fill(text)
            page.get_by_label(name, exact=True).fill(text)
        page.get_by_role("button", name="保存", exact=True).first.click()
        page.get_by_role("button", name="提交审核").click()
        expect(page.get_by_text("已提交，等部门审核。")).to_be_visible()
        assert_accessible()
        for reviewer in (desk.department, desk.finance):
            sign_in(reviewer)
            page.goto("/performance/duties/")
            item = page.locator(".duty").filter(has_text="政务外网运行维护")
            item.locator("summary").click()
            assert_accessible()
            item.get_by_role("button", name="确认通过").click()
            expect(page.get_by_text("已审核通过")).to_be_visible()
            expect(page.locator(".duty").filter(has_text="审核监控表")).to_have_count(0)
        page.goto("/performance/monitoring/")
        expect(page.get_by_role("row").filter(has_text="已批复")).to_contain_text("红灯")
        assert_accessible()

    def test_the_second_of_two_sees_both_texts_and_loses_nothing(
        self, page: Page, desk: Desk, sheet: MonitoringSheet, sign_in: Enter, assert_accessible: Check, now: datetime
    ) -> None:
        sign_in(desk.officer)
        page.goto(f"/performance/monitoring/{sheet.pk}/edit/")
        page.get_by_label("完成值 线路巡检次数", exact=True).fill("7次")
        seen = monitoring.get_monitoring(sheet.pk, viewer=desk.colleague, on=now.date())
        content = monitoring.content_of_monitoring(seen)
        theirs = monitoring.MonitoringContent(
            content.forecast_yuan,
            content.deviation,
            content.measure,
            tuple(
                monitoring.MonitoredRow(row.goal_id, row.name, row.target, "8次" if "巡检" in row.name else "99.2%")
                for row in content.rows
            ),
        )
        monitoring.save_monitoring(sheet.pk, theirs, seen.version, actor=desk.colleague, now=now)
        page.get_by_role("button", name="保存", exact=True).first.click()
        clash = page.get_by_role("alert").get_by_role("row").filter(has_text="线路巡检次数")
        expect(clash).to_contain_text("8次")
        expect(clash).to_contain_text("7次")
        expect(page.get_by_label("完成值 网络可用率", exact=True)).to_have_value("99.2%")
        assert_accessible()


class TestWhatWaits:
    @pytest.mark.usefixtures("sheet")
    def test_the_calendar_marks_due_days_and_leads_to_what_is_due(
        self, page: Page, desk: Desk, sign_in: Enter, assert_accessible: Check
    ) -> None:
        sign_in(desk.officer)
        page.goto("/performance/duties/calendar/?month=2024-08")
        entry = page.locator(".month").get_by_role("link", name="填报绩效监控 1—7月监控 2 项")
        expect(entry).to_be_visible()
        assert_accessible()
        page.set_viewport_size({"width": 390, "height": 844})
        expect(page.locator(".agenda").get_by_role("link", name="填报绩效监控 1—7月监控 2 项")).to_be_visible()
        page.set_viewport_size({"width": 1440, "height": 900})
        entry.click()
        expect(page.locator(".duty")).to_have_count(2)
        page.get_by_role("link", name="看日程").click()
        with page.expect_download() as download:
            page.get_by_role("link", name="下载日历文件").click()
        assert download.value.suggested_filename == "chengshu.ics"


def _await_charts(page: Page) -> None:
    """Wait until every chart is drawn."""
    expect(page.locator(".chart canvas").first).to_be_visible()
    expect(page.locator("[data-chart]:not(:has(canvas))")).to_have_count(0)


class TestTheYear:
    def test_home_says_how_the_year_stands_and_every_sentence_opens_its_list(
        self, page: Page, desk: Desk, sheet: MonitoringSheet, sign_in: Enter, assert_accessible: Check
    ) -> None:
        MonitoringSheet.objects.filter(pk=sheet.pk).update(lamp="red")
        sign_in(desk.finance)
        page.goto("/")
        expect(page.get_by_role("heading", level=1)).to_have_text("2024 年度总览")
        _await_charts(page)
        assert_accessible()
        page.get_by_role("link", name="1 份亮红灯").click()
        expect(page.get_by_role("link", name="政务外网运行维护")).to_be_visible()
        page.goto("/performance/years/")
        page.get_by_label("实施单位").select_option(label="另一中心")
        page.get_by_role("button", name="查看").click()
        expect(page.get_by_text("2024 年度 1 个项目")).to_be_visible()
        _await_charts(page)
        page.locator("#chart-results summary").click()
        expect(page.locator("#chart-results").get_by_role("link", name="社区网格管理平台")).to_be_visible()
        assert_accessible()
