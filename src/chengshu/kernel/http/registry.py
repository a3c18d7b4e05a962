"""Who vouches for bearer tokens; the identity provider registers itself when it is part of the house."""

from collections.abc import Callable

from django.http import HttpRequest

from chengshu.kernel.accounts.facade import User

FindBearer = Callable[[HttpRequest, str], User | None]
_finders: list[FindBearer] = []


def register_bearer_finder(find: FindBearer) -> None:
    """Let `find` say whose a token is: it returns the account, or None for a token that it does not know or take."""
    if find not in _finders:
        _finders.append(find)


def find_bearer(request: HttpRequest, token: str) -> User | None:
    """Return the account that a token speaks for, or None."""
    return next((account for find in _finders if (account := find(request, token)) is not None), None)
