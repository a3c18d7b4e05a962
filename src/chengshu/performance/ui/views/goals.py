"""Goals: the list, one sheet to read, and the steps that lead it on."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chengshu.kernel.listing.facade import open_listing, respond_with_listing
from chengshu.performance.facade import goals
from chengshu.performance.facade.goals import (
    GoalInUse,
    GoalSheet,
    NothingToCopy,
    ReasonMissing,
    SheetClosed,
    SheetIncomplete,
    SheetKind,
    SheetStale,
    StepAsked,
    StepNotOpen,
)
from chengshu.performance.ui.access import PersonRequest, for_people
from chengshu.performance.ui.carried import draw_carried
from chengshu.performance.ui.goal_paper import draw_goals, word_changes, word_decisions, word_gaps
from chengshu.performance.ui.goal_words import DONE, STEPS, look_of_state, name_state, word_remarks
from chengshu.performance.ui.lists.goals import goals_spec

_SHOWN_VERSIONS = 5


@require_http_methods(["GET", "POST"])
@for_people
def list_goals(request: PersonRequest) -> HttpResponseBase:
    """Show the goals of every year in sight."""
    today = localdate()
    rows = goals.list_goal_years(request.user, on=today)
    listing = open_listing(goals_spec(request.user, on=today), rows, request)
    return respond_with_listing(request, listing, "performance/goals/list.html")


@require_http_methods(["GET", "POST"])
@for_people
def open_year(request: PersonRequest, year_id: int) -> HttpResponseBase:
    """Offer to begin the goals of a year, empty or from last year's; on POST begin."""
    now, today = timezone.now(), localdate()
    year = goals.list_goal_years(request.user, on=today).filter(pk=year_id).first()
    if year is None:
        raise Http404
    if request.method == "POST":
        sheet = goals.open_goals(year_id, actor=request.user, now=now)
        if "copy" in request.POST:
            return _copy(request, sheet.pk, sheet.version)
        return redirect("performance:goal-edit", sheet.pk)
    context = {
        "year": year,
        "can_write": goals.may(year, "performance.edit_goal", viewer=request.user, on=today),
        "can_copy": goals.has_last_sheet(year),
        "carried": draw_carried(year, on=today),
    }
    return render(request, "performance/goals/open.html", context)


@require_GET
@for_people
def show_goals(request: PersonRequest, sheet_id: int) -> HttpResponseBase:
    """Show one sheet as on paper, with what the rules say and what happened to it."""
    return render(request, "performance/goals/goals.html", _page(request, sheet_id))


@require_POST
@for_people
def copy_goals(request: PersonRequest, sheet_id: int) -> HttpResponseBase:
    """Fill the sheet with last year's goals."""
    return _copy(request, sheet_id, _version(request))


def _copy(request: PersonRequest, sheet_id: int, version: int) -> HttpResponseBase:
    try:
        goals.copy_last_year(sheet_id, version, actor=request.user, now=timezone.now())
    except (NothingToCopy, SheetClosed, SheetStale, GoalInUse) as fault:
        messages.error(request, fault.message)
        return redirect("performance:goal", sheet_id)
    messages.success(request, _("已复制上年目标。要改的地方都做了标记，逐项改好或勾选“已核对”后才能提交。"))
    return redirect("performance:goal-edit", sheet_id)


@require_POST
@for_people
def restore_version(request: PersonRequest, sheet_id: int) -> HttpResponseBase:
    """Bring an earlier version back."""
    wanted = request.POST.get("target", "")
    target = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 10 else 0
    try:
        goals.restore_goals(sheet_id, target, _version(request), actor=request.user, now=timezone.now())
    except (SheetClosed, SheetStale, GoalInUse) as fault:
        messages.error(request, fault.message)
    else:
        messages.success(request, _("已恢复到版本 %(version)s。") % {"version": target})
    return redirect("performance:goal-versions", sheet_id)


@require_POST
@for_people
def take_step(request: PersonRequest, sheet_id: int) -> HttpResponseBase:
    """Lead the sheet on; what holds it back is told with its places."""
    action, reason = request.POST.get("action", ""), request.POST.get("reason", "")
    asked = StepAsked(SheetKind.GOAL, sheet_id, action, _version(request), reason)
    try:
        goals.take_step(asked, actor=request.user, now=timezone.now())
    except SheetIncomplete as fault:
        context = {"step_error": fault.message, "gaps": word_gaps(fault.gaps)}
    except (ReasonMissing, SheetStale, StepNotOpen) as fault:
        context = {"step_error": fault.message}
    else:
        messages.success(request, str(DONE[action]))
        return redirect("performance:goal", sheet_id)
    context["typed_reason"] = reason
    return render(request, "performance/goals/goals.html", {**_page(request, sheet_id), **context}, status=422)


@require_GET
@for_people
def show_versions(request: PersonRequest, sheet_id: int) -> HttpResponseBase:
    """Show every save of the sheet: who, when, what changed."""
    today = localdate()
    sheet = goals.get_goals(sheet_id, viewer=request.user, on=today)
    context = {
        "sheet": sheet,
        "year": sheet.project_year,
        "versions": [word_changes(edition) for edition in goals.list_editions(sheet)[:200]],
        "can_edit": _can_edit(request, sheet),
    }
    return render(request, "performance/goals/versions.html", context)


def _page(request: PersonRequest, sheet_id: int) -> dict[str, Any]:
    today = localdate()
    sheet = goals.get_goals(sheet_id, viewer=request.user, on=today)
    year, content = sheet.project_year, goals.content_of(sheet)
    background = goals.read_background(year, content, viewer=request.user, on=localdate())
    remarks = word_remarks(goals.check_content(year, content, background))
    steps = goals.list_open_steps(sheet, viewer=request.user, on=today)
    editions = goals.list_editions(sheet)[: _SHOWN_VERSIONS + 1]
    return {
        "sheet": sheet,
        "year": year,
        "names": goals.name_units(year, on=today),
        "paper": draw_goals(content, remarks),
        "remarks": remarks,
        "error_count": sum(remark.level == "error" for remark in remarks),
        "state_name": name_state(sheet.state),
        "state_look": look_of_state(sheet.state),
        "steps": [(step, STEPS[step.action]) for step in steps],
        "reason_needed": any(step.needs_reason for step in steps),
        "can_edit": _can_edit(request, sheet),
        "decisions": word_decisions(goals.list_decisions(sheet)),
        "versions": [word_changes(edition) for edition in editions[:_SHOWN_VERSIONS]],
        "has_more_versions": len(editions) > _SHOWN_VERSIONS,
        "siblings": goals.list_siblings(year),
        "rules_name": goals.rules_of_year(year.year),
        "carried": draw_carried(year, on=today),
    }


def _can_edit(request: PersonRequest, sheet: GoalSheet) -> bool:
    is_draft = sheet.state == goals.SheetState.DRAFT
    may = goals.may(sheet.project_year, "performance.edit_goal", viewer=request.user, on=localdate())
    return is_draft and may


def _version(request: PersonRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
