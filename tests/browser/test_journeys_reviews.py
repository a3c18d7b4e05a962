"""A drawn paper is scored again, objected to and settled; a fault is mended by ticket; the paper is made public."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from browser.conftest import PHONE, OpenPage, expect_to_fit, expect_to_fit_phone
from performance.reviews.town import Town, add_evaluation, found_town
from playwright.sync_api import Page, expect

from chengshu.kernel.accounts.facade import User
from chengshu.performance.models import Evaluation

Enter = Callable[[User], None]
Check = Callable[[], None]


@pytest.fixture
def town(site: str) -> Town:
    return found_town()


@pytest.fixture
def paper(town: Town) -> Evaluation:
    return add_evaluation(town)


@pytest.fixture
def visitor(open_page: OpenPage, site: str) -> Page:
    """A citizen's phone, without any cookie."""
    return open_page(site, PHONE)


def _answer(page: Page, step: str, words: str) -> None:
    page.locator("summary", has_text=step).click()
    page.locator("details[open] textarea[name=words]").fill(words)
    page.get_by_role("button", name=f"确定 {step}").click()


def _do_step(page: Page, step: str, note: str = "", box: str = "") -> None:
    page.locator("summary", has_text=step).click()
    form = page.locator("details[open]", has=page.locator("summary", has_text=step))
    if note:
        form.get_by_label("情况说明").fill(note)
    if box:
        form.get_by_label(box).check()
    form.get_by_role("button", name="提交").click()
    expect(page.get_by_text("已提交。")).to_be_visible()


class TestSpotCheck:
    @pytest.mark.usefixtures("paper")
    def test_finance_looks_at_the_strata_draws_and_sees_that_drawing_again_gives_the_same(
        self, page: Page, town: Town, sign_in: Enter, assert_accessible: Check
    ) -> None:
        add_evaluation(town, unit="U2", name="养老平台运维", grade="良", total="85")
        sign_in(town["finance"])
        page.goto("/performance/reviews/spot-checks/")
        assert_accessible()
        page.get_by_role("link", name="新的抽查").click()
        page.get_by_label("年度", exact=True).fill("2023")
        page.get_by_label("抽取份数").fill("2")
        page.get_by_label("随机种子").fill("20231121")
        page.get_by_role("button", name="看分层").click()
        expect(page.get_by_role("region", name="分层").get_by_role("row")).to_have_count(3)
        assert_accessible()
        expect_to_fit_phone(page)
        page.get_by_role("button", name="抽取").click()
        expect(page.get_by_text("结果相同")).to_be_visible()
        expect(page.get_by_role("link", name="养老平台运维")).to_be_visible()
        assert_accessible()
        expect_to_fit_phone(page)


class TestReview:
    @pytest.mark.usefixtures("paper")
    def test_from_the_second_score_to_the_mended_fault(
        self, page: Page, town: Town, sign_in: Enter, assert_accessible: Check
    ) -> None:
        address = self._draw_and_score(page, town, sign_in, assert_accessible)
        self._object_and_settle(page, address, town, sign_in, assert_accessible)
        self._mend(page, address, town, sign_in, assert_accessible)

    def _draw_and_score(self, page: Page, town: Town, sign_in: Enter, assert_accessible: Check) -> str:
        sign_in(town["finance"])
        page.goto("/performance/reviews/spot-checks/new/")
        page.get_by_label("年度", exact=True).fill("2023")
        page.get_by_label("抽取份数").fill("1")
        page.get_by_role("button", name="看分层").click()
        page.get_by_role("button", name="抽取").click()
        page.get_by_role("link", name="数据平台运维").click()
        assert_accessible()
        expect_to_fit_phone(page)
        score, reason = page.get_by_label("复核分 办件提速"), page.get_by_label("理由 办件提速")
        score.press_sequentially("24")
        expect(page.locator("[data-total]")).to_have_text("94.00")
        expect(page.get_by_text("还有 1 行没有填好")).to_be_visible()
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_text("与自评分不同，请写明理由。")).to_be_visible()
        expect(score).to_have_value("24")
        assert_accessible()
        reason.fill("未达到目标，应按完成比例得分")
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_text("单位的自评分没有改动")).to_be_visible()
        expect(score).to_have_value("24")
        address = page.url
        page.get_by_role("button", name="下达给单位").click()
        expect(page.get_by_text("已下达，单位现在可以查看并提出异议。")).to_be_visible()
        return address

    def _object_and_settle(
        self, page: Page, address: str, town: Town, sign_in: Enter, assert_accessible: Check
    ) -> None:
        sign_in(town["officer"])
        page.goto("/performance/reviews/")
        assert_accessible()
        expect_to_fit_phone(page)
        page.get_by_role("link", name="数据平台运维").click()
        expect(page.get_by_text("未达到目标，应按完成比例得分")).to_be_visible()
        _answer(page, "提出异议", "")
        expect(page.get_by_role("alert")).to_contain_text("请写明理由")
        page.locator("details[open] textarea[name=words]").fill("系统上线晚是因为等待审批")
        page.get_by_role("button", name="确定 提出异议").click()
        expect(page.get_by_text("已提出异议，等待答复。")).to_be_visible()
        assert_accessible()
        sign_in(town["finance"])
        page.goto(address)
        _answer(page, "不采纳异议，定案", "审批时间已经计入计划")
        expect(page.get_by_text("已答复，复核结果已定。")).to_be_visible()
        expect(page.get_by_text("审批时间已经计入计划")).to_be_visible()
        assert_accessible()
        page.goto("/performance/reviews/differences/")
        expect(page.get_by_role("row", name="效益指标")).to_contain_text("-3")
        assert_accessible()
        expect_to_fit_phone(page)

    def _mend(self, page: Page, address: str, town: Town, sign_in: Enter, assert_accessible: Check) -> None:
        page.goto(address)
        page.get_by_role("link", name="要求整改 办件提速").click()
        page.get_by_role("button", name="下达整改").click()
        expect(page.get_by_role("alert")).to_be_visible()
        page.get_by_label("要整改什么").fill("补齐办件时长的原始记录")
        assert_accessible()
        expect_to_fit_phone(page)
        page.get_by_role("button", name="下达整改").click()
        expect(page.get_by_text("已下达整改")).to_be_visible()
        ticket = page.url
        sign_in(town["officer"])
        page.goto("/performance/rectifications/")
        page.get_by_role("link", name="补齐办件时长的原始记录").click()
        page.get_by_role("button", name="开始整改").click()
        _do_step(page, "报告整改情况", note="原始记录已经补齐并归档")
        sign_in(town["department"])
        page.goto(ticket)
        _do_step(page, "复查：已整改", box="本人确认已解决")
        sign_in(town["finance"])
        page.goto(address)
        expect(page.get_by_role("region", name="整改")).to_contain_text("已整改")
        page.goto("/performance/rectifications/")
        expect(page.get_by_role("region", name="各单位整改率").last).to_contain_text("100.00")
        assert_accessible()
        expect_to_fit_phone(page)


class TestPublication:
    def test_finance_publishes_a_citizen_reads_and_what_is_taken_down_keeps_its_trace(
        self, page: Page, visitor: Page, town: Town, paper: Evaluation, sign_in: Enter, assert_accessible: Check
    ) -> None:
        sign_in(town["finance"])
        page.goto("/performance/publications/")
        assert_accessible()
        expect_to_fit_phone(page)
        page.get_by_role("link", name="数据平台运维").click()
        assert_accessible()
        expect_to_fit_phone(page)
        page.get_by_role("button", name="公开", exact=True).click()
        expect(page.get_by_text("公开的内容也不变")).to_be_visible()
        visitor.goto("/performance/public/?q=数据平台")
        expect_to_fit(visitor)
        visitor.get_by_role("link", name="数据平台运维").click()
        expect(visitor.get_by_role("heading", level=3, name="办件提速")).to_be_visible()
        expect_to_fit(visitor)
        record = visitor.url
        self._compare_digest(visitor)
        assert visitor.context.cookies() == []
        page.goto(record)
        assert_accessible()
        page.goto(f"/performance/publications/{paper.pk}/")
        page.locator("summary", has_text="撤回").click()
        page.get_by_label("为什么撤回").fill("有一项指标要更正")
        page.get_by_role("button", name="撤回公开").click()
        expect(page.get_by_text("已撤回。原网址会说明")).to_be_visible()
        assert_accessible()
        visitor.goto(record)
        expect(visitor.get_by_text("有一项指标要更正").first).to_be_visible()
        visitor.goto("/performance/public/")
        expect(visitor.get_by_text("还没有公开的绩效自评。")).to_be_visible()
        page.get_by_role("button", name="重新公开").click()
        expect(page.get_by_text("公开的内容也不变")).to_be_visible()
        visitor.goto(record)
        visitor.get_by_role("link", name="看现在公开的一份").click()
        expect(visitor.get_by_text("现在的内容与公开时的摘要一致")).to_be_visible()

    def _compare_digest(self, visitor: Page) -> None:
        shown = visitor.get_by_text("内容摘要（SHA-256）").locator(".digest").inner_text()
        with visitor.expect_download() as waiting:
            visitor.get_by_role("link", name="JSON").click()
        assert hashlib.sha256(Path(waiting.value.path()).read_bytes()).hexdigest() == shown

    @pytest.mark.usefixtures("paper")
    def test_a_visitor_reads_in_the_dark_and_in_larger_type(
        self, page: Page, town: Town, sign_in: Enter, assert_accessible: Check
    ) -> None:
        sign_in(town["finance"])
        page.goto("/performance/publications/")
        page.get_by_label("选中 数据平台运维").check()
        page.get_by_role("button", name="公开选中的").click()
        expect(page.get_by_text("任务进度")).to_be_visible()
        page.get_by_role("link", name="查看结果").click()
        expect(page.get_by_text("1 份已公开")).to_be_visible()
        assert_accessible()
        page.context.clear_cookies()
        page.goto("/performance/public/")
        assert_accessible()
        expect_to_fit_phone(page)
        page.get_by_role("link", name="数据平台运维").click()
        expect(page.get_by_text("公开中")).to_be_visible()
        assert_accessible()
        expect_to_fit_phone(page)
        page.get_by_role("link", name="显示方式").click()
        page.get_by_role("button", name="大字").click()
        expect(page.locator("html")).to_have_attribute("data-type", "large")
        page.get_by_role("button", name="English").click()
        expect(page.get_by_role("heading", name="Publication record")).to_be_visible()
        assert_accessible()
        expect_to_fit_phone(page)
