"""For whom a bearer token speaks."""

from django.http import HttpRequest
from oauth2_provider.oauth2_backends import get_oauthlib_core

from chengshu.kernel.accounts.facade import User

READ, WRITE = "api.read", "api.write"
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


def find_bearer(request: HttpRequest, _token: str = "") -> User | None:
    """Return the account that the request's bearer token speaks for; None without one that holds here.

    Reading takes a token with the scope `api.read` or `api.write`, everything else one with `api.write`. What the
    account may do is a matter of its grants, as on the pages.
    """
    taken = (READ, WRITE) if request.method in _READING else (WRITE,)
    for scope in taken:
        is_valid, found = get_oauthlib_core().verify_request(request, scopes=[scope])
        if is_valid and isinstance(found.user, User):
            return found.user
    return None
