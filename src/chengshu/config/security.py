"""Who may come in, and what a browser may do with our pages."""

import os
import secrets
from pathlib import Path

from csp.constants import NONE, SELF

from chengshu.config import env

DEBUG = env.read(env.DEBUG)
_HTTPS = env.read(env.HTTPS)


def _kept_secret_key(path: Path) -> str:
    """Return the key kept at `path`, generating it there, readable by this user alone, when there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        key = secrets.token_urlsafe(50)
        file.write(key)
    return key


SECRET_KEY = env.read(env.SECRET_KEY) or _kept_secret_key(env.read(env.VAR_DIR) / "secret_key")
SECRET_KEY_FALLBACKS = [*env.read(env.OLD_SECRET_KEYS)]
ALLOWED_HOSTS = [*env.read(env.ALLOWED_HOSTS)]
CSRF_TRUSTED_ORIGINS = [*env.read(env.TRUSTED_ORIGINS)]

# Pages load nothing from elsewhere and run no script or style that is written into them.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "chengshu.web.views.errors.csrf_failure"

SECURE_SSL_REDIRECT = _HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/"]  # asked by machines beside the server, without the proxy
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.read(env.BEHIND_PROXY) else None
SESSION_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = env.read(env.SESSION_HOURS) * 3600
CSRF_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = _HTTPS
