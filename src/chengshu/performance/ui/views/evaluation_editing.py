"""The editor of self-evaluations: one save, the rules while one types, nobody's edit lost."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chengshu.kernel.indicators.facade import IndicatorError
from chengshu.performance.facade import evaluations, monitoring
from chengshu.performance.facade.evaluations import Clash, Evaluation, ResultInvalid, SheetClosed, SheetStale
from chengshu.performance.facade.monitoring import LastValue
from chengshu.performance.ui.access import PersonRequest, for_people
from chengshu.performance.ui.evaluation_words import (
    FIELDS,
    Line,
    ShownFinding,
    draw_lines,
    word_coverage,
    word_findings,
    word_gaps,
)
from chengshu.performance.ui.forms.evaluations import Typed, read_typed
from chengshu.performance.ui.views.evaluations import can_edit
from chengshu.performance.ui.wording import write_figure, write_score

_PAGE, _LIVE = "performance/evaluations/edit.html", "performance/evaluations/live.html"


@dataclass(frozen=True, slots=True)
class EditorLine:
    """One indicator in the editor: what is shown of it, the score as typed, what the rules, the gate and the last monitoring say."""

    line: Line
    hand: str
    is_wrong: bool
    findings: tuple[ShownFinding, ...]
    gaps: tuple[str, ...]
    last: LastValue | None


@require_http_methods(["GET", "POST"])
@for_people
def edit_evaluation(request: PersonRequest, evaluation_id: int) -> HttpResponseBase:
    """Show the editor; on POST save, and then measure or go to the evidence where that was asked for."""
    sheet = evaluations.get_evaluation(evaluation_id, viewer=request.user, on=localdate())
    kept = evaluations.content_of_evaluation(sheet)
    if request.method == "GET":
        if can_edit(request, sheet):
            return _show(request, sheet, Typed(kept, sheet.version, {}))
        if sheet.state != evaluations.SheetState.DRAFT:
            messages.error(request, _("已提交的自评不能再改。需要修改时，请先撤回或请审核人退回。"))
        return redirect("performance:evaluation", evaluation_id)
    typed = read_typed(request.POST, kept)
    action, _colon, subject = request.POST.get("do", "").partition(":")
    if action == "theirs":
        taken = evaluations.take_theirs(kept, typed.content, subject)
        return _show_both(request, sheet.pk, replace(typed, content=taken), _("已换成对方填的，还没有保存。"))
    if typed.error:
        return _show(request, sheet, typed, error=typed.error)
    return _save(request, sheet, typed)


def _save(request: PersonRequest, sheet: Evaluation, typed: Typed) -> HttpResponseBase:
    try:
        saved, changes = evaluations.save_evaluation(
            sheet.pk, typed.content, typed.version, actor=request.user, now=timezone.now()
        )
    except ResultInvalid as fault:
        return _show(request, sheet, typed, error=fault.message)
    except SheetClosed as fault:
        return _show(request, sheet, typed, error=fault.message, status=409)
    except SheetStale as fault:
        return _show_both(request, sheet.pk, typed, fault.message)
    return _go_on(request, saved, typed, is_changed=bool(changes))


def _go_on(request: PersonRequest, saved: Evaluation, typed: Typed, *, is_changed: bool) -> HttpResponseBase:
    """Do what the pressed button says beside saving."""
    action, _colon, subject = request.POST.get("do", "save").partition(":")
    numbers = {str(row.goal_id): number for number, row in enumerate(typed.content.rows)}
    if action == "evidence" and subject in numbers:
        return redirect("performance:evaluation-evidence", saved.pk, int(subject))
    if action == "measure" and subject in numbers:
        _measure_one(request, saved, int(subject))
        return redirect(reverse("performance:evaluation-edit", args=[saved.pk]) + f"#line-{numbers[subject]}")
    if action == "measure":
        _measure_missing(request, saved)
        return redirect("performance:evaluation-edit", saved.pk)
    messages.success(request, _("已保存，并按规则重新计分。") if is_changed else _("内容没有变化。"))
    return redirect("performance:evaluation-edit" if action == "stay" else "performance:evaluation", saved.pk)


def _measure_one(request: PersonRequest, saved: Evaluation, goal_id: int) -> None:
    try:
        evaluations.measure_indicator(saved.pk, goal_id, saved.version, actor=request.user, now=timezone.now())
    except (IndicatorError, ResultInvalid, SheetClosed, SheetStale) as fault:
        messages.error(request, fault.message)
    else:
        messages.success(request, _("已保存并计量。"))


def _measure_missing(request: PersonRequest, saved: Evaluation) -> None:
    try:
        _sheet, count, failed = evaluations.measure_missing(
            saved.pk, saved.version, actor=request.user, now=timezone.now()
        )
    except (SheetClosed, SheetStale) as fault:
        messages.error(request, fault.message)
        return
    messages.success(request, _("已保存，计量了 %(count)s 项指标。") % {"count": count})
    for said in failed:
        messages.error(request, said)


def _show_both(request: PersonRequest, evaluation_id: int, typed: Typed, error: str) -> HttpResponseBase:
    """Put what the other person saved and what was typed together, and show where they differ."""
    sheet = evaluations.get_evaluation(evaluation_id, viewer=request.user, on=localdate())
    began = typed.base or typed.version
    base = evaluations.content_of_version(sheet, began)
    merged, clashes = evaluations.merge(base, evaluations.content_of_evaluation(sheet), typed.content)
    again = Typed(merged, sheet.version, typed.wrong_scores, began)
    return _show(request, sheet, again, error=error, status=409, clashes=clashes)


@require_POST
@for_people
def check_typed(request: PersonRequest, evaluation_id: int) -> HttpResponseBase:
    """Tell the scores, the findings and the gaps of what stands in the editor now."""
    sheet = evaluations.get_evaluation(evaluation_id, viewer=request.user, on=localdate())
    typed = read_typed(request.POST, evaluations.content_of_evaluation(sheet))
    return render(request, _LIVE, {**_live(sheet, typed), "is_live": True})


def _show(
    request: PersonRequest,
    sheet: Evaluation,
    typed: Typed,
    *,
    error: str = "",
    status: int = 422,
    clashes: Sequence[Clash] = (),
) -> HttpResponseBase:
    context = {
        **_live(sheet, typed),
        "sheet": sheet,
        "year": sheet.project_year,
        "typed": typed,
        "error": error,
        "can_measure": any(goal.measured_by for goal in evaluations.list_promises(sheet)),
        "clashes": [(clash, FIELDS.get(clash.field, clash.field)) for clash in clashes],
        "other": sheet.edited_by.display_name if sheet.edited_by else "",
    }
    return render(request, _PAGE, context, status=status if error else 200)


def _live(sheet: Evaluation, typed: Typed) -> dict[str, Any]:
    assessed = evaluations.assess_content(sheet, typed.content)
    findings, gaps = word_findings(assessed.checked.findings), word_gaps(assessed.gaps)
    last = monitoring.read_last_values(sheet.project_year_id)
    return {
        "lines": [
            _editor_line(line, typed, findings, gaps, last.get(line.goal.pk)) for line in draw_lines(sheet, assessed)
        ],
        "total": write_score(assessed.settled.total),
        "grade": assessed.settled.grade,
        "coverage": word_coverage(evaluations.cover(assessed.form, assessed.content)),
        "side_by_side": evaluations.lay_side_by_side(sheet.project_year.goal_sheet.expected, typed.content.actual),
        "findings": [finding for finding in findings if not finding.anchor.startswith("line-")],
        "gaps": gaps,
    }


def _editor_line(
    line: Line,
    typed: Typed,
    findings: Sequence[ShownFinding],
    gaps: Sequence[tuple[str, str]],
    last: LastValue | None,
) -> EditorLine:
    anchor = f"line-{line.number}"
    kept = "" if line.row.score is None else write_figure(line.row.score)
    return EditorLine(
        line,
        typed.wrong_scores.get(line.goal.pk, kept),
        line.goal.pk in typed.wrong_scores,
        tuple(finding for finding in findings if finding.anchor == anchor),
        tuple(said.removeprefix(f"{line.goal.name}：") for place, said in gaps if place == anchor),
        last,
    )
