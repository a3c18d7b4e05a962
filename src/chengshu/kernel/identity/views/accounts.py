"""Pages for who helps people with their log-in: locks, second factors, sessions. Each step asks for a reason."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from chengshu.kernel.accounts import facade as people
from chengshu.kernel.accounts.facade import User, authenticated_user
from chengshu.kernel.identity.forms import ReasonForm
from chengshu.kernel.identity.operations.factors import reset_factors
from chengshu.kernel.identity.operations.sessions import end_sessions
from chengshu.kernel.identity.queries.administration import get_secured_account
from chengshu.kernel.identity.queries.factors import list_factors
from chengshu.kernel.identity.queries.sessions import list_sessions
from chengshu.kernel.identity.rules.agents import name_agent

Step = Callable[[User, User, str, datetime], None]


@never_cache
@require_safe
def show(request: HttpRequest, account_id: int) -> HttpResponse:
    """Show whether the account is locked, its factors, and where it is logged in."""
    return _show(request, _account(request, account_id), ReasonForm())


@require_POST
def unlock(request: HttpRequest, account_id: int) -> HttpResponse:
    """End the lock that wrong passwords or codes brought."""

    def step(account: User, actor: User, reason: str, now: datetime) -> None:
        people.unlock_account(account, actor=actor, reason=reason, now=now)

    return _take(request, account_id, step, gettext_lazy("账号已解锁。"))


@require_POST
def reset(request: HttpRequest, account_id: int) -> HttpResponse:
    """Take away the factors of somebody who lost them, and end all sessions: whoever found them is out as well."""

    def step(account: User, actor: User, reason: str, now: datetime) -> None:
        reset_factors(account, actor=actor, reason=reason, now=now)
        end_sessions(account, actor=actor, now=now, reason=reason)

    return _take(request, account_id, step, gettext_lazy("第二重验证已重置，此人的登录都已结束。"))


@require_POST
def end_all(request: HttpRequest, account_id: int) -> HttpResponse:
    """End all sessions of the account."""

    def step(account: User, actor: User, reason: str, now: datetime) -> None:
        end_sessions(account, actor=actor, now=now, reason=reason)

    return _take(request, account_id, step, gettext_lazy("此人的登录都已结束。"))


def _take(request: HttpRequest, account_id: int, step: Step, done: Promise) -> HttpResponse:
    """Take a step for a reason; without one, and for oneself, say why not."""
    account, actor = _account(request, account_id), authenticated_user(request)
    form = ReasonForm(request.POST)
    if account == actor:
        form.add_error(None, _("自己的账号请在“我的账号”里管理，或请另一位管理员办理。"))
    if not form.is_valid():
        return _show(request, account, form, status=422)
    step(account, actor, form.cleaned_data["reason"], timezone.now())
    messages.success(request, str(done))
    return redirect("identity:account", account_id)


def _show(request: HttpRequest, account: User, form: ReasonForm, *, status: int = 200) -> HttpResponse:
    now = timezone.now()
    sessions = [{"row": row, "agent": name_agent(row.agent)} for row in list_sessions(account, now=now)]
    context = {
        "account": account,
        "form": form,
        "locked_until": people.find_account_pause(account, now=now),
        "factors": list_factors(account),
        "sessions": sessions,
    }
    return render(request, "identity/account.html", context, status=status)


def _account(request: HttpRequest, account_id: int) -> User:
    return get_secured_account(account_id, viewer=authenticated_user(request), on=localdate())
