"""A town of two districts, and people with and without grants in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from conftest import PASSWORD

from chengshu.kernel.accounts.facade import NewAccount, Role, User, create_account
from chengshu.kernel.grants import facade
from chengshu.kernel.grants.facade import Grant, HouseRole, NewGrant
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import Kind, NewOrganisation, Organisation

NOW = datetime(2024, 3, 15, 6, 5, tzinfo=UTC)
TODAY = date(2024, 3, 15)
REASON = "岗位分工"
Give = Callable[..., Grant]
Open = Callable[[str], User]


@dataclass(frozen=True, slots=True)
class Town:
    """A city with two districts, a department in the first, and a unit in each of both."""

    city: Organisation
    first: Organisation
    second: Organisation
    department: Organisation
    unit: Organisation
    other_unit: Organisation


def _found(code: str, kind: Kind, parent: Organisation | None = None) -> Organisation:
    new = NewOrganisation(code, kind, f"{code}名", date(2020, 1, 1), parent.pk if parent else None)
    return organisations.create_organisation(new, actor=None, now=NOW)


@pytest.fixture
def town(db: None) -> Town:
    city = _found("C", Kind.CITY)
    first, second = _found("D1", Kind.DISTRICT, city), _found("D2", Kind.DISTRICT, city)
    department = _found("D1-B", Kind.DEPARTMENT, first)
    return Town(
        city, first, second, department, _found("D1-U", Kind.UNIT, department), _found("D2-U", Kind.UNIT, second)
    )


@pytest.fixture
def open_account(db: None) -> Open:
    def _open(name: str) -> User:
        return create_account(NewAccount(name, f"{name}的姓名", "示范单位", Role.OFFICER, PASSWORD), now=NOW)

    return _open


@pytest.fixture
def give() -> Give:
    """Give a grant by the system, for today on and without an end unless told otherwise."""

    def _give(account: User, organisation: Organisation, role: str = HouseRole.OFFICER, **more: object) -> Grant:
        fields = {"since": TODAY, "reason": REASON} | more
        return facade.give_grant(NewGrant(account.pk, role, organisation.pk, **fields), actor=None, now=NOW)  # type: ignore[arg-type]  # as given by the test

    return _give


@pytest.fixture
def chief(town: Town, open_account: Open, give: Give) -> User:
    """Somebody who administers the whole city."""
    account = open_account("chief")
    give(account, town.city, HouseRole.ADMIN)
    return account
