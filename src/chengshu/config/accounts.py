"""Accounts: the user model, passwords, login throttling."""

from datetime import timedelta

from chengshu.config import env

AUTH_USER_MODEL = "accounts.User"
# The second answers what grants permit; who logs in is the first one's matter.
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "chengshu.kernel.grants.backends.GrantBackend",
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
LOGIN_PAGE = "/login/"
# What applications ask of the identity provider: they show codes, secrets or tokens instead of a session.
_ASKED_BY_PROGRAMS = (
    "oauth2_provider:token",
    "oauth2_provider:revoke-token",
    "oauth2_provider:user-info",
    "oauth2_provider:rp-initiated-logout",  # also by people whose session is over already
    "oauth2_provider:oidc-connect-discovery-info",
    "oauth2_provider:oauth-server-metadata",
    "oauth2_provider:jwks-info",
)
#: The only pages that people see without logging in.
OPEN_VIEWS = frozenset(
    {
        "login",
        "identity:second",
        "identity:city-login",
        "identity:city-callback",
        "identity:passkey-login",
        "identity:passkey-challenge",
        *_ASKED_BY_PROGRAMS,
        "preferences",
        "about",
        "robots",
        "health-live",
        "health-ready",
    }
) | {f"performance:public{part}" for part in ("", "-record", "-file", "-annex", "-sitemap")}
#: What asks by itself who comes, and answers 401 where a page would lead to the login.
SELF_GUARDED_NAMESPACES = frozenset({"api"})
LOGIN_ATTEMPTS = env.read(env.LOGIN_ATTEMPTS)
LOGIN_ADDRESS_ATTEMPTS = env.read(env.LOGIN_ADDRESS_ATTEMPTS)
LOGIN_PAUSE = timedelta(minutes=env.read(env.LOGIN_PAUSE_MINUTES))

AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login_name", "display_name", "organisation_name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
