"""Pages for who registers the applications that let people in by us."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from oauth2_provider.models import Application

from chengshu.kernel.accounts.facade import User, authenticated_user
from chengshu.kernel.grants.facade import require_in_city
from chengshu.kernel.identity.errors import ApplicationInvalid
from chengshu.kernel.identity.forms import ApplicationForm, ReasonForm
from chengshu.kernel.identity.operations.applications import (
    NewApplication,
    register_application,
    renew_secret,
    retire_application,
)
from chengshu.kernel.identity.queries.applications import list_applications
from chengshu.kernel.listing.facade import Column, Kind, ListingSpec, open_listing, respond_with_listing

MANAGE = "applications.manage"


def _page(application: Application) -> str:
    return reverse("identity:application", args=[application.pk])


APPLICATIONS = ListingSpec(
    key="applications",
    columns=(
        Column("name", gettext_lazy("名称"), lambda a: a.name, order_by=("name",), url=_page),
        Column("client", gettext_lazy("应用编号"), lambda a: a.client_id, order_by=("client_id",)),
        Column("people", gettext_lazy("在用人数"), lambda a: a.people, Kind.NUMBER, ("people",)),
        Column("created", gettext_lazy("登记时间"), lambda a: a.created, Kind.MOMENT, ("created",)),
    ),
    default_sort="name",
    search=("name__icontains", "client_id__icontains"),
    search_hint=gettext_lazy("名称、应用编号"),
    empty=gettext_lazy("还没有应用接入统一身份。"),
    file_name="接入应用",
)


@require_http_methods(["GET", "POST"])
def show_list(request: HttpRequest) -> HttpResponseBase:
    """Show the registered applications."""
    _manager(request)
    listing = open_listing(APPLICATIONS, list_applications(), request)
    return respond_with_listing(request, listing, "identity/applications.html")


@never_cache
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Ask for what is needed; register the application and show its secret once."""
    viewer = _manager(request)
    form = ApplicationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        asked = form.cleaned_data
        new = NewApplication(
            name=asked["name"],
            addresses=tuple(asked["addresses"].split()),
            log_out_addresses=tuple(asked["log_out_addresses"].split()),
            is_public=asked["is_public"],
        )
        try:
            application, secret = register_application(new, actor=viewer, now=timezone.now())
        except ApplicationInvalid as error:
            form.add_error(None, error.message)
        else:
            return _show(request, application, secret=secret)
    return render(request, "identity/application_new.html", {"form": form}, status=422 if form.is_bound else 200)


@never_cache
@require_safe
def show_one(request: HttpRequest, application_id: int) -> HttpResponse:
    """Show what an application needs to know of us, and we of it."""
    _manager(request)
    return _show(request, _application(application_id))


@never_cache
@require_POST
def renew(request: HttpRequest, application_id: int) -> HttpResponse:
    """Give the application another secret and show it once."""
    viewer = _manager(request)
    _application(application_id)
    try:
        application, secret = renew_secret(application_id, actor=viewer, now=timezone.now())
    except ApplicationInvalid as error:
        messages.error(request, error.message)
        return redirect("identity:application", application_id)
    return _show(request, application, secret=secret)


@require_http_methods(["GET", "POST"])
def retire(request: HttpRequest, application_id: int) -> HttpResponse:
    """Ask once more with the reason; on POST take the application away."""
    viewer = _manager(request)
    application = _application(application_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        retire_application(application_id, actor=viewer, reason=form.cleaned_data["reason"], now=timezone.now())
        messages.success(request, _("应用已注销，它手里的令牌全部作废。"))
        return redirect("identity:applications")
    context = {"application": application, "form": form}
    return render(request, "identity/application_retire.html", context, status=422 if form.is_bound else 200)


def _show(request: HttpRequest, application: Application, *, secret: str = "") -> HttpResponse:
    context = {
        "application": application,
        "is_public": application.client_type == Application.CLIENT_PUBLIC,
        "secret": secret,
        "addresses": application.redirect_uris.split(),
        "log_out_addresses": application.post_logout_redirect_uris.split(),
        "discovery": request.build_absolute_uri(reverse("oauth2_provider:oidc-connect-discovery-info")),
    }
    return render(request, "identity/application.html", context)


def _manager(request: HttpRequest) -> User:
    """Return the viewer if he registers applications, which is a matter of the whole city.

    Raises:
        PermissionRefused: he does not.
    """
    viewer = authenticated_user(request)
    require_in_city(viewer, MANAGE, on=localdate())
    return viewer


def _application(application_id: int) -> Application:
    application = list_applications().filter(pk=application_id).first()
    if application is None:
        raise Http404(_("没有这个应用。"))
    return application
