"""A whole year in the demonstration: unit, department and finance lead one project from its budget to the open page."""

import hashlib
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import empty_database
import pytest
from browser.conftest import OpenPage
from django.utils.timezone import localdate
from playwright.sync_api import FilePayload, Locator, Page, expect

CHENGSHU = [sys.executable, "-m", "chengshu"]
PATIENCE_SECONDS = 150.0
NAME, CODE = "政务外网运行维护项目", "TEST-00001"
OFFICER, DEPARTMENT, FINANCE = "zhuanyuan", "shenhe", "fuhe"
_WORDS = "报修集中在汛期，有超时的工单；已增派值班人员，并把备件前移到各站点。"
#: What nobody counts, with this year's target, its value on the way and at the end.
TYPED = {
    "全面巡检轮次": ("≥6轮", "3轮", "6轮"),
    "运行保障单位数": ("≥38家", "38家", "39家"),
    "重大运行事故次数": ("=0次", "0次", "0次"),
    "使用人员培训覆盖率": ("≥95%", "47%", "87%"),
}
MEASURED = ("报修回访率", "报修按时办结率", "报修满意率")

# What was promised the year before: written before the story begins, by the same doors as in the demonstration.
_HISTORY = """
from django.utils import timezone
from chengshu.cli import demonstration_people as people
from chengshu.performance.facade import goals, projects
from chengshu.performance.facade.goals import GoalContent, GoalRow, SheetKind, StepAsked
from chengshu.synthetic.papers import write_year

now, officer = timezone.now(), people.find("zhuanyuan")
years = projects.list_years(officer, on=timezone.localdate()).filter(project__code={code!r})
year = years.order_by("year").first()
written = write_year(year.year, falls_short=False)
rows = tuple(
    GoalRow(f"new{{at}}", item.level1, item.level2, item.name, item.target, item.weight, item.measured_by)
    for at, item in enumerate(written.indicators, start=1)
)
sheet = goals.open_goals(year.pk, actor=officer, now=now)
sheet, _ = goals.save_goals(sheet.pk, GoalContent(written.expected, rows), sheet.version, actor=officer, now=now)
for action, actor in (("submit", "zhuanyuan"), ("approve", "shenhe"), ("approve", "fuhe")):
    goals.take_step(StepAsked(SheetKind.GOAL, sheet.pk, action, sheet.version), actor=people.find(actor), now=now)
"""


@dataclass(slots=True)
class House:
    """The demonstration as it is served: its environment, its address, the passwords that were printed."""

    environment: dict[str, str]
    address: str
    passwords: dict[str, str]

    def run(self, *arguments: str) -> str:
        """Run a command of the house, and give what it prints."""
        ended = subprocess.run(
            [*CHENGSHU, *arguments], env=self.environment, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout


@dataclass(slots=True)
class Story:
    """The year of one project: who sits at which page, and where its papers lie."""

    desks: dict[str, Page]
    year: int


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """The demonstration, prepared in a folder of its own and served with its worker."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (tmp_path / "examples").mkdir()
    environment = {
        "PATH": os.defpath,
        "CHENGSHU_VAR_DIR": str(tmp_path / "var"),
        "CHENGSHU_EXAMPLES_DIR": str(tmp_path / "examples"),
        "CHENGSHU_PORT": str(port),
    }
    house = House(environment, f"http://127.0.0.1:{port}", {})
    empty_database.copy_kept(tmp_path / "var" / "chengshu.sqlite3")
    printed = house.run("demo", "--prepare-only")
    house.passwords = dict(re.findall(r"^  (\w+) +口令 (\w+)", printed, re.MULTILINE))
    process = subprocess.Popen([*CHENGSHU, "serve"], env=environment)
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while subprocess.run([*CHENGSHU, "health"], env=environment, capture_output=True, check=False).returncode:
            assert time.monotonic() < deadline, "waited in vain for a healthy server"
        yield house
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_SECONDS)


@pytest.fixture
def story(open_page: OpenPage, house: House) -> Story:
    """The three at their desks, logged in by the form."""
    desks = {}
    for login in (OFFICER, DEPARTMENT, FINANCE):
        desks[login] = page = open_page(house.address)
        page.goto("/login/")
        page.get_by_label("登录名").fill(login)
        page.get_by_label("口令", exact=True).fill(house.passwords[login])
        page.get_by_role("button", name="登录", exact=True).click()
        expect(page.get_by_role("heading", level=1)).not_to_have_text("登录")
    return Story(desks, localdate().year)


def test_one_year_of_three_roles(house: House, story: Story, open_page: OpenPage) -> None:
    _enter_project_and_budget(story)
    house.run("manage", "shell", "--no-imports", "-c", _HISTORY.format(code=CODE))
    _promise(story)
    _approve_from_inbox(story, "审核绩效目标")
    _pay(story)
    _monitor(story)
    _evaluate(story)
    _approve_from_inbox(story, "审核自评")
    review = _check_again(story)
    _object_and_settle(story, review)
    _mend(story, review)
    _publish(story)
    _read_in_public(open_page(house.address))
    verified = json.loads(house.run("audit", "verify", "--json"))
    assert verified["broken"] is None
    assert verified["entries"] > 500


def _enter_project_and_budget(story: Story) -> None:
    page = story.desks[OFFICER]
    page.goto("/performance/projects/new/")
    page.get_by_label("项目编码").fill(CODE)
    page.get_by_label("项目名称").fill(NAME)
    page.get_by_label("实施单位").fill(page.locator("#project-units option").first.get_attribute("value") or "")
    page.get_by_label("开始日期").fill(f"{story.year - 1}-01-01")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("已登记项目。")).to_be_visible()
    project = page.url
    for year in (story.year - 1, story.year):
        page.goto(project)
        page.get_by_role("link", name="开设年度").first.click()
        page.get_by_label("年度", exact=True).fill(str(year))
        page.get_by_role("button", name="开设年度").click()
        expect(page.get_by_text(f"已开设 {year} 年度。")).to_be_visible()
    page.get_by_role("link", name="年初预算").click()
    page.get_by_label("当年财政拨款").fill("1000000")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("region", name="资金").first).to_contain_text("1,000,000")


def _duty(page: Page, what: str) -> Locator:
    """Look into the inbox for what waits with the project."""
    page.goto("/performance/duties/")
    return page.locator(".duty").filter(has_text=what).filter(has_text=NAME)


def _promise(story: Story) -> None:
    """From the inbox: copy last year's goals, change what is marked, and hear the rules speak while typing."""
    page = story.desks[OFFICER]
    _duty(page, "编报绩效目标").get_by_role("link", name=NAME).click()
    page.get_by_role("button", name="复制上年目标").click()
    summary = page.locator("#goal-summary")
    expect(summary).to_contain_text(f"有 {len(TYPED) + len(MEASURED)} 处错误")
    page.get_by_label("年度总体目标").fill("全年完成六轮巡检，报修按时办结，培训覆盖九成五以上的使用人员，业务不中断。")
    for name, (target, _halfway, _result) in TYPED.items():
        _goal_row(page, name).get_by_label("年度指标值").fill(target)
    for name in (*MEASURED, "重大运行事故次数"):
        _goal_row(page, name).get_by_label("已核对，不用改").check()
    weight = _goal_row(page, "全面巡检轮次").get_by_label("分值")
    weight.fill("4")
    expect(summary).to_contain_text("还差 6 分")
    weight.fill("10")
    expect(summary).to_contain_text("没有错误，可以提交。")
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_text("已提交，等部门审核。")).to_be_visible()


def _goal_row(page: Page, name: str) -> Locator:
    return page.locator(".goal-row").filter(has=page.locator(f"input[value='{name}']"))


def _approve_from_inbox(story: Story, what: str) -> None:
    """Department, then finance, find the paper in their inboxes and approve it there."""
    for login in (DEPARTMENT, FINANCE):
        page = story.desks[login]
        duty = _duty(page, what)
        duty.locator("summary").click()
        duty.get_by_role("button", name="确认通过").click()
        expect(page.get_by_text("已审核通过")).to_be_visible()
        expect(page.locator(".duty").filter(has_text=what).filter(has_text=NAME)).to_have_count(0)


def _pay(story: Story) -> None:
    """Import the payments; a row that cannot be right comes back with its fault."""
    page, day = story.desks[OFFICER], localdate().isoformat()
    rows = [
        "项目编码,年度,资金来源,凭证号,支付日期,金额(元),摘要",
        f"{CODE},{story.year},当年财政拨款,V-1,{day},600000,服务费首付款",
        f"{CODE},{story.year},当年财政拨款,V-2,{day},330000.00,服务费进度款",
        f"{CODE},{story.year},当年财政拨款,V-3,{day},三十万,服务费尾款",
    ]
    table = FilePayload(name="支付.csv", mimeType="text/csv", buffer="\n".join(rows).encode())
    page.goto("/performance/projects/tables/new/?kind=payments")
    page.get_by_label("表格文件").set_input_files(table)
    page.get_by_role("button", name="导入", exact=True).click()
    expect(page.locator(".record-counts")).to_contain_text(re.compile(r"登记\s*2"))
    expect(page.get_by_role("region", name="退回的行", exact=True)).to_contain_text("三十万")


def _monitor(story: Story) -> None:
    """Finance sets a point of the year; the unit measures, explains and hands in; both reviewers approve."""
    finance, page, today = story.desks[FINANCE], story.desks[OFFICER], localdate()
    finance.goto("/performance/monitoring/points/")
    finance.get_by_label("名称").fill("年中监控")
    finance.get_by_label("监控截至日期").fill(today.isoformat())
    finance.get_by_label("报送截止日期", exact=True).fill((today + timedelta(days=30)).isoformat())
    finance.get_by_role("button", name="设定并下发").click()
    expect(finance.get_by_role("rowheader", name="年中监控")).to_be_visible()
    _await_duty(page, "填报绩效监控").get_by_role("link", name=NAME).click()
    page.get_by_role("button", name="计量到时点").click()
    expect(page.get_by_text("已计量到监控时点。")).to_be_visible()
    page.get_by_role("link", name="填报", exact=True).click()
    for name, (_target, halfway, _result) in TYPED.items():
        page.get_by_label(f"完成值 {name}", exact=True).fill(halfway)
    for area in page.locator("#editor textarea").all():
        area.fill(_WORDS)
    page.get_by_role("button", name="保存", exact=True).first.click()
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_text("已提交，等部门审核。")).to_be_visible()
    _approve_from_inbox(story, "审核监控表")


def _await_duty(page: Page, what: str) -> Locator:
    """Look into the inbox until the worker has put it there."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := _duty(page, what)).count():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
    return found


def _evaluate(story: Story) -> None:
    """Measure, type, prove, be refused for a deduction without a word, and hand in."""
    page = story.desks[OFFICER]
    page.goto(f"/performance/evaluations/?q={NAME}")
    row = page.get_by_role("row").filter(has_text=NAME).filter(has_text=str(story.year))
    row.get_by_role("link", name=NAME).click()
    page.get_by_role("button", name="开始自评").click()
    page.get_by_label("完成情况", exact=True).fill(
        "巡检六轮并逐轮整改；培训两期改为线上，覆盖八成七；全年没有中断业务的事故。"
    )
    for name, (_target, _halfway, result) in TYPED.items():
        page.get_by_label(f"实际完成值 {name}").fill(result)
    page.get_by_role("button", name="保存并计量全部").click()
    expect(page.locator("#editor").get_by_text("系统计量")).to_have_count(len(MEASURED))
    for name in TYPED:
        page.get_by_role("button", name=f"保存并上传材料 {name}").click()
        proof = FilePayload(name=f"{name}台账.pdf", mimeType="application/pdf", buffer=b"%PDF-1.7 proof")
        page.get_by_label("选择材料").set_input_files(proof)
        page.get_by_label("数值在材料中的位置").fill("合计行")
        page.get_by_role("button", name="上传", exact=True).click()
        page.get_by_role("link", name="继续填报").click()
    for name in MEASURED:
        page.get_by_label(f"偏差原因分析及改进措施 {name}").fill(_WORDS)
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_role("alert")).to_contain_text("使用人员培训覆盖率：有扣分或大幅偏离目标，没有写偏差原因")
    page.get_by_role("link", name="填报", exact=True).click()
    page.get_by_label("偏差原因分析及改进措施 使用人员培训覆盖率").fill("两期培训因场地检修推迟，已改为线上补训。")
    expect(page.get_by_text("没有缺漏，可以提交。")).to_be_visible()
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_text("已提交，等部门审核。")).to_be_visible()


def _check_again(story: Story) -> str:
    """Finance draws the sample, sees the draw repeat, lowers one line with a reason and issues the review."""
    page = story.desks[FINANCE]
    page.goto("/performance/reviews/spot-checks/new/")
    page.get_by_label("年度", exact=True).fill(str(story.year))
    page.get_by_label("抽取份数").fill("1")
    page.get_by_label("随机种子").fill("20240601")
    page.get_by_role("button", name="看分层").click()
    page.get_by_role("button", name="抽取").click()
    expect(page.get_by_text("结果相同")).to_be_visible()
    page.get_by_role("link", name=NAME).click()
    page.get_by_label("复核分 全面巡检轮次").fill("9")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("与自评分不同，请写明理由。")).to_be_visible()
    page.get_by_label("理由 全面巡检轮次").fill("台账缺一次巡检的签字。")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("单位的自评分没有改动")).to_be_visible()
    page.get_by_role("button", name="下达给单位").click()
    expect(page.get_by_text("已下达，单位现在可以查看并提出异议。")).to_be_visible()
    return page.url


def _object_and_settle(story: Story, review: str) -> None:
    page, finance = story.desks[OFFICER], story.desks[FINANCE]
    _duty(page, "复核").get_by_role("link", name=NAME).click()
    _say(page, "提出异议", "签字页在另一册台账里，已补交。")
    expect(page.get_by_text("已提出异议，等待答复。")).to_be_visible()
    finance.goto(review)
    _say(finance, "不采纳异议，定案", "补交的签字晚于复核，按复核分定案。")
    expect(finance.get_by_text("已答复，复核结果已定。")).to_be_visible()


def _say(page: Page, step: str, words: str) -> None:
    page.locator("summary", has_text=step).click()
    page.locator("details[open] textarea[name=words]").fill(words)
    page.get_by_role("button", name=f"确定 {step}").click()


def _mend(story: Story, review: str) -> None:
    """What finance found is mended by a ticket, and the department looks at it."""
    finance, page, department = story.desks[FINANCE], story.desks[OFFICER], story.desks[DEPARTMENT]
    finance.goto(review)
    finance.get_by_role("link", name="要求整改 全面巡检轮次").click()
    finance.get_by_label("要整改什么").fill("巡检台账补齐签字，说明今后怎样避免")
    finance.get_by_role("button", name="下达整改").click()
    expect(finance.get_by_text("已下达整改")).to_be_visible()
    ticket = finance.url
    page.goto("/performance/rectifications/")
    page.get_by_role("link", name="巡检台账补齐签字，说明今后怎样避免").click()
    page.get_by_role("button", name="开始整改").click()
    _take_step(page, "报告整改情况", note="签字已补齐，改为当天双人签字")
    department.goto(ticket)
    _take_step(department, "复查：已整改", box="本人确认已解决")
    finance.goto(review)
    expect(finance.get_by_role("region", name="整改")).to_contain_text("已整改")


def _take_step(page: Page, step: str, note: str = "", box: str = "") -> None:
    page.locator("summary", has_text=step).click()
    form = page.locator("details[open]", has=page.locator("summary", has_text=step))
    if note:
        form.get_by_label("情况说明").fill(note)
    if box:
        form.get_by_label(box).check()
    form.get_by_role("button", name="提交").click()
    expect(page.get_by_text("已提交。")).to_be_visible()


def _publish(story: Story) -> None:
    page = story.desks[FINANCE]
    page.goto(f"/performance/publications/?q={NAME}")
    page.get_by_role("row").filter(has_text=str(story.year)).get_by_role("link", name=NAME).click()
    page.get_by_role("button", name="公开", exact=True).click()
    expect(page.get_by_text("公开的内容也不变")).to_be_visible()


def _read_in_public(page: Page) -> None:
    """A visitor without login opens the record, downloads it, and reckons the digest from its content."""
    page.goto(f"/performance/public/?q={NAME}")
    page.get_by_role("link", name=NAME, exact=True).click()
    expect(page.get_by_role("heading", level=3, name="报修按时办结率")).to_be_visible()
    shown = page.get_by_text("内容摘要（SHA-256）").locator(".digest").inner_text()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="JSON").click()
    content = json.loads(Path(waiting.value.path()).read_text(encoding="utf-8"))
    reckoned = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert hashlib.sha256(reckoned).hexdigest() == shown
    assert page.context.cookies() == []
