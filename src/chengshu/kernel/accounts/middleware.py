"""Nobody comes in without logging in, except to the pages that the settings list as open."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control


class DenyByDefault(LoginRequiredMiddleware):
    """Leads to the login page unless the view's name is in `OPEN_VIEWS`, and keeps what is behind it out of caches."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Let no browser keep a page shown to a known person: after a log-out, Back must not show it on a shared machine."""
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """Let open views and known people pass."""
        match = request.resolver_match
        if match is not None and (
            match.view_name in settings.OPEN_VIEWS or settings.SELF_GUARDED_NAMESPACES & set(match.namespaces)
        ):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseRedirect:
        """Lead to the login page; HTMX is told to leave the page, else it would put the login page into a part."""
        response = super().handle_no_permission(request, view_func)
        if request.headers.get("HX-Request"):
            response.status_code = 200
            response["HX-Redirect"] = settings.LOGIN_PAGE
            del response["Location"]
        return response
