"""Giving a file out: to be saved, never to be shown as a page of this site, and recorded."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest
from django.utils import timezone
from django.views.decorators.http import require_safe

from chengshu.kernel.accounts.facade import authenticated_user
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.files import facade as files


@require_safe
def download(request: HttpRequest, uuid: UUID) -> FileResponse:
    """Give a file to somebody who may have it."""
    viewer, now = authenticated_user(request), timezone.now()
    try:
        found = files.open_download(uuid, viewer=viewer, on=timezone.localdate(now))
    except (files.FileNotFound, files.FileContentMissing) as fault:
        raise Http404(fault.message) from fault
    audit.record_view(viewer, f"file:{uuid}", now=now, fields=("content",))
    answer = FileResponse(
        found.stream, as_attachment=True, filename=found.name, content_type="application/octet-stream"
    )
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
