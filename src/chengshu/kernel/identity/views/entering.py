"""The second step of the log-in."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from chengshu.kernel.accounts.facade import AccountError
from chengshu.kernel.identity.contracts import FactorKind
from chengshu.kernel.identity.errors import IdentityError, StepLost
from chengshu.kernel.identity.forms import CodeForm, PasskeyForm
from chengshu.kernel.identity.operations.entering import Pending, complete, read_pending
from chengshu.kernel.identity.operations.factors import verify_code
from chengshu.kernel.identity.operations.passkeys import offer_authentication, verify_passkey
from chengshu.kernel.identity.queries.factors import list_factors
from chengshu.kernel.identity.views.addresses import own_page_or


@never_cache
@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor; let in who shows it."""
    now = timezone.now()
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    try:
        pending = read_pending(request, now=now)
    except StepLost as error:
        return render(request, "identity/step_lost.html", {"fault": error.message})
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and _is_shown(request, form, pending, now=now):
        complete(request, pending, now=now)
        return redirect(own_page_or(settings.LOGIN_REDIRECT_URL, request, pending.page))
    kinds = {factor.kind for factor in list_factors(pending.user)}
    context = {
        "form": form,
        "person": pending.user,
        "options": offer_authentication(pending.user) if FactorKind.PASSKEY in kinds else None,
        "has_app": FactorKind.TOTP in kinds,
    }
    return render(request, "identity/second_step.html", context, status=422 if form.is_bound else 200)


def _is_shown(request: HttpRequest, form: CodeForm, pending: Pending, *, now: datetime) -> bool:
    """Look at the passkey or the code that was sent; when it is not right, say so in the form."""
    passkey = PasskeyForm(request.POST)
    try:
        if passkey.is_valid():
            verify_passkey(passkey.cleaned_data["credential"], now=now, user=pending.user)
            return True
        if form.is_valid():
            verify_code(pending.user, form.cleaned_data["code"], now=now)
            return True
    except (IdentityError, AccountError) as error:
        form.add_error("code", error.message)
    return False
