"""A ticket's way in the browser: from the inbox through repair and call-back to the rating, on a phone too."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from browser.conftest import PHONE, expect_to_fit
from django.utils import timezone
from playwright.sync_api import Page, expect

from chengshu.kernel.accounts.facade import NewAccount, Role, User, create_account
from chengshu.kernel.grants.facade import HouseRole, NewGrant, give_grant
from chengshu.kernel.organisations.facade import Kind, NewOrganisation, Organisation, create_organisation
from chengshu.kernel.tickets.facade import NewTicket, Ticket, open_ticket


@pytest.fixture
def moment() -> datetime:
    """Pages read the clock themselves, so tickets begin a moment ago."""
    return timezone.now() - timedelta(minutes=5)


@pytest.fixture
def unit(site: str, moment: datetime) -> Organisation:
    new = NewOrganisation("310000-01", Kind.UNIT, "网络运维中心", date(2020, 1, 1))
    return create_organisation(new, actor=None, now=moment)


def _hire(name: str, role: HouseRole, unit: Organisation, moment: datetime) -> User:
    user = create_account(NewAccount(name, name, "", Role.OFFICER, "correct-horse-battery"), now=moment)
    since = timezone.localdate(moment)
    give_grant(NewGrant(user.pk, role, unit.pk, since, "试验"), actor=None, now=moment)
    return user


@pytest.fixture
def handler(unit: Organisation, moment: datetime) -> User:
    return _hire("王承办", HouseRole.TICKET_HANDLER, unit, moment)


@pytest.fixture
def leader(unit: Organisation, moment: datetime) -> User:
    return _hire("李审核", HouseRole.DEPARTMENT_REVIEWER, unit, moment)


@pytest.fixture
def tickets(unit: Organisation, moment: datetime) -> list[Ticket]:
    """One that is calm and one that is long overdue."""
    return [
        open_ticket(NewTicket("repair", f"{place}断网", unit.pk), actor=None, now=moment - timedelta(hours=hours))
        for place, hours in (("三楼机房", 0), ("一楼大厅", 10))
    ]


def _expect_to_fit_phone(page: Page) -> None:
    page.set_viewport_size(PHONE)
    expect_to_fit(page)


def test_work_is_done_from_the_inbox_and_closed_after_the_call_back(
    page: Page,
    sign_in: Callable[[User], None],
    handler: User,
    leader: User,
    tickets: list[Ticket],
    assert_accessible: Callable[[], None],
) -> None:
    sign_in(handler)
    page.goto("/tickets/inbox/")
    expect(page.get_by_role("heading", level=2).first).to_contain_text("已超时")
    assert_accessible()
    _expect_to_fit_phone(page)
    page.get_by_role("button", name=f"受理 {tickets[0].number}").click()
    expect(page.get_by_text("已做“受理”")).to_be_visible()
    page.get_by_role("button", name="撤回").click()
    expect(page.get_by_text("已撤回")).to_be_visible()
    page.get_by_role("button", name=f"受理 {tickets[0].number}").click()
    expect(page.get_by_text("已做“受理”")).to_be_visible()
    page.goto(f"/tickets/{tickets[0].pk}/")
    page.locator("summary", has_text="修复完成").click()
    page.get_by_label("情况说明").first.fill("换了光模块")
    assert_accessible()
    _expect_to_fit_phone(page)
    page.get_by_role("button", name="提交").first.click()
    expect(page.get_by_text("修复时限：用时")).to_be_visible()
    sign_in(leader)
    page.goto(f"/tickets/{tickets[0].pk}/")
    page.locator("summary", has_text="回访：已解决").click()
    page.get_by_label("本人确认已解决").check()
    page.get_by_role("button", name="提交").first.click()
    page.locator("summary", has_text="登记评价").click()
    page.get_by_label("5 分").check()
    page.get_by_role("button", name="提交").first.click()
    expect(page.get_by_text("评价 5 分")).to_be_visible()


def test_the_other_pages_are_accessible_and_fit_a_phone(
    page: Page,
    sign_in: Callable[[User], None],
    leader: User,
    tickets: list[Ticket],
    assert_accessible: Callable[[], None],
) -> None:
    sign_in(leader)
    for address in ("/tickets/", "/tickets/open/", f"/tickets/{tickets[1].pk}/", "/calendars/"):
        page.goto(address)
        assert_accessible()
        _expect_to_fit_phone(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto("/tickets/")
    page.get_by_label("选中本页全部").check()
    page.get_by_role("button", name="批量办理").click()
    expect(page.get_by_text("选中了 2 张工单")).to_be_visible()
    assert_accessible()
