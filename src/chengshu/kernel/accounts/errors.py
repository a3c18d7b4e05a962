"""Errors of accounts.

AccountError
├── LoginRefused      name or password is wrong, or the account is retired
├── LoginPaused       too many wrong passwords; says until when
├── LoginNameTaken    an account with this login name exists
├── OldPasswordWrong  the password that is to be changed was not given rightly
└── PasswordTooWeak   the password does not meet the rules
"""

from chengshu.base.errors import ChengshuError


class AccountError(ChengshuError):
    """The root of the errors of accounts."""

    code = "ACCOUNT_ERROR"


class LoginRefused(AccountError):
    """Login name or password is wrong, or the account is retired; which of them is not told."""

    code = "LOGIN_REFUSED"


class LoginPaused(AccountError):
    """Too many wrong passwords in a row for this login name."""

    code = "LOGIN_PAUSED"


class LoginNameTaken(AccountError):
    """An account with this login name exists."""

    code = "LOGIN_NAME_TAKEN"


class OldPasswordWrong(AccountError):
    """The password that is to be changed was not given rightly."""

    code = "OLD_PASSWORD_WRONG"


class PasswordTooWeak(AccountError):
    """The password does not meet the rules."""

    code = "PASSWORD_TOO_WEAK"
