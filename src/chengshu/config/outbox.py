"""What leaves the house: the mail server, and the hosts that webhooks may be posted to."""

from typing import Any
from urllib.parse import unquote, urlsplit

from chengshu.config import env
from chengshu.config.setting import SettingUnreadable

_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def _mail(address: str) -> dict[str, Any]:
    """Return Django's settings for a mail server given as one address; without one, mails stay in the process."""
    if not address:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    parts = urlsplit(address)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise SettingUnreadable(
            f"环境变量 {env.EMAIL_URL.name} 的值不对：要写成 smtp+tls://用户:口令@主机:端口", name=env.EMAIL_URL.name
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or _PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }


globals().update(_mail(env.read(env.EMAIL_URL)))
EMAIL_IS_SET_UP = bool(env.read(env.EMAIL_URL))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.read(env.EMAIL_FROM)
SITE_URL = env.read(env.SITE_URL).rstrip("/")
WEBHOOK_HOSTS = env.read(env.WEBHOOK_HOSTS)
WEBHOOK_LOOPBACK = env.read(env.WEBHOOK_LOOPBACK)
WEBHOOK_CA_FILE = env.read(env.WEBHOOK_CA_FILE)
