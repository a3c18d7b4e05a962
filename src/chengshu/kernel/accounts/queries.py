"""Reads of accounts."""

from chengshu.kernel.accounts.models import User


def find_account(login_name: str) -> User | None:
    """Return the account with this login name, or None."""
    return User.objects.filter(login_name=login_name).first()
