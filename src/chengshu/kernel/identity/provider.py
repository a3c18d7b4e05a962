"""What the provider asks the house: who may have a token, and what applications are told about people."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.timezone import localdate
from jwcrypto.jws import JWS
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.settings import oauth2_settings
from oauth2_provider.utils import jwk_from_pem

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.identity.queries.applications import list_organisation_codes

ISSUE = "identity.issue_token"
REFUSE_REFRESH = "identity.refuse_refresh"


class HouseValidator(OAuth2Validator):  # type: ignore[misc]  # the library ships no types
    """The library's answers, narrowed: retired accounts get nothing, old keys are known, the audit is told."""

    oidc_claim_scope: ClassVar = OAuth2Validator.oidc_claim_scope | {
        "name": "profile",
        "preferred_username": "profile",
        "organisations": "profile",
    }

    def get_additional_claims(self) -> dict[str, Callable[[Any], object]]:
        """Return what the scope `profile` tells: the name, the login name, and the codes of one's organisations."""
        return {
            "name": lambda request: request.user.display_name,
            "preferred_username": lambda request: request.user.login_name,
            "organisations": lambda request: list_organisation_codes(request.user, on=localdate()),
        }

    def validate_silent_login(self, _request: Any) -> bool:
        """Let the view answer requests that nothing be asked: it knows whether somebody is logged in."""
        return True

    def validate_silent_authorization(self, _request: Any) -> bool:
        """Let the view answer these as well: it always asks."""
        return True

    def validate_code(self, client_id: str, code: str, client: Any, request: Any, *args: Any, **kwargs: Any) -> bool:
        """Take the code of somebody whose account is in use."""
        is_valid = super().validate_code(client_id, code, client, request, *args, **kwargs)
        return bool(is_valid) and _is_in_use(request)

    def validate_refresh_token(self, refresh_token: str, client: Any, request: Any, *args: Any, **kwargs: Any) -> bool:
        """Take a token of somebody whose account is in use; one that was used before ends all that came of it."""
        is_valid = bool(super().validate_refresh_token(refresh_token, client, request, *args, **kwargs))
        if is_valid and _is_in_use(request):
            return True
        details = {"application": getattr(client, "name", "")}
        audit.record(None, REFUSE_REFRESH, f"application:{client.pk}", now=timezone.now(), details=details)
        return False

    def validate_bearer_token(self, token: str, scopes: list[str], request: Any) -> bool:
        """Take a token of somebody whose account is in use."""
        return bool(super().validate_bearer_token(token, scopes, request)) and _is_in_use(request)

    def save_bearer_token(self, token: dict[str, Any], request: Any, *args: Any, **kwargs: Any) -> Any:
        """Keep the token, and tell the audit to whom it was given for whom."""
        kept = super().save_bearer_token(token, request, *args, **kwargs)
        details = {"application": request.client.name, "grant": request.grant_type, "scopes": token.get("scope", "")}
        actor = request.user if isinstance(request.user, User) else None
        audit.record(actor, ISSUE, f"application:{request.client.pk}", now=timezone.now(), details=details)
        return kept

    def _get_key_for_token(self, token: str) -> Any:
        """Return the key that the token names, also one that signs no more but is still told."""
        unverified = JWS()
        unverified.deserialize(token)
        named = unverified.jose_header.get("kid")
        kept = [oauth2_settings.OIDC_RSA_PRIVATE_KEY, *oauth2_settings.OIDC_RSA_PRIVATE_KEYS_INACTIVE]
        return next((key for pem in kept if (key := jwk_from_pem(pem)).thumbprint() == named), None)


def _is_in_use(request: Any) -> bool:
    return isinstance(request.user, User) and request.user.is_active
