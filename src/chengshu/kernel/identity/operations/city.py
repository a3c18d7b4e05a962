"""Accounts of people whom the city's identity provider knows: found by issuer and subject, never by name or e-mail."""

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from chengshu.kernel.accounts import facade as accounts
from chengshu.kernel.accounts.facade import NewAccount, Role, User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.identity.city import Claims
from chengshu.kernel.identity.errors import CityLoginRefused
from chengshu.kernel.identity.models import CityIdentity

LINK = "identity.link_city"
UNLINK = "identity.unlink_city"
OPEN = "identity.open_by_city"
REFUSE = "identity.refuse_city"
_NAME_LENGTH = 64


def find_by_city(claims: Claims, *, now: datetime) -> User:
    """Return whose account the city's person has; open one if the settings say so. No grant comes from the city.

    Raises:
        CityLoginRefused: nobody here is linked with this person, or the account is retired.
    """
    row = CityIdentity.objects.select_related("account").filter(issuer=claims.issuer, subject=claims.subject).first()
    if row is not None and row.account.is_active:
        CityIdentity.objects.filter(pk=row.pk).update(used_at=now)
        return row.account
    if row is None and settings.CITY_OPENS_ACCOUNTS:
        return _open(claims, now=now)
    subject = f"account:{row.account_id}" if row else "account:unknown"
    audit.record(None, REFUSE, subject, now=now)
    raise CityLoginRefused(gettext("您的统一身份在这里没有账号。请用口令登录后在“我的账号”里绑定，或请管理员开户。"))


def link_city(user: User, claims: Claims, *, now: datetime) -> None:
    """Link the person who is logged in with the city's.

    Raises:
        CityLoginRefused: one of the two is linked already.
    """
    try:
        with transaction.atomic():
            CityIdentity.objects.create(
                account=user, issuer=claims.issuer, subject=claims.subject, linked_at=now, used_at=now
            )
            audit.record(user, LINK, f"account:{user.pk}", now=now, details={"issuer": claims.issuer})
    except IntegrityError as error:
        raise CityLoginRefused(gettext("这个统一身份或您的账号已经绑定过了。")) from error


def unlink_city(user: User, *, now: datetime) -> None:
    """Take the link away."""
    with transaction.atomic():
        CityIdentity.objects.filter(account=user).delete()
        audit.record(user, UNLINK, f"account:{user.pk}", now=now)


def _open(claims: Claims, *, now: datetime) -> User:
    """Open an account without a password and without any grant."""
    new = NewAccount(
        login_name=claims.login_name[:_NAME_LENGTH],
        display_name=claims.name[:_NAME_LENGTH],
        organisation_name="",
        role=Role.OFFICER,
        password=None,
    )
    try:
        with transaction.atomic():
            user = accounts.create_account(new, now=now)
            CityIdentity.objects.create(
                account=user, issuer=claims.issuer, subject=claims.subject, linked_at=now, used_at=now
            )
            audit.record(user, OPEN, f"account:{user.pk}", now=now, details={"issuer": claims.issuer})
    except (accounts.LoginNameTaken, IntegrityError) as error:
        # The name is somebody's here, who may be another person: only he himself may link the two.
        raise CityLoginRefused(
            gettext("登录名已有人使用。如果是您本人的账号，请用口令登录后在“我的账号”里绑定。")
        ) from error
    return user
