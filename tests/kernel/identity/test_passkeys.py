"""A passkey lets in its owner, on this site, once a challenge, and nobody else."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from conftest import PASSWORD
from django.test import Client
from kernel.identity.device import Device
from pytest_django import Settings

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import list_entries
from chengshu.kernel.identity import facade as identity
from chengshu.kernel.identity.facade import FactorKind


@pytest.fixture
def browser() -> Client:
    return _browser()


@pytest.fixture
def inside(officer: User) -> Client:
    client = _browser()
    client.post("/login/", {"login_name": officer.login_name, "password": PASSWORD})
    return client


@pytest.fixture
def device(inside: Client) -> Device:
    """A device with a passkey of the officer."""
    made = Device()
    assert _add(inside, made) == 200
    return made


def _browser() -> Client:
    return Client(headers={"host": "testserver"})


def _options(html: str) -> dict[str, Any]:
    found = re.search(r'<script id="passkey-options" type="application/json">(.+?)</script>', html)
    assert found is not None
    options: dict[str, Any] = json.loads(found[1])
    return options


def _add(client: Client, device: Device) -> int:
    options = _options(client.get("/account/passkeys/add/").content.decode())
    posted = {"name": "办公电脑", "credential": json.dumps(device.make(options))}
    return client.post("/account/passkeys/add/", posted).status_code


def _come_in(client: Client, device: Device, **more: str) -> str:
    options = client.get("/login/passkey/challenge/").json()
    answer = client.post("/login/passkey/", {"credential": json.dumps(device.show(options)), **more})
    return str(answer["Location"])


def _is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


class TestAdd:
    def test_keeps_the_key_and_shows_recovery_codes(self, inside: Client, officer: User) -> None:
        options = _options(inside.get("/account/passkeys/add/").content.decode())
        posted = {"name": "办公电脑", "credential": json.dumps(Device().make(options))}
        html = inside.post("/account/passkeys/add/", posted).content.decode()
        assert len(re.findall(r"<code>\d{4} \d{4}</code>", html)) == 10
        assert [factor.name for factor in identity.list_factors(officer)] == ["办公电脑", "恢复码"]
        assert "办公电脑" in inside.get("/account/").content.decode()

    @pytest.mark.parametrize(
        "device",
        [Device(origin="https://evil.example"), Device(host="evil.example"), Device(is_verified=False)],
        ids=["another site", "another host's key", "nobody looked at the finger"],
    )
    def test_refuses(self, device: Device, inside: Client, officer: User) -> None:
        assert _add(inside, device) == 422
        assert identity.list_factors(officer) == []

    @pytest.mark.parametrize("sent", ["", "null", "[]", "{}", '{"response": 1}', '{"response": {}}', "no json"])
    def test_refuses_what_no_device_made(self, sent: str, inside: Client) -> None:
        inside.get("/account/passkeys/add/")
        assert inside.post("/account/passkeys/add/", {"name": "", "credential": sent}).status_code == 422

    def test_takes_an_answer_once(self, inside: Client, officer: User) -> None:
        options = _options(inside.get("/account/passkeys/add/").content.decode())
        posted = {"name": "", "credential": json.dumps(Device().make(options))}
        assert [inside.post("/account/passkeys/add/", posted).status_code for _ in range(2)] == [200, 422]
        assert len(identity.list_factors(officer)) == 2


class TestComeIn:
    def test_without_a_password(self, browser: Client, device: Device, officer: User) -> None:
        assert _come_in(browser, device, next="/jobs/") == "/jobs/"
        assert _is_in(browser)
        entry = list_entries(f"account:{officer.pk}").filter(action="accounts.log_in")[0]
        assert (entry.actor, entry.details) == (officer, {"method": "passkey"})

    def test_satisfies_roles_that_demand_a_second_factor(
        self, browser: Client, device: Device, settings: Settings
    ) -> None:
        settings.SECOND_FACTOR_ROLES = frozenset({"officer"})
        _come_in(browser, device)
        assert browser.get("/jobs/").status_code == 200

    @pytest.mark.parametrize(
        "lie",
        [
            {"origin": "https://evil.example"},
            {"host": "evil.example"},
            {"is_verified": False},
            {"credential_id": b"another-passkey!"},
            {"user_handle": "enz"},
            {"key": Device().key},
        ],
        ids=lambda lie: next(iter(lie)),
    )
    def test_refuses_lies(self, lie: dict[str, Any], browser: Client, device: Device) -> None:
        for name, value in lie.items():
            setattr(device, name, value)
        assert _come_in(browser, device) == "/login/"
        assert not _is_in(browser)
        assert "通行密钥没有通过验证" in browser.get("/login/").content.decode()

    def test_takes_an_answer_once(self, browser: Client, device: Device) -> None:
        options = browser.get("/login/passkey/challenge/").json()
        posted = {"credential": json.dumps(device.show(options))}
        browser.post("/login/passkey/", posted)
        browser.post("/logout/")
        assert browser.post("/login/passkey/", posted)["Location"] == "/login/"
        assert not _is_in(browser)

    def test_takes_no_answer_to_somebody_elses_challenge(self, browser: Client, device: Device) -> None:
        options = _browser().get("/login/passkey/challenge/").json()
        browser.get("/login/passkey/challenge/")
        browser.post("/login/passkey/", {"credential": json.dumps(device.show(options))})
        assert not _is_in(browser)

    def test_refuses_a_copy_that_counts_backwards(self, browser: Client, device: Device, officer: User) -> None:
        device.counter = 7
        assert _come_in(browser, device) == "/"
        copy = _browser()
        assert _come_in(copy, device) == "/login/"
        assert not _is_in(copy)
        assert list_entries(f"account:{officer.pk}").filter(action="identity.refuse_passkey").count() == 1

    def test_refuses_a_retired_account(self, browser: Client, device: Device, officer: User) -> None:
        User.objects.filter(pk=officer.pk).update(is_active=False)
        _come_in(browser, device)
        assert not _is_in(browser)

    @pytest.mark.django_db
    @pytest.mark.parametrize("sent", ["", "null", "[]", "{}", '{"response": {"userHandle": "enz"}}', "no json"])
    def test_refuses_what_no_device_sent(self, sent: str, browser: Client) -> None:
        browser.get("/login/passkey/challenge/")
        assert browser.post("/login/passkey/", {"credential": sent})["Location"] == "/login/"


class TestSecondStep:
    def test_takes_the_persons_passkey(self, browser: Client, device: Device, officer: User) -> None:
        browser.post("/login/", {"login_name": officer.login_name, "password": PASSWORD})
        options = _options(browser.get("/login/second/").content.decode())
        browser.post("/login/second/", {"credential": json.dumps(device.show(options))})
        assert _is_in(browser)

    def test_takes_no_passkey_of_somebody_else(self, browser: Client, device: Device, reviewer: User) -> None:
        other = _browser()
        other.post("/login/", {"login_name": reviewer.login_name, "password": PASSWORD})
        _add(other, Device())
        browser.post("/login/", {"login_name": reviewer.login_name, "password": PASSWORD})
        options = _options(browser.get("/login/second/").content.decode())
        answer = browser.post("/login/second/", {"credential": json.dumps(device.show(options))})
        assert answer.status_code == 422
        assert not _is_in(browser)


def test_is_removed_like_any_factor(inside: Client, device: Device, officer: User) -> None:
    row = Authenticator.objects.get(user=officer, type=FactorKind.PASSKEY)
    inside.post(f"/account/factors/{row.pk}/remove/")
    assert not identity.has_factors(officer)
    browser = _browser()
    _come_in(browser, device)
    assert not _is_in(browser)


def test_is_not_removed_long_after_the_log_in(
    inside: Client, device: Device, officer: User, settings: Settings
) -> None:
    assert device.user_handle
    settings.CONFIRMATION_LASTS = timedelta(0)
    inside.post(f"/account/factors/{Authenticator.objects.get(user=officer, type=FactorKind.PASSKEY).pk}/remove/")
    assert identity.has_factors(officer)
