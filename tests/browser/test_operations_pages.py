"""The pages of background work, of what leaves the house and of notifications: without a serious finding, on a phone too."""

from collections.abc import Callable
from datetime import datetime

import pytest
from browser.conftest import PHONE, expect_to_fit, expect_to_fit_phone
from playwright.sync_api import Page, expect
from pytest_django import Settings

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.jobs.facade import Job, State
from chengshu.kernel.notifications.facade import News, Template, Words, notify, register_template
from chengshu.kernel.outbox.facade import Endpoint, NewEndpoint, enqueue, list_messages, register_endpoint

register_template(
    Template(
        key="tests.browser",
        label=Words("材料被退回", "A paper returned"),
        title=Words("{paper}被退回", "{paper} returned"),
        body=Words("请补充证明材料后重新报送。", "Please add documents and hand it in again."),
        fields=frozenset({"paper"}),
    )
)


@pytest.fixture
def addresses(site: str, admin: User, now: datetime, settings: Settings) -> list[str]:
    """Every page, each with something on it."""
    settings.WEBHOOK_HOSTS = ["hooks.example.gov.cn"]
    failed = Job.objects.create(
        kind="audit.verify_chain", state=State.FAILED, created_at=now, owner=admin, message="程序出错，任务没有完成"
    )
    new = NewEndpoint("政务微信", "https://hooks.example.gov.cn/in", frozenset({"notifications.sent"}))
    endpoint: Endpoint = register_endpoint(new, actor=admin, now=now)[0]
    mail = {"to": "wang@example.gov.cn", "subject": "政务外网运行维护项目的绩效自评被退回", "text": "请补充。"}
    message = enqueue("email", mail, key="browser", now=now)
    list_messages().filter(pk=message.pk).update(state="dead", reason="收件地址被拒收")
    return [
        "/jobs/all/",
        "/jobs/failed/",
        f"/jobs/failed/{failed.uuid}/",
        "/jobs/schedules/",
        "/jobs/schedules/files.sweep/",
        "/outbox/",
        "/outbox/failed/",
        f"/outbox/messages/{message.uuid}/",
        "/outbox/endpoints/",
        "/outbox/endpoints/new/",
        f"/outbox/endpoints/{endpoint.uuid}/",
        "/notifications/preferences/",
    ]


def test_pages_are_accessible_and_fit_a_phone(
    page: Page,
    sign_in: Callable[[User], None],
    admin: User,
    addresses: list[str],
    assert_accessible: Callable[[], None],
) -> None:
    sign_in(admin)
    for address in addresses:
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert_accessible()
        expect_to_fit_phone(page)


def test_a_notification_is_seen_opened_and_made_unread_again(
    page: Page, sign_in: Callable[[User], None], admin: User, now: datetime, assert_accessible: Callable[[], None]
) -> None:
    for number in range(2):
        notify([admin.pk], News("tests.browser", {"paper": f"绩效目标{number}"}, f"b:{number}", url="/jobs/"), now=now)
    sign_in(admin)
    page.goto("/jobs/")
    page.get_by_role("link", name="通知，2 条未读").click()
    assert_accessible()
    page.get_by_role("button", name="打开").first.click()
    page.wait_for_url("**/jobs/")
    page.get_by_role("link", name="通知，1 条未读").click()
    page.get_by_role("button", name="全部标为已读").click()
    expect(page.get_by_role("link", name="通知", exact=True)).to_be_visible()
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_role("link", name="通知，1 条未读")).to_be_visible()
    page.set_viewport_size(PHONE)
    expect_to_fit(page)
    expect(page.get_by_role("link", name="通知，1 条未读")).to_be_visible()
