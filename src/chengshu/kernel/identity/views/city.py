"""Coming in by the city's identity provider, and linking one's account with it."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from chengshu.kernel.accounts.facade import User, authenticated_user
from chengshu.kernel.identity.city import Claims, StartCityLogin, ask_city, is_set_up
from chengshu.kernel.identity.contracts import Method
from chengshu.kernel.identity.errors import CityLoginRefused
from chengshu.kernel.identity.operations.city import find_by_city, link_city, unlink_city
from chengshu.kernel.identity.operations.entering import enter
from chengshu.kernel.identity.views.addresses import own_page_or
from chengshu.kernel.identity.views.confirming import needs_confirmation

_LINKING = "identity_city_link"


@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponseBase:
    """Send the person to the city's provider."""
    if not is_set_up():
        return render(request, "identity/city_off.html", status=503)
    request.session.pop(_LINKING, None)
    return StartCityLogin.as_view()(request)  # type: ignore[no-any-return]


@never_cache
@require_safe
@needs_confirmation
def start_link(request: HttpRequest) -> HttpResponse:
    """Send the person who is logged in to the city's provider, to be linked when he comes back."""
    if not is_set_up():
        return render(request, "identity/city_off.html", status=503)
    request.session[_LINKING] = authenticated_user(request).pk
    answer: HttpResponse = StartCityLogin.as_view()(request)
    return answer


@never_cache
@require_safe
def come_back(request: HttpRequest) -> HttpResponse:
    """Let in, or link, whom the city's provider sent back; each answer counts once, in the browser that asked."""
    if not is_set_up():
        return render(request, "identity/city_off.html", status=503)
    kept = request.session.get("oidc_states", {}).pop(request.GET.get("state", ""), None)
    request.session.modified = True
    linking = request.session.pop(_LINKING, None)
    if kept is None:
        return render(request, "identity/city_off.html", {"is_lost": True}, status=400)
    try:
        claims = ask_city(request, nonce=kept["nonce"], code_verifier=kept["code_verifier"])
        return _admit(request, claims, linking)
    except CityLoginRefused as error:
        messages.error(request, error.message)
        return redirect("identity:own" if request.user.is_authenticated else "login")


@require_POST
@needs_confirmation
def unlink(request: HttpRequest) -> HttpResponse:
    """Take the link with the city's identity away."""
    unlink_city(authenticated_user(request), now=timezone.now())
    messages.success(request, _("已解除绑定。"))
    return redirect("identity:own")


def _admit(request: HttpRequest, claims: Claims, linking: int | None) -> HttpResponse:
    now = timezone.now()
    if isinstance(request.user, User):
        if linking == request.user.pk:
            link_city(request.user, claims, now=now)
            messages.success(request, _("已绑定统一身份，以后可以用它登录。"))
        return redirect("identity:own")
    user, page = find_by_city(claims, now=now), request.session.pop("oidc_login_next", None) or ""
    is_in = enter(request, user, method=Method.CITY, page=page, now=now, has_factor=claims.has_factor)
    return redirect(own_page_or(settings.LOGIN_REDIRECT_URL, request, page) if is_in else "identity:second")
