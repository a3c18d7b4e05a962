"""What waits for a person: the inbox, papers approved from it, the calendar, and the calendar as a file."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chengshu.kernel.calendars import facade as calendars
from chengshu.performance.facade import duties, monitoring
from chengshu.performance.facade.duties import (
    DutyKind,
    ReasonMissing,
    SheetIncomplete,
    SheetKind,
    SheetStale,
    StepAsked,
    StepNotOpen,
)
from chengshu.performance.ui.access import PersonRequest, for_people
from chengshu.performance.ui.duty_calendar import Entry, lay_month, month_of, write_calendar
from chengshu.performance.ui.duty_words import KINDS, lay_chips, lay_spans

_MOST = 50
_DIGITS = 18


@require_GET
@for_people
def show_inbox(request: PersonRequest) -> HttpResponseBase:
    """Show what waits for the person, the most pressing first; `kind` narrows it."""
    today, calendar = localdate(), calendars.load_calendar()
    named = request.GET.get("kind", "")
    kind = DutyKind(named) if named in set(DutyKind) else None
    inbox = duties.read_inbox(request.user, on=today, calendar=calendar, most=_MOST, kind=kind)
    chips = lay_chips(inbox.counts, today, named)
    context = {
        "spans": lay_spans(inbox.first, today, calendar),
        "chips": chips,
        "kind": kind,
        "kind_name": KINDS[kind] if kind else "",
        "total": sum(chip.count for chip in chips if kind is None or chip.is_chosen),
        "all": sum(chip.count for chip in chips),
        "shown": len(inbox.first),
    }
    return render(request, "performance/duties/inbox.html", context)


@require_POST
@for_people
def approve(request: PersonRequest) -> HttpResponseBase:
    """Approve one paper without leaving the inbox."""
    back = redirect(_inbox_of(request.POST.get("back", "")))
    kind, sheet_id, version = request.POST.get("kind", ""), *(_number(request, name) for name in ("sheet", "version"))
    if kind not in set(SheetKind):
        messages.error(request, _("没有办成：这一项已经不在了。"))
        return back
    asked = StepAsked(SheetKind(kind), sheet_id, "approve", version)
    try:
        duties.take_step(asked, actor=request.user, now=timezone.now())
    except (ReasonMissing, SheetIncomplete, SheetStale, StepNotOpen) as fault:
        messages.error(request, fault.message)
    else:
        messages.success(request, _("“%(name)s”已审核通过。") % {"name": request.POST.get("name", "")[:80]})
    return back


@require_GET
@for_people
def show_calendar(request: PersonRequest) -> HttpResponseBase:
    """Show a month with its working days and what falls due on them."""
    today, calendar = localdate(), calendars.load_calendar()
    first = month_of(request.GET.get("month", ""), today)
    following = (first + timedelta(days=31)).replace(day=1)
    counts = duties.count_duties(request.user, on=today, calendar=calendar)
    weeks = lay_month(first, counts, _mark_points(first, following), today, calendar)
    context = {
        "first": first,
        "before": (first - timedelta(days=1)).strftime("%Y-%m"),
        "after": following.strftime("%Y-%m"),
        "weeks": weeks,
        "busy": [day for week in weeks for day in week if day.is_in_month and (day.entries or day.is_today)],
        "weekdays": [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")],
        "is_provisional": not calendar.is_announced(first.year),
        "terms": [(KINDS[kind], term.source) for kind, term in duties.list_terms().items()],
    }
    return render(request, "performance/duties/calendar.html", context)


@require_GET
@for_people
def give_file(request: PersonRequest) -> HttpResponseBase:
    """Give everything that falls due as a calendar file."""
    now = timezone.now()
    counts = duties.count_duties(request.user, on=localdate(now), calendar=calendars.load_calendar())
    site = request.build_absolute_uri("/").rstrip("/")
    content = write_calendar(counts, site=site, owner=str(request.user.pk), now=now)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="chengshu.ics"'
    return response


def _mark_points(first: date, following: date) -> list[tuple[date, Entry]]:
    address = reverse("performance:monitoring-points")
    points = monitoring.list_points().filter(until_on__gte=first, until_on__lt=following)
    return [(point.until_on, Entry(_("%(name)s 截至日") % {"name": point.name}, address, "mark")) for point in points]


def _inbox_of(kind: str) -> str:
    address = reverse("performance:inbox")
    return f"{address}?kind={kind}" if kind in set(DutyKind) else address


def _number(request: PersonRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _DIGITS else 0
