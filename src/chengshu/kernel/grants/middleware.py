"""What a viewer holds is read once for a page; a refusal leaves as a page and stays in the audit.

The refusal stays whatever became of the transaction that it ended.
"""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.grants.errors import ExistenceHidden, PermissionRefused
from chengshu.kernel.grants.holdings import keep_while_reading
from chengshu.kernel.grants.operations.giving import keep_refusal

_READING = frozenset({"GET", "HEAD"})


class HoldingsReadOnce:
    """Keeps what a viewer holds while a request is answered that changes nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Handle one request."""
        if request.method not in _READING:
            return self.get_response(request)
        with keep_while_reading():
            return self.get_response(request)


class RefusalPages:
    """Answers 403 to what may not be done and 404 to what may not be known, and records both."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Handle one request."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Turn a refusal into its page; other faults go on. The view's transactions have been rolled back by now."""
        if not isinstance(exception, PermissionRefused):
            return None
        route = request.resolver_match.route if request.resolver_match else ""
        actor = request.user if isinstance(request.user, User) else None
        keep_refusal(actor, exception, route=route, method=request.method or "", now=timezone.now())
        if isinstance(exception, ExistenceHidden):
            return render(request, "web/error_404.html", status=404)
        return render(request, "web/error_403.html", status=403)
