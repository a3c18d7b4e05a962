"""What every request passes: one line of log with an id, and the language that the person chose."""

import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

log = structlog.get_logger(__name__)

_SAFE_ID = re.compile(r"^[A-Za-z0-9-]{8,64}$")
_QUIET = frozenset({"health-live", "health-ready", "job-status"})


class RequestLog:
    """Gives the request an id (a proxy's `X-Request-ID` when it has one), and logs how it ended.

    The log names the route's pattern, never the address: addresses hold what people searched for.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Handle one request."""
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _SAFE_ID.match(given) else uuid.uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        _log_end(request, response, milliseconds=round((time.perf_counter() - started) * 1000))
        structlog.contextvars.clear_contextvars()
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Log what no view caught; Django then answers 500."""
        log.error("request_failed", route=_route(request), exc_info=exception)


class ChosenLanguage:
    """Answers in the language that the person chose, and in the house's own before any choice.

    The browser's wish is not asked: Chinese comes first, also on a machine that was set up in English.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Handle one request."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def _log_end(request: HttpRequest, response: HttpResponseBase, *, milliseconds: int) -> None:
    match = request.resolver_match
    is_quiet = match is not None and match.view_name in _QUIET and response.status_code < 500
    write = log.debug if is_quiet else log.info
    write(
        "request_ended",
        method=request.method,
        route=_route(request),
        status=response.status_code,
        milliseconds=milliseconds,
    )


def _route(request: HttpRequest) -> str:
    return request.resolver_match.route if request.resolver_match else "unmatched"
