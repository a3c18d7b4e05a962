"""A unit with its officers, the department and finance above it, another unit, and a project's year with goals."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from conftest import NOW, PASSWORD
from performance.goals.years import TODAY, a_content, a_row

from chengshu.kernel.accounts.facade import NewAccount, Role, User, create_account
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.grants.facade import HouseRole, NewGrant
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import Kind, NewOrganisation, Organisation
from chengshu.performance.contracts.goals import GoalContent
from chengshu.performance.facade import goals
from chengshu.performance.facade.goals import GoalSheet, ProjectYear
from chengshu.performance.models import Project

OpenYear = Callable[..., ProjectYear]
Save = Callable[..., GoalSheet]


@dataclass(frozen=True, slots=True)
class Office:
    """Two units of one department, and who works there."""

    department: Organisation
    unit: Organisation
    other_unit: Organisation
    officer: User
    colleague: User
    stranger: User
    department_reviewer: User
    finance_reviewer: User
    auditor: User


def _found(code: str, kind: Kind, name: str, parent: Organisation | None = None) -> Organisation:
    new = NewOrganisation(code, kind, name, date(2019, 1, 1), parent.pk if parent else None)
    return organisations.create_organisation(new, actor=None, now=NOW)


def _hire(login: str, name: str, role: HouseRole, place: Organisation) -> User:
    user = create_account(NewAccount(login, name, "示范单位", Role.OFFICER, PASSWORD), now=NOW)
    new = NewGrant(user.pk, role, place.pk, NOW.date(), "分工")
    grants.give_grant(new, actor=None, now=NOW)
    return user


@pytest.fixture
def office(db: None) -> Office:
    city = _found("C", Kind.CITY, "示范市")
    department = _found("B1", Kind.DEPARTMENT, "示范局", city)
    unit = _found("U1", Kind.UNIT, "示范中心", department)
    other = _found("U2", Kind.UNIT, "另一中心", department)
    return Office(
        department,
        unit,
        other,
        _hire("chen", "陈专员", HouseRole.OFFICER, unit),
        _hire("li", "李专员", HouseRole.OFFICER, unit),
        _hire("wang", "王专员", HouseRole.OFFICER, other),
        _hire("zhao", "赵审核", HouseRole.DEPARTMENT_REVIEWER, department),
        _hire("lin", "林复核", HouseRole.FINANCE_REVIEWER, city),
        _hire("sun", "孙审计", HouseRole.AUDITOR, city),
    )


@pytest.fixture
def open_year(office: Office) -> OpenYear:
    """Enter a project with a budget year, or another year of a project."""

    def _open(year: int = 2024, name: str = "政务外网运行维护", project: Project | None = None) -> ProjectYear:
        if project is None:
            project = Project.objects.create(
                code=f"P{Project.objects.count() + 1:03d}",
                name=name,
                department=office.department,
                unit=office.unit,
                started_on=date(2020, 1, 1),
                created_at=NOW,
            )
        return ProjectYear.objects.create(
            project=project,
            unit=office.unit,
            year=year,
            initial_yuan=Decimal(1_000_000),
            budget_yuan=Decimal(1_000_000),
            created_at=NOW,
        )

    return _open


@pytest.fixture
def save(office: Office, now: datetime) -> Save:
    """Open the goals of a year and save a content on them."""

    def _save(year: ProjectYear, content: GoalContent | None = None) -> GoalSheet:
        sheet = goals.open_goals(year.pk, actor=office.officer, now=now)
        goals.save_goals(sheet.pk, content or a_content(), sheet.version, actor=office.officer, now=now)
        return goals.get_goals(sheet.pk, viewer=office.officer, on=TODAY)

    return _save


@pytest.fixture
def sheet(open_year: OpenYear, save: Save) -> GoalSheet:
    return save(open_year())


@pytest.fixture
def bad_content() -> GoalContent:
    """Goals whose weights are 80 in all, one of them without a target."""
    good = a_content()
    first = replace(good.rows[0], weight=Decimal(10))
    return replace(good, rows=(first, replace(good.rows[1], target=""), *good.rows[2:], a_row("备份次数", "", None)))
