"""The city's identity provider, as the library asks it; what it answers is checked here beyond what the library checks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from jwt.exceptions import PyJWTError
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from mozilla_django_oidc.views import OIDCAuthenticationRequestView

from chengshu.kernel.identity.contracts import Method
from chengshu.kernel.identity.errors import CityLoginRefused
from chengshu.kernel.identity.queries.sessions import read_entrance

#: What a provider says in `amr` when the person has shown a second factor there (RFC 8176).
_STRONG = frozenset({"mfa", "otp", "hwk", "swk", "fpt", "face", "sc"})
_FORGIVEN_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Claims:
    """What the city tells of a person. `subject` never changes and is never given to somebody else."""

    issuer: str
    subject: str
    name: str
    login_name: str
    has_factor: bool


def is_set_up() -> bool:
    """Tell whether people may come in by the city's provider."""
    return bool(settings.CITY_LOGIN)


def _read(attr: str, *default: Any) -> Any:
    known: Mapping[str, Any] = settings.CITY_LOGIN or {}
    if attr in known:
        return known[attr]
    if default:
        return default[0]
    raise ImproperlyConfigured(attr)


class StartCityLogin(OIDCAuthenticationRequestView):  # type: ignore[misc]  # the library ships no types
    """Sends the person to the city's provider with a state, a nonce and a challenge that the session remembers."""

    get_settings = staticmethod(_read)


class CityClient(OIDCAuthenticationBackend):  # type: ignore[misc]  # the library ships no types
    """Exchanges the code and checks the token. It is no login backend of Django: the callback alone calls it."""

    get_settings = staticmethod(_read)

    def verify_token(self, token: str, **kwargs: Any) -> dict[str, Any]:
        """Check signature and nonce as the library does; and for whom, by whom and until when the token is."""
        if not kwargs.get("nonce"):
            raise SuspiciousOperation("no nonce")
        payload: dict[str, Any] = super().verify_token(token, **kwargs)
        audience = payload.get("aud")
        meant = audience if isinstance(audience, list) else [audience]
        now = timezone.now().timestamp()
        is_right = (
            payload.get("iss") == _read("ISSUER")
            and self.OIDC_RP_CLIENT_ID in meant
            and payload.get("azp", self.OIDC_RP_CLIENT_ID if len(meant) == 1 else None) == self.OIDC_RP_CLIENT_ID
            and isinstance(payload.get("exp"), int)
            and payload["exp"] > now - _FORGIVEN_SECONDS
            and isinstance(payload.get("sub"), str)
            and payload["sub"]
        )
        if not is_right:
            raise SuspiciousOperation("the token is not for us, or not from the city")
        return payload

    def get_or_create_user(self, _access_token: str, _id_token: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Return what the token says; whose account that is, the house decides."""
        return payload


def ask_city(request: HttpRequest, *, nonce: str, code_verifier: str) -> Claims:
    """Exchange the code that the person came back with, and return what the city tells.

    Raises:
        CityLoginRefused: the provider did not answer, or its answer does not hold.
    """
    try:
        payload = CityClient().authenticate(request, nonce=nonce, code_verifier=code_verifier)
    except (SuspiciousOperation, PyJWTError, OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        # OSError: the library's network faults are of that kind. The others: answers in no known form.
        raise CityLoginRefused(
            gettext("统一身份没有确认您的登录，请再试一次。"), because=type(error).__name__
        ) from error
    if not payload:
        raise CityLoginRefused(gettext("统一身份没有确认您的登录，请再试一次。"))
    told = payload.get("amr")
    return Claims(
        issuer=payload["iss"],
        subject=payload["sub"],
        name=str(payload.get("name") or payload["sub"]),
        login_name=str(payload.get("preferred_username") or payload["sub"]),
        has_factor=isinstance(told, list) and bool(_STRONG & {str(way) for way in told}),
    )


def city_log_out_address(request: HttpRequest) -> str:
    """Return where who came in by the city ends the session there as well; "" for others, or without such a place."""
    entrance = read_entrance(request.session)
    place = (settings.CITY_LOGIN or {}).get("END_SESSION", "")
    if not place or entrance is None or entrance.method is not Method.CITY:
        return ""
    back = request.build_absolute_uri(reverse("login"))
    return f"{place}?{urlencode({'client_id': _read('OIDC_RP_CLIENT_ID'), 'post_logout_redirect_uri': back})}"
