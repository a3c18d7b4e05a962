"""All refused rows of a delivery: paged over, and taken away as CSV or XLSX."""

from urllib.parse import quote

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from chengshu.kernel.files.facade import FileError
from chengshu.kernel.listing.facade import ListTooLong
from chengshu.resources.facade import collection
from chengshu.resources.ui.access import PersonRequest, for_people, note_look

_PAGE_ROWS = 100
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@for_people
def list_refused(request: PersonRequest, delivery_id: int) -> HttpResponseBase:
    """Show a page of all refused rows, however many there are, as the viewer may see them."""
    from chengshu.resources.facade import refused  # noqa: PLC0415 - heavy: imported where it runs

    delivery = collection.get_delivery(delivery_id, viewer=request.user, on=localdate())
    count = delivery.refused if delivery.refused_file else 0
    page = Paginator(range(count), _PAGE_ROWS).get_page(request.GET.get("page"))
    sight = collection.sight_of_delivery(delivery, request.user, on=localdate())
    context = {"delivery": delivery, "page": page, "rows": [], "unreadable": "", "count_text": f"{count:,}"}
    context["is_whole"] = sight.is_whole
    try:
        note_look(request, f"delivery:{delivery.pk}", "refused_rows")
        rows = refused.read_refused(delivery, first=(page.number - 1) * _PAGE_ROWS, count=_PAGE_ROWS)
        context["rows"] = [(row, collection.say_refusal(row.reason), sight.show(row.raw)) for row in rows]
    except FileError as fault:
        context["unreadable"] = fault.message
    return render(request, "resources/refused.html", context)


@require_GET
@for_people
def export_refused(request: PersonRequest, delivery_id: int, form: str) -> HttpResponseBase:
    """Give all refused rows with their reasons as a file, as the viewer may see them."""
    from chengshu.resources.facade import refused  # noqa: PLC0415 - the same

    delivery = collection.get_delivery(delivery_id, viewer=request.user, on=localdate())
    if delivery.refused_file is None or form not in {"csv", "xlsx"}:
        raise Http404(form)
    note_look(request, f"delivery:{delivery.pk}", "refused_rows")
    show = collection.sight_of_delivery(delivery, request.user, on=localdate()).show
    name = f"{delivery.name}-{_('隔离行')}.{form}"
    if form == "csv":
        answer = StreamingHttpResponse(refused.write_csv(delivery, show=show), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
        return answer
    try:
        return FileResponse(
            refused.write_workbook(delivery, show=show), as_attachment=True, filename=name, content_type=_XLSX
        )
    except (FileError, ListTooLong) as fault:
        messages.error(request, fault.message)
        return redirect("resources:delivery-refused", delivery.pk)
