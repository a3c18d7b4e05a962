"""The pages of organisations and grants in a browser: a grant is given by keyboard, and every page is accessible."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from browser.conftest import PHONE, expect_to_fit
from conftest import PASSWORD
from playwright.sync_api import Page, expect

from chengshu.kernel.accounts.facade import NewAccount, Role, User, create_account
from chengshu.kernel.grants.facade import Grant, HouseRole, NewGrant, give_grant
from chengshu.kernel.organisations.facade import (
    DEMONSTRATION_ROOT,
    Organisation,
    build_demonstration_city,
    find_organisation,
)


@pytest.fixture
def city(site: str, now: datetime) -> Organisation:
    build_demonstration_city(now=now)
    root = find_organisation(DEMONSTRATION_ROOT)
    assert root is not None
    return root


@pytest.fixture
def chief(city: Organisation, now: datetime, sign_in: Callable[[User], None]) -> User:
    account = _open("chief", now)
    new = NewGrant(account.pk, HouseRole.ADMIN, city.pk, date(2024, 3, 15), "启用")
    give_grant(new, actor=None, now=now)
    sign_in(account)
    return account


def _open(name: str, now: datetime) -> User:
    return create_account(NewAccount(name, f"{name}的姓名", "", Role.OFFICER, PASSWORD), now=now)


@pytest.mark.usefixtures("chief")
def test_a_grant_is_given_by_keyboard_and_ended(page: Page, now: datetime) -> None:
    officer = _open("newcomer", now)
    page.goto("/grants/accounts/")
    page.get_by_role("link", name=officer.display_name).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(officer.display_name)
    page.get_by_role("link", name="授权", exact=True).last.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"给{officer.display_name}授权")
    page.get_by_label("角色").select_option("officer")
    page.get_by_label("组织").fill("DEMO-D1-B01-U01")
    page.get_by_label("事由").fill("岗位分工")
    page.get_by_label("事由").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("已授权")
    expect(page.get_by_role("cell", name="示范区大数据中心")).to_be_visible()
    page.get_by_role("link", name="有效", exact=True).click()
    page.get_by_label("事由").fill("调离")
    page.get_by_role("button", name="收回").click()
    expect(page.get_by_role("status").first).to_contain_text("已收回授权")


def test_pages_are_accessible_and_fit_a_phone(
    page: Page, chief: User, city: Organisation, assert_accessible: Callable[[], None]
) -> None:
    grant = Grant.objects.get(account=chief)
    pages = (
        ("", f"{city.pk}/"),
        ("", "accounts/", f"accounts/{chief.pk}/", f"accounts/{chief.pk}/give/", f"{grant.pk}/end/"),
    )
    for folder, names in zip(("/organisations/", "/grants/"), pages, strict=True):
        for name in names:
            page.goto(f"{folder}{name}")
            assert_accessible()
            page.set_viewport_size(PHONE)
            expect_to_fit(page)
