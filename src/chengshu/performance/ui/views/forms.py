"""The list of forms, and one form with its findings, source and corrections."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chengshu.kernel.listing.facade import open_listing, respond_with_listing
from chengshu.performance import facade
from chengshu.performance.facade import CorrectionInvalid, CorrectionStale, FormRecord
from chengshu.performance.ui.access import PersonRequest, for_people
from chengshu.performance.ui.cells import choose_cell, list_source_rows, standing_fields
from chengshu.performance.ui.lists.forms import forms_spec
from chengshu.performance.ui.papers import Marks, draw_paper
from chengshu.performance.ui.remarks import word_findings
from chengshu.performance.ui.stretches import choose_source_rows, choose_stretch
from chengshu.performance.ui.wording import name_template, write_score

_PAGE = "performance/form.html"
_SIDE = "performance/parts/side.html"


@require_http_methods(["GET", "POST"])
@for_people
def list_forms(request: PersonRequest) -> HttpResponseBase:
    """Show the forms."""
    listing = open_listing(forms_spec(request.user), facade.list_forms(request.user, on=localdate()), request)
    return respond_with_listing(request, listing, "performance/forms.html")


@require_GET
@for_people
def show_form(request: PersonRequest, form_id: int) -> HttpResponseBase:
    """Show a form; `cell` in the address chooses the cell that the side panel speaks of."""
    stored = facade.get_form(form_id, viewer=request.user, on=localdate())
    context = _form_context(request, stored, request.GET.get("cell", ""))
    wants_side = request.headers.get("HX-Target") == "side"
    return render(request, _SIDE if wants_side else _PAGE, context)


@require_POST
@for_people
def correct_cell(request: PersonRequest, form_id: int) -> HttpResponseBase:
    """Set a cell by hand and come back to it."""
    pointer = request.POST.get("cell", "")
    try:
        correction = facade.correct_value(
            form_id,
            field=pointer,
            value=request.POST.get("value"),
            actor=request.user,
            now=timezone.now(),
            reason=request.POST.get("reason", ""),
            seen=request.POST.get("seen"),
            recheck=_recheck_for(request),
        )
    except (CorrectionInvalid, CorrectionStale) as fault:
        stored = facade.get_form(form_id, viewer=request.user, on=localdate())
        context = _form_context(request, stored, pointer)
        typed = {"correction_error": fault.message, "typed": request.POST}
        return render(request, _PAGE, {**context, **typed}, status=422)
    messages.success(request, _("已更正，并重新检查了这个批次。") if correction else _("内容没有变化。"))
    return redirect(_address(form_id, pointer))


@require_POST
@for_people
def undo_correction(request: PersonRequest, form_id: int, correction_id: int) -> HttpResponseBase:
    """Take a correction back and come back to its cell."""
    try:
        undone = facade.undo_correction(
            correction_id, actor=request.user, now=timezone.now(), recheck=_recheck_for(request)
        )
    except CorrectionStale as fault:
        messages.error(request, fault.message)
        return redirect("performance:form", form_id)
    messages.success(request, _("已撤销更正，并重新检查了这个批次。"))
    return redirect(_address(undone.form_id, undone.field))


def _recheck_for(request: PersonRequest) -> Callable[[int], None]:
    def recheck(batch_id: int) -> None:
        facade.recheck_after_change(batch_id, reader=facade.intake, actor=request.user, now=timezone.now())

    return recheck


def _address(form_id: int, pointer: str) -> str:
    page = reverse("performance:form", args=[form_id])
    return f"{page}?{urlencode({'cell': pointer})}#side" if pointer else page


def _form_context(request: PersonRequest, stored: FormRecord, pointer: str) -> dict[str, Any]:
    form = facade.current_form(stored)
    stretch = choose_stretch(stored, request.GET.get("rows", ""), pointer)
    kept = facade.list_form_findings(stored.pk, shown=stretch.holds if stretch.count > 1 else None)
    findings = word_findings(kept, form)
    history = facade.list_corrections(stored.pk, viewer=request.user, on=localdate())
    content = stored.content
    marks = Marks(
        findings=findings,
        confidences={field: origin["confidence"] for field, origin in content.origins.items()},
        corrected=standing_fields(history),
        unreadable=frozenset(item["field"] for item in content.record["unreadable"]),
        doubt_below=facade.doubt_floor(stored),
        chosen=pointer,
    )
    before, after = facade.list_neighbours(stored)
    return {
        "stored": stored,
        "can_edit": facade.can_edit(stored.batch_id, viewer=request.user, on=localdate()),
        "form": form,
        "paper": draw_paper(stored, form, marks, shown=stretch.shown),
        "stretch": stretch,
        "findings": findings,
        "findings_count": stored.error_count + stored.breach_count + stored.hint_count,
        "history": history,
        "chosen": choose_cell(stored, form, pointer, findings=findings, history=history),
        "source_rows": list_source_rows(stored, pointer, choose_source_rows(stored, stretch)),
        "before": before,
        "after": after,
        "template_name": name_template(stored.template),
        "printed_total": write_score(stored.score),
        "rescored_total": write_score(stored.rescoring.total) if hasattr(stored, "rescoring") else "—",
        "form_kinds": facade.FORM_KINDS[:4],
        "report_kinds": facade.REPORT_KINDS,
        "grave_count": stored.error_count + stored.breach_count,
    }
