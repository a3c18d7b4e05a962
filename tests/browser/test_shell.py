"""Journeys through the shell: in and out, language, theme, type size, phone, keyboard."""

from collections.abc import Callable

import pytest
from browser.conftest import PHONE, expect_to_fit
from conftest import PASSWORD
from playwright.sync_api import Page, expect

from chengshu.kernel.accounts.facade import User


class TestLogin:
    @pytest.mark.usefixtures("officer")
    def test_lets_a_person_in_and_out(self, page: Page) -> None:
        page.goto("/jobs/")
        page.get_by_label("登录名").fill("officer")
        page.get_by_label("口令").fill(PASSWORD)
        page.get_by_role("button", name="登录", exact=True).click()
        expect(page.get_by_role("heading", level=1, name="后台任务")).to_be_visible()
        page.get_by_role("button", name="退出登录").click()
        expect(page.get_by_role("heading", level=1, name="登录")).to_be_visible()

    @pytest.mark.usefixtures("officer")
    def test_says_what_is_wrong_beside_the_form(self, page: Page) -> None:
        page.goto("/login/")
        page.get_by_label("登录名").fill("officer")
        page.get_by_label("口令").fill("not-the-password")
        page.get_by_role("button", name="登录", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("登录名或口令不对")

    def test_is_accessible(self, page: Page, assert_accessible: Callable[[], None]) -> None:
        page.goto("/login/")
        assert_accessible()


class TestPreferences:
    def test_switches_to_english_and_back(self, page: Page) -> None:
        page.goto("/about/")
        page.get_by_role("button", name="English").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("About and help")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        page.get_by_role("button", name="中文").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("关于与帮助")

    def test_keeps_the_dark_theme_on_the_next_page(self, page: Page) -> None:
        page.goto("/about/")
        page.get_by_role("button", name="深色").click()
        expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
        page.goto("/login/")
        expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")

    def test_follows_the_system_when_automatic(self, page: Page) -> None:
        page.emulate_media(color_scheme="dark")
        page.goto("/about/")
        expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
        page.emulate_media(color_scheme="light")
        expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")

    def test_large_type_scales_the_text(self, page: Page) -> None:
        page.goto("/about/")
        before = page.locator("h1").evaluate("node => parseFloat(getComputedStyle(node).fontSize)")
        page.get_by_role("button", name="大字").click()
        expect(page.locator("html")).to_have_attribute("data-type", "large")
        after = page.locator("h1").evaluate("node => parseFloat(getComputedStyle(node).fontSize)")
        assert after > before


class TestPhone:
    def test_menu_folds_and_opens(self, page: Page, officer: User, sign_in: Callable[[User], None]) -> None:
        sign_in(officer)
        page.set_viewport_size(PHONE)
        page.goto("/jobs/")
        place = page.get_by_role("navigation", name="主导航").get_by_role("link", name="后台任务")
        expect(place).to_be_hidden()
        page.get_by_role("button", name="菜单").click()
        expect(place).to_be_visible()
        expect(page.get_by_role("button", name="菜单")).to_have_attribute("aria-expanded", "true")

    def test_page_does_not_scroll_sideways(self, page: Page, officer: User, sign_in: Callable[[User], None]) -> None:
        sign_in(officer)
        page.set_viewport_size(PHONE)
        for path in ("/login/", "/about/", "/jobs/", "/password/"):
            page.goto(path)
            expect_to_fit(page)


class TestEnglish:
    @pytest.mark.parametrize("width", [1440, 390])
    def test_brand_is_not_cut(self, width: int, page: Page, officer: User, sign_in: Callable[[User], None]) -> None:
        sign_in(officer)
        page.set_viewport_size({"width": width, "height": 844})
        page.goto("/jobs/")
        page.context.add_cookies([{"name": "django_language", "value": "en", "url": page.url}])
        page.reload()
        brand = page.locator(".brand-sub")
        expect(brand).to_have_text("Data centre")
        assert brand.evaluate("node => node.scrollWidth <= node.clientWidth")


class TestKeyboard:
    def test_first_tab_leads_to_the_content(self, page: Page, officer: User, sign_in: Callable[[User], None]) -> None:
        sign_in(officer)
        page.goto("/jobs/")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()


class TestPages:
    def test_shell_pages_are_accessible(
        self,
        page: Page,
        officer: User,
        sign_in: Callable[[User], None],
        assert_accessible: Callable[[], None],
    ) -> None:
        sign_in(officer)
        for path in ("/about/", "/jobs/", "/password/", "/no-such-page/"):
            page.goto(path)
            assert_accessible()
