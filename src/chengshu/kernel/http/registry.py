"""Who vouches for bearer tokens, and who is told of requests that nobody could read."""

from collections.abc import Callable

from django.http import HttpRequest

from chengshu.kernel.accounts.facade import User

FindBearer = Callable[[HttpRequest, str], User | None]
HearMalformed = Callable[[HttpRequest, str], None]
_finders: list[FindBearer] = []
_listeners: dict[str, HearMalformed] = {}


def register_bearer_finder(find: FindBearer) -> None:
    """Let `find` say whose a token is: it returns the account, or None for a token that it does not know or take."""
    if find not in _finders:
        _finders.append(find)


def find_bearer(request: HttpRequest, token: str) -> User | None:
    """Return the account that a token speaks for, or None."""
    return next((account for find in _finders if (account := find(request, token)) is not None), None)


def register_malformed_listener(prefix: str, hear: HearMalformed) -> None:
    """Let a domain hear of requests below an address whose content was refused before it came to the domain."""
    _listeners[prefix] = hear


def tell_malformed(request: HttpRequest, reason: str) -> None:
    """Tell of a request that is refused for its content; the person is known and logged in."""
    for prefix, hear in _listeners.items():
        if request.path.startswith(prefix):
            hear(request, reason)
