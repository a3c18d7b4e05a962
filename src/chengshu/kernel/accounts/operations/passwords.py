"""Opening accounts, their passwords, and who comes and goes by them."""

from datetime import datetime

from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from chengshu.kernel.accounts.contracts import NewAccount
from chengshu.kernel.accounts.errors import (
    LoginNameTaken,
    LoginRefused,
    OldPasswordWrong,
    PasswordTooWeak,
)
from chengshu.kernel.accounts.models import User
from chengshu.kernel.accounts.operations.throttling import count_failure, forget_failures, refuse_while_paused
from chengshu.kernel.accounts.queries import digest_address, digest_login_name, find_account
from chengshu.kernel.audit import facade as audit

LOG_IN = "accounts.log_in"
REFUSE_LOG_IN = "accounts.refuse_log_in"
LOG_OUT = "accounts.log_out"
CHANGE_PASSWORD = "accounts.change_password"  # noqa: S105 - the name of an action
REFUSE_PASSWORD = "accounts.refuse_password"  # noqa: S105 - as above


def create_account(account: NewAccount, *, now: datetime) -> User:
    """Open an account. Its role is a word beside the name; rights come by grants alone.

    Raises:
        LoginNameTaken: an account with this login name exists.
        PasswordTooWeak: the password does not meet the rules.
    """
    user = User(
        login_name=account.login_name,
        display_name=account.display_name,
        organisation_name=account.organisation_name,
        role=account.role,
        created_at=now,
    )
    if account.password is None:
        user.set_unusable_password()
    else:
        _set_password(user, account.password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise LoginNameTaken(f"登录名 {account.login_name} 已有人使用", login_name=account.login_name) from error
    return user


def change_password(user: User, password: str) -> None:
    """Give the account a new password and end a pause of its login name.

    Raises:
        PasswordTooWeak: the password does not meet the rules.
    """
    _set_password(user, password)
    with transaction.atomic():
        user.save(update_fields=["password"])
        forget_failures(digest_login_name(user.login_name))


def change_own_password(user: User, old: str, new: str, *, now: datetime) -> None:
    """Give the actor's own account a new password; the audit tells of it, and all sessions but the caller's end.

    Wrong old passwords count as failed logins do. Sessions end because each holds a digest of the password it began
    with; the caller keeps its own by `update_session_auth_hash`.

    Raises:
        OldPasswordWrong: `old` is not the password.
        LoginPaused: too many failures in a row; the old password is not looked at.
        PasswordTooWeak: `new` does not meet the rules, or is the old one.
    """
    digest = digest_login_name(user.login_name)
    refuse_while_paused(digest, now=now)
    if not user.check_password(old):
        audit.record(user, REFUSE_PASSWORD, _subject(user), now=now)
        count_failure(digest, now=now)
        refuse_while_paused(digest, now=now)
        raise OldPasswordWrong(gettext("原口令不对，请重新输入。"))
    if old == new:
        raise PasswordTooWeak(gettext("新口令和原口令一样，请换一个。"))
    with transaction.atomic():
        change_password(user, new)
        audit.record(user, CHANGE_PASSWORD, _subject(user), now=now)


def authenticate_account(login_name: str, password: str, *, now: datetime) -> User:
    """Return the account that name and password belong to, and tell the audit that the person came in.

    Raises:
        LoginRefused: name or password is wrong, or the account is retired.
        LoginPaused: too many failures, now or within the last minutes; the password is not looked at.
    """
    user = check_password(login_name, password, now=now)
    record_log_in(user, now=now)
    return user


def check_password(login_name: str, password: str, *, now: datetime) -> User:
    """Return the account that name and password belong to, counting failures for each login name and each address.

    Failures of a name count in a row; those of an address count whatever names were tried, and are not taken back by a
    success. The audit tells of every failure that counts, but not of the name that was typed: a password typed in its
    place would be kept with it.

    Raises:
        LoginRefused: name or password is wrong, or the account is retired.
        LoginPaused: too many failures, now or within the last minutes; the password is not looked at.
    """
    digest, address = digest_login_name(login_name), digest_address(audit.current_origin().address)
    refuse_while_paused(digest, now=now, address_digest=address)
    user = authenticate(username=login_name, password=password)
    if isinstance(user, User):
        forget_failures(digest)
        return user
    audit.record(None, REFUSE_LOG_IN, _subject(find_account(login_name)), now=now)
    count_failure(digest, now=now, address_digest=address)
    refuse_while_paused(digest, now=now, address_digest=address)
    raise LoginRefused(gettext("登录名或口令不对，请重新输入"))


def record_log_in(user: User, *, now: datetime, method: str = "password") -> None:
    """Tell the audit that the person came in, and how."""
    audit.record(user, LOG_IN, _subject(user), now=now, details={"method": method})


def record_log_out(user: User, *, now: datetime) -> None:
    """Tell the audit that the person ended the session."""
    audit.record(user, LOG_OUT, _subject(user), now=now)


def _subject(user: User | None) -> str:
    """Name the account in the audit; one that does not exist is `unknown`."""
    return f"account:{user.pk}" if user else "account:unknown"


def _set_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise PasswordTooWeak("；".join(error.messages)) from error
    user.set_password(password)
