"""What a unit's officer does with a self-evaluation, from opening it to the papers that are taken away."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from browser.conftest import PHONE, expect_to_fit
from conftest import NOW, PASSWORD
from django.utils import timezone
from performance.evaluations.conftest import ACCOUNTS, RESULT, make_year
from playwright.sync_api import FilePayload, Page, expect

from chengshu.documents.reading import read_document
from chengshu.kernel.accounts.facade import NewAccount, Role, User, create_account
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.grants.facade import HouseRole, NewGrant
from chengshu.kernel.indicators import facade as indicators
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import Kind, NewOrganisation, Organisation
from chengshu.performance.facade import evaluations
from chengshu.performance.facade.evaluations import ProjectYear
from chengshu.performance.reading.reader import read_forms

Enter = Callable[[User], None]
Check = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Desk:
    """A unit's year with approved goals, two officers and the department's reviewer."""

    year: ProjectYear
    officer: User
    colleague: User
    department: User


def _found(code: str, kind: Kind, name: str, parent: Organisation | None = None) -> Organisation:
    new = NewOrganisation(code, kind, name, date(2019, 1, 1), parent.pk if parent else None)
    return organisations.create_organisation(new, actor=None, now=NOW)


def _hire(login: str, name: str, role: HouseRole, place: Organisation) -> User:
    opened = datetime(2024, 3, 1, tzinfo=UTC)
    user = create_account(NewAccount(login, name, place.code, Role.OFFICER, PASSWORD), now=opened)
    grants.give_grant(NewGrant(user.pk, role, place.pk, opened.date(), "分工"), actor=None, now=opened)
    return user


@pytest.fixture
def desk(site: str) -> Desk:
    city = _found("C", Kind.CITY, "示范市")
    unit = _found("U1", Kind.UNIT, "示范中心", city)
    indicators.register_indicator(ACCOUNTS)
    officer = _hire("chen", "陈专员", HouseRole.OFFICER, unit)
    return Desk(
        make_year(unit, officer),
        officer,
        _hire("li", "李专员", HouseRole.OFFICER, unit),
        _hire("zhao", "赵审核", HouseRole.DEPARTMENT_REVIEWER, city),
    )


ANSWERS = {"线路巡检次数": "3次", "报修办结及时性": "及时", "业务覆盖率": "100%", "使用人员满意度": "95.5%"}


def _upload_proofs(page: Page, check: Check) -> None:
    """Hand a document in for each figure that nobody measures, from the editor and back to it."""
    for number, name in enumerate(ANSWERS, start=1):
        page.get_by_role("button", name=f"保存并上传材料 {name}").click()
        proof = FilePayload(name=f"佐证{number}.pdf", mimeType="application/pdf", buffer=b"%PDF-1.7 proof")
        page.get_by_label("选择材料").set_input_files(proof)
        page.get_by_label("数值在材料中的位置").fill(f"第 {number} 页")
        page.get_by_role("button", name="上传", exact=True).click()
        expect(page.get_by_text("已保存佐证材料。")).to_be_visible()
        if number == 1:
            check()
        page.get_by_role("link", name="继续填报").click()


def _download(page: Page, link: str, path: Path) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=link).click()
    waiting.value.save_as(path)
    return path.read_bytes()


class TestSelfEvaluation:
    def test_from_opening_to_the_papers(
        self, page: Page, desk: Desk, sign_in: Enter, assert_accessible: Check, tmp_path: Path
    ) -> None:
        sign_in(desk.officer)
        page.goto("/performance/evaluations/")
        page.get_by_role("link", name="政务外网运行维护").click()
        assert_accessible()
        page.get_by_role("button", name="开始自评").click()
        expect(page.get_by_role("heading", level=1, name="填报自评")).to_be_visible()
        assert_accessible()

        # Typing tells at once what was copied from the goal.
        result = page.get_by_label("完成情况", exact=True)
        result.fill("保障政务外网全年稳定运行，报修工单按时办结")
        copied = page.get_by_text("与目标逐字相同（已标出）")
        expect(copied).to_be_visible()
        assert_accessible()
        result.fill(RESULT)
        expect(copied).to_have_count(0)
        for name, actual in ANSWERS.items():
            page.get_by_label(f"实际完成值 {name}").fill(actual)
        page.get_by_role("button", name="保存并计量 在用账号比例").click()
        expect(page.get_by_text("已保存并计量。")).to_be_visible()
        expect(page.locator("#line-1")).to_contain_text("系统计量")
        _upload_proofs(page, assert_accessible)
        assert_accessible()

        # A deduction without a word is refused, with its place.
        page.get_by_role("link", name="不保存，返回").click()
        page.get_by_role("button", name="提交审核").click()
        gap = "线路巡检次数：有扣分或大幅偏离目标，没有写偏差原因分析及改进措施。"
        expect(page.get_by_role("alert")).to_contain_text(gap)
        assert_accessible()
        page.get_by_role("link", name="填报", exact=True).click()
        page.get_by_label("偏差原因分析及改进措施 线路巡检次数").fill("一次巡检遇台风取消，改到下年一月补做。")
        expect(page.get_by_text("没有缺漏，可以提交。")).to_be_visible()
        page.get_by_role("button", name="保存", exact=True).click()
        page.get_by_role("button", name="提交审核").click()
        expect(page.get_by_text("已提交，等部门审核。")).to_be_visible()
        assert_accessible()

        # The form reads back as what was typed; the annex has the digest.
        page.get_by_text("下载", exact=True).click()
        assert_accessible()
        form = _download(page, "XLSX 上海 2024", tmp_path / "form.xlsx")
        (read,) = read_forms(read_document("form.xlsx", form))
        assert (read.total.score, read.grade) == (Decimal("94.5"), "优")
        assert read.indicators[0].reason == "一次巡检遇台风取消，改到下年一月补做。"
        annex = json.loads(_download(page, "JSON 佐证附件", tmp_path / "annex.json"))
        assert re.fullmatch("[0-9a-f]{64}", annex["figures"][1]["measured"]["digest"])
        page.goto("/performance/evaluations/")
        assert_accessible()

    def test_reads_what_a_figure_rests_on_and_takes_the_measurement_off(
        self, page: Page, desk: Desk, sign_in: Enter, assert_accessible: Check
    ) -> None:
        opened = evaluations.open_evaluation(desk.year.pk, actor=desk.officer, now=timezone.now())
        evaluations.measure_missing(opened.pk, opened.version, actor=desk.officer, now=timezone.now())
        sign_in(desk.officer)
        page.goto(f"/performance/evaluations/{opened.pk}/")
        page.get_by_role("link", name="系统计量 在用账号比例").click()
        expect(page.get_by_text("在用账号数 ÷ 账号数").first).to_be_visible()
        page.get_by_text("查询和参数").click()
        expect(page.get_by_text("FROM accounts_user")).to_be_visible()
        assert_accessible()
        page.get_by_role("button", name="改为凭材料填报").click()
        expect(page.get_by_text("已改为凭材料填报。")).to_be_visible()
        page.get_by_role("button", name="计量", exact=True).click()
        expect(page.get_by_text("已计量。")).to_be_visible()
        page.goto(f"/performance/evaluations/{opened.pk}/versions/")
        expect(page.get_by_role("heading", level=2)).to_have_count(3)
        assert_accessible()

    def test_two_at_once_lose_no_word(self, page: Page, desk: Desk, sign_in: Enter, assert_accessible: Check) -> None:
        opened = evaluations.open_evaluation(desk.year.pk, actor=desk.officer, now=timezone.now())
        sign_in(desk.officer)
        page.goto(f"/performance/evaluations/{opened.pk}/edit/")
        page.get_by_label("完成情况", exact=True).fill("我写的完成情况")
        theirs = evaluations.EvaluationContent("同事写的完成情况", ())
        evaluations.save_evaluation(opened.pk, theirs, opened.version, actor=desk.colleague, now=timezone.now())
        page.get_by_role("button", name="保存", exact=True).click()
        clash = page.get_by_role("alert")
        for text in ("李专员", "同事写的完成情况", "我写的完成情况"):
            expect(clash).to_contain_text(text)
        expect(page.get_by_label("完成情况", exact=True)).to_have_value("我写的完成情况")
        assert_accessible()
        page.get_by_role("button", name="保存", exact=True).click()
        expect(page.get_by_text("已保存，并按规则重新计分。")).to_be_visible()

    def test_fits_a_phone(self, page: Page, desk: Desk, sign_in: Enter) -> None:
        opened = evaluations.open_evaluation(desk.year.pk, actor=desk.officer, now=timezone.now())
        evaluations.measure_missing(opened.pk, opened.version, actor=desk.officer, now=timezone.now())
        goal = evaluations.list_promises(
            evaluations.get_evaluation(opened.pk, viewer=desk.officer, on=timezone.localdate())
        )[1]
        sign_in(desk.officer)
        page.set_viewport_size(PHONE)
        for address in (
            "",
            f"{opened.pk}/",
            f"{opened.pk}/edit/",
            f"{opened.pk}/versions/",
            f"{opened.pk}/indicators/{goal.pk}/",
        ):
            page.goto(f"/performance/evaluations/{address}")
            expect_to_fit(page)
