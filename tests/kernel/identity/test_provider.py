"""Applications let people in by us: checked by a client library that shares no code with the provider."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import requests
from authlib.integrations.base_client import OAuthError
from django.test import RequestFactory
from django.utils import timezone
from kernel.identity.conftest import AFTER, CALLBACK, open_browser
from kernel.identity.party import WAIT, Browser, Party, query_of
from oauth2_provider.models import AccessToken, Application, RefreshToken

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import list_all_entries
from chengshu.kernel.identity import facade as identity


def _actions() -> list[str]:
    return [entry.action for entry in list_all_entries() if entry.action.startswith("identity.")]


class TestLogIn:
    def test_tells_who_the_person_is(self, party: Party, browser: Browser, officer: User) -> None:
        returned = browser.agree(party.address())
        assert query_of(returned)["iss"] == party.configuration["issuer"]
        token = party.fetch(returned)
        claims = party.read(token["id_token"])
        assert claims["sub"] == str(officer.pk)
        told = party.ask(token["access_token"]).json()
        assert told["sub"] == claims["sub"]
        assert told["name"] == officer.display_name
        assert told["preferred_username"] == officer.login_name
        assert len(told["organisations"]) == 1
        assert {"identity.authorise_application", "identity.issue_token"} <= set(_actions())

    def test_tells_the_name_to_those_alone_who_asked_for_it(self, party: Party, browser: Browser) -> None:
        token = party.fetch(browser.agree(party.address("openid")))
        assert set(party.ask(token["access_token"]).json()) == {"sub"}
        assert "name" not in party.read(token["id_token"])

    def test_works_for_an_application_without_a_secret(
        self, register: Callable[..., Party], browser: Browser, officer: User
    ) -> None:
        party = register(is_public=True)
        assert party.secret == ""
        assert party.read(party.fetch(browser.agree(party.address()))["id_token"])["sub"] == str(officer.pk)

    def test_asks_for_the_log_in_first(self, party: Party) -> None:
        answer = requests.get(party.address(), allow_redirects=False, timeout=WAIT)
        assert answer.headers["Location"].startswith("/login/?next=/oauth/authorize/")

    def test_without_asking_says_that_nobody_is_logged_in(self, party: Party) -> None:
        answer = requests.get(party.address(prompt="none"), allow_redirects=False, timeout=WAIT)
        assert query_of(answer.headers["Location"])["error"] == "login_required"

    def test_without_asking_says_that_the_person_would_have_to_be_asked(self, party: Party, browser: Browser) -> None:
        answer = browser.get(party.address(prompt="none"))
        assert query_of(answer.headers["Location"])["error"] == "consent_required"

    def test_can_demand_a_new_log_in(self, party: Party, browser: Browser) -> None:
        assert urlsplit(browser.get(party.address(prompt="login")).headers["Location"]).path == "/login/"
        assert browser.get(f"{party.site}/account/").status_code == 302

    def test_tells_nothing_when_the_person_does_not_agree(self, party: Party, browser: Browser) -> None:
        page = browser.get(party.address())
        assert "预算系统" in page.text
        returned = browser.send(page).headers["Location"]
        assert query_of(returned)["error"] == "access_denied"
        assert "identity.refuse_application" in _actions()

    def test_lets_the_form_lead_to_the_application_and_nowhere_else(self, party: Party, browser: Browser) -> None:
        policy = browser.get(party.address()).headers["Content-Security-Policy"]
        assert "form-action 'self' http://127.0.0.1:9" in policy


class TestCodes:
    def test_work_once_and_a_second_use_is_refused(self, party: Party, browser: Browser) -> None:
        returned = browser.agree(party.address())
        party.fetch(returned)
        with pytest.raises(OAuthError, match="invalid_grant"):
            party.fetch(returned)

    def test_need_the_verifier_that_they_were_asked_with(self, party: Party, browser: Browser) -> None:
        returned = browser.agree(party.address())
        for wrong in ("w" * 43, ""):
            with pytest.raises(OAuthError, match="invalid_"):
                party.fetch(returned, code_verifier=wrong)

    def test_are_not_given_without_pkce(self, party: Party, browser: Browser) -> None:
        address = party.address()
        challenge = query_of(address)["code_challenge"]
        address = address.replace(f"&code_challenge={challenge}", "").replace("&code_challenge_method=S256", "")
        assert query_of(browser.get(address).headers["Location"])["error"] == "invalid_request"

    def test_are_not_given_for_a_challenge_in_plain(self, party: Party, browser: Browser) -> None:
        plain = party.address().replace("code_challenge_method=S256", "code_challenge_method=plain")
        answer = browser.send(browser.get(plain), allow="true")
        assert query_of(answer.headers["Location"])["error"] == "invalid_request"

    def test_are_sent_to_no_other_address(self, party: Party, browser: Browser) -> None:
        address = party.address().replace("%2Fcallback", "%2Felsewhere")
        answer = browser.get(address)
        assert (answer.status_code, answer.headers.get("Location")) == (400, None)

    def test_are_good_for_the_application_that_asked_alone(
        self, party: Party, register: Callable[..., Party], browser: Browser
    ) -> None:
        returned = browser.agree(party.address())
        other = register()
        other.verifier = party.verifier
        with pytest.raises(OAuthError, match="invalid_grant"):
            other.fetch(returned)

    @pytest.mark.parametrize("kind", ["token", "id_token", "code token"])
    def test_are_the_only_thing_that_is_given(self, kind: str, party: Party, browser: Browser) -> None:
        answer = browser.get(party.address(response_type=kind).replace("response_type=code&", ""))
        assert "access_token" not in answer.headers.get("Location", "")
        assert "id_token=" not in answer.headers.get("Location", "")
        assert answer.status_code in {302, 400}

    @pytest.mark.parametrize("kind", ["password", "client_credentials"])
    def test_are_not_gone_round(self, kind: str, party: Party, officer: User) -> None:
        data = {"grant_type": kind, "username": officer.login_name, "password": "correct-horse-battery"}
        endpoint = party.configuration["token_endpoint"]
        answer = requests.post(endpoint, data=data, auth=(party.client_id, party.secret), timeout=WAIT)
        assert answer.status_code in {400, 401}
        assert "access_token" not in answer.text

    def test_need_the_applications_secret(self, party: Party, browser: Browser) -> None:
        returned = browser.agree(party.address())
        party.secret = "guessed"  # noqa: S105 - a wrong one
        with pytest.raises(OAuthError, match="invalid_client"):
            party.fetch(returned)


class TestRefresh:
    def test_gives_new_tokens_and_takes_the_old_one_no_more(self, party: Party, browser: Browser) -> None:
        first = party.fetch(browser.agree(party.address()))
        second = party.refresh(first["refresh_token"])
        assert second["refresh_token"] != first["refresh_token"]
        assert party.ask(second["access_token"]).status_code == 200

    def test_a_token_that_comes_twice_ends_all_that_came_of_it(self, party: Party, browser: Browser) -> None:
        first = party.fetch(browser.agree(party.address()))
        second = party.refresh(first["refresh_token"])
        with pytest.raises(OAuthError, match="invalid_grant"):
            party.refresh(first["refresh_token"])
        with pytest.raises(OAuthError, match="invalid_grant"):
            party.refresh(second["refresh_token"])
        assert party.ask(second["access_token"]).status_code == 401
        assert "identity.refuse_refresh" in _actions()

    def test_is_refused_to_a_retired_account(self, party: Party, browser: Browser, officer: User) -> None:
        token = party.fetch(browser.agree(party.address()))
        User.objects.filter(pk=officer.pk).update(is_active=False)
        assert party.ask(token["access_token"]).status_code == 401
        with pytest.raises(OAuthError, match="invalid_grant"):
            party.refresh(token["refresh_token"])

    def test_tokens_are_kept_hashed(self, party: Party, browser: Browser) -> None:
        token = party.fetch(browser.agree(party.address()))
        assert not AccessToken.objects.filter(token=token["access_token"]).exists()
        assert not RefreshToken.objects.filter(token=token["refresh_token"]).exists()


class TestEnds:
    def test_the_person_withdraws_the_application(self, party: Party, browser: Browser, officer: User) -> None:
        token = party.fetch(browser.agree(party.address()))
        (given,) = identity.list_authorisations(officer, now=timezone.now())
        page = browser.get(f"{party.site}/account/")
        assert "预算系统" in page.text
        key = {"csrfmiddlewaretoken": page.text.partition('csrfmiddlewaretoken" value="')[2].partition('"')[0]}
        with browser.session:
            browser.session.post(f"{party.site}/account/applications/{given.id}/withdraw/", data=key, timeout=WAIT)
        assert party.ask(token["access_token"]).status_code == 401
        with pytest.raises(OAuthError, match="invalid_grant"):
            party.refresh(token["refresh_token"])
        assert identity.list_authorisations(officer, now=timezone.now()) == []

    def test_the_application_revokes_its_token(self, party: Party, browser: Browser) -> None:
        token = party.fetch(browser.agree(party.address()))
        data = {"token": token["refresh_token"]}
        requests.post(f"{party.site}/oauth/revoke/", data=data, auth=(party.client_id, party.secret), timeout=WAIT)
        with pytest.raises(OAuthError, match="invalid_grant"):
            party.refresh(token["refresh_token"])

    def test_the_application_logs_the_person_out(self, party: Party, browser: Browser) -> None:
        token = party.fetch(browser.agree(party.address()))
        endpoint = party.configuration["end_session_endpoint"]
        address = f"{endpoint}?id_token_hint={token['id_token']}&post_logout_redirect_uri={AFTER}&state=s1"
        page = browser.get(address)
        assert page.status_code == 200
        assert browser.get(f"{party.site}/account/").status_code == 200  # nobody is logged out without being asked
        assert browser.send(page, allow="true").headers["Location"] == f"{AFTER}?state=s1"
        assert browser.get(f"{party.site}/account/").status_code == 302
        assert party.ask(token["access_token"]).status_code == 401

    @pytest.mark.parametrize(
        "wrong", ["post_logout_redirect_uri=https://evil.example/", "client_id=nobody", "id_token_hint=x.y.z"]
    )
    def test_a_wrong_wish_for_a_log_out_is_refused(self, wrong: str, party: Party, browser: Browser) -> None:
        answer = browser.get(f"{party.configuration['end_session_endpoint']}?{wrong}")
        assert answer.status_code == 400
        assert "evil.example" not in answer.headers.get("Location", "")
        assert browser.get(f"{party.site}/account/").status_code == 200


class TestKeys:
    def test_a_new_key_signs_at_once_and_the_old_one_is_still_told(self, party: Party, browser: Browser) -> None:
        before = party.fetch(browser.agree(party.address()))["id_token"]
        identity.rotate_keys(actor=None, now=timezone.now())
        after = party.fetch(browser.agree(party.address()))["id_token"]
        assert before.partition(".")[0] != after.partition(".")[0]
        assert party.read(before)["sub"] == party.read(after)["sub"]
        hint = f"{party.configuration['end_session_endpoint']}?id_token_hint={before}"
        assert browser.get(hint).status_code == 200


class TestBearer:
    @pytest.mark.parametrize(
        ("scope", "method", "speaks"),
        [
            ("api.read", "GET", True),
            ("api.write", "GET", True),
            ("api.write", "PUT", True),
            ("openid profile", "GET", False),
            ("api.read", "PUT", False),
        ],
    )
    def test_speaks_for_the_person_within_its_scope(
        self,
        scope: str,
        method: str,
        speaks: bool,  # noqa: FBT001 - an expected answer
        party: Party,
        browser: Browser,
        officer: User,
    ) -> None:
        token = party.fetch(browser.agree(party.address(scope)))
        headers = {"Authorization": f"Bearer {token['access_token']}"}
        request = RequestFactory(headers=headers).generic(method, "/api/v1/organisations")
        assert identity.find_bearer(request) == (officer if speaks else None)

    def test_opens_the_interface_for_programs(self, party: Party, browser: Browser) -> None:
        token = party.fetch(browser.agree(party.address("api.read")))["access_token"]
        statuses = [
            requests.get(
                f"{party.site}/api/v1/organisations", headers={"Authorization": f"Bearer {given}"}, timeout=WAIT
            ).status_code
            for given in (token, "made-up")
        ]
        assert statuses == [200, 401]

    def test_is_over_after_ten_minutes(self, party: Party, browser: Browser) -> None:
        token = party.fetch(browser.agree(party.address()))
        assert token["expires_in"] == 600
        AccessToken.objects.update(expires=timezone.now() - timedelta(seconds=1))
        assert party.ask(token["access_token"]).status_code == 401

    def test_does_not_count_in_the_address(self, party: Party, browser: Browser) -> None:
        token = party.fetch(browser.agree(party.address()))["access_token"]
        address = f"{party.configuration['userinfo_endpoint']}?access_token={token}"
        assert requests.get(address, timeout=WAIT).status_code == 401


class TestRegistration:
    @pytest.mark.parametrize(
        "address",
        [
            "http://app.example/back",
            "https://*.example/back",
            "https://app.example/back#part",
            "javascript:alert(1)",
            "https://user@app.example/",
            "https://",
            "https://[::1",
            "app.example",
        ],
    )
    def test_refuses_addresses_that_a_code_must_not_be_sent_to(self, address: str, admin: User) -> None:
        with pytest.raises(identity.ApplicationInvalid):
            identity.register_application(identity.NewApplication("甲", (address,)), actor=admin, now=timezone.now())
        assert not Application.objects.exists()

    def test_shows_the_secret_once(self, site: str, admin: User) -> None:
        browser = open_browser(site, admin)
        page = browser.get(f"{site}/applications/new/")
        shown = browser.send(page, name="预算系统", addresses=CALLBACK)
        row = Application.objects.get()
        secret = shown.text.partition('id="application-secret">')[2].partition("<")[0]
        assert len(secret) >= 40
        later = browser.get(f"{site}/applications/{row.pk}/").text
        assert row.client_id in later
        assert secret not in later
        assert secret != row.client_secret
        party = Party(site, row.client_id, secret, CALLBACK)
        assert party.fetch(browser.agree(party.address()))["access_token"]

    def test_an_administrator_of_one_unit_registers_none(self, site: str, officer: User) -> None:
        assert open_browser(site, officer).get(f"{site}/applications/new/").status_code == 403
