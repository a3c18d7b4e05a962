"""Pages for who administers: accounts with their grants, all grants, give one, end one."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from chengshu.kernel.accounts.facade import User, authenticated_user
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.grants import queries
from chengshu.kernel.grants.contracts import NewGrant
from chengshu.kernel.grants.errors import GrantError, GrantNotFound, PermissionRefused
from chengshu.kernel.grants.forms import EndForm, GiveForm
from chengshu.kernel.grants.models import Grant
from chengshu.kernel.grants.operations.giving import end_grant, give_grant
from chengshu.kernel.grants.registry import list_roles, name_role
from chengshu.kernel.listing.facade import (
    Choice,
    Column,
    Filter,
    Kind,
    ListingSpec,
    open_listing,
    respond_with_listing,
)

_SHOWN = ("display_name", "login_name", "organisation_name")
_QUERY_LENGTH = 200
_NOW, _LATER, _OVER = "now", "later", "over"


def _account_page(grant: Grant) -> str:
    return reverse("grants:account", args=[grant.account_id])


def _end_page(grant: Grant) -> str | None:
    return None if grant.until and grant.until <= localdate() else reverse("grants:end", args=[grant.pk])


def _state(grant: Grant) -> str:
    today = localdate()
    if grant.until is not None and grant.until <= today:
        return str(_STATES[_OVER])
    return str(_STATES[_NOW] if grant.since <= today else _STATES[_LATER])


def _narrow_state(rows: QuerySet[Any], values: Sequence[str]) -> QuerySet[Any]:
    today = localdate()
    over = Q(until__isnull=False, until__lte=today)
    states = {_NOW: ~over & Q(since__lte=today), _LATER: ~over & Q(since__gt=today), _OVER: over}
    chosen = Q(pk__in=())
    for value in values:
        chosen |= states[value]
    return rows.filter(chosen)


_STATES = {_NOW: gettext_lazy("有效"), _LATER: gettext_lazy("未开始"), _OVER: gettext_lazy("已结束")}
_GRANT_COLUMNS = (
    Column("role", gettext_lazy("角色"), lambda g: name_role(g.role), order_by=("role",)),
    Column("organisation", gettext_lazy("组织"), lambda g: g.organisation_name, order_by=("organisation_name",)),
    Column("scope", gettext_lazy("范围"), lambda g: g.scope or _("全部"), order_by=("scope_kind", "scope_id")),
    Column("state", gettext_lazy("状态"), _state, url=_end_page),
    Column("since", gettext_lazy("起"), lambda g: g.since, Kind.DATE, ("since",)),
    Column("until", gettext_lazy("止"), lambda g: g.until, Kind.DATE, ("until",)),
    Column("reason", gettext_lazy("授权事由"), lambda g: g.reason),
    Column("granted_by", gettext_lazy("授权人"), lambda g: g.granted_by or _("系统"), is_shown=False),
    Column(
        "granted_at", gettext_lazy("授权时间"), lambda g: g.granted_at, Kind.MOMENT, ("granted_at",), is_shown=False
    ),
    Column("ended_by", gettext_lazy("收回人"), lambda g: g.ended_by, is_shown=False),
    Column("end_reason", gettext_lazy("收回事由"), lambda g: g.end_reason, is_shown=False),
)
GRANTS = ListingSpec(
    key="grants",
    columns=(
        Column(
            "account",
            gettext_lazy("姓名"),
            lambda g: g.account.display_name,
            order_by=("account__display_name",),
            url=_account_page,
        ),
        *_GRANT_COLUMNS,
    ),
    default_sort="account",
    filters=(
        Filter(
            "role",
            gettext_lazy("角色"),
            lambda: [Choice(role.key, role.label) for role in list_roles()],
            lambda rows, roles: rows.filter(role__in=roles),
        ),
        Filter(
            "state",
            gettext_lazy("状态"),
            lambda: [Choice(key, label) for key, label in _STATES.items()],
            _narrow_state,
        ),
    ),
    search=("account__display_name__icontains", "account__login_name__icontains", "organisation_name__icontains"),
    search_hint=gettext_lazy("姓名、登录名、组织"),
    empty=gettext_lazy("还没有授权。请先在“账号”里选择一个人。"),
    file_name="授权",
)
ACCOUNT_GRANTS = ListingSpec(
    key="account-grants",
    columns=_GRANT_COLUMNS,
    default_sort="-since",
    filters=GRANTS.filters,
    empty=gettext_lazy("这个账号还没有授权，登录后看不到任何单位的业务。"),
    file_name="授权",
)
ACCOUNTS = ListingSpec(
    key="accounts",
    columns=(
        Column(
            "name",
            gettext_lazy("姓名"),
            lambda u: u.display_name,
            order_by=("display_name",),
            url=lambda u: reverse("grants:account", args=[u.pk]),
        ),
        Column("login", gettext_lazy("登录名"), lambda u: u.login_name, order_by=("login_name",)),
        Column("unit", gettext_lazy("单位"), lambda u: u.organisation_name, order_by=("organisation_name",)),
        Column("grants", gettext_lazy("有效授权"), lambda u: u.grant_count, Kind.NUMBER, ("grant_count",)),
        Column(
            "active", gettext_lazy("状态"), lambda u: _("启用") if u.is_active else _("停用"), order_by=("is_active",)
        ),
        Column(
            "created", gettext_lazy("开户时间"), lambda u: u.created_at, Kind.MOMENT, ("created_at",), is_shown=False
        ),
    ),
    default_sort="name",
    search=("display_name__icontains", "login_name__icontains", "organisation_name__icontains"),
    search_hint=gettext_lazy("姓名、登录名、单位"),
    empty=gettext_lazy("没有您管理的账号。"),
    file_name="账号",
)


@require_http_methods(["GET", "POST"])
def show_grants(request: HttpRequest) -> HttpResponseBase:
    """Show all grants in sight, also those that have ended."""
    viewer, today = _administrator(request)
    listing = open_listing(GRANTS, queries.list_grants(viewer, on=today), request)
    _note_sight(request, viewer, "grants:list")
    return respond_with_listing(request, listing, "grants/list.html")


@require_http_methods(["GET", "POST"])
def show_accounts(request: HttpRequest) -> HttpResponseBase:
    """Show the accounts that the viewer administers."""
    viewer, today = _administrator(request)
    listing = open_listing(ACCOUNTS, queries.list_accounts(viewer, on=today), request)
    _note_sight(request, viewer, "accounts:list")
    return respond_with_listing(request, listing, "grants/accounts.html")


@require_http_methods(["GET", "POST"])
def show_account(request: HttpRequest, account_id: int) -> HttpResponseBase:
    """Show one account with those of its grants that are in sight."""
    viewer, today = _administrator(request)
    account = _account(viewer, account_id, today)
    _note_sight(request, viewer, f"account:{account_id}")
    rows = queries.list_grants(viewer, on=today, account_id=account_id)
    context = {"account": account, "can_give": queries.is_permitted_anywhere(viewer, queries.GIVE_GRANTS, on=today)}
    return respond_with_listing(request, open_listing(ACCOUNT_GRANTS, rows, request), "grants/account.html", context)


@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, account_id: int) -> HttpResponseBase:
    """Ask for role, organisation, days and reason; on POST give the grant."""
    viewer, today = _administrator(request)
    account = _account(viewer, account_id, today)
    queries.require_anywhere(viewer, queries.GIVE_GRANTS, on=today)
    offered = queries.list_permitted_organisations(viewer, queries.GIVE_GRANTS, on=today).existing_on(today)
    form = GiveForm(request.POST or None, organisations=offered, today=today)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        new = NewGrant(
            account_id=account.pk,
            role=asked["role"],
            organisation_id=asked["organisation"].pk,
            since=asked["since"],
            until=asked["until"],
            scope=asked["scope"],
            reason=asked["reason"],
        )
        if _try_to_give(form, new, viewer):
            messages.success(request, _("已授权。"))
            return redirect("grants:account", account_id)
    context = {"account": account, "form": form, "roles": list_roles()}
    return render(request, "grants/give.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, grant_id: int) -> HttpResponse:
    """Ask once more with the reason, naming the grant; on POST end it."""
    viewer, today = _administrator(request)
    try:
        grant = queries.get_grant(grant_id, viewer=viewer, on=today)
    except GrantNotFound as fault:
        raise Http404(fault.message) from fault
    queries.require(viewer, queries.GIVE_GRANTS, grant.organisation_id, on=today)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end_grant(grant_id, actor=viewer, now=timezone.now(), reason=form.cleaned_data["reason"])
        except PermissionRefused:
            raise
        except GrantError as fault:
            form.add_error(None, fault.message)
        else:
            messages.success(request, _("已收回授权。"))
            return redirect("grants:account", grant.account_id)
    context = {"grant": grant, "role": name_role(grant.role), "form": form}
    return render(request, "grants/end.html", context, status=422 if form.errors else 200)


def _try_to_give(form: GiveForm, new: NewGrant, actor: User) -> bool:
    """Give the grant; when it cannot be, tell why at the top of the form."""
    try:
        give_grant(new, actor=actor, now=timezone.now())
    except PermissionRefused:
        raise
    except GrantError as fault:
        form.add_error(None, fault.message)
        return False
    return True


def _note_sight(request: HttpRequest, viewer: User, subject: str) -> None:
    """Keep in the audit that somebody saw names of people here, and what he had looked for."""
    query = request.GET.urlencode()[:_QUERY_LENGTH]
    audit.record_view(viewer, subject, now=timezone.now(), fields=_SHOWN, reason=query)


def _administrator(request: HttpRequest) -> tuple[User, date]:
    viewer, today = authenticated_user(request), localdate()
    queries.require_anywhere(viewer, queries.VIEW_GRANTS, on=today)
    return viewer, today


def _account(viewer: User, account_id: int, today: date) -> User:
    account = queries.list_accounts(viewer, on=today).filter(pk=account_id).first()
    if account is None:
        raise Http404(_("没有这个账号。"))
    return account
