"""Self-evaluations: the list, opening one, one to read with its evidence, the steps that lead it on."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chengshu.kernel.listing.facade import open_listing, respond_with_listing
from chengshu.performance.facade import evaluations
from chengshu.performance.facade.evaluations import (
    Evaluation,
    GoalsNotApproved,
    ReasonMissing,
    ResultInvalid,
    SheetClosed,
    SheetIncomplete,
    SheetKind,
    SheetStale,
    StepAsked,
    StepNotOpen,
)
from chengshu.performance.ui.access import PersonRequest, for_people
from chengshu.performance.ui.evaluation_words import (
    anchor_of,
    draw_lines,
    name_state,
    word_coverage,
    word_findings,
    word_gaps,
    word_money,
    word_version,
)
from chengshu.performance.ui.forms.evaluations import read_version
from chengshu.performance.ui.goal_paper import word_decisions
from chengshu.performance.ui.goal_words import DONE, STEPS, look_of_state
from chengshu.performance.ui.lists.evaluations import evaluations_spec
from chengshu.performance.ui.wording import name_template, write_score

_SHOWN_VERSIONS = 5
_KEPT_VERSIONS = 200


@require_http_methods(["GET", "POST"])
@for_people
def list_evaluations(request: PersonRequest) -> HttpResponseBase:
    """Show the self-evaluations of every year in sight."""
    today = localdate()
    rows = evaluations.list_evaluation_years(request.user, on=today)
    listing = open_listing(evaluations_spec(request.user, on=today), rows, request)
    return respond_with_listing(request, listing, "performance/evaluations/list.html")


@require_http_methods(["GET", "POST"])
@for_people
def open_year(request: PersonRequest, year_id: int) -> HttpResponseBase:
    """Offer to begin the self-evaluation of a year; on POST begin."""
    today = localdate()
    year = evaluations.list_evaluation_years(request.user, on=today).filter(pk=year_id).first()
    if year is None:
        raise Http404
    error = ""
    if request.method == "POST":
        try:
            opened = evaluations.open_evaluation(year_id, actor=request.user, now=timezone.now())
        except GoalsNotApproved as fault:
            error = fault.message
        else:
            return redirect("performance:evaluation-edit", opened.pk)
    may = evaluations.may(year, "performance.evaluate", viewer=request.user, on=today)
    context = {"year": year, "can_write": may, "error": error}
    return render(request, "performance/evaluations/open.html", context, status=422 if error else 200)


@require_GET
@for_people
def show_evaluation(request: PersonRequest, evaluation_id: int) -> HttpResponseBase:
    """Show one self-evaluation: results, scores beside the rules', evidence, findings, what happened to it."""
    return render(request, "performance/evaluations/evaluation.html", _page(request, evaluation_id))


@require_POST
@for_people
def take_step(request: PersonRequest, evaluation_id: int) -> HttpResponseBase:
    """Lead it on; every gap that holds it back is told with its place."""
    action, reason = request.POST.get("action", ""), request.POST.get("reason", "")
    asked = StepAsked(SheetKind.EVALUATION, evaluation_id, action, read_version(request.POST), reason)
    try:
        evaluations.take_step(asked, actor=request.user, now=timezone.now())
    except SheetIncomplete as fault:
        context: dict[str, Any] = {"step_error": fault.message}
        context["step_gaps"] = [(anchor_of(field), said) for field, said in fault.gaps]
    except (ReasonMissing, SheetStale, StepNotOpen) as fault:
        context = {"step_error": fault.message}
    else:
        messages.success(request, str(DONE[action]))
        return redirect("performance:evaluation", evaluation_id)
    page = {**_page(request, evaluation_id), **context, "typed_reason": reason}
    return render(request, "performance/evaluations/evaluation.html", page, status=422)


@require_GET
@for_people
def show_versions(request: PersonRequest, evaluation_id: int) -> HttpResponseBase:
    """Show every save: who, when, what changed."""
    sheet = evaluations.get_evaluation(evaluation_id, viewer=request.user, on=localdate())
    context = {
        "sheet": sheet,
        "year": sheet.project_year,
        "versions": [word_version(kept) for kept in evaluations.list_evaluation_editions(sheet)[:_KEPT_VERSIONS]],
        "can_edit": can_edit(request, sheet),
    }
    return render(request, "performance/evaluations/versions.html", context)


@require_POST
@for_people
def restore_version(request: PersonRequest, evaluation_id: int) -> HttpResponseBase:
    """Bring back what was typed in an earlier version."""
    target = read_version({"version": request.POST.get("target", "")})
    version = read_version(request.POST)
    try:
        evaluations.restore_evaluation(evaluation_id, target, version, actor=request.user, now=timezone.now())
    except (SheetClosed, SheetStale, ResultInvalid) as fault:
        messages.error(request, fault.message)
    else:
        messages.success(request, _("已恢复到版本 %(version)s。") % {"version": target})
    return redirect("performance:evaluation-versions", evaluation_id)


def _page(request: PersonRequest, evaluation_id: int) -> dict[str, Any]:
    today = localdate()
    sheet = evaluations.get_evaluation(evaluation_id, viewer=request.user, on=today)
    year = sheet.project_year
    assessed = evaluations.assess_content(sheet, evaluations.content_of_evaluation(sheet))
    steps = evaluations.list_evaluation_steps(sheet, viewer=request.user, on=today)
    editions = evaluations.list_evaluation_editions(sheet)[:_SHOWN_VERSIONS]
    execution = assessed.settled.execution
    return {
        "sheet": sheet,
        "year": year,
        "names": evaluations.name_units(year, on=today),
        "lines": draw_lines(sheet, assessed),
        "form": assessed.form,
        "total": write_score(assessed.settled.total),
        "grade": assessed.settled.grade,
        "execution_score": write_score(execution.score if execution else None),
        "coverage": word_coverage(evaluations.cover(assessed.form, assessed.content)),
        "side_by_side": evaluations.lay_side_by_side(year.goal_sheet.expected, sheet.actual),
        "findings": word_findings(assessed.checked.findings),
        "gaps": word_gaps(assessed.gaps),
        "state_name": name_state(sheet.state),
        "state_look": look_of_state(sheet.state),
        "steps": [(step, STEPS[step.action]) for step in steps],
        "reason_needed": any(step.needs_reason for step in steps),
        "can_edit": can_edit(request, sheet),
        "can_review": _can_review(request, sheet),
        "decisions": word_decisions(evaluations.list_evaluation_decisions(sheet)),
        "versions": [word_version(kept) for kept in editions],
        "money": word_money(assessed.form.money),
        "papers": [(name, name_template(name)) for name in evaluations.list_papers(sheet)],
        "paper_kinds": ("xlsx", "docx", "pdf"),
        "annex_kinds": evaluations.ANNEX_KINDS,
    }


def can_edit(request: PersonRequest, sheet: Evaluation) -> bool:
    """Tell whether the person may write on it now."""
    if sheet.state != evaluations.SheetState.DRAFT:
        return False
    return evaluations.may(sheet.project_year, "performance.evaluate", viewer=request.user, on=localdate())


def _can_review(request: PersonRequest, sheet: Evaluation) -> bool:
    if sheet.state != evaluations.SheetState.APPROVED:
        return False
    return evaluations.may(sheet.project_year, "performance.spot_check", viewer=request.user, on=localdate())
