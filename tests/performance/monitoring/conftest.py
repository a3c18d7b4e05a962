"""A unit with its people, and a project's year whose goals finance approved."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from conftest import NOW, PASSWORD

from chengshu.kernel.accounts.facade import NewAccount, Role, User, create_account
from chengshu.kernel.files.facade import store_file
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.grants.facade import HouseRole, NewGrant
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import Kind, NewOrganisation, Organisation
from chengshu.performance.facade import monitoring
from chengshu.performance.facade.monitoring import MonitoringPoint, MonitoringSheet
from chengshu.performance.models import BudgetLine, GoalIndicator, GoalSheet, Payment, Project, ProjectYear, Receipt

AUGUST = datetime(2024, 8, 5, 2, 0, tzinfo=UTC)
UNTIL, DUE = date(2024, 7, 31), date(2024, 8, 30)
PROMISES = (("线路巡检次数", "≥12次"), ("网络可用率", "≥99%"), ("资料归档", "及时"))


@dataclass(frozen=True, slots=True)
class Office:
    """Two units of one department, and who works there."""

    department: Organisation
    unit: Organisation
    officer: User
    colleague: User
    stranger: User
    department_reviewer: User
    finance_reviewer: User
    auditor: User


MakeYear = Callable[..., ProjectYear]


def _found(code: str, kind: Kind, name: str, parent: Organisation | None = None) -> Organisation:
    new = NewOrganisation(code, kind, name, date(2019, 1, 1), parent.pk if parent else None)
    return organisations.create_organisation(new, actor=None, now=NOW)


def _hire(login: str, name: str, role: HouseRole, place: Organisation) -> User:
    user = create_account(NewAccount(login, name, "示范单位", Role.OFFICER, PASSWORD), now=NOW)
    grants.give_grant(NewGrant(user.pk, role, place.pk, NOW.date(), "分工"), actor=None, now=NOW)
    return user


@pytest.fixture
def office(db: None) -> Office:
    city = _found("C", Kind.CITY, "示范市")
    department = _found("B1", Kind.DEPARTMENT, "示范局", city)
    unit, other = (_found(code, Kind.UNIT, name, department) for code, name in (("U1", "示范中心"), ("U2", "另一中心")))
    return Office(
        department,
        unit,
        _hire("chen", "陈专员", HouseRole.OFFICER, unit),
        _hire("li", "李专员", HouseRole.OFFICER, unit),
        _hire("wang", "王专员", HouseRole.OFFICER, other),
        _hire("zhao", "赵审核", HouseRole.DEPARTMENT_REVIEWER, department),
        _hire("lin", "林复核", HouseRole.FINANCE_REVIEWER, city),
        _hire("sun", "孙审计", HouseRole.AUDITOR, city),
    )


@pytest.fixture
def make_year(office: Office) -> MakeYear:
    """Enter a project with a year, its money by July, and goals in a state."""

    def make(
        name: str = "政务外网运行维护",
        *,
        year: int = 2024,
        paid: int = 600_000,
        goals: str | None = "approved",
        promises: Sequence[tuple[str, str]] = PROMISES,
    ) -> ProjectYear:
        project = Project.objects.create(
            code=f"P{Project.objects.count() + 1:03d}",
            name=name,
            department=office.department,
            unit=office.unit,
            started_on=date(2020, 1, 1),
            created_at=NOW,
        )
        made = ProjectYear.objects.create(
            project=project,
            unit=office.unit,
            year=year,
            initial_yuan=1_000_000,
            budget_yuan=1_000_000,
            executed_yuan=paid,
            created_at=NOW,
        )
        BudgetLine.objects.create(project_year=made, source="fiscal", initial_yuan=1_000_000)
        _pay(made, paid, date(year, 6, 1), office.officer)
        if goals:
            sheet = GoalSheet.objects.create(project_year=made, state=goals, edited_at=NOW)
            GoalIndicator.objects.bulk_create(
                GoalIndicator(sheet=sheet, number=n, name=what, target=target, weight=30)
                for n, (what, target) in enumerate(promises)
            )
        return made

    return make


def _pay(year: ProjectYear, amount: int, day: date, author: User) -> None:
    stored = store_file(b"voucher", name="支付.csv", owner=author, now=NOW)
    receipt = Receipt.objects.create(kind="payments", stored=stored, name="支付.csv", author=author, imported_at=NOW)
    Payment.objects.create(
        project_year=year,
        source="fiscal",
        amount_yuan=Decimal(amount),
        paid_on=day,
        voucher=f"V{year.pk}-{day}",
        receipt=receipt,
    )


@pytest.fixture
def point(office: Office) -> MonitoringPoint:
    return monitoring.set_point("1—7月监控", UNTIL, DUE, actor=office.finance_reviewer, now=NOW)


@pytest.fixture
def sheet(make_year: MakeYear, point: MonitoringPoint, office: Office) -> MonitoringSheet:
    make_year()
    monitoring.open_reports(point.pk, now=AUGUST)
    only = MonitoringSheet.objects.get()
    return monitoring.get_monitoring(only.pk, viewer=office.officer, on=AUGUST.date())
