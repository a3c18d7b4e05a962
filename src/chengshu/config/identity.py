"""How people prove who they are: sessions, second factors."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from chengshu.config import env

SESSION_IDLE = timedelta(minutes=env.read(env.SESSION_IDLE_MINUTES))
SESSION_LIFETIME = timedelta(hours=env.read(env.SESSION_HOURS))
#: What open pages ask by themselves; it keeps no session alive.
POLLED_VIEWS = frozenset({"job-status"})
#: For so long after proving who he is may somebody change what proves it.
CONFIRMATION_LASTS = timedelta(minutes=10)
#: Within so long after the password the second factor has to follow.
SECOND_STEP_LASTS = timedelta(minutes=5)

SECOND_FACTOR_ROLES = frozenset([*env.read(env.SECOND_FACTOR_ROLES)])
#: What is open to somebody who has yet to set up the second factor that his role demands.
FACTOR_SETUP_VIEWS = frozenset(
    {"identity:own", "identity:totp", "identity:passkey", "identity:recovery", "identity:confirm", "logout"}
)

# The library keeps the factors and knows their forms; its pages, and its own log-in, are not used.
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login_name"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ADAPTER = "chengshu.kernel.identity.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "城枢"

# The provider: codes with PKCE alone, short access tokens, refresh tokens that work once.
OIDC_KEYS_DIR = env.read(env.VAR_DIR) / "oidc_keys"
#: For so long is a key told after another took its place: longer than what it signed holds, and than it is cached.
OIDC_KEY_OVERLAP = timedelta(days=1)
OAUTH2_PROVIDER = {
    "OIDC_ENABLED": True,
    "OAUTH2_VALIDATOR_CLASS": "chengshu.kernel.identity.provider.HouseValidator",
    "SCOPES": {
        "openid": _("登录用的编号"),
        "profile": _("姓名、登录名和所在单位的代码"),
        "api.read": _("代您读取您能看到的数据"),
        "api.write": _("代您读取和更改您能更改的数据"),
    },
    "DEFAULT_SCOPES": ["openid"],
    "PKCE_REQUIRED": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https", "http"],  # http to the person's own machine alone: see registration
    "AUTHORIZATION_CODE_EXPIRE_SECONDS": 60,
    "ACCESS_TOKEN_EXPIRE_SECONDS": 600,
    "ID_TOKEN_EXPIRE_SECONDS": 600,
    "REFRESH_TOKEN_EXPIRE_SECONDS": 14 * 24 * 3600,
    "ROTATE_REFRESH_TOKEN": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "REFRESH_TOKEN_GRACE_PERIOD_SECONDS": 0,
    "OIDC_RESPONSE_TYPES_SUPPORTED": ["code"],
    "OAUTH2_RESPONSE_TYPES_SUPPORTED": ["code"],
    "OAUTH2_GRANT_TYPES_SUPPORTED": ["authorization_code", "refresh_token"],
    "OIDC_RP_INITIATED_LOGOUT_ENABLED": True,
    "OIDC_RP_INITIATED_LOGOUT_ALWAYS_PROMPT": True,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_PKCE_REQUIRED": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_MATCHING": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
}


def _city_login() -> dict[str, Any] | None:
    """Return how the city's identity provider is asked, under the library's names; None when there is none."""
    issuer, addresses = env.read(env.CITY_ISSUER), env.read(env.CITY_ADDRESSES)
    if not issuer or len(addresses) < _CITY_ADDRESSES:
        return None
    return {
        "ISSUER": issuer,
        "OIDC_OP_AUTHORIZATION_ENDPOINT": addresses[0],
        "OIDC_OP_TOKEN_ENDPOINT": addresses[1],
        "OIDC_OP_JWKS_ENDPOINT": addresses[2],
        "END_SESSION": addresses[3] if len(addresses) > _CITY_ADDRESSES else "",
        "OIDC_OP_USER_ENDPOINT": "",  # the token says all that is asked
        "OIDC_RP_CLIENT_ID": env.read(env.CITY_CLIENT_ID),
        "OIDC_RP_CLIENT_SECRET": env.read(env.CITY_CLIENT_SECRET),
        "OIDC_RP_SCOPES": "openid profile",
        "OIDC_RP_SIGN_ALGO": "RS256",
        "OIDC_USE_PKCE": True,
        "OIDC_AUTHENTICATION_CALLBACK_URL": "identity:city-callback",
        "OIDC_TIMEOUT": 10,
    }


_CITY_ADDRESSES = 3
CITY_LOGIN = _city_login()
CITY_OPENS_ACCOUNTS = env.read(env.CITY_OPENS_ACCOUNTS)
