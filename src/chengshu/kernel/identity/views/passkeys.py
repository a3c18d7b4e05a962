"""Passkeys: adding one, and coming in by one."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chengshu.kernel.accounts.facade import AccountError, authenticated_user
from chengshu.kernel.identity.contracts import Method
from chengshu.kernel.identity.errors import FactorWrong, IdentityError
from chengshu.kernel.identity.forms import PasskeyForm
from chengshu.kernel.identity.operations.entering import enter
from chengshu.kernel.identity.operations.passkeys import (
    add_passkey,
    offer_authentication,
    offer_registration,
    verify_passkey,
)
from chengshu.kernel.identity.operations.sessions import confirm_session
from chengshu.kernel.identity.views.addresses import own_page_or
from chengshu.kernel.identity.views.confirming import needs_confirmation
from chengshu.kernel.identity.views.own import show_codes


@never_cache
@require_http_methods(["GET", "POST"])
@needs_confirmation
def add(request: HttpRequest) -> HttpResponse:
    """Have the device make a passkey, and keep it."""
    user, now = authenticated_user(request), timezone.now()
    form = PasskeyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            codes = add_passkey(user, form.cleaned_data["name"], form.cleaned_data["credential"], now=now)
        except FactorWrong as error:
            form.add_error(None, error.message)
        else:
            confirm_session(request, now=now, has_factor=True)
            messages.success(request, _("通行密钥已添加，下次可以用它登录。"))
            return show_codes(request, codes) if codes else redirect("identity:own")
    context = {"form": form, "options": offer_registration(user)}
    return render(request, "identity/passkey.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_safe
def offer(_request: HttpRequest) -> HttpResponse:
    """Give the challenge that a passkey of whomever has to answer."""
    return JsonResponse(offer_authentication())


@require_POST
def log_in(request: HttpRequest) -> HttpResponse:
    """Let in whose passkey answers the challenge: the device is one factor, finger, face or PIN the other."""
    page, now = request.POST.get("next", ""), timezone.now()
    form = PasskeyForm(request.POST)
    try:
        if not form.is_valid():
            raise FactorWrong(_("浏览器没有给出通行密钥，请再试一次。"))
        user = verify_passkey(form.cleaned_data["credential"], now=now)
    except (IdentityError, AccountError) as error:
        messages.error(request, error.message)
        return redirect(settings.LOGIN_URL)
    enter(request, user, method=Method.PASSKEY, page=page, now=now, has_factor=True)
    return redirect(own_page_or(settings.LOGIN_REDIRECT_URL, request, page))
