"""What one result rests on: its measurement or its document; measuring, and handing a document in."""

from collections.abc import Callable
from textwrap import dedent
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chengshu.kernel.indicators import facade as indicators
from chengshu.kernel.indicators.facade import IndicatorError, IndicatorSpec, IndicatorUnknown, Measurement
from chengshu.performance.facade import evaluations
from chengshu.performance.facade.evaluations import Evaluation, Proof, ResultInvalid, SheetClosed, SheetStale
from chengshu.performance.ui.access import PersonRequest, for_people
from chengshu.performance.ui.evaluation_words import draw_lines
from chengshu.performance.ui.forms.evaluations import read_version
from chengshu.performance.ui.views.evaluations import can_edit

_OCTETS = "application/octet-stream"


@require_GET
@for_people
def show_evidence(request: PersonRequest, evaluation_id: int, goal_id: int) -> HttpResponseBase:
    """Show what a result rests on."""
    return _show(request, evaluation_id, goal_id)


@require_POST
@for_people
def measure(request: PersonRequest, evaluation_id: int, goal_id: int) -> HttpResponseBase:
    """Measure the result over the year."""
    return _change(request, evaluation_id, goal_id, evaluations.measure_indicator, _("已计量。"))


@require_POST
@for_people
def drop_measurement(request: PersonRequest, evaluation_id: int, goal_id: int) -> HttpResponseBase:
    """Take the measurement off, for a figure with a document."""
    return _change(request, evaluation_id, goal_id, evaluations.drop_measurement, _("已改为凭材料填报。"))


@require_POST
@for_people
def attach_document(request: PersonRequest, evaluation_id: int, goal_id: int) -> HttpResponseBase:
    """Keep a document as evidence."""
    upload = request.FILES.get("document")
    if upload is None or upload.file is None:
        return _show(request, evaluation_id, goal_id, error=_("请选择一份佐证材料。"))
    proof = Proof(upload.name or "file", cast("BinaryIO", upload.file), request.POST.get("note", ""))

    def work(sheet_id: int, goal: int, version: int, **who: Any) -> object:
        return evaluations.attach_document(sheet_id, goal, proof, version, **who)

    return _change(request, evaluation_id, goal_id, work, _("已保存佐证材料。"))


@require_GET
@for_people
def download_document(request: PersonRequest, evaluation_id: int, goal_id: int) -> HttpResponseBase:
    """Give the document, never to be shown as a page of this site."""
    name, stream = evaluations.open_evidence_document(evaluation_id, goal_id, viewer=request.user, on=localdate())
    return FileResponse(stream, as_attachment=True, filename=name, content_type=_OCTETS)


@require_GET
@for_people
def download_rows(request: PersonRequest, evaluation_id: int, goal_id: int) -> HttpResponseBase:
    """Give the counted rows that the digest is the root of."""
    name, stream = evaluations.open_evidence_rows(evaluation_id, goal_id, viewer=request.user, on=localdate())
    return FileResponse(stream, as_attachment=True, filename=name, content_type="application/gzip")


def _change(
    request: PersonRequest, evaluation_id: int, goal_id: int, work: Callable[..., object], done: str
) -> HttpResponseBase:
    try:
        work(evaluation_id, goal_id, read_version(request.POST), actor=request.user, now=timezone.now())
    except (IndicatorError, ResultInvalid, SheetClosed) as fault:
        return _show(request, evaluation_id, goal_id, error=fault.message)
    except SheetStale as fault:
        return _show(request, evaluation_id, goal_id, error=fault.message, status=409)
    messages.success(request, done)
    return redirect("performance:evaluation-evidence", evaluation_id, goal_id)


def _show(
    request: PersonRequest, evaluation_id: int, goal_id: int, *, error: str = "", status: int = 422
) -> HttpResponseBase:
    sheet = evaluations.get_evaluation(evaluation_id, viewer=request.user, on=localdate())
    assessed = evaluations.assess_content(sheet, evaluations.content_of_evaluation(sheet))
    line = next((line for line in draw_lines(sheet, assessed) if line.goal.pk == goal_id), None)
    if line is None:
        raise Http404
    kept = line.measurement
    spec = _find_spec(line.goal.measured_by)
    context = {
        **(_measured(request, sheet, kept) if kept else {}),
        "sheet": sheet,
        "year": sheet.project_year,
        "line": line,
        "spec": spec,
        "is_registered": spec is not None,
        "can_edit": can_edit(request, sheet),
        "typed_note": request.POST.get("note", line.row.document_note),
        "error": error,
    }
    return render(request, "performance/evaluations/evidence.html", context, status=status if error else 200)


def _measured(request: PersonRequest, sheet: Evaluation, kept: Measurement) -> dict[str, Any]:
    today, year, spec = localdate(), sheet.project_year, _find_spec(kept.key)
    below = "—" if kept.denominator is None else indicators.plain_decimal(kept.denominator)
    unit = evaluations.name_units(year, on=today).get("unit", "") if kept.organisation_id == year.unit_id else ""
    return {
        "kept": kept,
        "query": dedent(kept.query).strip(),
        "numbers": {"numerator": indicators.plain_decimal(kept.numerator), "denominator": below},
        "sample": indicators.read_sample(kept, spec),
        "scope": indicators.write_scope(kept, unit),
        "aggregation": indicators.name_aggregation(spec) if spec else "",
        "may_verify": indicators.list_measurements(request.user, on=today).filter(pk=kept.pk).exists(),
    }


def _find_spec(key: str) -> IndicatorSpec | None:
    try:
        return indicators.get_spec(key) if key else None
    except IndicatorUnknown:
        return None
