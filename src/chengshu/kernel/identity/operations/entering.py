"""The log-in in two steps: who somebody says he is, and a second factor from who has one."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.identity.contracts import Method
from chengshu.kernel.identity.errors import StepLost
from chengshu.kernel.identity.operations.sessions import begin_session
from chengshu.kernel.identity.queries.factors import has_factors

PENDING = "identity_pending"


@dataclass(frozen=True, slots=True)
class Pending:
    """A log-in whose first step is done. `page` is where the person wanted to go."""

    user: User
    method: Method
    page: str


def enter(
    request: HttpRequest, user: User, *, method: Method, page: str, now: datetime, has_factor: bool = False
) -> bool:
    """Let the person in, or, when there is a second factor to ask for, remember the first step; tell whether he is in.

    `has_factor` says that the first step held a second factor already.
    """
    if has_factor or not has_factors(user):
        request.session.pop(PENDING, None)
        begin_session(request, user, method=method, has_factor=has_factor, now=now)
        return True
    request.session.cycle_key()
    request.session[PENDING] = {
        "user": user.pk,
        "password": user.get_session_auth_hash(),
        "method": method,
        "page": page,
        "at": now.timestamp(),
    }
    return False


def read_pending(request: HttpRequest, *, now: datetime) -> Pending:
    """Return the log-in that waits for its second factor.

    Raises:
        StepLost: there is none, it is too old, or the account was closed or got another password meanwhile.
    """
    kept = request.session.get(PENDING)
    if kept and now.timestamp() - kept["at"] < settings.SECOND_STEP_LASTS.total_seconds():
        user = User.objects.filter(pk=kept["user"], is_active=True).first()
        if user is not None and constant_time_compare(user.get_session_auth_hash(), kept["password"]):
            return Pending(user, Method(kept["method"]), kept["page"])
    request.session.pop(PENDING, None)
    raise StepLost(gettext("请先输入登录名和口令；第二步要在几分钟内完成。"))


def complete(request: HttpRequest, pending: Pending, *, now: datetime) -> None:
    """Let the person in whose second factor was right."""
    request.session.pop(PENDING, None)
    begin_session(request, pending.user, method=pending.method, has_factor=True, now=now)
