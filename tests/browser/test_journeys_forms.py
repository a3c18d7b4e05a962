"""The officer's journeys: from four published files to a corrected cell and a report in hand."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from chengshu.config import env
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.jobs.facade import Job, State
from chengshu.performance.facade import start_import

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT.parent / "shared" / "seeds"

Enter = Callable[[User], None]
Check = Callable[[], None]


@pytest.fixture(scope="session")
def published_files() -> list[Path]:
    """The four published texts; in continuous integration their absence is a failure."""
    files = sorted(SEEDS.glob("*.txt"))
    if len(files) == 4:
        return files
    reason = "the published texts are not beside the project"
    if env.read(env.CONTINUOUS_INTEGRATION):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def uploaded(page: Page, officer: User, sign_in: Enter, published_files: list[Path]) -> Page:
    """The batch's page after the four files went in."""
    sign_in(officer)
    page.goto("/performance/upload/")
    page.locator("input[name=files]").set_input_files(published_files)
    expect(page.get_by_role("list", name="已选文件").get_by_role("listitem")).to_have_count(4)
    page.get_by_label("批次名称").fill("四家单位")
    page.get_by_role("button", name="导入", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="四家单位")).to_be_visible()
    return page


class TestFromFilesToReport:
    def test_upload_find_correct_undo_and_take_the_report_home(
        self, uploaded: Page, assert_accessible: Check, tmp_path: Path
    ) -> None:
        page = uploaded
        expect(page.get_by_text("36 张自评表（另有 3 张重复）")).to_be_visible()
        assert_accessible()

        page.get_by_role("link", name="看自评表").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("39")
        assert_accessible()

        page.goto("/performance/findings/?level=breach")
        assert_accessible()
        page.locator(".listing-table tbody tr").first.get_by_role("link").first.click()
        expect(page.locator("td.is-chosen")).to_have_count(1)
        expect(page.locator("#side").get_by_role("heading", level=2).first).not_to_have_text("单元格的来历")
        assert_accessible()

        page.locator("#cell-total-score a.cell-link").click()
        expect(page.get_by_role("heading", level=2, name=re.compile("总分"))).to_be_visible()
        expect(page).to_have_url(re.compile("cell=%2Ftotal%2Fscore|cell=/total/score"))
        field = page.get_by_label("原件上的值")
        before = field.input_value()
        field.fill("12.5")
        page.get_by_label("说明").fill("对照原件")
        page.get_by_role("button", name="更正", exact=True).click()
        expect(page.get_by_text("已更正，并重新检查了这个批次。")).to_be_visible()
        expect(page.locator("#cell-total-score")).to_contain_text("12.5")
        expect(page.locator("#cell-total-score .mark-error")).to_be_visible()
        assert_accessible()
        page.locator("#side").get_by_role("button", name="撤销").click()
        expect(page.get_by_text("已撤销更正")).to_be_visible()
        expect(page.locator("#cell-total-score")).to_contain_text(before)

        page.locator("summary", has_text="下载").click()
        with page.expect_download() as download:
            page.get_by_role("link", name="HTML 核查报告").click()
        download.value.save_as(tmp_path / "report.html")
        assert "核查" in (tmp_path / "report.html").read_text("utf-8")

    def test_a_finding_on_the_form_leads_to_its_cell_by_keyboard(self, uploaded: Page) -> None:
        page = uploaded
        page.goto("/performance/findings/?code=SCORE_MET_BUT_DEDUCTED")
        page.locator(".listing-table tbody tr").first.get_by_role("link").first.click()
        mark = page.locator("td.is-chosen .mark").first
        mark.focus()
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(r"#finding-\d+$"))
        remark = page.locator(".remark:target")
        expect(remark).to_be_in_viewport()
        remark.get_by_role("link").first.focus()
        page.keyboard.press("Enter")
        expect(page.locator("td.is-chosen")).to_be_in_viewport()

    def test_the_repeated_printing_is_compared_with_the_first(self, uploaded: Page, assert_accessible: Check) -> None:
        page = uploaded
        page.goto("/performance/forms/?printing=repeated")
        page.locator(".listing-table tbody tr").first.get_by_role("link").first.click()
        page.get_by_role("link", name="比较两次印刷").click()
        expect(page.get_by_role("heading", level=1, name="比较自评表")).to_be_visible()
        assert_accessible()

    def test_the_charts_are_drawn_and_the_table_says_the_same(self, uploaded: Page, assert_accessible: Check) -> None:
        page = uploaded
        page.goto("/performance/")
        expect(page.locator("[data-chart]:not(:has(canvas))")).to_have_count(0)
        page.locator("#chart-years summary").click()
        expect(page.locator("#chart-years table")).to_contain_text("2024")
        assert_accessible()

    def test_a_chart_that_comes_late_moves_nothing_on_the_page(self, uploaded: Page) -> None:
        page = uploaded
        late: list[Route] = []

        def hold(route: Route) -> None:
            late.append(route)

        page.route("**/performance/charts/years/**", hold)
        with page.expect_request("**/performance/charts/years/**"):
            page.goto("/performance/")
        table = page.locator("#chart-years summary")
        expect(page.locator("[data-chart]:not(#chart-years *):not(:has(canvas))")).to_have_count(0)
        before = table.bounding_box()
        for route in late:
            route.continue_()
        expect(page.locator("#chart-years canvas")).to_be_visible()
        assert table.bounding_box() == before


class TestUploadPage:
    def test_works_by_drop_and_says_what_is_missing(
        self, page: Page, officer: User, sign_in: Enter, assert_accessible: Check
    ) -> None:
        sign_in(officer)
        page.goto("/performance/upload/")
        assert_accessible()
        page.get_by_role("button", name="导入", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("还没有选择文件")
        page.evaluate(
            """record => {
              const bag = new DataTransfer();
              bag.items.add(new File([record], "拖入.json"));
              document.querySelector("[data-drop-zone]").dispatchEvent(
                new DragEvent("drop", { dataTransfer: bag, bubbles: true, cancelable: true }));
            }""",
            json.dumps({"source": {"file": "x", "form": 1}, "template": "shanghai-2020", "project": "拖入的项目"}),
        )
        expect(page.get_by_role("list", name="已选文件")).to_contain_text("拖入.json")
        page.get_by_role("button", name="导入", exact=True).click()
        expect(page.get_by_role("heading", level=1, name="拖入.json")).to_be_visible()

    def test_works_without_a_script(self, officer: User, sign_in: Enter, page: Page, site: str) -> None:
        sign_in(officer)
        browser = page.context.browser
        assert browser is not None
        plain = browser.new_context(
            base_url=site, java_script_enabled=False, locale="zh-CN", storage_state=page.context.storage_state()
        )
        bare = plain.new_page()
        bare.goto("/performance/upload/")
        bare.locator("summary", has_text="粘贴表格文字").click()
        bare.get_by_label("从文档、网页或表格里复制的自评表").fill("不是自评表")
        bare.get_by_role("button", name="导入", exact=True).click()
        expect(bare.get_by_text("未能读出").first).to_be_visible()
        plain.close()


class TestLongImport:
    def test_the_page_follows_the_job_and_shows_the_results_at_its_end(
        self, page: Page, officer: User, sign_in: Enter, assert_accessible: Check, now: datetime
    ) -> None:
        batch = start_import([("表.txt", "不是自评表".encode())], name="夜里的批次", owner=officer, now=now)
        Job.objects.update(state=State.RUNNING, heartbeat_at=now, stage="读取文件", done=0, total=1)
        sign_in(officer)
        page.goto(f"/performance/batches/{batch.pk}/")
        expect(page.get_by_role("progressbar")).to_be_visible()
        expect(page.get_by_role("button", name="取消任务")).to_be_visible()
        assert_accessible()
        Job.objects.update(state=State.DONE, finished_at=now)
        expect(page.get_by_role("button", name="再读一次")).to_be_visible()


class TestOtherPages:
    @pytest.mark.parametrize("address", ["", "batches/", "rules/", "rules/shanghai-2024/"])
    def test_are_accessible(
        self, address: str, page: Page, officer: User, sign_in: Enter, assert_accessible: Check
    ) -> None:
        sign_in(officer)
        page.goto(f"/performance/{address}")
        assert_accessible()
