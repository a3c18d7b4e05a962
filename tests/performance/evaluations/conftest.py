"""A unit with its officers, those above it, and a project's year with approved goals, money and a measured indicator."""

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from conftest import PASSWORD

from chengshu.kernel.accounts.facade import NewAccount, Role, User, create_account
from chengshu.kernel.files.facade import StoredFile, store_file
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.grants.facade import HouseRole, NewGrant
from chengshu.kernel.indicators import facade as indicators
from chengshu.kernel.indicators.facade import Aggregation, Direction, FactColumn, IndicatorSpec, Mask
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import Kind, NewOrganisation, Organisation
from chengshu.performance.contracts.evaluations import EvaluationContent, Proof
from chengshu.performance.contracts.year import FundSource, SheetState
from chengshu.performance.facade import evaluations
from chengshu.performance.facade.evaluations import Evaluation, GoalIndicator, ProjectYear
from chengshu.performance.models import BudgetLine, GoalSheet, Payment, Project, Receipt

NOW = datetime(2025, 1, 10, 2, 0, tzinfo=UTC)
TODAY = date(2025, 1, 10)
GOAL = "保障政务外网全年稳定运行，报修工单按时办结，线路巡检覆盖全部四十家单位。"
RESULT = "政务外网一年没有中断，按时办结报修五百一十五件，四十家单位的线路都巡检了四次。"
#: Class, category, name, target, weight, measured by.
PROMISES = (
    ("产出指标", "数量指标", "线路巡检次数", "≥4次", 20, ""),
    ("产出指标", "质量指标", "在用账号比例", "≥80%", 20, "test.evaluated_accounts"),
    ("产出指标", "时效指标", "报修办结及时性", "及时", 10, ""),
    ("效益指标", "社会效益指标", "业务覆盖率", "=100%", 30, ""),
    ("满意度指标", "服务对象满意度指标", "使用人员满意度", "≥90%", 10, ""),
)
ACCOUNTS = IndicatorSpec(
    key="test.evaluated_accounts",
    name="在用账号比例",
    unit="%",
    direction=Direction.UP,
    aggregation=Aggregation.RATIO,
    factor=100,
    definition="在用账号数 ÷ 账号数",
    columns=(FactColumn("display_name", "姓名", mask=Mask.NAME),),
    sql="""
        SELECT u.login_name AS fact_key, CASE WHEN u.is_active THEN 1 ELSE 0 END AS numerator, 1 AS denominator,
               u.display_name
        FROM accounts_user u
        WHERE u.created_at >= %(from)s AND u.created_at < %(until)s
          AND (CAST(%(organisation)s AS bigint) IS NULL OR u.organisation_name IN (
              SELECT o.code FROM organisations_organisation o
              JOIN organisations_ancestry a ON a.descendant_id = o.id
              WHERE a.ancestor_id = %(organisation)s))
    """,
)
Fill = Callable[..., Evaluation]


@dataclass(frozen=True, slots=True)
class Office:
    """A unit and who works there, with those above it and somebody of another unit."""

    unit: Organisation
    officer: User
    colleague: User
    stranger: User
    department_reviewer: User
    finance_reviewer: User
    auditor: User


def found(code: str, kind: Kind, name: str, parent: Organisation | None = None) -> Organisation:
    new = NewOrganisation(code, kind, name, date(2019, 1, 1), parent.pk if parent else None)
    return organisations.create_organisation(new, actor=None, now=NOW)


def hire(login: str, name: str, role: HouseRole, place: Organisation) -> User:
    user = create_account(
        NewAccount(login, name, place.code, Role.OFFICER, PASSWORD), now=datetime(2024, 5, 1, tzinfo=UTC)
    )
    grants.give_grant(
        NewGrant(user.pk, role, place.pk, date(2020, 1, 1), "分工"), actor=None, now=datetime(2020, 1, 1, tzinfo=UTC)
    )
    return user


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def office(db: None) -> Office:
    city = found("C", Kind.CITY, "示范市")
    department = found("B1", Kind.DEPARTMENT, "示范局", city)
    unit = found("U1", Kind.UNIT, "示范中心", department)
    other = found("U2", Kind.UNIT, "另一中心", department)
    return Office(
        unit,
        hire("chen", "陈专员", HouseRole.OFFICER, unit),
        hire("li", "李专员", HouseRole.OFFICER, unit),
        hire("wang", "王专员", HouseRole.OFFICER, other),
        hire("zhao", "赵审核", HouseRole.DEPARTMENT_REVIEWER, department),
        hire("lin", "林复核", HouseRole.FINANCE_REVIEWER, city),
        hire("sun", "孙审计", HouseRole.AUDITOR, city),
    )


@pytest.fixture
def measured() -> IndicatorSpec:
    """Register an indicator: the accounts of the unit that are in use."""
    indicators.register_indicator(ACCOUNTS)
    return ACCOUNTS


@pytest.fixture
def year(office: Office, measured: IndicatorSpec) -> ProjectYear:
    """Enter a project's year with 1,000,000 of budget, 950,000 paid, and approved goals."""
    return make_year(office.unit, office.officer)


def make_year(unit: Organisation, author: User, *, code: str = "P001", number: int = 2024) -> ProjectYear:
    project = Project.objects.create(
        code=code, name="政务外网运行维护", department=unit, unit=unit, started_on=date(2020, 1, 1), created_at=NOW
    )
    year = ProjectYear.objects.create(
        project=project,
        unit=unit,
        year=number,
        initial_yuan=Decimal(1_000_000),
        budget_yuan=Decimal(1_000_000),
        executed_yuan=Decimal(950_000),
        created_at=NOW,
    )
    BudgetLine.objects.create(project_year=year, source=FundSource.FISCAL, initial_yuan=Decimal(1_000_000))
    stored = _stored(author)
    receipt = Receipt.objects.create(kind="payments", stored=stored, name="支付.csv", author=author, imported_at=NOW)
    Payment.objects.create(
        project_year=year,
        source=FundSource.FISCAL,
        voucher="V-1",
        amount_yuan=Decimal(950_000),
        paid_on=date(number, 6, 1),
        receipt=receipt,
    )
    sheet = GoalSheet.objects.create(project_year=year, state=SheetState.APPROVED, expected=GOAL, edited_at=NOW)
    for at, (level1, level2, name, target, weight, key) in enumerate(PROMISES):
        GoalIndicator.objects.create(
            sheet=sheet,
            number=at,
            level1=level1,
            level2=level2,
            name=name,
            target=target,
            weight=Decimal(weight),
            measured_by=key,
        )
    return year


def _stored(author: User) -> StoredFile:
    return store_file(b"voucher", name="p.csv", owner=author, now=NOW)


@pytest.fixture
def evaluation(year: ProjectYear, office: Office, now: datetime) -> Evaluation:
    return reload(evaluations.open_evaluation(year.pk, actor=office.officer, now=now), office.officer)


def reload(evaluation: Evaluation, viewer: User) -> Evaluation:
    return evaluations.get_evaluation(evaluation.pk, viewer=viewer, on=TODAY)


def type_in(evaluation: Evaluation, actual: str = RESULT, **columns: tuple[object, ...]) -> EvaluationContent:
    """Give the kept content with columns typed in, each as a value a row (None = as it stands)."""
    content = evaluations.content_of_evaluation(evaluation)
    rows = list(content.rows)
    for name, values in columns.items():
        for at, value in enumerate(values):
            if value is not None:
                changed: dict[str, Any] = {name: value}
                rows[at] = replace(rows[at], **changed)
    return EvaluationContent(actual, tuple(rows))


ANSWERS = ("4次", None, "及时", "100%", "95.5%")


@pytest.fixture
def fill(office: Office, now: datetime) -> Fill:
    """Fill a self-evaluation so that it can be handed in: results, one measurement, documents."""

    def _fill(evaluation: Evaluation) -> Evaluation:
        person = office.officer
        content = type_in(evaluation, actual=RESULT)
        rows = tuple(
            row if answer is None else replace(row, actual=answer)
            for row, answer in zip(content.rows, ANSWERS, strict=True)
        )
        evaluations.save_evaluation(
            evaluation.pk, replace(content, rows=rows), evaluation.version, actor=person, now=now
        )
        for at, goal in enumerate(evaluations.list_promises(evaluation)):
            version = Evaluation.objects.get(pk=evaluation.pk).version
            if goal.measured_by:
                evaluations.measure_indicator(evaluation.pk, goal.pk, version, actor=person, now=now)
                continue
            proof = Proof(f"佐证{at}.pdf", io.BytesIO(f"%PDF-1.7 proof {at}".encode()), f"第 {at + 1} 页")
            evaluations.attach_document(evaluation.pk, goal.pk, proof, version, actor=person, now=now)
        return reload(evaluation, person)

    return _fill


@pytest.fixture
def filled(evaluation: Evaluation, fill: Fill) -> Evaluation:
    return fill(evaluation)
