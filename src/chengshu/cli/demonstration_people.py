"""The people of the demonstration: their accounts, the passwords that are printed, and their grants."""

import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.utils import timezone

from chengshu.kernel.accounts import facade as accounts
from chengshu.kernel.accounts.facade import NewAccount, Role, User
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.grants.facade import HouseRole, NewGrant
from chengshu.kernel.organisations import facade as organisations

# Without letters and digits that are mistaken for each other when typed off a screen.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_PASSWORD_LENGTH = 12
#: The grants hold from here on, so that the work of the last years can be replayed.
_HELD_YEARS = 4

_ROOT = organisations.DEMONSTRATION_ROOT
DISTRICT = f"{_ROOT}-D1"
DEPARTMENT = f"{_ROOT}-D1-B01"
UNIT = f"{_ROOT}-D1-B01-U01"


@dataclass(frozen=True, slots=True)
class Person:
    """One of the people: account, the role that pages of forms know, and the grants on an organisation."""

    login_name: str
    display_name: str
    organisation_name: str
    role: Role
    granted_roles: tuple[str, ...]
    organisation_code: str
    duty: str


PEOPLE = (
    Person("zhuanyuan", "陈专员", "示范区大数据中心", Role.OFFICER, (HouseRole.OFFICER,), UNIT, "绩效专员"),
    Person(
        "shenhe", "周审核", "示范区主管部门", Role.REVIEWER, (HouseRole.DEPARTMENT_REVIEWER,), DEPARTMENT, "部门审核"
    ),
    Person("fuhe", "林复核", "示范区财政局", Role.REVIEWER, (HouseRole.FINANCE_REVIEWER,), DISTRICT, "财政复核"),
    Person("chengban", "吴承办", "示范区大数据中心", Role.OFFICER, (HouseRole.TICKET_HANDLER,), UNIT, "工单承办"),
    Person("huifang", "郑回访", "示范区大数据中心", Role.OFFICER, (HouseRole.TICKET_HANDLER,), UNIT, "工单回访"),
    Person("shuju", "钱数据", "示范区政务服务办公室", Role.OFFICER, ("data_operator",), DISTRICT, "部门数据专员"),
    Person("yunying", "沈运营", "示范区大数据中心", Role.OFFICER, (HouseRole.OFFICER,), UNIT, "数据运营专员"),
    Person("minzheng", "冯民政", "示范区民政局", Role.OFFICER, ("data_operator",), f"{DISTRICT}-B03", "民政局数据专员"),
    Person("bianmu", "何编目", "市大数据中心", Role.OFFICER, ("data_steward",), _ROOT, "数据中心管理员"),
    Person("gongcheng", "马工程", "市大数据中心", Role.OFFICER, ("data_operator", "data_steward"), _ROOT, "数据工程师"),
    Person("shenji", "孙审计", "示范市审计局", Role.REVIEWER, (HouseRole.AUDITOR,), _ROOT, "审计"),
    Person("guanli", "管理员", "示范区大数据中心", Role.ADMIN, (HouseRole.ADMIN,), _ROOT, "管理员"),
)


def find(login_name: str) -> User:
    """Return the account of one of the people, which `open_accounts` has opened."""
    account = accounts.find_account(login_name)
    if account is None:
        raise LookupError(f"the demonstration account {login_name} was not opened")
    return account


def open_accounts(path: Path) -> dict[str, str]:
    """Open the accounts that are missing; return the passwords by login name, kept at `path` for this user alone."""
    passwords: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    for person in PEOPLE:
        user = accounts.find_account(person.login_name)
        if user and person.login_name in passwords:
            continue
        password = "".join(secrets.choice(_LETTERS) for _ in range(_PASSWORD_LENGTH))
        passwords[person.login_name] = password
        if user:
            accounts.change_password(user, password)
            continue
        account = NewAccount(person.login_name, person.display_name, person.organisation_name, person.role, password)
        accounts.create_account(account, now=timezone.now())
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(passwords, file)
    return passwords


def give_grants() -> None:
    """Give each account its role on the demonstration city, unless it has it already."""
    began = datetime(timezone.now().year - _HELD_YEARS, 1, 1, tzinfo=UTC)
    for person in PEOPLE:
        organisation = organisations.find_organisation(person.organisation_code)
        if organisation is None:
            continue
        account = find(person.login_name)
        for role in person.granted_roles:
            new = NewGrant(account.pk, role, organisation.pk, timezone.localdate(began), "演示数据")
            with suppress(grants.GrantTwice):
                grants.give_grant(new, actor=None, now=began)
