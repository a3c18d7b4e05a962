"""Chromium, a running site, and what every page has to stand: no outside host, no broken policy, no serious axe finding."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    ViewportSize,
    expect,
    sync_playwright,
)
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
OpenPage = Callable[..., Page]
"""From the site's address, and a width if not the desk's, to a page of its own."""


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
def site(live_server: LiveServer, transactional_db: None, django_db_serialized_rollback: None) -> Iterator[str]:
    """The address of the running site. The database is emptied only once it has answered all that it was asked."""
    yield str(live_server.url)
    _await_answers(str(live_server.url))


def _await_answers(site: str) -> None:
    """Wait, the browser having hung up, for the site's threads: one for each connection, ending with it."""
    address = urlsplit(site)
    with closing(HTTPConnection(str(address.hostname), address.port)) as last:
        # Connections are taken in their order: when this one is answered, none that came before is still to be taken.
        last.request("GET", f"{django_settings.STATIC_URL}web/mark.svg")
        last.getresponse().read()
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(PATIENCE_MILLISECONDS / 1000)


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    """Give a new visitor's page, without any cookie, that lets every act wait for the page's scripts."""
    contexts: list[BrowserContext] = []

    def enter(address: str, viewport: ViewportSize = DESK) -> Page:
        context = chromium.new_context(
            base_url=address, viewport=viewport, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce"
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        page = context.new_page()
        _wait_for_scripts(page)
        return page

    yield enter
    for context in contexts:
        context.close()


@pytest.fixture
def page(site: str, open_page: OpenPage) -> Iterator[Page]:
    """A page at desk width; afterwards, that it asked no other host and broke no content policy."""
    page = open_page(site)
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
    page.context.close()
    assert outside == []
    assert complaints == []


_READINESS = """
addEventListener("load", () => { document.documentElement.dataset.ready = ""; });
addEventListener("submit", (event) => { if (!event.defaultPrevented) delete document.documentElement.dataset.ready; });
"""
"""A page is ready once its scripts have heard of it, until a form is sent whose answer is another page."""


def _wait_for_scripts(page: Page) -> None:
    """Let every act wait for its page: who is quicker than a machine can click what no script has heard of yet,
    or press on a page that is being left what was meant for the next."""

    def wait() -> None:
        page.wait_for_load_state()

    page.add_init_script(_READINESS)
    page.add_locator_handler(page.locator("html:not([data-ready])"), wait)


def expect_to_fit(page: Page) -> None:
    """Wait until nothing stands out sideways: what scripts draw follows a new width a moment later."""
    assert page.viewport_size is not None
    page.wait_for_function(
        "width => innerWidth === width && document.documentElement.scrollWidth <= width",
        arg=page.viewport_size["width"],
    )


def expect_to_fit_phone(page: Page) -> None:
    """Expect the page to fit a phone, and come back to the desk."""
    page.set_viewport_size(PHONE)
    expect_to_fit(page)
    page.set_viewport_size(DESK)


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
        expect(page.locator("main")).to_be_attached()  # as every act: not before the page is ready
        for viewport in (DESK, PHONE):
            page.set_viewport_size(viewport)
            for theme in ("light", "dark"):
                page.evaluate("theme => document.documentElement.setAttribute('data-bs-theme', theme)", theme)
                assert _serious(page) == [], f"{page.url} at {viewport['width']} px, {theme}"
        page.set_viewport_size(DESK)

    return check


def _serious(page: Page) -> list[str]:
    """Return what axe finds. What it finds while a part of the page is being exchanged, it does not find again."""
    deadline = time.monotonic() + PATIENCE_MILLISECONDS / 1000
    while (found := _judge(page)) and time.monotonic() < deadline:
        continue
    return found


def _judge(page: Page) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    result: dict[str, Any] = page.evaluate("async () => await axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in result["violations"]
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
    ]
