"""One's own account: what one logs in with, and where one is logged in."""

from base64 import b64encode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chengshu.kernel.accounts.facade import authenticated_user
from chengshu.kernel.identity.city import is_set_up
from chengshu.kernel.identity.contracts import FactorKind
from chengshu.kernel.identity.errors import IdentityError
from chengshu.kernel.identity.forms import CodeForm
from chengshu.kernel.identity.models import CityIdentity
from chengshu.kernel.identity.operations.applications import withdraw_application
from chengshu.kernel.identity.operations.factors import add_totp, draw_secret, remove_factor, renew_recovery_codes
from chengshu.kernel.identity.operations.sessions import confirm_session, end_own_session, end_sessions
from chengshu.kernel.identity.queries.applications import list_authorisations
from chengshu.kernel.identity.queries.factors import has_factors, is_factor_required, list_factors
from chengshu.kernel.identity.queries.sessions import list_sessions, read_entrance
from chengshu.kernel.identity.rules.agents import name_agent
from chengshu.kernel.identity.views.confirming import needs_confirmation

_SECRET = "identity_totp_secret"  # noqa: S105 - the name under which the session keeps it


@never_cache
@require_safe
def show_own(request: HttpRequest) -> HttpResponse:
    """Show the person's factors, sessions and authorised applications."""
    user, now = authenticated_user(request), timezone.now()
    entrance = read_entrance(request.session)
    here = entrance.record if entrance else None
    factors = list_factors(user)
    sessions = [
        {"row": row, "agent": name_agent(row.agent), "is_here": row.pk == here} for row in list_sessions(user, now=now)
    ]
    is_due = is_factor_required(user, on=localdate()) and not has_factors(user)
    context = {
        "factors": [factor for factor in factors if factor.kind is not FactorKind.RECOVERY_CODES],
        "recovery": next((factor for factor in factors if factor.kind is FactorKind.RECOVERY_CODES), None),
        "has_app": any(factor.kind is FactorKind.TOTP for factor in factors),
        "sessions": sessions,
        "is_due": is_due,
        "has_city": is_set_up(),
        "city": CityIdentity.objects.filter(account=user).first(),
        "authorisations": list_authorisations(user, now=now),
    }
    return render(request, "identity/own.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@needs_confirmation
def add_app(request: HttpRequest) -> HttpResponse:
    """Show the secret for the authenticator app; keep it once a code proves that the app has it."""
    user, now = authenticated_user(request), timezone.now()
    new = draw_secret(user, request.session.get(_SECRET, ""))
    request.session[_SECRET] = new.secret
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            codes = add_totp(user, new.secret, form.cleaned_data["code"], now=now)
        except IdentityError as error:
            form.add_error("code", error.message)
        else:
            del request.session[_SECRET]
            confirm_session(request, now=now, has_factor=True)
            messages.success(request, _("动态验证码已启用，下次登录时要用。"))
            return show_codes(request, codes) if codes else redirect("identity:own")
    picture = b64encode(new.picture.encode()).decode("ascii")
    context = {"form": form, "new": new, "picture": picture}
    return render(request, "identity/totp.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@needs_confirmation
def recovery(request: HttpRequest) -> HttpResponse:
    """Say what recovery codes are; on POST make new ones and show them once."""
    user = authenticated_user(request)
    if request.method == "POST":
        try:
            return show_codes(request, renew_recovery_codes(user, now=timezone.now()))
        except IdentityError as error:
            messages.error(request, error.message)
            return redirect("identity:own")
    return render(request, "identity/recovery.html", {"codes": None, "has_factors": has_factors(user)})


@require_POST
@needs_confirmation
def remove(request: HttpRequest, factor_id: int) -> HttpResponse:
    """Take away one of one's own factors."""
    try:
        remove_factor(authenticated_user(request), factor_id, now=timezone.now())
    except IdentityError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("已移除。"))
    return redirect("identity:own")


@require_POST
def withdraw(request: HttpRequest, application_id: int) -> HttpResponse:
    """End what an application may ask about oneself."""
    user = authenticated_user(request)
    withdraw_application(user, application_id, actor=user, now=timezone.now())
    messages.success(request, _("已取消授权，该应用不能再读取您的信息。"))
    return redirect("identity:own")


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End all of one's sessions but this one."""
    user = authenticated_user(request)
    entrance = read_entrance(request.session)
    count = end_sessions(user, actor=user, now=timezone.now(), keep=entrance.record if entrance else None)
    messages.success(request, _("已结束 %(count)s 处登录。") % {"count": count})
    return redirect("identity:own")


@require_POST
def end_one(request: HttpRequest, session_id: int) -> HttpResponse:
    """End one of one's own sessions; an id of somebody else's ends nothing."""
    user, now = authenticated_user(request), timezone.now()
    entrance = read_entrance(request.session)
    if entrance is not None and entrance.record == session_id:
        end_own_session(request, user, now=now)
        return redirect("login")
    count = end_sessions(user, actor=user, now=now, only=session_id)
    messages.success(request, _("已结束 %(count)s 处登录。") % {"count": count})
    return redirect("identity:own")


def show_codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """Show recovery codes, this once."""
    pairs = [f"{code[:4]} {code[4:]}" for code in codes]
    return render(request, "identity/recovery.html", {"codes": pairs, "has_factors": True})
