"""Reads of accounts."""

from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from chengshu.kernel.accounts.models import AddressThrottle, LoginThrottle, User


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


def digest_second_factor(user: User) -> str:
    """Return what failed second factors of an account are counted under: apart from its wrong passwords."""
    return salted_hmac("chengshu.second_factor", str(user.pk), algorithm="sha256").hexdigest()


def digest_address(address: str) -> str:
    """Return what failures from an address are counted under, "" for none.

    Of IPv6 the network counts (/64): one connection has that many addresses of its own.
    """
    if not address:
        return ""
    place = ip_address(address)
    counted = str(ip_network((place, 64), strict=False)) if isinstance(place, IPv6Address) else str(place)
    return salted_hmac("chengshu.login.address", counted, algorithm="sha256").hexdigest()


def find_address_pause(address_digest: str, *, now: datetime) -> datetime | None:
    """Return until when logins from this address are paused, or None when they are not."""
    throttle = AddressThrottle.objects.filter(address_digest=address_digest, paused_until__gt=now).first()
    return throttle.paused_until if throttle else None


def find_account_pause(user: User, *, now: datetime) -> datetime | None:
    """Return until when the account is locked, be it by wrong passwords or by wrong second factors; None: it is not."""
    digests = [digest_login_name(user.login_name), digest_second_factor(user)]
    pauses = LoginThrottle.objects.filter(name_digest__in=digests, paused_until__gt=now)
    return max((pause.paused_until for pause in pauses if pause.paused_until), default=None)
