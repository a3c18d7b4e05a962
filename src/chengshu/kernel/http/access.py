"""Who asks: somebody who logged in on the pages, or a program with a bearer token."""

from django.conf import settings
from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from chengshu.kernel.accounts.facade import User, authenticated_user
from chengshu.kernel.http.registry import find_bearer


class Session(APIKeyCookie):
    """The session of the pages; a write must bring the page's key against forged requests (`X-CSRFToken`)."""

    param_name = settings.SESSION_COOKIE_NAME

    def __init__(self) -> None:
        super().__init__(csrf=False)  # asked for below, and of known people only: nobody is told 401, not 403

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:  # noqa: ARG002 - ninja's signature
        """Return who logged in, or None."""
        if not isinstance(request.user, User) or not request.user.is_active:
            return None
        if check_csrf(request) is not None:
            raise HttpError(403, "CSRF")
        return request.user


class Bearer(HttpBearer):
    """A token of the identity provider; a request that brings one needs no key against forgery."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        """Return the account that the token speaks for, or None."""
        account = find_bearer(request, token)
        if account is None or not account.is_active:
            return None
        request.user = account
        return account


def person_of(request: HttpRequest) -> User:
    """Return who asks, in operations that are open only to known people."""
    return authenticated_user(request)
