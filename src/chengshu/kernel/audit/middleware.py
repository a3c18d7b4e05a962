"""From where a request comes, for the entries that it leaves; and an entry for each that is refused."""

from collections.abc import Callable
from ipaddress import ip_address

import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from chengshu.kernel.accounts.models import User
from chengshu.kernel.audit.contracts import Origin
from chengshu.kernel.audit.facade import originating_from, record_refusal
from chengshu.kernel.audit.rules.encoding import sm3

_SESSION_LENGTH = 16
_SUBJECT_LENGTH = 128


class Origins:
    """Tells the audit the address, the session and the id of the request; stands behind sessions and the request log.

    A session goes by a digest: its key would let who reads the audit into it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Handle one request."""
        with originating_from(lambda: _origin(request)):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Record what Django's own checks refuse to a known person, after the view's transactions were rolled back.

        Refusals of grants are recorded where they are turned into pages.
        """
        actor = getattr(request, "user", None)
        if isinstance(exception, PermissionDenied) and isinstance(actor, User):
            route = request.resolver_match.route if request.resolver_match else ""
            details = {"method": request.method, "path": request.path}
            record_refusal(actor, f"page:{route}"[:_SUBJECT_LENGTH], now=timezone.now(), details=details)


def _origin(request: HttpRequest) -> Origin:
    session = getattr(request, "session", None)
    key = session.session_key if session is not None else None
    return Origin(
        address=_address(request),
        session=sm3(key.encode()).hex()[:_SESSION_LENGTH] if key else "",
        request=structlog.contextvars.get_contextvars().get("request_id", ""),
    )


def _address(request: HttpRequest) -> str:
    """Return who asks; behind a proxy, what the proxy wrote last: what stands before it is anybody's own saying."""
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    address = forwarded if settings.BEHIND_PROXY else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(address.partition("%")[0]))
    except ValueError:
        return ""
