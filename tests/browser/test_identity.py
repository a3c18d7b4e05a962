"""One's own account in a browser: a passkey of a virtual device, an authenticator app, every page accessible."""

import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from conftest import PASSWORD
from django.utils import timezone
from kernel.identity.codes import code_of
from playwright.sync_api import Page, expect

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.identity import facade as identity


@pytest.fixture
def device(page: Page) -> None:
    """Give Chromium a device that keeps passkeys and knows its owner's finger."""
    protocol = page.context.new_cdp_session(page)
    protocol.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    protocol.send("WebAuthn.addVirtualAuthenticator", {"options": options})


@pytest.mark.usefixtures("device")
def test_a_passkey_is_added_and_lets_in(page: Page, officer: User, assert_accessible: Callable[[], None]) -> None:
    _log_in(page, officer)
    page.goto("/account/")
    page.get_by_role("link", name="添加通行密钥").click()
    assert_accessible()
    page.get_by_label("名称").fill("办公电脑")
    page.get_by_role("button", name="添加").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("恢复码")
    assert_accessible()
    page.get_by_role("link", name="已经抄好").click()
    expect(page.get_by_text("办公电脑")).to_be_visible()
    assert_accessible()
    page.get_by_role("button", name="退出登录").click()
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("登录")
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    _log_in(page, officer)
    expect(page.get_by_role("heading", level=1)).to_have_text("第二重验证")
    assert_accessible()
    page.get_by_role("button", name="用通行密钥").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("第二重验证")


def test_a_browser_without_passkeys_says_what_to_do(page: Page, officer: User) -> None:
    _log_in(page, officer)
    page.goto("/account/passkeys/add/")
    page.evaluate("() => { navigator.credentials.create = () => Promise.reject(new Error('no')); }")
    page.get_by_role("button", name="添加").click()
    expect(page.get_by_role("alert")).to_contain_text("设备没有给出通行密钥")


def test_an_app_is_added_by_its_picture_and_code(
    page: Page, officer: User, sign_in: Callable[[User], None], assert_accessible: Callable[[], None]
) -> None:
    sign_in(officer)
    page.goto("/account/app/")
    expect(page.get_by_alt_text("二维码，内容是下面的密钥")).to_be_visible()
    assert_accessible()
    secret = page.locator(".secret-text").inner_text()
    page.get_by_label("验证码").fill(code_of(secret, timezone.now()))
    page.get_by_role("button", name="启用").click()
    expect(page.get_by_role("list", name="恢复码").get_by_role("listitem")).to_have_count(10)
    page.goto("/account/")
    expect(page.get_by_text("动态验证码", exact=True)).to_be_visible()
    assert_accessible()


def _log_in(page: Page, user: User) -> None:
    page.goto("/login/")
    page.get_by_label("登录名").fill(user.login_name)
    page.get_by_label("口令").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("登录")


def test_pages_of_administrators_are_accessible(
    page: Page, admin: User, officer: User, sign_in: Callable[[User], None], assert_accessible: Callable[[], None]
) -> None:
    sign_in(admin)
    page.goto(f"/accounts/{officer.pk}/security/")
    assert_accessible()
    page.goto("/applications/new/")
    page.get_by_label("名称").fill("预算系统")
    page.get_by_label("登录后回到的地址").fill("http://app.example/")
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_role("alert")).to_contain_text("不能用")
    assert_accessible()
    page.get_by_label("登录后回到的地址").fill("https://app.example/back")
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_text("应用密钥只显示这一次")).to_be_visible()
    assert_accessible()
    page.goto("/applications/")
    expect(page.get_by_role("link", name="预算系统")).to_be_visible()
    assert_accessible()


def test_the_person_agrees_and_is_sent_to_the_application(
    page: Page,
    site: str,
    officer: User,
    admin: User,
    sign_in: Callable[[User], None],
    assert_accessible: Callable[[], None],
) -> None:
    back = f"{site}/about/"  # the application's page: any that answers
    new = identity.NewApplication("预算系统", (back,))
    application, _secret = identity.register_application(new, actor=admin, now=timezone.now())
    sign_in(officer)
    challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    asked = {
        "response_type": "code",
        "client_id": application.client_id,
        "redirect_uri": back,
        "scope": "openid profile",
        "state": "s1",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    page.goto(f"/oauth/authorize/?{urlencode(asked)}")
    expect(page.get_by_role("heading", level=1)).to_have_text("登录“预算系统”")
    assert_accessible()
    page.get_by_role("button", name="同意", exact=True).click()
    expect(page).to_have_url(re.compile(r"/about/\?(.*&)?code="))
