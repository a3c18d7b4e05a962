"""Reads of accounts."""

from datetime import datetime

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from chengshu.kernel.accounts.models import LoginThrottle, User


def find_account(login_name: str) -> User | None:
    """Return the account with this login name, or None."""
    return User.objects.filter(login_name=login_name).first()


def authenticated_user(request: HttpRequest) -> User:
    """Return the person behind the request, on pages that are open only to people who logged in.

    Raises:
        TypeError: nobody is logged in; the page must not be on the list of open ones.
    """
    if not isinstance(request.user, User):
        raise TypeError("this page must not be open to people who are not logged in")
    return request.user


def digest_login_name(login_name: str) -> str:
    """Return what failed logins are counted under: whoever reads the table learns no names."""
    return salted_hmac("chengshu.login", login_name, algorithm="sha256").hexdigest()


def find_pause(name_digest: str, *, now: datetime) -> datetime | None:
    """Return until when this login name is paused, or None when it is not."""
    throttle = LoginThrottle.objects.filter(name_digest=name_digest, paused_until__gt=now).first()
    return throttle.paused_until if throttle else None
