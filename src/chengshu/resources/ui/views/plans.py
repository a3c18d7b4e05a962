"""The month's plan of checks: what is done, missing and late; what is missing is checked by one job."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.jobs.facade import list_jobs
from chengshu.kernel.listing.facade import open_listing, respond_with_listing
from chengshu.resources.facade import quality
from chengshu.resources.facade.quality import StepNotOpen
from chengshu.resources.ui.access import PersonRequest, for_people
from chengshu.resources.ui.lists.quality import plan_spec


@require_http_methods(["GET", "POST"])
@for_people
def show_plan(request: PersonRequest, year: int | None = None, month: int | None = None) -> HttpResponseBase:
    """Show a month's plan, the present one without a month; on POST plan it, or have what is missing checked."""
    today, viewer = localdate(), request.user
    shown = _month(year or today.year, month or today.month)
    grants.require_anywhere(viewer, quality.SEE_QUALITY, on=today)
    if request.POST.get("step") in {"plan", "check"}:
        return _change(request, shown)
    listing = open_listing(plan_spec(shown), quality.list_plan(viewer, shown, on=today), request)
    is_present = (shown.year, shown.month) == (today.year, today.month)
    coverage = quality.measure_coverage(viewer, shown, on=today)
    context = {
        "month": shown,
        "before": quality.plan_page(shown - timedelta(days=1)),
        "after": quality.plan_page(shown + timedelta(days=31)),
        "coverage": coverage,
        "missing": coverage.planned - coverage.checked,
        "is_present": is_present,
        "is_past": shown < today.replace(day=1),
        "may_plan": grants.is_permitted_anywhere(viewer, quality.CHECK, on=today),
        "job": list_jobs(viewer).filter(kind=quality.MISSING_JOB).first() if is_present else None,
    }
    return respond_with_listing(request, listing, "resources/quality/plan.html", context)


def _change(request: PersonRequest, month: date) -> HttpResponseBase:
    now = timezone.now()
    if request.POST["step"] == "plan":
        added = quality.plan_checks(month, None, actor=request.user, now=now)
        messages.success(request, _("计划新增 %(added)s 项资源。") % {"added": added})
    else:
        try:
            quality.order_missing(month, actor=request.user, now=now)
        except StepNotOpen as fault:
            messages.error(request, fault.message)
        else:
            messages.success(request, _("没做的检查已排入后台任务，进度显示在这里。"))
    return redirect(quality.plan_page(month))


def _month(year: int, month: int) -> date:
    try:
        shown = date(year, month, 1)
    except ValueError as error:
        raise Http404 from error
    if not 2000 <= year <= 2100:
        raise Http404
    return shown
