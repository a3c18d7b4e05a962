"""Counting failed logins, by name and by address, and the pauses that too many of them start."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext

from chengshu.kernel.accounts.errors import LoginPaused
from chengshu.kernel.accounts.models import AddressThrottle, LoginThrottle, User
from chengshu.kernel.accounts.queries import (
    digest_login_name,
    digest_second_factor,
    find_account_pause,
    find_address_pause,
    find_pause,
)
from chengshu.kernel.audit import facade as audit

UNLOCK = "accounts.unlock"
REFUSE_SECOND_FACTOR = "accounts.refuse_second_factor"


def refuse_while_paused(digest: str, *, now: datetime, address_digest: str = "") -> None:
    """Pass unless this name, or this address, is paused.

    Raises:
        LoginPaused: it is; says until when.
    """
    paused_until = find_pause(digest, now=now)
    if paused_until:
        raise _paused(gettext("连续多次输错，%(until)s 之后可以再登录"), paused_until)
    paused_until = find_address_pause(address_digest, now=now) if address_digest else None
    if paused_until:
        raise _paused(gettext("从您的网络来的错误登录太多，%(until)s 之后可以再登录"), paused_until)


def count_failure(digest: str, *, now: datetime, address_digest: str = "") -> None:
    """Add one failure to the name and to the address; the last allowed one starts a pause and the count anew."""
    with transaction.atomic():
        throttle, _created = LoginThrottle.objects.select_for_update().get_or_create(name_digest=digest)
        throttle.failures += 1
        if throttle.failures >= settings.LOGIN_ATTEMPTS:
            throttle.failures, throttle.paused_until = 0, now + settings.LOGIN_PAUSE
        throttle.save(update_fields=["failures", "paused_until"])
        if address_digest:
            _count_at_address(address_digest, now=now)


def forget_failures(digest: str) -> None:
    """Start the count of a name anew and end its pause; the address keeps its own."""
    LoginThrottle.objects.filter(name_digest=digest).delete()


def refuse_while_locked(user: User, *, now: datetime) -> None:
    """Pass unless too many wrong second factors, or passwords, locked the account.

    Raises:
        LoginPaused: they did; says until when.
    """
    paused_until = find_account_pause(user, now=now)
    if paused_until:
        raise _paused(gettext("连续多次输错，%(until)s 之后可以再登录"), paused_until)


def count_wrong_factor(user: User, *, now: datetime) -> None:
    """Count a wrong second factor, in the audit as well; too many lock the account as wrong passwords do."""
    audit.record(user, REFUSE_SECOND_FACTOR, f"account:{user.pk}", now=now)
    count_failure(digest_second_factor(user), now=now)


def forget_wrong_factors(user: User) -> None:
    """Start the count of wrong second factors anew."""
    forget_failures(digest_second_factor(user))


def unlock_account(user: User, *, actor: User, reason: str, now: datetime) -> None:
    """End the pauses of an account before their time. Whether the actor may do so asks the caller."""
    with transaction.atomic():
        forget_failures(digest_login_name(user.login_name))
        forget_failures(digest_second_factor(user))
        audit.record(actor, UNLOCK, f"account:{user.pk}", now=now, reason=reason)


def _count_at_address(digest: str, *, now: datetime) -> None:
    """Count within windows as long as a pause: who shares an address with many people is not paused by old failures."""
    throttle, _created = AddressThrottle.objects.select_for_update().get_or_create(
        address_digest=digest, defaults={"counted_since": now}
    )
    if throttle.counted_since + settings.LOGIN_PAUSE <= now:
        throttle.failures, throttle.counted_since = 0, now
    throttle.failures += 1
    if throttle.failures >= settings.LOGIN_ADDRESS_ATTEMPTS:
        throttle.failures, throttle.counted_since = 0, now
        throttle.paused_until = now + settings.LOGIN_PAUSE
    throttle.save(update_fields=["failures", "counted_since", "paused_until"])


def _paused(sentence: str, until: datetime) -> LoginPaused:
    return LoginPaused(sentence % {"until": localtime(until).strftime("%H:%M")}, until=until.isoformat())
