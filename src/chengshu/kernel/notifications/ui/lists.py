"""What one was told: list, open, mark as read, take that back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chengshu.kernel.accounts.facade import authenticated_user
from chengshu.kernel.listing.facade import (
    BatchAction,
    Choice,
    Column,
    Filter,
    Kind,
    ListingSpec,
    open_listing,
    respond_with_listing,
)
from chengshu.kernel.notifications import facade as notifications

_UNDO = "notifications_marked_at"
_READ, _UNREAD = "read", "unread"


def _narrow_read(rows: QuerySet[Any], values: Sequence[str]) -> QuerySet[Any]:
    chosen = Q(pk__in=())
    if _READ in values:
        chosen |= Q(read_at__isnull=False)
    if _UNREAD in values:
        chosen |= Q(read_at__isnull=True)
    return rows.filter(chosen)


def _label(template: notifications.Template) -> str:
    return template.label.in_language(get_language() or "")


NOTIFICATIONS = ListingSpec(
    key="notifications",
    columns=(
        Column("title", gettext_lazy("通知"), lambda n: notifications.tell(n).title),
        Column("open", gettext_lazy("操作"), lambda _n: _("打开"), template="notifications/open.html"),
        Column("body", gettext_lazy("内容"), lambda n: notifications.tell(n).body),
        Column(
            "kind",
            gettext_lazy("种类"),
            lambda n: _label(notifications.get_template(n.template)),
            order_by=("template",),
            is_shown=False,
        ),
        Column(
            "state",
            gettext_lazy("状态"),
            lambda n: _("已读") if n.read_at else _("未读"),
            order_by=("read_at",),
            template="notifications/state.html",
        ),
        Column("created", gettext_lazy("时间"), lambda n: n.created_at, Kind.MOMENT, ("created_at",)),
    ),
    default_sort="-created",
    filters=(
        Filter(
            "state",
            gettext_lazy("状态"),
            lambda: [Choice(_UNREAD, gettext_lazy("未读")), Choice(_READ, gettext_lazy("已读"))],
            _narrow_read,
        ),
        Filter(
            "kind",
            gettext_lazy("种类"),
            lambda: [Choice(template.key, _label(template)) for template in notifications.list_templates()],
            lambda rows, keys: rows.filter(template__in=keys),
        ),
    ),
    empty=gettext_lazy("还没有通知。工单派给您、材料等您审核或被退回时，会在这里告诉您。"),
    file_name="通知",
)


@require_http_methods(["GET", "POST"])
def show_notifications(request: HttpRequest) -> HttpResponseBase:
    """Show what the viewer was told."""
    viewer, today = authenticated_user(request), timezone.localdate()
    rows = notifications.list_notifications(viewer, on=today)
    actions = (BatchAction(gettext_lazy("标为已读"), reverse("notifications:read")),)
    listing = open_listing(NOTIFICATIONS, rows, request, batch_actions=actions)
    context = {"marked_at": request.session.pop(_UNDO, "")}
    return respond_with_listing(request, listing, "notifications/list.html", context)


@require_POST
def open_notification(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one as read and lead to the page that it is about."""
    viewer, now = authenticated_user(request), timezone.now()
    try:
        found = notifications.get_notification(pk, viewer=viewer, on=timezone.localdate(now))
    except notifications.NotificationNotFound as fault:
        raise Http404(fault.message) from fault
    notifications.mark_read(viewer, now=now, ids=[pk])
    return redirect(found.url or "notifications:list")


@require_POST
def mark_selected(request: HttpRequest) -> HttpResponse:
    """Mark the selected ones as read."""
    ids = [int(pk) for pk in request.POST.getlist("selected") if pk.isascii() and pk.isdigit() and len(pk) < 19]
    return _mark(request, ids)


@require_POST
def mark_all(request: HttpRequest) -> HttpResponse:
    """Mark all as read."""
    return _mark(request, None)


@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Make unread again what was marked at the posted moment."""
    moment = _moment(request.POST.get("marked_at", ""))
    if moment is not None:
        notifications.unmark_read(authenticated_user(request), marked_at=moment)
    return redirect("notifications:list")


def _mark(request: HttpRequest, ids: list[int] | None) -> HttpResponse:
    now = timezone.now()
    if notifications.mark_read(authenticated_user(request), now=now, ids=ids):
        request.session[_UNDO] = now.isoformat()
    return redirect("notifications:list")


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
