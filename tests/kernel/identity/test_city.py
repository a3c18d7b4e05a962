"""People come in by the city's identity provider, and nobody comes in by what only looks like it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from conftest import PASSWORD
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from joserfc.jwk import RSAKey
from kernel.identity.codes import code_of
from kernel.identity.fake_city import FakeCity, serve
from kernel.identity.party import Browser, query_of
from pytest_django import Settings

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import list_entries
from chengshu.kernel.grants.facade import Grant
from chengshu.kernel.identity import facade as identity
from chengshu.kernel.identity.models import CityIdentity

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - of an account that lives for one test


@pytest.fixture(scope="module")
def one_city() -> Iterator[FakeCity]:
    with serve(FakeCity()) as city:
        yield city


@pytest.fixture
def city(one_city: FakeCity, settings: Settings) -> FakeCity:
    one_city.claims, one_city.key, one_city.status = {}, None, 200
    one_city.asked.clear()
    settings.CITY_LOGIN, settings.CITY_OPENS_ACCOUNTS = one_city.settings(), False
    return one_city


@pytest.fixture
def linked(officer: User, city: FakeCity) -> User:
    now = timezone.now()
    CityIdentity.objects.create(account=officer, issuer=city.address, subject="c-1", linked_at=now, used_at=now)
    return officer


def _set_out(client: Client, page: str = "") -> dict[str, str]:
    """Follow the link to the city; return what the city is asked."""
    return query_of(client.get(f"/login/city/{page}")["Location"])


def _come_back(client: Client, asked: dict[str, str], **other: str) -> Any:
    return client.get("/login/city/callback/", {"code": "c0de", "state": asked["state"]} | other)


def _come_in(client: Client, city: FakeCity, **said: Any) -> Any:
    asked = _set_out(client)
    city.say(**({"nonce": asked["nonce"]} | said))
    return _come_back(client, asked)


def _is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


class TestComeIn:
    def test_by_issuer_and_subject(self, client: Client, city: FakeCity, linked: User) -> None:
        assert _come_in(client, city)["Location"] == "/"
        assert _is_in(client)
        entry = list_entries(f"account:{linked.pk}").get(action="accounts.log_in")
        assert (entry.actor, entry.details) == (linked, {"method": "city"})

    @pytest.mark.usefixtures("linked")
    def test_goes_on_to_the_page_that_was_asked_for(self, client: Client, city: FakeCity) -> None:
        asked = _set_out(client, "?next=/jobs/")
        city.say(asked["nonce"])
        assert _come_back(client, asked)["Location"] == "/jobs/"

    @pytest.mark.usefixtures("linked")
    def test_sends_a_challenge_and_proves_it(self, client: Client, city: FakeCity) -> None:
        asked = _set_out(client)
        assert asked["code_challenge_method"] == "S256"
        city.say(asked["nonce"])
        _come_back(client, asked)
        assert len(city.asked[0]["code_verifier"]) >= 43

    def test_still_asks_for_the_second_factor(self, client: Client, city: FakeCity, linked: User) -> None:
        then = timezone.now() - timedelta(hours=1)
        identity.add_totp(linked, SECRET, code_of(SECRET, then), now=then)
        assert _come_in(client, city)["Location"] == "/login/second/"
        assert not _is_in(client)
        client.post("/login/second/", {"code": code_of(SECRET, timezone.now())})
        assert _is_in(client)

    def test_asks_for_none_when_the_city_did(self, client: Client, city: FakeCity, linked: User) -> None:
        then = timezone.now() - timedelta(hours=1)
        identity.add_totp(linked, SECRET, code_of(SECRET, then), now=then)
        assert _come_in(client, city, amr=["pwd", "otp"])["Location"] == "/"

    @pytest.mark.usefixtures("linked")
    def test_and_out_again_there_as_well(self, client: Client, city: FakeCity) -> None:
        _come_in(client, city)
        client.post("/logout/")
        assert f'href="{city.address}/bye?client_id=chengshu' in client.get("/login/").content.decode()


class TestRefuses:
    @pytest.mark.usefixtures("linked")
    @pytest.mark.parametrize(
        "said",
        [
            {"iss": "https://evil.example"},
            {"iss": None},
            {"aud": "another-client"},
            {"aud": ["chengshu", "another-client"]},
            {"aud": ["chengshu", "another-client"], "azp": "another-client"},
            {"nonce": "of-another-log-in"},
            {"nonce": None},
            {"exp": 1_700_000_000},  # long ago
            {"exp": None},
            {"sub": None},
            {"sub": ""},
            {"sub": 1},
        ],
        ids=str,
    )
    def test_a_token_that_says(self, said: dict[str, Any], client: Client, city: FakeCity) -> None:
        answer = _come_in(client, city, **said)
        assert answer["Location"] == "/login/"
        assert not _is_in(client)
        assert "统一身份没有确认您的登录" in client.get("/login/").content.decode()

    @pytest.mark.usefixtures("linked")
    def test_a_token_that_somebody_else_signed(self, client: Client, city: FakeCity) -> None:
        city.key = RSAKey.generate_key(2048, {"kid": "k1", "alg": "RS256"})
        _come_in(client, city)
        assert not _is_in(client)

    @pytest.mark.usefixtures("linked")
    def test_a_provider_that_answers_with_a_fault(self, client: Client, city: FakeCity) -> None:
        city.status = 500
        _come_in(client, city)
        assert not _is_in(client)

    @pytest.mark.usefixtures("linked")
    def test_an_answer_that_comes_twice(self, client: Client, city: FakeCity) -> None:
        asked = _set_out(client)
        city.say(asked["nonce"])
        _come_back(client, asked)
        client.post("/logout/")
        assert _come_back(client, asked).status_code == 400
        assert not _is_in(client)

    @pytest.mark.usefixtures("linked")
    def test_an_answer_in_a_browser_that_did_not_ask(self, client: Client, city: FakeCity) -> None:
        asked = _set_out(client)
        city.say(asked["nonce"])
        stranger = Client()
        assert _come_back(stranger, asked).status_code == 400
        assert not _is_in(stranger)

    def test_a_retired_account(self, client: Client, city: FakeCity, linked: User) -> None:
        User.objects.filter(pk=linked.pk).update(is_active=False)
        _come_in(client, city)
        assert not _is_in(client)


class TestUnknownPeople:
    def test_get_no_account(self, client: Client, city: FakeCity) -> None:
        assert _come_in(client, city)["Location"] == "/login/"
        assert not User.objects.exists()
        assert list_entries("account:unknown").get().action == "identity.refuse_city"

    @pytest.mark.parametrize("shared", [{"preferred_username": "officer"}, {"email": "officer@city.example"}])
    def test_are_not_taken_for_somebody_of_the_same_name(
        self, shared: dict[str, str], client: Client, city: FakeCity, officer: User, settings: Settings
    ) -> None:
        for opens in (False, True):
            settings.CITY_OPENS_ACCOUNTS = opens
            _come_in(client, city, **shared)
            entered = client.session.get("_auth_user_id")
            assert entered != str(officer.pk)

    def test_get_one_without_any_right_when_the_settings_say_so(
        self, client: Client, city: FakeCity, settings: Settings
    ) -> None:
        settings.CITY_OPENS_ACCOUNTS = True
        _come_in(client, city, groups=["admin"], roles=["admin"])
        user = User.objects.get()
        assert (user.login_name, user.display_name, user.is_superuser) == ("qian", "钱某", False)
        assert not user.has_usable_password()
        assert not Grant.objects.filter(account=user).exists()
        assert _is_in(client)
        again = Client()
        _come_in(again, city, preferred_username="renamed")
        assert _is_in(again)
        assert User.objects.count() == 1


class TestLink:
    def test_is_made_by_who_is_logged_in(self, client: Client, city: FakeCity, officer: User) -> None:
        client.post("/login/", {"login_name": officer.login_name, "password": PASSWORD})
        asked = query_of(client.get("/account/city/link/")["Location"])
        city.say(asked["nonce"])
        _come_back(client, asked)
        assert CityIdentity.objects.get().account == officer
        assert "解除绑定" in client.get("/account/").content.decode()
        client.post("/account/city/unlink/")
        assert not CityIdentity.objects.exists()

    def test_is_not_made_by_a_link_from_elsewhere(self, client: Client, city: FakeCity, officer: User) -> None:
        client.post("/login/", {"login_name": officer.login_name, "password": PASSWORD})
        asked = _set_out(client)  # to come in, not to link
        city.say(asked["nonce"])
        _come_back(client, asked)
        assert not CityIdentity.objects.exists()

    def test_is_not_taken_from_somebody_else(
        self, client: Client, city: FakeCity, linked: User, reviewer: User
    ) -> None:
        client.post("/login/", {"login_name": reviewer.login_name, "password": PASSWORD})
        asked = query_of(client.get("/account/city/link/")["Location"])
        city.say(asked["nonce"])
        _come_back(client, asked)
        assert CityIdentity.objects.get().account == linked


def test_without_a_provider_says_so(client: Client, settings: Settings) -> None:
    settings.CITY_LOGIN = None
    for name in ("city-login", "city-callback"):
        assert client.get(reverse(f"identity:{name}")).status_code == 503
    assert "用统一身份登录" not in client.get("/login/").content.decode()


def test_one_house_lets_people_in_by_another(
    site: str, browser: Browser, officer: User, reviewer: User, admin: User, settings: Settings
) -> None:
    """The provider's own house plays the city here: what both halves say fits together."""
    back = "http://localhost/login/city/callback/"
    row, secret = identity.register_application(
        identity.NewApplication("城枢", (back,)), actor=admin, now=timezone.now()
    )
    settings.CITY_LOGIN = FakeCity(address=f"{site}/oauth").settings() | {
        "OIDC_OP_AUTHORIZATION_ENDPOINT": f"{site}/oauth/authorize/",
        "OIDC_OP_TOKEN_ENDPOINT": f"{site}/oauth/token/",
        "OIDC_OP_JWKS_ENDPOINT": f"{site}/oauth/.well-known/jwks.json",
        "OIDC_RP_CLIENT_ID": row.client_id,
        "OIDC_RP_CLIENT_SECRET": secret,
    }
    now = timezone.now()
    CityIdentity.objects.create(
        account=reviewer, issuer=f"{site}/oauth", subject=str(officer.pk), linked_at=now, used_at=now
    )
    client = Client(headers={"host": "localhost"})
    returned = browser.agree(client.get("/login/city/")["Location"])
    assert client.get("/login/city/callback/", query_of(returned))["Location"] == "/"
    assert client.session["_auth_user_id"] == str(reviewer.pk)
