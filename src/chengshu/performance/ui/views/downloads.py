"""Forms and reports to take away."""

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from chengshu.performance import facade
from chengshu.performance.ui.access import PersonRequest, for_people
from chengshu.performance.ui.wording import language

_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "pdf": "application/pdf",
        "html": "text/html; charset=utf-8",
        "csv": "text/csv; charset=utf-8",
        "md": "text/markdown; charset=utf-8",
        "txt": "text/plain; charset=utf-8",
        "json": "application/json",
    }
)


@require_GET
@for_people
def download_form(request: PersonRequest, form_id: int, kind: str) -> HttpResponseBase:
    """Give the form as its official paper, or as the published record (`json`)."""
    stored = facade.get_form(form_id, viewer=request.user)
    name = f"{stored.project or 'form'}.{kind}"
    if kind == "json":
        record = facade.form_record(facade.current_form(stored))
        response: HttpResponseBase = JsonResponse(record, json_dumps_params={"ensure_ascii": False, "indent": 2})
        response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
        return response
    if kind not in facade.FORM_KINDS:
        raise Http404
    data = facade.print_form(stored, kind, font_dir=settings.FONT_DIR)
    return _attachment(data, name, kind)


@require_GET
@for_people
def download_form_report(request: PersonRequest, form_id: int, kind: str) -> HttpResponseBase:
    """Give the findings report of one form."""
    stored = facade.get_form(form_id, viewer=request.user)
    title = _("%(project)s 核查报告") % {"project": stored.project or stored.source_file}
    return _report(title, [stored], [], kind)


@require_GET
@for_people
def download_batch_report(request: PersonRequest, batch_id: int, kind: str) -> HttpResponseBase:
    """Give the findings report of a batch."""
    batch = facade.get_batch(batch_id, viewer=request.user)
    forms, faults = facade.list_batch_papers(batch)
    return _report(_("%(batch)s 核查报告") % {"batch": batch.name}, forms, faults, kind)


@require_GET
@for_people
def download_original(request: PersonRequest, file_id: int) -> HttpResponseBase:
    """Give a file as it was handed in, never to be shown as a page of this site."""
    name, stream = facade.open_original(file_id, viewer=request.user)
    return FileResponse(stream, as_attachment=True, filename=name, content_type="application/octet-stream")


def _report(title: str, forms: list[facade.FormRecord], faults: list[facade.InputFault], kind: str) -> HttpResponse:
    if kind not in facade.REPORT_KINDS:
        raise Http404
    data = facade.print_report(
        title,
        forms,
        kind=kind,
        made_at=timezone.now(),
        language=language(),
        font_dir=settings.FONT_DIR,
        faults=faults,
    )
    return _attachment(data, f"{title}.{kind}", kind)


def _attachment(data: bytes, name: str, kind: str) -> HttpResponse:
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return HttpResponse(data, content_type=_TYPES[kind], headers={"Content-Disposition": disposition})
