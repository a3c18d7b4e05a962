"""Changing one's own password."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from chengshu.kernel.accounts import facade as accounts
from chengshu.kernel.identity import facade as identity

_LENGTH = 128


class PasswordForm(forms.Form):
    """The password so far, and the new one twice."""

    old = forms.CharField(label=_("原口令"), strip=False, max_length=_LENGTH)
    new = forms.CharField(label=_("新口令"), strip=False, max_length=_LENGTH)
    repeated = forms.CharField(label=_("再输一遍新口令"), strip=False, max_length=_LENGTH)

    def clean(self) -> dict[str, Any]:
        """Refuse a new password that was typed differently the second time."""
        typed = self.cleaned_data
        if "new" in typed and "repeated" in typed and typed["new"] != typed["repeated"]:
            self.add_error("repeated", _("两次输入的新口令不一样。"))
        return typed


@sensitive_post_parameters("old", "new", "repeated")
@never_cache
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Show the form; with the passwords posted, change the password and keep this session alone."""
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _change(request, form):
        messages.success(request, gettext("口令已更改。您在其他地方的登录都已结束。"))
        return redirect("home")
    return render(request, "web/password.html", {"form": form}, status=422 if form.is_bound else 200)


def _change(request: HttpRequest, form: PasswordForm) -> bool:
    """Change the password, or say at the field why not."""
    user = accounts.authenticated_user(request)
    typed = form.cleaned_data
    try:
        accounts.change_own_password(user, typed["old"], typed["new"], now=timezone.now())
    except accounts.PasswordTooWeak as error:
        form.add_error("new", error.message)
        return False
    except accounts.AccountError as error:
        form.add_error("old", error.message)
        return False
    update_session_auth_hash(request, user)
    identity.renew_session(request)
    entrance = identity.read_entrance(request.session)
    identity.end_sessions(user, actor=user, now=timezone.now(), keep=entrance.record if entrance else None)
    return True
