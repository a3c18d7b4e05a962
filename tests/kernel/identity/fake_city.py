"""A city's identity provider that says whatever a test wants it to say."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "chengshu"


@dataclass(slots=True)
class FakeCity:
    """The provider; `claims` and `header` are what its next token says, `key` is what it signs with."""

    address: str = ""
    told: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k1", "alg": "RS256"}))
    key: RSAKey | None = None
    claims: dict[str, Any] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    status: int = 200

    def settings(self) -> dict[str, Any]:
        """Give what the house has to know of it."""
        return {
            "ISSUER": self.address,
            "OIDC_OP_AUTHORIZATION_ENDPOINT": f"{self.address}/authorize",
            "OIDC_OP_TOKEN_ENDPOINT": f"{self.address}/token",
            "OIDC_OP_JWKS_ENDPOINT": f"{self.address}/jwks",
            "END_SESSION": f"{self.address}/bye",
            "OIDC_OP_USER_ENDPOINT": "",
            "OIDC_RP_CLIENT_ID": CLIENT,
            "OIDC_RP_CLIENT_SECRET": "shared",
            "OIDC_RP_SCOPES": "openid profile",
            "OIDC_RP_SIGN_ALGO": "RS256",
            "OIDC_USE_PKCE": True,
            "OIDC_AUTHENTICATION_CALLBACK_URL": "identity:city-callback",
            "OIDC_TIMEOUT": 10,
        }

    def say(self, nonce: str, **other: Any) -> None:
        """Have the next token say this of 钱某."""
        now = int(time.time())
        plain = {"iss": self.address, "aud": CLIENT, "sub": "c-1", "iat": now, "exp": now + 300, "nonce": nonce}
        known = plain | {"name": "钱某", "preferred_username": "qian"} | other
        self.claims = {name: value for name, value in known.items() if value is not None}

    def token(self) -> str:
        return jwt.encode({"alg": "RS256", "kid": "k1"}, self.claims, self.key or self.told)


@contextmanager
def serve(city: FakeCity) -> Iterator[FakeCity]:
    """Let the provider answer on this machine while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({"keys": [city.told.as_dict(private=False)]})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            city.asked.append(dict(part.split("=", 1) for part in body.split("&")))
            self._answer({"access_token": "a", "token_type": "Bearer", "id_token": city.token()}, city.status)

        def _answer(self, told: dict[str, Any], status: int = 200) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    city.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield city
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
