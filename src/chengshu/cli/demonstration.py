"""What a demonstration needs: tables, static files, examples and accounts. Imported when Django is set up."""

import json
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from chengshu.config import env
from chengshu.kernel.accounts import facade as accounts
from chengshu.kernel.accounts.facade import NewAccount, Role
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.grants.facade import HouseRole, NewGrant
from chengshu.kernel.organisations import facade as organisations
from chengshu.performance import facade as performance

Say = Callable[[str], object]

# Without letters and digits that are mistaken for each other when typed off a screen.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_PASSWORD_LENGTH = 12


@dataclass(frozen=True, slots=True)
class _Person:
    login_name: str
    display_name: str
    organisation_name: str
    role: Role
    granted_role: HouseRole
    organisation_code: str


_ROOT = organisations.DEMONSTRATION_ROOT
_PEOPLE = (
    _Person("zhuanyuan", "陈专员", "示范区大数据中心", Role.OFFICER, HouseRole.OFFICER, f"{_ROOT}-D1-B01-U01"),
    _Person("fuhe", "林复核", "示范区财政局", Role.REVIEWER, HouseRole.FINANCE_REVIEWER, f"{_ROOT}-D1"),
    _Person("guanli", "管理员", "示范区大数据中心", Role.ADMIN, HouseRole.ADMIN, _ROOT),
)


def prepare(say: Say) -> None:
    """Bring tables and static files up to date, load the examples once, and print the accounts."""
    say("更新数据表 …")
    call_command("migrate", verbosity=0, interactive=False)
    say("收集静态文件 …")
    call_command("collectstatic", verbosity=0, interactive=False)
    passwords = _open_accounts(env.read(env.VAR_DIR) / "demo_accounts.json")
    organisations.build_demonstration_city(now=timezone.now())
    _give_grants()
    _load_examples(settings.EXAMPLES_DIR, say)
    say("\n演示账号：")
    for person in _PEOPLE:
        role = accounts.ROLE_LABELS[person.role]
        say(f"  {person.login_name:<10} 口令 {passwords[person.login_name]}   {person.display_name}（{role}）")


def _load_examples(directory: Path, say: Say) -> None:
    owner = accounts.find_account(_PEOPLE[0].login_name)
    if owner is None or not directory.is_dir():
        say(f"没有示例可载入（{directory}）")
        return
    say("载入示例 …")
    performance.load_examples(directory, owner=owner, clock=timezone.now, reader=performance.intake)


def _give_grants() -> None:
    """Give each demonstration account its role on the demonstration city, unless it has it already."""
    now = timezone.now()
    for person in _PEOPLE:
        account = accounts.find_account(person.login_name)
        organisation = organisations.find_organisation(person.organisation_code)
        if account is None or organisation is None:
            continue
        new = NewGrant(account.pk, person.granted_role, organisation.pk, timezone.localdate(now), "演示数据")
        with suppress(grants.GrantTwice):
            grants.give_grant(new, actor=None, now=now)


def _open_accounts(path: Path) -> dict[str, str]:
    """Open the accounts that are missing; return the passwords by login name, kept at `path` for this user alone."""
    passwords: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    for person in _PEOPLE:
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
