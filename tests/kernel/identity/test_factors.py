"""A password alone does not let in who has a second factor; codes work once; losing the phone is no disaster."""

import re
from datetime import datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from conftest import NOW, PASSWORD
from django.test import Client
from django.utils import timezone
from kernel.identity.codes import code_of
from pytest_django import Settings

from chengshu.kernel.accounts.facade import LoginPaused, User, change_password
from chengshu.kernel.audit.facade import list_entries
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.identity import facade as identity
from chengshu.kernel.identity.facade import FactorKind, FactorWrong
from chengshu.kernel.organisations import facade as organisations

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - of accounts that live for one test
LATER = timedelta(minutes=5)


@pytest.fixture
def codes(officer: User) -> list[str]:
    """Set up the app for the officer some time ago; give the recovery codes."""
    then = timezone.now() - timedelta(hours=1)
    return identity.add_totp(officer, SECRET, code_of(SECRET, then), now=then)


def _give_password(client: Client, user: User, **more: str) -> str:
    answer = client.post("/login/", {"login_name": user.login_name, "password": PASSWORD, **more})
    return str(answer["Location"])


def _actions(user: User) -> list[str]:
    return [entry.action for entry in list_entries(f"account:{user.pk}")]


class TestLogIn:
    def test_asks_for_the_code_and_goes_on_to_the_page(self, client: Client, officer: User, codes: list[str]) -> None:
        assert codes
        assert _give_password(client, officer, next="/jobs/") == "/login/second/"
        assert client.get("/account/").status_code == 302  # not in yet
        answer = client.post("/login/second/", {"code": code_of(SECRET, timezone.now())})
        assert answer["Location"] == "/jobs/"
        assert client.get("/account/").status_code == 200

    @pytest.mark.usefixtures("codes")
    def test_tells_the_audit_only_when_the_person_is_in(self, client: Client, officer: User) -> None:
        _give_password(client, officer)
        assert "accounts.log_in" not in _actions(officer)
        client.post("/login/second/", {"code": "000000"})
        client.post("/login/second/", {"code": code_of(SECRET, timezone.now())})
        assert _actions(officer)[:3] == ["accounts.log_in", "identity.use_factor", "accounts.refuse_second_factor"]

    @pytest.mark.usefixtures("codes")
    def test_says_at_the_field_that_the_code_is_wrong(self, client: Client, officer: User) -> None:
        _give_password(client, officer)
        for typed in ("000000", "", "x" * 40):
            answer = client.post("/login/second/", {"code": typed})
            assert answer.status_code == 422
            assert 'aria-invalid="true"' in answer.content.decode()
        assert client.get("/account/").status_code == 302

    @pytest.mark.usefixtures("codes")
    def test_locks_after_too_many_wrong_codes(self, client: Client, officer: User, settings: Settings) -> None:
        settings.LOGIN_ATTEMPTS = 2
        _give_password(client, officer)
        for _ in range(2):
            client.post("/login/second/", {"code": "000000"})
        answer = client.post("/login/second/", {"code": code_of(SECRET, timezone.now())})
        assert answer.status_code == 422
        assert "连续多次输错" in answer.content.decode()

    @pytest.mark.usefixtures("codes")
    def test_forgets_the_password_after_a_while(self, client: Client, officer: User, settings: Settings) -> None:
        _give_password(client, officer)
        settings.SECOND_STEP_LASTS = timedelta(0)
        answer = client.post("/login/second/", {"code": code_of(SECRET, timezone.now())})
        assert "请先输入登录名和口令" in answer.content.decode()
        assert client.get("/account/").status_code == 302

    @pytest.mark.usefixtures("codes")
    def test_starts_anew_when_the_password_was_changed_meanwhile(self, client: Client, officer: User) -> None:
        _give_password(client, officer)
        change_password(officer, "another-long-word")
        client.post("/login/second/", {"code": code_of(SECRET, timezone.now())})
        assert client.get("/account/").status_code == 302

    @pytest.mark.django_db
    def test_second_step_without_the_first_leads_back(self, client: Client) -> None:
        assert "去登录" in client.post("/login/second/", {"code": "123456"}).content.decode()

    @pytest.mark.usefixtures("codes")
    def test_goes_to_no_other_site(self, client: Client, officer: User) -> None:
        _give_password(client, officer, next="https://evil.example/")
        answer = client.post("/login/second/", {"code": code_of(SECRET, timezone.now())})
        assert answer["Location"] == "/"


class TestVerifyCode:
    def test_a_code_works_once(self, officer: User) -> None:
        identity.add_totp(officer, SECRET, code_of(SECRET, NOW), now=NOW)
        code = code_of(SECRET, NOW + LATER)
        assert identity.verify_code(officer, code, now=NOW + LATER) is FactorKind.TOTP
        with pytest.raises(FactorWrong):
            identity.verify_code(officer, code, now=NOW + LATER)

    def test_the_code_of_the_set_up_does_not_work_again(self, officer: User) -> None:
        identity.add_totp(officer, SECRET, code_of(SECRET, NOW), now=NOW)
        with pytest.raises(FactorWrong):
            identity.verify_code(officer, code_of(SECRET, NOW), now=NOW)

    def test_each_recovery_code_works_once(self, officer: User) -> None:
        codes = identity.add_totp(officer, SECRET, code_of(SECRET, NOW), now=NOW)
        assert len(set(codes)) == 10
        assert identity.verify_code(officer, codes[3], now=NOW) is FactorKind.RECOVERY_CODES
        with pytest.raises(FactorWrong):
            identity.verify_code(officer, codes[3], now=NOW)
        assert [factor.left for factor in identity.list_factors(officer)] == [None, 9]

    def test_new_recovery_codes_end_the_old(self, officer: User) -> None:
        old = identity.add_totp(officer, SECRET, code_of(SECRET, NOW), now=NOW)
        new = identity.renew_recovery_codes(officer, now=NOW)
        with pytest.raises(FactorWrong):
            identity.verify_code(officer, old[0], now=NOW)
        assert identity.verify_code(officer, new[0], now=NOW) is FactorKind.RECOVERY_CODES

    def test_codes_of_somebody_else_do_not_work(self, officer: User, reviewer: User) -> None:
        identity.add_totp(officer, SECRET, code_of(SECRET, NOW), now=NOW)
        other = "KRSXG5CTMVRXEZLUKN2XAZLSKNSWG4TF"
        identity.add_totp(reviewer, other, code_of(other, NOW), now=NOW)
        with pytest.raises(FactorWrong):
            identity.verify_code(officer, code_of(other, NOW + LATER), now=NOW + LATER)

    def test_while_locked_a_right_code_is_not_looked_at(self, officer: User, settings: Settings) -> None:
        settings.LOGIN_ATTEMPTS = 1
        codes = identity.add_totp(officer, SECRET, code_of(SECRET, NOW), now=NOW)
        with pytest.raises(LoginPaused):
            identity.verify_code(officer, "00000000", now=NOW)
        with pytest.raises(LoginPaused):
            identity.verify_code(officer, codes[0], now=NOW)

    def test_secrets_are_kept_encrypted(self, officer: User) -> None:
        codes = identity.add_totp(officer, SECRET, code_of(SECRET, NOW), now=NOW)
        kept = str([row.data for row in Authenticator.objects.filter(user=officer)])
        assert SECRET not in kept
        assert not any(code in kept for code in codes)

    def test_a_key_that_was_replaced_still_opens_them(self, officer: User, settings: Settings) -> None:
        identity.add_totp(officer, SECRET, code_of(SECRET, NOW), now=NOW)
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = (
            [settings.SECRET_KEY],
            "a-new-key-of-good-length-0123456789",
        )
        assert identity.verify_code(officer, code_of(SECRET, NOW + LATER), now=NOW + LATER) is FactorKind.TOTP


class TestOwnPages:
    @pytest.fixture
    def inside(self, client: Client, officer: User) -> Client:
        _give_password(client, officer)
        return client

    def test_set_up_the_app_and_show_recovery_codes_once(self, inside: Client, officer: User) -> None:
        html = inside.get("/account/app/").content.decode()
        secret = re.search(r'secret-text">([A-Z2-7]{32})<', html)
        assert secret is not None
        assert inside.post("/account/app/", {"code": "000000"}).status_code == 422
        answer = inside.post("/account/app/", {"code": code_of(secret[1], timezone.now())})
        shown = re.findall(r"<code>(\d{4}) (\d{4})</code>", answer.content.decode())
        assert len(shown) == 10
        assert "".join(shown[0]) not in inside.get("/account/recovery-codes/").content.decode()
        assert "identity.add_factor" in _actions(officer)

    def test_ask_for_the_password_when_the_log_in_is_long_ago(
        self, inside: Client, officer: User, settings: Settings
    ) -> None:
        settings.CONFIRMATION_LASTS = timedelta(0)
        assert inside.get("/account/app/")["Location"] == "/account/confirm/?next=%2Faccount%2Fapp%2F"
        assert inside.post("/account/confirm/", {"password": "wrong"}).status_code == 422
        settings.CONFIRMATION_LASTS = timedelta(minutes=10)
        answer = inside.post("/account/confirm/", {"password": PASSWORD, "next": "/account/app/"})
        assert answer["Location"] == "/account/app/"
        assert "accounts.refuse_log_in" in _actions(officer)

    def test_remove_the_last_factor_with_its_recovery_codes(self, inside: Client, officer: User) -> None:
        identity.add_totp(officer, SECRET, code_of(SECRET, NOW), now=NOW)
        factor = identity.list_factors(officer)[0]
        inside.post(f"/account/factors/{factor.id}/remove/")
        assert identity.list_factors(officer) == []
        assert _actions(officer)[0] == "identity.remove_factor"

    def test_remove_nothing_of_somebody_else(self, inside: Client, reviewer: User) -> None:
        identity.add_totp(reviewer, SECRET, code_of(SECRET, NOW), now=NOW)
        inside.post(f"/account/factors/{identity.list_factors(reviewer)[0].id}/remove/")
        assert identity.has_factors(reviewer)


class TestRolesThatDemandOne:
    @pytest.fixture(autouse=True)
    def _officers_need_one(self, settings: Settings) -> None:
        settings.SECOND_FACTOR_ROLES = frozenset({"officer"})

    def test_their_people_set_one_up_before_anything_else(self, client: Client, officer: User) -> None:
        _give_password(client, officer)
        assert client.get("/jobs/")["Location"] == "/account/"
        assert client.get("/jobs/", headers={"HX-Request": "true"})["HX-Redirect"] == "/account/"
        assert "必须有第二重验证" in client.get("/account/").content.decode()
        client.get("/account/app/")
        secret = client.session["identity_totp_secret"]
        client.post("/account/app/", {"code": code_of(secret, timezone.now())})
        assert client.get("/jobs/").status_code == 200

    def test_others_are_left_alone(self, client: Client, reviewer: User) -> None:
        _give_password(client, reviewer)
        assert client.get("/jobs/").status_code == 200

    def test_a_role_by_grant_counts_from_its_first_day(
        self, client: Client, reviewer: User, settings: Settings
    ) -> None:
        settings.SECOND_FACTOR_ROLES = frozenset({"auditor"})
        _give_password(client, reviewer)
        assert client.get("/jobs/").status_code == 200
        _grant(reviewer, "auditor", NOW)
        assert client.get("/jobs/")["Location"] == "/account/"

    def test_the_last_factor_stays(self, officer: User) -> None:
        identity.add_totp(officer, SECRET, code_of(SECRET, NOW), now=NOW)
        with pytest.raises(identity.FactorRequired):
            identity.remove_factor(officer, identity.list_factors(officer)[0].id, now=NOW)

    def test_a_session_from_before_has_to_begin_anew(self, client: Client, officer: User) -> None:
        client.force_login(officer)
        assert client.get("/jobs/")["Location"] == "/account/"
        identity.add_totp(officer, SECRET, code_of(SECRET, NOW), now=NOW)  # on another device
        assert client.get("/jobs/")["Location"] == "/login/"
        assert client.get("/account/")["Location"].startswith("/login/")


def test_a_misspelt_role_stops_the_program(settings: Settings) -> None:
    from chengshu.kernel.identity.apps import check_roles  # noqa: PLC0415 - of this test alone

    settings.SECOND_FACTOR_ROLES = frozenset({"admin"})
    assert check_roles() == []
    settings.SECOND_FACTOR_ROLES = frozenset({"admim"})
    assert [fault.id for fault in check_roles()] == ["identity.E001"]


def _grant(account: User, role: str, now: datetime) -> None:
    new = organisations.NewOrganisation("C", organisations.Kind.CITY, "市", now.date(), None)
    city = organisations.create_organisation(new, actor=None, now=now)
    grants.give_grant(grants.NewGrant(account.pk, role, city.pk, now.date(), "分工"), actor=None, now=now)
