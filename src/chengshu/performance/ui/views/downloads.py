"""Forms and reports to take away."""

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chengshu.performance import facade
from chengshu.performance.ui.access import PersonRequest, for_people
from chengshu.performance.ui.wording import language

TYPES: Mapping[str, str] = MappingProxyType(
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
    stored = facade.get_form(form_id, viewer=request.user, on=localdate())
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
    stored = facade.get_form(form_id, viewer=request.user, on=localdate())
    title = _("%(project)s 核查报告") % {"project": stored.project or stored.source_file}
    return _report(title, [stored], [], kind)


@require_GET
@for_people
def download_batch_report(request: PersonRequest, batch_id: int, kind: str) -> HttpResponseBase:
    """Give the findings report of a batch; that of a large one is asked for on the batch's page."""
    batch = facade.get_batch(batch_id, viewer=request.user, on=localdate())
    forms = facade.count_papers(batch_id)
    if forms > facade.FORMS_AT_ONCE:
        messages.info(request, _("这个批次表多，报告要在后台生成。请在“下载报告”里选择格式。"))
        return redirect("performance:batch", batch_id)
    listed = facade.list_volume(batch_id, start=0, size=forms)
    return _report(_report_title(batch), listed, facade.list_faults(batch_id), kind)


@require_POST
@for_people
def make_batch_report(request: PersonRequest, batch_id: int) -> HttpResponseBase:
    """Have the findings report of a batch made in the background, and go to where its progress is seen."""
    batch = facade.get_batch(batch_id, viewer=request.user, on=localdate())
    kind = next((known for known in facade.REPORT_KINDS if known == request.POST.get("kind")), None)
    if kind is None:
        raise Http404
    job = facade.start_report(
        batch_id, kind, title=_report_title(batch), language=language(), actor=request.user, now=timezone.now()
    )
    return redirect("job", job.uuid)


@require_GET
@for_people
def download_report(request: PersonRequest, job: UUID) -> HttpResponseBase:
    """Give a report that was made in the background."""
    name, stream = facade.open_report(job, viewer=request.user)
    return FileResponse(stream, as_attachment=True, filename=name, content_type="application/zip")


@require_GET
@for_people
def download_original(request: PersonRequest, file_id: int) -> HttpResponseBase:
    """Give a file as it was handed in, never to be shown as a page of this site."""
    name, stream = facade.open_original(file_id, viewer=request.user, on=localdate())
    return FileResponse(stream, as_attachment=True, filename=name, content_type="application/octet-stream")


def _report_title(batch: facade.Batch) -> str:
    return _("%(batch)s 核查报告") % {"batch": batch.name}


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
    return HttpResponse(data, content_type=TYPES[kind], headers={"Content-Disposition": disposition})
