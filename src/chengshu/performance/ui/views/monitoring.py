"""Monitoring: reports to read and to fill, the steps that lead them on, points of the year, and warnings."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.indicators.facade import IndicatorError
from chengshu.kernel.listing.facade import open_listing, respond_with_listing
from chengshu.performance.facade import monitoring
from chengshu.performance.facade.monitoring import (
    MonitoringSheet,
    ReasonMissing,
    ResultInvalid,
    SheetClosed,
    SheetIncomplete,
    SheetKind,
    SheetStale,
    SheetState,
    StepAsked,
    StepNotOpen,
)
from chengshu.performance.ui.access import PersonRequest, for_people
from chengshu.performance.ui.forms.monitoring import DueForm, PointForm, Typed, read_typed
from chengshu.performance.ui.goal_words import DONE, STEPS, look_of_state, name_state
from chengshu.performance.ui.lists.monitoring import monitoring_spec, warnings_spec
from chengshu.performance.ui.monitoring_words import LAMPS, lay_report, list_limits, word_clashes

_SET = "performance.set_monitoring"
_MOST_DECISIONS = 50


@dataclass(frozen=True, slots=True)
class _Trouble:
    """Why a save was not taken, told above the editor."""

    message: str
    status: int
    clashes: tuple[monitoring.Clash, ...] = ()


@require_http_methods(["GET", "POST"])
@for_people
def list_reports(request: PersonRequest) -> HttpResponseBase:
    """Show the reports in sight."""
    today = localdate()
    rows = monitoring.list_monitoring(request.user, on=today)
    listing = open_listing(monitoring_spec(request.user, on=today), rows, request)
    return respond_with_listing(request, listing, "performance/monitoring/list.html")


@require_http_methods(["GET", "POST"])
@for_people
def list_warnings(request: PersonRequest) -> HttpResponseBase:
    """Show what is behind now."""
    rows = monitoring.list_warnings(request.user, on=localdate())
    listing = open_listing(warnings_spec(), rows, request)
    return respond_with_listing(request, listing, "performance/monitoring/warnings.html")


@require_http_methods(["GET", "POST"])
@for_people
def list_points(request: PersonRequest) -> HttpResponseBase:
    """Show the points of all years and the limits of the lamps; on POST set a point."""
    now, today = timezone.now(), localdate()
    form = PointForm(request.POST or None)
    if request.method == "POST":
        grants.require_anywhere(request.user, _SET, on=today)
        if form.is_valid():
            typed = form.cleaned_data
            try:
                point = monitoring.set_point(
                    typed["name"], typed["until_on"], typed["due_on"], actor=request.user, now=now
                )
            except ResultInvalid as fault:
                form.add_error(str(fault.details["field"]), fault.message)
            else:
                monitoring.start_opening(point.pk, actor=request.user, now=now)
                messages.success(request, _("已设定监控时点，正在为目标已批复的项目下发监控表。"))
                return redirect("performance:monitoring-points")
    context = {
        "form": form,
        "points": monitoring.list_points().order_by("-until_on"),
        "limits": list_limits(),
        "may_set": grants.is_permitted_anywhere(request.user, _SET, on=today),
    }
    return render(request, "performance/monitoring/points.html", context, status=422 if form.errors else 200)


@require_POST
@for_people
def move_due_day(request: PersonRequest, point_id: int) -> HttpResponseBase:
    """Set another day by which the reports of a point are due."""
    grants.require_anywhere(request.user, _SET, on=localdate())
    form = DueForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("日期没有改：请按 2024-08-31 的样子填。"))
        return redirect("performance:monitoring-points")
    try:
        monitoring.move_due_day(point_id, form.cleaned_data["due_on"], actor=request.user, now=timezone.now())
    except ResultInvalid as fault:
        messages.error(request, fault.message)
    else:
        messages.success(request, _("已修改报送截止日期。"))
    return redirect("performance:monitoring-points")


@require_POST
@for_people
def open_reports(request: PersonRequest, point_id: int) -> HttpResponseBase:
    """Let the worker open the reports that are missing at a point."""
    job = monitoring.start_opening(point_id, actor=request.user, now=timezone.now())
    return redirect("job", job.uuid)


@require_GET
@for_people
def show_report(request: PersonRequest, sheet_id: int) -> HttpResponseBase:
    """Show one report, with what is open and what happened to it."""
    return render(request, "performance/monitoring/sheet.html", _page(request, sheet_id))


@require_http_methods(["GET", "POST"])
@for_people
def edit_report(request: PersonRequest, sheet_id: int) -> HttpResponseBase:
    """Show the report to be filled; on POST save it."""
    sheet = _get(request, sheet_id)
    if not _can_edit(request, sheet):
        grants.require(
            request.user,
            "performance.monitor",
            sheet.project_year.unit_id,
            on=localdate(),
            scope=f"project:{sheet.project_year.project_id}",
        )
        messages.error(request, _("已提交的监控表不能再改。需要修改时，请先撤回或请审核人退回。"))
        return redirect("performance:monitoring-sheet", sheet_id)
    kept = monitoring.content_of_monitoring(sheet)
    if request.method == "GET":
        return _show_editor(request, sheet, Typed(kept, sheet.version))
    typed = read_typed(request.POST, kept)
    if typed.faults:
        return _show_editor(request, sheet, typed, _Trouble(_("没有保存：有栏目要改正。"), 422))
    return _save(request, sheet, typed)


def _save(request: PersonRequest, sheet: MonitoringSheet, typed: Typed) -> HttpResponseBase:
    try:
        _saved, changes = monitoring.save_monitoring(
            sheet.pk, typed.content, typed.version, actor=request.user, now=timezone.now()
        )
    except SheetStale as stale:
        base = monitoring.content_of_edition(sheet, typed.version)
        merged, clashes = monitoring.merge(base, monitoring.content_of_monitoring(sheet), typed.content)
        trouble = _Trouble(stale.message, 409, clashes)
        return _show_editor(request, sheet, Typed(merged, sheet.version), trouble)
    except (ResultInvalid, SheetClosed) as fault:
        return _show_editor(request, sheet, typed, _Trouble(fault.message, 422))
    messages.success(request, _("已保存。") if changes else _("内容没有变化。"))
    if "stay" in request.POST:
        return redirect("performance:monitoring-edit", sheet.pk)
    return redirect("performance:monitoring-sheet", sheet.pk)


@require_POST
@for_people
def measure_report(request: PersonRequest, sheet_id: int) -> HttpResponseBase:
    """Measure the bound indicators up to the point."""
    try:
        _sheet, empty = monitoring.measure_monitoring(
            sheet_id, _version(request), actor=request.user, now=timezone.now()
        )
    except (SheetClosed, SheetStale) as fault:
        messages.error(request, fault.message)
    except IndicatorError as fault:
        messages.error(request, _("没有计量成：%(fault)s") % {"fault": fault.message})
    else:
        messages.success(request, _("已计量到监控时点。"))
        for name in empty:
            messages.warning(request, _("%(name)s：到监控时点没有可计量的事实，请直接填完成值。") % {"name": name})
    return redirect("performance:monitoring-sheet", sheet_id)


@require_POST
@for_people
def take_step(request: PersonRequest, sheet_id: int) -> HttpResponseBase:
    """Lead the report on; what holds it back is told with its places."""
    action, reason = request.POST.get("action", ""), request.POST.get("reason", "")
    asked = StepAsked(SheetKind.MONITORING, sheet_id, action, _version(request), reason)
    context: dict[str, Any]
    try:
        monitoring.take_step(asked, actor=request.user, now=timezone.now())
    except SheetIncomplete as fault:
        gaps = [(_anchor(place), said) for place, said in fault.gaps]
        context = {"step_error": fault.message, "gaps": gaps}
    except (ReasonMissing, SheetStale, StepNotOpen) as fault:
        context = {"step_error": fault.message}
    else:
        messages.success(request, str(DONE[action]))
        return redirect("performance:monitoring-sheet", sheet_id)
    context["typed_reason"] = reason
    return render(request, "performance/monitoring/sheet.html", {**_page(request, sheet_id), **context}, status=422)


def _anchor(place: str) -> str:
    parts = place.split("/")
    return f"line-{parts[2]}" if parts[1] == "indicators" else "money"


def _show_editor(
    request: PersonRequest, sheet: MonitoringSheet, typed: Typed, trouble: _Trouble | None = None
) -> HttpResponseBase:
    money, lines = lay_report(sheet, typed.content)
    own = typed.content.forecast_yuan
    context = {
        "sheet": sheet,
        "year": sheet.project_year,
        "content": typed.content,
        "version": typed.version,
        "money": money,
        "lines": lines,
        "lamps": [(lamp, name) for lamp, name in LAMPS.items() if lamp],
        "faults": typed.faults,
        "forecast_text": typed.forecast_text or ("" if own is None else f"{own / 10_000:.2f}"),
        "trouble": trouble,
        "clashes": word_clashes(trouble.clashes) if trouble else [],
    }
    status = trouble.status if trouble else 200
    return render(request, "performance/monitoring/edit.html", context, status=status)


def _page(request: PersonRequest, sheet_id: int) -> dict[str, Any]:
    sheet = _get(request, sheet_id)
    content = monitoring.content_of_monitoring(sheet)
    money, lines = lay_report(sheet, content)
    steps = monitoring.list_open_monitoring_steps(sheet, viewer=request.user, on=localdate())
    return {
        "sheet": sheet,
        "year": sheet.project_year,
        "content": content,
        "money": money,
        "lines": lines,
        "state_name": name_state(sheet.state),
        "state_look": look_of_state(sheet.state),
        "steps": [(step, STEPS[step.action]) for step in steps],
        "reason_needed": any(step.needs_reason for step in steps),
        "can_edit": _can_edit(request, sheet),
        "can_measure": any(line.is_bound for line in lines),
        "decisions": [
            (STEPS[item.action], item) for item in monitoring.list_monitoring_decisions(sheet)[:_MOST_DECISIONS]
        ],
        "editions": monitoring.list_monitoring_editions(sheet)[:_MOST_DECISIONS],
    }


def _get(request: PersonRequest, sheet_id: int) -> MonitoringSheet:
    return monitoring.get_monitoring(sheet_id, viewer=request.user, on=localdate())


def _can_edit(request: PersonRequest, sheet: MonitoringSheet) -> bool:
    year = sheet.project_year
    scope = f"project:{year.project_id}"
    return sheet.state == SheetState.DRAFT and grants.is_permitted(
        request.user, "performance.monitor", year.unit_id, on=localdate(), scope=scope
    )


def _version(request: PersonRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
