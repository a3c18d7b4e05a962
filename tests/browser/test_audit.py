"""An auditor's way: find an entry, see what changed, have the chain verified; on a phone too."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from browser.conftest import expect_to_fit_phone
from playwright.sync_api import Page, expect

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit


@pytest.fixture
def corrected(site: str, admin: User, now: datetime) -> int:
    """Entries of two days, the first of them sealed, about a form that was corrected."""
    for number in range(3):
        entry = audit.record(
            admin,
            "performance.correct_cell",
            f"form:{number}",
            now=now + timedelta(days=number // 2),
            reason="原件为 9 分，录入时看错",
            details={"cell": f"/indicators/{number}/score"},
            before={"score": "8.5", "reason": "进度滞后，已督促施工单位加快并在月底前补齐全部验收材料"},
            after={"score": "9", "reason": "进度滞后，已督促施工单位加快并在月底前补齐全部验收材料"},
        )
    audit.seal_days(now=now + timedelta(days=1))
    return entry.pk - 2


def test_from_the_list_to_what_changed(
    page: Page, sign_in: Callable[[User], None], admin: User, corrected: int, assert_accessible: Callable[[], None]
) -> None:
    sign_in(admin)
    page.goto("/audit/?q=form:0")
    assert_accessible()
    page.get_by_role("link", name="performance.correct_cell").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("performance.correct_cell")
    expect(page.get_by_role("row", name="score （有变化）")).to_contain_text("8.5")
    expect(page.get_by_text("的签名封存")).to_be_visible()
    assert_accessible()
    expect_to_fit_phone(page)


def test_verification_says_that_the_chain_is_whole(
    page: Page, sign_in: Callable[[User], None], admin: User, corrected: int, assert_accessible: Callable[[], None]
) -> None:
    sign_in(admin)
    page.goto(f"/audit/{corrected}/")
    page.get_by_role("button", name="核对审计链").click()
    expect(page.get_by_text("审计链完好")).to_be_visible()
    assert_accessible()
