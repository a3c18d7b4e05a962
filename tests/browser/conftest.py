"""Chromium, a running site, and what every page has to stand: no outside host, no broken policy, no serious axe finding."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, ViewportSize, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from chengshu.config import env
from chengshu.kernel.accounts.facade import User

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MILLISECONDS = 20_000
"""How long to wait for what should be seen: a busy machine is slow, and a page that is right is not waited for."""
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium(django_db_setup: None) -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    path = next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)
    if path is None:
        reason = "browser tests need Chromium: scripts/install_chromium.py tells how to get it"
        if env.read(env.CONTINUOUS_INTEGRATION):
            pytest.fail(reason)
        pytest.skip(reason)
    rows_of_migrations = getattr(connection, "_test_serialized_contents", None)
    # Playwright's loop runs in this thread, where Django would refuse to touch the database; and within the loop it
    # opens another connection, which has to know as well what to restore after each test.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        patch.setitem(vars(connections[DEFAULT_DB_ALIAS]), "_test_serialized_contents", rows_of_migrations)
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def site(live_server: LiveServer, transactional_db: None, django_db_serialized_rollback: None) -> str:
    return str(live_server.url)


@pytest.fixture
def page(chromium: Browser, site: str) -> Iterator[Page]:
    """A page at desk width; afterwards, that it asked no other host and broke no content policy."""
    context = chromium.new_context(
        base_url=site, viewport=DESK, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    page = context.new_page()
    _wait_for_scripts(page)
    outside: list[str] = []
    complaints: list[str] = []

    def note_request(request: Request) -> None:
        if not request.url.startswith((site, "data:", "blob:")):
            outside.append(request.url)

    def note_message(message: ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            complaints.append(message.text)

    page.on("request", note_request)
    page.on("console", note_message)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert outside == []
    assert complaints == []


def _wait_for_scripts(page: Page) -> None:
    """Let every act wait for its page: who is quicker than a machine can click what no script has heard of yet."""

    def wait() -> None:
        page.wait_for_load_state()

    page.add_init_script("addEventListener('load', () => { document.documentElement.dataset.ready = '' })")
    page.add_locator_handler(page.locator("html:not([data-ready])"), wait)


@pytest.fixture
def sign_in(page: Page, site: str) -> Callable[[User], None]:
    """Let a person in without the form; the form has a journey of its own."""

    def enter(user: User) -> None:
        client = Client()
        client.force_login(user)
        name = django_settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])

    return enter


@pytest.fixture
def assert_accessible(page: Page) -> Callable[[], None]:
    """Fail on what axe calls serious or critical, at desk and at phone width, in light and in dark."""

    def check() -> None:
        page.wait_for_load_state()  # after a click the next page is there, but perhaps not yet its first element
        for viewport in (DESK, PHONE):
            page.set_viewport_size(viewport)
            for theme in ("light", "dark"):
                page.evaluate("theme => document.documentElement.setAttribute('data-bs-theme', theme)", theme)
                assert _serious(page) == [], f"{page.url} at {viewport['width']} px, {theme}"
        page.set_viewport_size(DESK)

    return check


def _serious(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result: dict[str, Any] = page.evaluate("async () => await axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in result["violations"]
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
    ]
