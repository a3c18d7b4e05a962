"""A small city with two units, people of each role in it, and a project with a budget year."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from conftest import PASSWORD
from django.test import Client
from performance.projects.town import Town, found, give

from chengshu.kernel.accounts.facade import NewAccount, Role, User, create_account
from chengshu.kernel.grants.facade import HouseRole
from chengshu.kernel.organisations.facade import Kind
from chengshu.performance.facade import money, projects
from chengshu.performance.facade.money import FundSource
from chengshu.performance.facade.projects import Project, ProjectFacts, ProjectYear

NOW = datetime(2024, 6, 15, 2, 0, tzinfo=UTC)


def _person(name: str) -> User:
    return create_account(NewAccount(name, f"{name}的姓名", "示范单位", Role.OFFICER, PASSWORD), now=NOW)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def town(db: None) -> Town:
    """Found a city with a department and its unit, and a unit elsewhere."""
    city = found("C", "示范市", Kind.CITY)
    department = found("B1", "政务局", Kind.DEPARTMENT, city)
    other_department = found("B2", "民政局", Kind.DEPARTMENT, city)
    return Town(
        city,
        department,
        found("U1", "大数据中心", Kind.UNIT, department),
        other_department,
        found("U2", "社区服务中心", Kind.UNIT, other_department),
    )


@pytest.fixture
def clerk(town: Town) -> User:
    """Somebody who enters projects and money of the first unit."""
    person = _person("clerk")
    give(person, town.unit, HouseRole.OFFICER)
    return person


@pytest.fixture
def stranger(town: Town) -> User:
    """Somebody who does the same in the other unit."""
    person = _person("stranger")
    give(person, town.other_unit, HouseRole.OFFICER)
    return person


@pytest.fixture
def auditor(town: Town) -> User:
    """Somebody who sees all and changes nothing."""
    person = _person("auditor")
    give(person, town.city, HouseRole.AUDITOR)
    return person


@pytest.fixture
def facts(town: Town) -> ProjectFacts:
    return ProjectFacts("P-001", "数据平台运维", town.department.pk, town.unit.pk, date(2022, 1, 1))


@pytest.fixture
def project(facts: ProjectFacts, clerk: User) -> Project:
    return projects.create_project(facts, actor=clerk, now=NOW)


@pytest.fixture
def year(project: Project, clerk: User) -> ProjectYear:
    """Open 2024 with 1,000,000 of this year's money and 200,000 of last year's."""
    opened = projects.open_year(project.pk, 2024, actor=clerk, now=NOW)
    initial = {FundSource.FISCAL: Decimal(1_000_000), FundSource.CARRIED_OVER: Decimal(200_000)}
    return money.set_budget(opened.pk, initial, actor=clerk, now=NOW)


@pytest.fixture
def as_clerk(clerk: User, client: Client) -> Client:
    client.force_login(clerk)
    return client


@pytest.fixture
def kept() -> Any:
    """Give a year as the database has it now."""
    return lambda year: ProjectYear.objects.get(pk=year.pk)
