"""Administrators help people with their log-in, with a reason, and not those above themselves."""

from datetime import timedelta

import pytest
from conftest import HOUSE_UNIT, PASSWORD, enter_account
from django.test import Client
from django.utils import timezone
from kernel.identity.codes import code_of
from pytest_django import Settings

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import list_entries
from chengshu.kernel.grants.facade import HouseRole
from chengshu.kernel.identity import facade as identity

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - of an account that lives for one test
REASON = {"reason": "本人持工作证当面核实"}


@pytest.fixture
def chief(client: Client, admin: User) -> Client:
    client.force_login(admin)
    return client


def _page(account: User, step: str = "") -> str:
    return f"/accounts/{account.pk}/security/{step}"


def test_a_lost_phone_is_helped_with(chief: Client, admin: User, officer: User) -> None:
    then = timezone.now() - timedelta(hours=1)
    identity.add_totp(officer, SECRET, code_of(SECRET, then), now=then)
    elsewhere = Client()
    elsewhere.force_login(officer)
    assert elsewhere.get("/account/").status_code == 200
    assert "动态验证码" in chief.get(_page(officer)).content.decode()
    chief.post(_page(officer, "reset/"), REASON)
    assert identity.list_factors(officer) == []
    assert elsewhere.get("/account/").status_code == 302
    entry = list_entries(f"account:{officer.pk}").get(action="identity.reset_factors")
    assert (entry.actor, entry.reason, entry.details["kinds"]) == (admin, REASON["reason"], ["recovery_codes", "totp"])


def test_a_locked_account_is_unlocked(chief: Client, officer: User, settings: Settings) -> None:
    settings.LOGIN_ATTEMPTS = 1
    stranger = Client()
    stranger.post("/login/", {"login_name": officer.login_name, "password": "wrong"})
    assert stranger.post("/login/", {"login_name": officer.login_name, "password": PASSWORD}).status_code == 422
    assert "锁到" in chief.get(_page(officer)).content.decode()
    chief.post(_page(officer, "unlock/"), REASON)
    assert "没有锁定" in chief.get(_page(officer)).content.decode()
    assert stranger.post("/login/", {"login_name": officer.login_name, "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize("step", ["unlock/", "reset/", "end-sessions/"])
class TestEveryStep:
    def test_wants_a_reason(self, step: str, chief: Client, officer: User) -> None:
        answer = chief.post(_page(officer, step), {"reason": " "})
        assert answer.status_code == 422
        assert "请写明事由" in answer.content.decode()

    def test_is_not_for_oneself(self, step: str, chief: Client, admin: User) -> None:
        assert chief.post(_page(admin, step), REASON).status_code == 422

    def test_is_not_for_who_administers_one_unit_on_people_above(
        self, step: str, client: Client, admin: User, officer: User
    ) -> None:
        small = enter_account("small", HouseRole.ADMIN, code=HOUSE_UNIT)
        client.force_login(small)
        assert client.post(_page(officer, step), REASON).status_code == 302
        assert client.post(_page(admin, step), REASON).status_code in {403, 404}
        enter_other = enter_account("both", HouseRole.OFFICER, code=HOUSE_UNIT)
        assert client.post(_page(enter_other, step), REASON).status_code == 302

    def test_is_not_for_others(self, step: str, client: Client, officer: User, reviewer: User) -> None:
        client.force_login(officer)
        assert client.post(_page(reviewer, step), REASON).status_code == 403
