"""The door of accounts."""

from chengshu.kernel.accounts.contracts import ROLE_LABELS, NewAccount, Role
from chengshu.kernel.accounts.errors import (
    AccountError,
    LoginNameTaken,
    LoginPaused,
    LoginRefused,
    OldPasswordWrong,
    PasswordTooWeak,
)
from chengshu.kernel.accounts.models import User
from chengshu.kernel.accounts.operations.passwords import (
    authenticate_account,
    change_own_password,
    change_password,
    check_password,
    create_account,
    record_log_in,
    record_log_out,
)
from chengshu.kernel.accounts.operations.throttling import (
    count_wrong_factor,
    forget_wrong_factors,
    refuse_while_locked,
    unlock_account,
)
from chengshu.kernel.accounts.queries import authenticated_user, find_account, find_account_pause

__all__ = [
    "ROLE_LABELS",
    "AccountError",
    "LoginNameTaken",
    "LoginPaused",
    "LoginRefused",
    "NewAccount",
    "OldPasswordWrong",
    "PasswordTooWeak",
    "Role",
    "User",
    "authenticate_account",
    "authenticated_user",
    "change_own_password",
    "change_password",
    "check_password",
    "count_wrong_factor",
    "create_account",
    "find_account",
    "find_account_pause",
    "forget_wrong_factors",
    "record_log_in",
    "record_log_out",
    "refuse_while_locked",
    "unlock_account",
]
