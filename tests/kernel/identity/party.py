"""A relying party by an independent client library, and a browser that fills in forms."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.jwk import KeySet

WAIT = 20  # seconds: a stuck server fails the test


@dataclass(slots=True)
class Browser:
    """What a person does at the provider."""

    site: str
    session: requests.Session

    def get(self, address: str) -> requests.Response:
        with self.session:  # an open connection would keep the server's own to the database beyond the test
            return self.session.get(address, allow_redirects=False, timeout=WAIT)

    def send(self, page: requests.Response, **more: str) -> requests.Response:
        """Send the form of a page with its hidden fields."""
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', _main(page.text)))
        plain = {name: value.replace("&amp;", "&").replace("&#x27;", "'") for name, value in hidden.items()}
        headers = {"Referer": page.url}
        with self.session:
            return self.session.post(page.url, data=plain | more, headers=headers, allow_redirects=False, timeout=WAIT)

    def agree(self, address: str) -> str:
        """Agree to what an application asks; return the address that the person is sent to."""
        page = self.get(address)
        assert page.status_code == 200, page.text
        return self.send(page, allow="true").headers["Location"]


@dataclass(slots=True)
class Party:
    """An application; it finds everything by the provider's configuration."""

    site: str
    client_id: str
    secret: str
    callback: str
    verifier: str = field(default_factory=lambda: generate_token(48))
    nonce: str = field(default_factory=lambda: generate_token(20))

    @property
    def configuration(self) -> dict[str, Any]:
        return _json(f"{self.site}/oauth/.well-known/openid-configuration")

    def session(self, scope: str = "openid profile") -> OAuth2Session:
        return OAuth2Session(
            self.client_id,
            self.secret or None,
            scope=scope,
            redirect_uri=self.callback,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if self.secret else "none",
        )

    def address(self, scope: str = "openid profile", **more: str) -> str:
        """Give the address that the application sends the person to."""
        endpoint = self.configuration["authorization_endpoint"]
        address, _state = self.session(scope).create_authorization_url(
            endpoint, code_verifier=self.verifier, nonce=self.nonce, **more
        )
        return str(address)

    def fetch(self, returned: str, **more: str) -> dict[str, Any]:
        """Exchange the code in the address that the person came back with."""
        code = query_of(returned)["code"]
        given = {"code": code, "code_verifier": self.verifier} | more
        endpoint = self.configuration["token_endpoint"]
        with self.session() as session:
            token: dict[str, Any] = session.fetch_token(endpoint, timeout=WAIT, **given)
        return token

    def refresh(self, refresh_token: str) -> dict[str, Any]:
        endpoint = self.configuration["token_endpoint"]
        with self.session() as session:
            token: dict[str, Any] = session.refresh_token(endpoint, refresh_token=refresh_token, timeout=WAIT)
        return token

    def read(self, id_token: str) -> dict[str, Any]:
        """Check an id token against the provider's keys and return what it says."""
        keys = KeySet.import_key_set(_json(self.configuration["jwks_uri"]))  # type: ignore[arg-type]  # as it came
        token = jwt.decode(id_token, keys, algorithms=["RS256"])
        rules = jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": self.configuration["issuer"]},
            aud={"essential": True, "value": self.client_id},
            nonce={"essential": True, "value": self.nonce},
            exp={"essential": True},
        )
        rules.validate(token.claims)
        return dict(token.claims)

    def ask(self, access_token: str) -> requests.Response:
        """Ask who the person is."""
        headers = {"Authorization": f"Bearer {access_token}"}
        return requests.get(self.configuration["userinfo_endpoint"], headers=headers, timeout=WAIT)


def query_of(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def _json(address: str) -> dict[str, Any]:
    answer: dict[str, Any] = requests.get(address, timeout=WAIT).json()
    return answer


def _main(html: str) -> str:
    """Return the page without the frame's own forms."""
    return html.partition("<main")[2].partition("</main>")[0]
