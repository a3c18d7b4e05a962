"""The door of accounts."""

from chengshu.kernel.accounts.contracts import ROLE_LABELS, NewAccount, Role
from chengshu.kernel.accounts.errors import AccountError, LoginNameTaken, LoginPaused, LoginRefused, PasswordTooWeak
from chengshu.kernel.accounts.models import User
from chengshu.kernel.accounts.operations import authenticate_account, change_password, create_account
from chengshu.kernel.accounts.queries import authenticated_user, find_account

__all__ = [
    "ROLE_LABELS",
    "AccountError",
    "LoginNameTaken",
    "LoginPaused",
    "LoginRefused",
    "NewAccount",
    "PasswordTooWeak",
    "Role",
    "User",
    "authenticate_account",
    "authenticated_user",
    "change_password",
    "create_account",
    "find_account",
]
