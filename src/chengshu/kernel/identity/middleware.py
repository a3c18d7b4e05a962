"""Sessions that are watched, and second factors that are due."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.identity import facade as identity


class WatchedSessions:
    """Ends sessions that were idle or open for too long; stands behind what tells the audit where a request is from."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Handle one request."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., Any], _args: tuple[Any, ...], _kwargs: dict[str, Any]
    ) -> None:
        """Look at the session; who is logged out by it goes on as nobody."""
        if isinstance(request.user, User):
            counts = _view_name(request) not in settings.POLLED_VIEWS
            if not identity.watch_session(request, request.user, now=timezone.now(), counts=counts):
                request.session["expired"] = True


class SecondFactorDue:
    """Leads whose role demands a second factor to setting one up, before anything else; stands behind the log-in's check."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Handle one request."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., Any], _args: tuple[Any, ...], _kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Let pass who has shown one, who needs none, and the pages on which one is set up."""
        user = request.user
        if not settings.SECOND_FACTOR_ROLES or not isinstance(user, User):
            return None
        entrance = identity.read_entrance(request.session)
        if entrance is not None and entrance.has_factor:
            return None
        name = _view_name(request)
        if name in settings.OPEN_VIEWS or not identity.is_factor_required(user, on=localdate()):
            return None
        if identity.has_factors(user):
            # One was set up elsewhere meanwhile: this session has to be begun anew, with it.
            identity.end_own_session(request, user, now=timezone.now())
            return _lead(request, settings.LOGIN_PAGE)
        return None if name in settings.FACTOR_SETUP_VIEWS else _lead(request, reverse("identity:own"))


def _view_name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _lead(request: HttpRequest, page: str) -> HttpResponseBase:
    """Lead to a page; HTMX is told to leave the one it is on."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": page})
    return redirect(page)
