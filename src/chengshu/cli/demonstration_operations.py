"""The data-operation service of the demonstration: its tickets, and the form by which it is judged, from measured facts.

The thirteen indicators, their targets and weights are those that a district published for such a service in 2024. Run
again it changes nothing.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from chengshu.cli import demonstration_people as people
from chengshu.cli.demonstration_year import Desk, explain, lead
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.grants.facade import NewGrant
from chengshu.kernel.indicators import facade as indicators
from chengshu.kernel.jobs.facade import house_zone
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.tickets import facade as tickets
from chengshu.performance.facade import evaluations, goals, money, projects
from chengshu.performance.facade.evaluations import Evaluation, ResultRow
from chengshu.performance.facade.goals import GoalContent, GoalRow, ProjectYear, SheetKind
from chengshu.performance.facade.money import FundSource, TableKind
from chengshu.performance.facade.projects import ProjectFacts
from chengshu.resources.facade import collection, service
from chengshu.synthetic.service import ServicePlan, generate_service

_SERVICE_ROLE = "data_service"
_CODE = f"{people.DISTRICT}-SJYY"
_NAME = "示范区公共数据运营服务项目"
_SEED, _WORKS, _TROUBLES = 20240809, 28, 8
_BUDGET_YUAN, _PAYMENTS = Decimal(9_280_000), 10
_SCOPE = f"organisation:{people.DISTRICT}"
_SETTLING = timedelta(days=45)
"""In the first weeks of a year the form is that of the year before."""

_OUTPUT, _BENEFIT, _CONTENT = "产出指标", "效益指标", "满意度指标"
_AMOUNT, _QUALITY, _TIME = "数量指标", "质量指标", "时效指标"
_EXPECTED = "按规范做好公共数据的归集、编目、质量检查和运营服务，按实结算，提高服务对象满意度。"
_ACTUAL = "本年的归集、编目、质量检查和服务工单都在平台上办理，各项数值由平台从业务记录计量，计量明细和摘要见佐证附件。"


@dataclass(frozen=True, slots=True)
class Promised:
    """One indicator of the form, with what measures it."""

    level1: str
    level2: str
    name: str
    target: str
    weight: int
    measured_by: str


FORM = (
    Promised(_OUTPUT, _AMOUNT, "年度数据质量检查数", "=12.00(次)", 5, "resources.months_checked"),
    Promised(_OUTPUT, _AMOUNT, "年度数据整合数", "≥5.00(个)", 5, "resources.integrations"),
    Promised(_OUTPUT, _AMOUNT, "年度数据开放数", "≥80.00(个)", 5, "resources.open_resources"),
    Promised(_OUTPUT, _AMOUNT, "数据安全核查数", "=4.00(次)", 5, "resources.security_checks"),
    Promised(_OUTPUT, _QUALITY, "编目质量达标率", "≥95.00(%)", 5, "resources.compliance_rate"),
    Promised(_OUTPUT, _QUALITY, "数据质量检查覆盖率", "≥90.00(%)", 5, "resources.check_coverage"),
    Promised(_OUTPUT, _QUALITY, "数据服务故障率", "≤10.00(%)", 5, "resources.service_fault_rate"),
    Promised(_OUTPUT, _TIME, "服务工单按时完成率", "≥95.00(%)", 10, "resources.work_on_time_rate"),
    Promised(_OUTPUT, _TIME, "数据共享及时率", "=100.00(%)", 10, "resources.sharing_timeliness"),
    Promised(_OUTPUT, _TIME, "数据报障处置及时率", "≥90.00(%)", 10, "resources.trouble_on_time_rate"),
    Promised(_BENEFIT, "社会效益指标", "公共数据集中统一管理能力", "高", 10, "resources.management_capacity"),
    Promised(
        _BENEFIT,
        "可持续影响指标",
        "长效管理机制",
        "建立监管机制，促进工作的规范化；构筑管理体系，促进项目管理",
        5,
        "resources.standing_mechanisms",
    ),
    Promised(_CONTENT, "服务对象满意度指标", "服务对象满意度", "≥85.00(%)", 10, "tickets.data_work.satisfaction_rate"),
)
"""The form as it was published, in its order; the keys say what measures each line."""


_TICKETS_LATE = "超期的{}已逐件核实原因，主要是等待来源单位配合；今后到期前两日提醒承办人。"
_REASONS = {
    "年度数据质量检查数": "月度数据质量检查在各系统接入后逐月开展，接入之前的月份没有检查；今后每月按计划检查。",
    "年度数据整合数": "部分系统的数据整合还在联调，没有入湖；年内完成接入。",
    "数据安全核查数": "有季度的数据安全核查尚未办完；按季度计划补齐。",
    "编目质量达标率": "部分新登记目录的编目缺少信息项说明，质量未达标；已退回部门补正，提交前增加校核。",
    "数据质量检查覆盖率": "有数据源当月没有交付，计划的数据质量检查无法进行，影响覆盖率；已催办，并在月初核对交付计划。",
    "数据服务故障率": "归集任务和检索页面的数据服务故障较多；已修复，并增加每日巡检。",
    "服务工单按时完成率": _TICKETS_LATE.format("服务工单"),
    "数据报障处置及时率": _TICKETS_LATE.format("数据报障"),
    "公共数据集中统一管理能力": "部分单位有逾期的交付、整改和回访，公共数据管理职责没有全部按时履行；已逐项通报，按月检查。",
    "长效管理机制": "部分月份的长效管理机制没有全部落实，系统接入初期的检查计划和交换约定不全；已补齐，按月核对。",
    "服务对象满意度": "评价较低的服务对象已逐一回访，意见集中在办理进度不透明；今后主动告知进度，提高满意度。",
}
"""What the demonstration says where a line loses points."""


def load_operations() -> None:
    """Let the service work through the year up to today, and write its form from what was done."""
    desk = Desk(people.find("yunying"), people.find("shenhe"), people.find("fuhe"))
    _let_measure(desk.officer)
    today = timezone.localdate()
    year = (today - _SETTLING).year
    _serve(year, today)
    collection.note_dues(timezone.now())
    service.note_months(timezone.now())
    if projects.list_projects(desk.officer, on=today).filter(code=_CODE).exists():
        return
    write_form(_open_project(year, today, desk), desk, scope=_SCOPE, now=timezone.now())
    _measure_overview(today, desk.officer)


def _measure_overview(today: date, officer: User) -> None:
    """Measure what the overview of the service shows, over this month and this year."""
    for window in (service.month_window(today), service.year_window(today)):
        for key in service.list_measurable():
            indicators.measure(key, window, _SCOPE, actor=officer, now=timezone.now())


def _let_measure(officer: User) -> None:
    """Let who runs the service see and measure it in the whole district, where the departments deliver."""
    place = organisations.find_organisation(people.DISTRICT)
    if place is not None:
        began = datetime(timezone.now().year - 1, 1, 1, tzinfo=UTC)
        new = NewGrant(officer.pk, _SERVICE_ROLE, place.pk, timezone.localdate(began), "演示数据")
        with suppress(grants.GrantTwice):
            grants.give_grant(new, actor=None, now=began)


def _serve(year: int, today: date) -> None:
    """Let the year's tickets of the service come in and be handled, once."""
    unit = organisations.find_organisation(people.UNIT)
    if unit is None or tickets.Ticket.objects.filter(kind=service.WORK).exists():
        return
    since = datetime(year, 1, 1, tzinfo=house_zone())
    days = (min(today, date(year, 12, 31)) - since.date()).days
    if days < 1:
        return
    plan = ServicePlan(_SEED, since, days, _WORKS, _TROUBLES)
    tickets.replay_tickets(
        generate_service(plan),
        [tickets.Crew(unit.pk, people.find("chengban"), people.find("huifang"))],
        is_watched=True,
    )
    tickets.sweep_escalations(now=timezone.now())


def _open_project(year: int, today: date, desk: Desk) -> ProjectYear:
    """Enter the project with its year, budget and the payments up to today."""
    department, unit = (organisations.find_organisation(code) for code in (people.DEPARTMENT, people.UNIT))
    if department is None or unit is None:
        raise LookupError("the demonstration city was not built")
    now, begun = timezone.now(), datetime(year, 1, 8, 2, tzinfo=UTC)
    facts = ProjectFacts(_CODE, _NAME, department.pk, unit.pk, date(year, 1, 1))
    project = projects.create_project(facts, actor=desk.officer, now=begun)
    opened = projects.open_year(project.pk, year, actor=desk.officer, now=begun)
    money.set_budget(opened.pk, {FundSource.FISCAL: _BUDGET_YUAN}, actor=desk.officer, now=begun)
    each = _BUDGET_YUAN / _PAYMENTS
    lines = ["项目编码,年度,资金来源,凭证号,支付日期,金额(元),摘要"]
    for month in range(3, 3 + _PAYMENTS):
        paid_on = date(year, month, 20)
        if paid_on <= today:
            lines.append(f"{_CODE},{year},当年财政拨款,YY{year}{month:02},{paid_on},{each:.2f},{month}月服务费")
    if len(lines) > 1:
        table = "\n".join(lines).encode()
        money.start_table_import(
            TableKind.PAYMENTS, table, name="运营服务支付.csv", actor=desk.officer, clock=lambda: now
        )
    return opened


def write_form(year: ProjectYear, desk: Desk, *, scope: str, now: datetime) -> Evaluation:
    """Promise the thirteen indicators, have them approved, and evaluate them: measured where something measures them.

    Lines that lose points say why; what waits for its conditions is left waiting, so that the form stays a draft. `scope`
    is what the facts are measured over.
    """
    begun = datetime(year.year, 1, 15, 2, tzinfo=UTC)
    sheet = goals.open_goals(year.pk, actor=desk.officer, now=begun)
    rows = tuple(
        GoalRow(
            f"new{at}",
            line.level1,
            line.level2,
            line.name,
            line.target,
            Decimal(line.weight),
            line.measured_by,
            scope,
        )
        for at, line in enumerate(FORM)
    )
    sheet, _changes = goals.save_goals(
        sheet.pk, GoalContent(_EXPECTED, rows), sheet.version, actor=desk.officer, now=begun
    )
    lead(SheetKind.GOAL, sheet.pk, sheet.version, desk, begun, steps=3)
    return _evaluate(year, desk, now)


def _evaluate(year: ProjectYear, desk: Desk, now: datetime) -> Evaluation:
    officer = desk.officer
    sheet = evaluations.open_evaluation(year.pk, actor=officer, now=now)
    sheet, _count, _failed = evaluations.measure_missing(sheet.pk, sheet.version, actor=officer, now=now)
    content = replace(evaluations.content_of_evaluation(sheet), actual=_ACTUAL)
    content = replace(content, rows=tuple(_reasoned(row) for row in explain(sheet, content, content.rows)))
    sheet, _changes = evaluations.save_evaluation(sheet.pk, content, sheet.version, actor=officer, now=now)
    return evaluations.get_evaluation(sheet.pk, viewer=officer, on=timezone.localdate(now))


def _reasoned(row: ResultRow) -> ResultRow:
    return replace(row, deviation=_REASONS.get(row.name, row.deviation)) if row.deviation else row
