"""Proving once more who one is, before what proves it may be changed."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from chengshu.kernel.accounts import facade as accounts
from chengshu.kernel.accounts.facade import authenticated_user
from chengshu.kernel.identity.forms import ConfirmForm
from chengshu.kernel.identity.operations.sessions import confirm_session
from chengshu.kernel.identity.queries.sessions import is_fresh
from chengshu.kernel.identity.views.addresses import own_page_or

Asked = ParamSpec("Asked")


def needs_confirmation(
    view: Callable[Concatenate[HttpRequest, Asked], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Asked], HttpResponse]:
    """Let the view be reached only shortly after a log-in or a confirmation; else ask for the password first."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Asked.args, **kwargs: Asked.kwargs) -> HttpResponse:
        if is_fresh(request.session, now=timezone.now()):
            return view(request, *args, **kwargs)
        page = request.path if request.method == "GET" else reverse("identity:own")
        return redirect(f"{reverse('identity:confirm')}?{urlencode({'next': page})}")

    return guarded


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask for the password; when it is right, go on to what was asked for."""
    user = authenticated_user(request)
    page = own_page_or("identity:own", request, request.POST.get("next") or request.GET.get("next", ""))
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            checked = accounts.check_password(user.login_name, form.cleaned_data["password"], now=timezone.now())
        except accounts.LoginPaused as error:
            form.add_error("password", error.message)
        except accounts.LoginRefused:
            form.add_error("password", _("口令不对，请重新输入。"))
        else:
            if checked == user:
                confirm_session(request, now=timezone.now())
                return redirect(page)
    context = {"form": form, "next": page, "has_password": user.has_usable_password()}
    return render(request, "identity/confirm.html", context, status=422 if form.is_bound else 200)
