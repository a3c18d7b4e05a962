"""The list pattern in a browser: sort, filter and page without losing place, and the same without scripts."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from browser.conftest import PHONE, expect_to_fit
from playwright.sync_api import Browser, Locator, Page, Route, expect

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.jobs.facade import Job, State


@pytest.fixture
def jobs(officer: User, now: datetime) -> None:
    Job.objects.bulk_create(
        Job(
            kind=f"kind{number % 7}",
            state=State.FAILED if number % 3 else State.DONE,
            done=number,
            total=120,
            owner=officer,
            created_at=now + timedelta(minutes=number),
        )
        for number in range(120)
    )


@pytest.fixture
def listed(page: Page, officer: User, sign_in: Callable[[User], None], jobs: None) -> Page:
    sign_in(officer)
    page.goto("/jobs/")
    return page


def _first_done(page: Page) -> Locator:
    return page.locator("tbody tr").first.locator("td").nth(2)


class TestListing:
    def test_sorts_in_place_and_keeps_the_focus(self, listed: Page) -> None:
        listed.evaluate("window.stayed = true")
        link = listed.get_by_role("columnheader", name="完成").get_by_role("link")
        link.focus()
        listed.keyboard.press("Enter")
        expect(listed).to_have_url(re.compile(r"\?sort=done$"))
        expect(listed.get_by_role("columnheader", name="完成")).to_have_attribute("aria-sort", "ascending")
        expect(link).to_be_focused()
        expect(_first_done(listed)).to_have_text("0")
        assert listed.evaluate("window.stayed")

    def test_dims_while_the_next_state_is_on_its_way(self, listed: Page) -> None:
        held: list[Route] = []
        listed.route("**/jobs/?sort=done", lambda route: held.append(route))  # noqa: PLW0108 - Playwright takes no builtin
        with listed.expect_request("**/jobs/?sort=done"):  # the page dims before its request comes to be held
            listed.get_by_role("columnheader", name="完成").get_by_role("link").click()
        expect(listed.locator(".table-scroll")).to_have_css("opacity", "0.5")
        held.pop().continue_()
        expect(listed.get_by_role("columnheader", name="完成")).to_have_attribute("aria-sort", "ascending")
        expect(listed.locator(".table-scroll")).to_have_css("opacity", "1")

    def test_filters_and_takes_the_filter_off_again(self, listed: Page) -> None:
        listed.locator("summary", has_text="筛选").click()
        listed.get_by_label("已完成").check()
        listed.get_by_role("button", name="应用").first.click()
        expect(listed.locator(".pager-count")).to_contain_text("共 40 项")
        expect(listed).to_have_url(re.compile(r"\?state=done$"))
        listed.locator(".chip", has_text="已完成").click()
        expect(listed.locator(".pager-count")).to_contain_text("共 120 项")

    def test_back_and_reload_do_the_right_thing(self, listed: Page) -> None:
        listed.get_by_role("link", name="下一页").click()
        expect(listed.locator(".pager-count")).to_contain_text("第 51–100 项")
        listed.reload()
        expect(listed.locator(".pager-count")).to_contain_text("第 51–100 项")
        listed.go_back()
        expect(listed.locator(".pager-count")).to_contain_text("第 1–50 项")

    def test_takes_the_list_away(self, listed: Page) -> None:
        listed.locator("summary", has_text="导出").click()
        with listed.expect_download() as download:
            listed.get_by_role("link", name="CSV").click()
        assert download.value.suggested_filename == "后台任务.csv"

    def test_keeps_a_view_opens_it_and_removes_it_by_keyboard(self, listed: Page) -> None:
        listed.goto("/jobs/?state=done&sort=done")
        listed.locator("summary", has_text="视图").focus()
        listed.keyboard.press("Enter")
        listed.get_by_label("保存当前视图").fill("已完成的")
        listed.keyboard.press("Enter")
        expect(listed.get_by_role("status").first).to_contain_text("已保存视图“已完成的”")
        listed.goto("/jobs/")
        listed.locator("summary", has_text="视图").click()
        listed.get_by_role("link", name="已完成的").click()
        expect(listed).to_have_url(re.compile(r"\?state=done&sort=done$"))
        listed.locator("summary", has_text="视图").click()
        listed.locator("summary", has_text="删除").focus()
        listed.keyboard.press("Enter")
        listed.keyboard.press("Tab")
        listed.keyboard.press("Enter")
        expect(listed.get_by_role("status").first).to_contain_text("已删除视图“已完成的”")

    def test_views_are_accessible_and_fit_a_phone(self, listed: Page, assert_accessible: Callable[[], None]) -> None:
        for name in ("已完成的", "很长的一个名称" * 5):
            listed.locator("summary", has_text="视图").click()
            listed.get_by_label("保存当前视图").fill(name)
            listed.get_by_role("button", name="保存").click()
            expect(listed.get_by_role("status").first).to_contain_text(f"已保存视图“{name}”")
        listed.locator("summary", has_text="视图").click()
        listed.locator("summary", has_text="删除").last.click()
        assert_accessible()
        listed.set_viewport_size(PHONE)
        expect_to_fit(listed)

    def test_is_accessible_with_open_menus(self, listed: Page, assert_accessible: Callable[[], None]) -> None:
        listed.locator("summary", has_text="筛选").click()
        assert_accessible()


class TestWithoutScripts:
    @pytest.fixture
    def plain_page(self, chromium: Browser, site: str) -> Iterator[Page]:
        context = chromium.new_context(base_url=site, java_script_enabled=False)
        yield context.new_page()
        context.close()

    def test_sorts_by_links(self, plain_page: Page, listed: Page) -> None:
        plain_page.context.add_cookies(listed.context.cookies())  # type: ignore[arg-type]  # what it gave it takes
        plain_page.goto("/jobs/")
        plain_page.get_by_role("columnheader", name="完成").get_by_role("link").click()
        expect(plain_page).to_have_url(re.compile(r"\?sort=done$"))
        expect(_first_done(plain_page)).to_have_text("0")
