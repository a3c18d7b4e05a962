"""Pages for auditors and administrators: all entries, one entry with its place in the chain, the check of the chain."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chengshu.kernel.accounts.facade import User, authenticated_user
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.audit.worker import VERIFY
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.jobs import facade as jobs
from chengshu.kernel.listing.facade import (
    Choice,
    Column,
    Filter,
    Kind,
    ListingSpec,
    open_listing,
    respond_with_listing,
)
from chengshu.kernel.organisations.facade import Kind as OrganisationKind
from chengshu.kernel.organisations.facade import Organisation

READ = "audit.read"
_SYSTEM, _PEOPLE = "system", "people"
_DAYS = {"today": 0, "week": 6, "month": 29, "year": 364}
_SHOWN = ("display_name", "login_name", "address")


def _narrow_times(rows: QuerySet[Any], values: Sequence[str]) -> QuerySet[Any]:
    """Leave the entries since the earliest of the chosen days."""
    day = timezone.localdate() - timedelta(days=max(_DAYS[value] for value in values))
    return rows.filter(at__gte=datetime.combine(day, time.min, timezone.get_current_timezone()))


def _narrow_actors(rows: QuerySet[Any], values: Sequence[str]) -> QuerySet[Any]:
    chosen = Q(actor__isnull=True) if _SYSTEM in values else Q(pk__in=())
    return rows.filter(chosen | Q(actor__isnull=False) if _PEOPLE in values else chosen)


def _actor(entry: Any) -> str:
    """Name who did it: by display name and the login name of then."""
    if entry.actor is None:
        return _("系统或未登录的人")
    return f"{entry.actor.display_name}（{entry.actor_name}）"


def _list_action_choices() -> list[Choice]:
    """Offer the actions that were ever recorded, by what people call them."""
    return sorted((Choice(key, audit.name_action(key)) for key in audit.list_actions()), key=lambda c: str(c.label))


AUDIT = ListingSpec(
    key="audit",
    columns=(
        Column(
            "action",
            gettext_lazy("动作"),
            lambda entry: audit.name_action(entry.action),
            order_by=("action",),
            url=lambda entry: reverse("audit:entry", args=[entry.pk]),
        ),
        Column("key", gettext_lazy("动作代码"), lambda entry: entry.action, is_shown=False),
        Column("at", gettext_lazy("时间"), lambda entry: entry.at, Kind.MOMENT, ("at",)),
        Column("actor", gettext_lazy("操作人"), _actor, order_by=("actor_name",)),
        Column("subject", gettext_lazy("对象"), lambda entry: entry.subject, order_by=("subject",)),
        Column("reason", gettext_lazy("事由"), lambda entry: entry.reason),
        Column("address", gettext_lazy("来源地址"), lambda entry: entry.address, is_shown=False),
        Column("request", gettext_lazy("请求编号"), lambda entry: entry.request, is_shown=False),
    ),
    default_sort="-at",
    filters=(
        Filter(
            "action",
            gettext_lazy("动作"),
            _list_action_choices,
            lambda rows, values: rows.filter(action__in=values),
        ),
        Filter(
            "days",
            gettext_lazy("时间"),
            lambda: [
                Choice("today", gettext_lazy("今天")),
                Choice("week", gettext_lazy("近 7 天")),
                Choice("month", gettext_lazy("近 30 天")),
                Choice("year", gettext_lazy("近 365 天")),
            ],
            _narrow_times,
        ),
        Filter(
            "by",
            gettext_lazy("谁做的"),
            lambda: [Choice(_PEOPLE, gettext_lazy("有登录名的人")), Choice(_SYSTEM, gettext_lazy("系统或未登录的人"))],
            _narrow_actors,
        ),
    ),
    search=("actor_name__istartswith", "subject__istartswith", "action__istartswith", "actor__display_name"),
    search_hint=gettext_lazy("登录名、姓名、对象（如 form:12）或动作"),
    empty=gettext_lazy("没有符合条件的审计记录。请放宽时间或去掉筛选。"),
    file_name="审计记录",
)


@require_http_methods(["GET", "POST"])
def show_entries(request: HttpRequest) -> HttpResponseBase:
    """Show all entries; that somebody looked is recorded with what he looked for."""
    viewer = _require_reader(request)
    listing = open_listing(AUDIT, audit.list_all_entries(), request)
    query = request.GET.urlencode()[:200]
    audit.record_view(viewer, "audit:entries", now=timezone.now(), fields=_SHOWN, reason=query)
    return respond_with_listing(request, listing, "audit/list.html")


@require_GET
@never_cache
def show_entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Show one entry: what changed, from where, and its place in the chain."""
    viewer = _require_reader(request)
    try:
        entry = audit.get_entry(entry_id)
    except audit.EntryNotFound as error:
        raise Http404(error.message) from error
    audit.record_view(viewer, f"audit:{entry.pk}", now=timezone.now(), fields=_SHOWN)
    link = getattr(entry, "link", None)
    context = {
        "entry": entry,
        "action": audit.name_action(entry.action),
        "actor": _actor(entry),
        "link": link,
        "head": audit.find_head_over(link.sequence) if link else None,
        "neighbours": audit.list_neighbours(link.sequence) if link else [],
        "differences": audit.list_differences(entry.before, entry.after),
        "values": audit.list_values(entry.details),
    }
    return render(request, "audit/entry.html", context)


@require_POST
def start_verification(request: HttpRequest) -> HttpResponse:
    """Check the chain as a job, and lead to it."""
    viewer = _require_reader(request)
    now = timezone.now()
    job = jobs.enqueue_job(VERIFY, payload={}, owner=viewer, now=now)
    audit.record(viewer, VERIFY, "audit:chain", now=now, details={"job": job.uuid})
    return redirect("audit:verification", uuid=job.uuid)


@require_GET
@never_cache
def show_verification(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show how far a check is, or what it found."""
    viewer = _require_reader(request)
    try:
        job = jobs.get_job(uuid, actor=viewer)
    except jobs.JobNotFound as error:
        raise Http404(error.message) from error
    if job.kind != VERIFY:
        raise Http404(_("这个任务不是核对审计链。"))
    result = job.result if job.state == jobs.State.DONE else None
    broken = (result or {}).get("broken")
    label = audit.REASON_LABELS[audit.Reason(broken["reason"])] if broken else ""
    return render(request, "audit/verification.html", {"job": job, "result": result, "label": label})


def _require_reader(request: HttpRequest) -> User:
    """Return the viewer if he may read the audit of the whole city.

    Entries speak of every unit, so a grant below the city does not open them.

    Raises:
        PermissionRefused: he may not.
    """
    viewer = authenticated_user(request)
    reached = grants.permitted(viewer, READ, on=timezone.localdate())
    if not Organisation.objects.filter(kind=OrganisationKind.CITY, pk__in=reached).exists():
        raise grants.PermissionRefused(_("只有审计人员和管理员可以查看审计记录。"), permission=READ)
    return viewer
