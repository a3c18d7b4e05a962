"""The provider's addresses: the library answers, with our pages, our keys, and our sessions."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider.exceptions import InvalidOIDCClientError
from oauth2_provider.models import Application
from oauth2_provider.settings import oauth2_settings
from oauth2_provider.views import AuthorizationView, RPInitiatedLogoutView, UserInfoView
from oauthlib.common import add_params_to_uri

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.identity.operations.keys import use_current_keys
from chengshu.kernel.identity.operations.sessions import end_own_session

AUTHORISE = "identity.authorise_application"
REFUSE = "identity.refuse_application"
_PLAIN_HOST = re.compile(r"[A-Za-z0-9.\-]+(:\d+)?|\[[0-9a-f:]+\](:\d+)?")


@method_decorator(login_not_required, name="dispatch")  # asks for the log-in by itself, or says that it is lacking
class Authorise(AuthorizationView):  # type: ignore[misc]  # the library ships no types
    """Asks the person whether the application may know who he is."""

    template_name = "identity/authorise.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer with the keys in force."""
        use_current_keys()
        return _let_leave(super().dispatch(request, *args, **kwargs), _redirect_address(request))

    def form_valid(self, form: Any) -> HttpResponse:
        """Tell the audit what the person decided, and send him back."""
        application = Application.objects.filter(client_id=form.cleaned_data["client_id"]).first()
        answer: HttpResponse = super().form_valid(form)
        if application is not None and isinstance(self.request.user, User):
            action = AUTHORISE if form.cleaned_data.get("allow") else REFUSE
            details = {"application": application.name, "scopes": form.cleaned_data["scope"]}
            audit.record(
                self.request.user, action, f"application:{application.pk}", now=timezone.now(), details=details
            )
        return answer

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponseBase:
        """Show the question; an application that wants nothing asked is told that it would have to be."""
        if "error" in context or "none" not in self.request.GET.get("prompt", "").split():
            return super().render_to_response(context, **kwargs)  # type: ignore[no-any-return]
        told = {"error": "consent_required", "iss": oauth2_settings.oidc_issuer(self.request)}
        state = context.get("state")
        address = add_params_to_uri(context["redirect_uri"], [*told.items(), *([("state", state)] if state else [])])
        return self.redirect(address, context["application"])  # type: ignore[no-any-return]

    def handle_prompt_login(self) -> HttpResponse:
        """Have the person log in anew, as the application asks: the session that there is does not count."""
        if isinstance(self.request.user, User):
            end_own_session(self.request, self.request.user, now=timezone.now())
        answer: HttpResponse = super().handle_prompt_login()
        return answer


@method_decorator(csrf_exempt, name="dispatch")
class UserInfo(UserInfoView):  # type: ignore[misc]  # the library ships no types
    """Tells who the person is to who brings a token in the header; addresses are kept in too many logs."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer, unless the token came elsewhere."""
        if "access_token" in request.GET or "access_token" in request.POST:
            return HttpResponse(status=401, headers={"WWW-Authenticate": 'Bearer error="invalid_request"'})
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]


@method_decorator(login_not_required, name="dispatch")
class LogOut(RPInitiatedLogoutView):  # type: ignore[misc]  # the library ships no types
    """Ends the session at an application's wish, after asking the person."""

    template_name = "identity/log_out.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer with the keys in force."""
        use_current_keys()
        given = request.POST if request.method == "POST" else request.GET
        answer = super().dispatch(request, *args, **kwargs)
        return _let_leave(answer, given.get("post_logout_redirect_uri", "")) if answer.status_code == 200 else answer

    def get_request_application(self, id_token: Any, client_id: str | None) -> Any:
        """Return the application that asks; one that does not exist is a fault of the request, not ours."""
        if client_id and not Application.objects.filter(client_id=client_id).exists():
            raise InvalidOIDCClientError
        return super().get_request_application(id_token, client_id)

    def do_logout(
        self,
        application: Any = None,
        post_logout_redirect_uri: str | None = None,
        state: str | None = None,
        token_user: Any = None,
    ) -> HttpResponse:
        """End the session as our own log-out does, then have the library end the tokens and send the person back."""
        user = self.request.user
        if isinstance(user, User):
            end_own_session(self.request, user, now=timezone.now())
            token_user = token_user or user
        elif not post_logout_redirect_uri:
            return render(self.request, self.template_name, {"is_out": True})
        answer: HttpResponse = super().do_logout(application, post_logout_redirect_uri, state, token_user)
        return answer


def with_current_keys(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let a view of the library answer with the keys in force."""

    @wraps(view)
    def keyed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        use_current_keys()
        return view(request, *args, **kwargs)

    return keyed


def _redirect_address(request: HttpRequest) -> str:
    """Return where the request asks to be sent back to; the library has checked it when it shows the form."""
    given = request.POST if request.method == "POST" else request.GET
    return given.get("redirect_uri", "")


def _let_leave(answer: HttpResponseBase, address: str) -> HttpResponseBase:
    """Allow the form on this page to lead to the application: browsers hold redirects to the policy of the page."""
    parts = urlsplit(address)
    if answer.status_code == 200 and parts.scheme in {"https", "http"} and _PLAIN_HOST.fullmatch(parts.netloc):
        origin = f"{parts.scheme}://{parts.netloc}"
        answer._csp_update = {"form-action": [origin]}  # type: ignore[attr-defined]  # noqa: SLF001 - where django-csp looks
    return answer
