"""Coming in and going out."""

from django import forms
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from chengshu.kernel.accounts import facade as accounts
from chengshu.kernel.identity import facade as identity
from chengshu.web.addresses import own_page_or


class LoginForm(forms.Form):
    """Name and password."""

    login_name = forms.CharField(label=_("登录名"), max_length=64)
    password = forms.CharField(label=_("口令"), strip=False, max_length=128)


@sensitive_post_parameters("password")
@never_cache
def log_in(request: HttpRequest) -> HttpResponse:
    """Show the login form; with name and password posted, let the person in, ask for the second factor, or say why not."""
    if request.user.is_authenticated:
        return redirect(own_page_or(settings.LOGIN_REDIRECT_URL, request, _requested_page(request)))
    form = LoginForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        name, password = form.cleaned_data["login_name"], form.cleaned_data["password"]
        page, now = _requested_page(request), timezone.now()
        try:
            user = accounts.check_password(name, password, now=now)
        except accounts.AccountError as error:
            form.add_error(None, error.message)
        else:
            is_in = identity.enter(request, user, method=identity.Method.PASSWORD, page=page, now=now)
            target = own_page_or(settings.LOGIN_REDIRECT_URL, request, page) if is_in else "identity:second"
            return redirect(target)
    context = {
        "form": form,
        "next": _requested_page(request),
        "expired": request.session.pop("expired", False) if request.method == "GET" else False,
        "has_city": identity.is_city_set_up(),
        "city_out": request.session.pop("city_out", "") if request.method == "GET" else "",
    }
    return render(request, "web/login.html", context, status=422 if form.is_bound else 200)


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    elsewhere = identity.city_log_out_address(request)
    if isinstance(request.user, accounts.User):
        identity.end_own_session(request, request.user, now=timezone.now())
    logout(request)
    if elsewhere:
        request.session["city_out"] = elsewhere
    return redirect(settings.LOGOUT_REDIRECT_URL)


def _requested_page(request: HttpRequest) -> str:
    return request.POST.get("next") or request.GET.get("next", "")
