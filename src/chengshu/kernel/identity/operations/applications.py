"""Applications that let people in by us: registering them, their secrets, and the tokens that people gave them."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext
from oauth2_provider.generators import generate_client_secret
from oauth2_provider.models import AccessToken, Application, Grant, IDToken, RefreshToken

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.identity.errors import ApplicationInvalid

REGISTER = "identity.register_application"
RENEW_SECRET = "identity.renew_application_secret"  # noqa: S105 - the name of an action
RETIRE = "identity.retire_application"
WITHDRAW = "identity.withdraw_application"
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class NewApplication:
    """What is needed to register one. A public one runs where it can keep no secret: on a phone, in a browser."""

    name: str
    addresses: tuple[str, ...]
    log_out_addresses: tuple[str, ...] = ()
    is_public: bool = False


def register_application(new: NewApplication, *, actor: User, now: datetime) -> tuple[Application, str]:
    """Register an application; return it with its secret, which is kept hashed and never shown again.

    Raises:
        ApplicationInvalid: an address is none that people may be sent to with a code.
    """
    for address in (*new.addresses, *new.log_out_addresses):
        _refuse_address(address)
    secret = "" if new.is_public else generate_client_secret()
    row = Application(
        name=new.name,
        redirect_uris=" ".join(new.addresses),
        post_logout_redirect_uris=" ".join(new.log_out_addresses),
        client_type=Application.CLIENT_PUBLIC if new.is_public else Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
        algorithm=Application.RS256_ALGORITHM,
        client_secret=secret,
    )
    with transaction.atomic():
        row.save()
        after = {"name": new.name, "addresses": list(new.addresses), "client_id": row.client_id}
        audit.record(actor, REGISTER, f"application:{row.pk}", now=now, after=after)
    return row, secret


def renew_secret(application_id: int, *, actor: User, now: datetime) -> tuple[Application, str]:
    """Give an application another secret; the old one works no more. The new one is returned this once.

    Raises:
        ApplicationInvalid: it is a public one and has no secret, or there is none.
    """
    with transaction.atomic():
        row = Application.objects.select_for_update().filter(pk=application_id).first()
        if row is None or row.client_type == Application.CLIENT_PUBLIC:
            raise ApplicationInvalid(gettext("这个应用没有密钥。"))
        row.client_secret = secret = generate_client_secret()
        row.save(update_fields=["client_secret", "updated"])
        audit.record(actor, RENEW_SECRET, f"application:{row.pk}", now=now, details={"name": row.name})
    return row, secret


def retire_application(application_id: int, *, actor: User, reason: str, now: datetime) -> None:
    """Take an application away with all tokens that it has."""
    with transaction.atomic():
        row = Application.objects.select_for_update().filter(pk=application_id).first()
        if row is None:
            return
        before = {"name": row.name, "addresses": row.redirect_uris.split(), "client_id": row.client_id}
        audit.record(actor, RETIRE, f"application:{row.pk}", now=now, reason=reason, before=before)
        row.delete()


def withdraw_application(user: User, application_id: int, *, actor: User, now: datetime) -> None:
    """End what an application may ask about the person: codes and tokens of every kind."""
    with transaction.atomic():
        for kind in (Grant, RefreshToken, AccessToken, IDToken):
            kind.objects.filter(user=user, application=application_id).delete()
        details = {"account": user.pk}
        audit.record(actor, WITHDRAW, f"application:{application_id}", now=now, details=details)


def _refuse_address(address: str) -> None:
    """Refuse what a code must not be sent to: anything but https, except to the person's own machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        host, parts = "", urlsplit("")
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
    is_plain = host and not parts.fragment and not parts.username and "*" not in address and address.isascii()
    if not (is_safe and is_plain):
        sentence = gettext("地址“%(address)s”不能用：要以 https:// 开头（本机可以用 http://），不带 # 和通配符。")
        raise ApplicationInvalid(sentence % {"address": address}, address=address)
