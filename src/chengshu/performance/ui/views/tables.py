"""Tables that are handed in: the upload, what became of each, the refused rows to take away and correct."""

import tempfile
from collections.abc import Iterable
from typing import BinaryIO

from django.contrib import messages
from django.http import FileResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell

from chengshu.kernel.files.facade import FileError
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.listing.facade import open_listing, respond_with_listing
from chengshu.performance.facade import money, projects
from chengshu.performance.facade.money import RejectedRow, TableKind
from chengshu.performance.ui.access import PersonRequest, for_people
from chengshu.performance.ui.forms.money import TableForm
from chengshu.performance.ui.lists.money import name_state, receipts_spec, rejections_spec
from chengshu.performance.ui.project_words import TABLES, word_fault

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "POST"])
@for_people
def hand_in_table(request: PersonRequest) -> HttpResponseBase:
    """Show the upload with the columns that a table needs; on POST take the table and show its receipt."""
    grants.require_anywhere(request.user, projects.EDIT_MONEY, on=localdate())
    form = TableForm(request.POST or None, request.FILES or None, kind=request.GET.get("kind", TableKind.PAYMENTS))
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["table"]
        try:
            receipt = money.start_table_import(
                TableKind(form.cleaned_data["kind"]), file, name=file.name, actor=request.user, clock=timezone.now
            )
        except FileError as fault:
            form.add_error("table", fault.message)
        else:
            return redirect("performance:receipt", receipt.pk)
    columns = [(TABLES[TableKind.PAYMENTS], money.PAYMENT_COLUMNS), (TABLES[TableKind.PROJECTS], money.PROJECT_COLUMNS)]
    context = {"form": form, "columns": columns}
    return render(request, "performance/projects/hand_in.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_people
def list_receipts(request: PersonRequest) -> HttpResponseBase:
    """Show the tables that the person handed in."""
    listing = open_listing(receipts_spec(), money.list_receipts(request.user), request)
    return respond_with_listing(request, listing, "performance/projects/receipts.html")


@require_http_methods(["GET", "POST"])
@for_people
def show_receipt(request: PersonRequest, receipt_id: int) -> HttpResponseBase:
    """Show what became of a table: the counts, how far the work is, the refused rows with their reason."""
    receipt = money.get_receipt(receipt_id, viewer=request.user)
    listing = open_listing(rejections_spec(receipt.pk), money.list_rejections(receipt.pk), request)
    is_working = receipt.finished_at is None and receipt.job is not None and not receipt.job.is_final
    context = {
        "receipt": receipt,
        "kind": TABLES[receipt.kind],
        "state": name_state(receipt),
        "is_working": is_working,
        "is_stopped": receipt.finished_at is None and not is_working,
    }
    return respond_with_listing(request, listing, "performance/projects/receipt.html", context)


@require_POST
@for_people
def resume_table(request: PersonRequest, receipt_id: int) -> HttpResponseBase:
    """Let an interrupted import go on."""
    money.resume_table_import(receipt_id, actor=request.user, now=timezone.now())
    messages.success(request, _("从停下的地方接着登记。"))
    return redirect("performance:receipt", receipt_id)


@require_GET
@for_people
def download_table(request: PersonRequest, receipt_id: int) -> HttpResponseBase:
    """Give a table as it was handed in, never to be shown as a page of this site."""
    name, stream = money.open_table_file(receipt_id, viewer=request.user)
    return FileResponse(stream, as_attachment=True, filename=name, content_type="application/octet-stream")


@require_GET
@for_people
def download_rejections(request: PersonRequest, receipt_id: int) -> HttpResponseBase:
    """Give the refused rows as a workbook under their own headers, to be corrected and handed in again."""
    receipt = money.get_receipt(receipt_id, viewer=request.user)
    rows = money.list_rejections(receipt.pk).order_by("line", "pk")
    name = _("退回的行 %(name)s.xlsx") % {"name": receipt.name.rpartition(".")[0] or receipt.name}
    return FileResponse(_write_rejections(rows.iterator()), as_attachment=True, filename=name, content_type=_XLSX)


def _write_rejections(rows: Iterable[RejectedRow]) -> BinaryIO:
    """Write a workbook; every cell is a text and runs as no formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("退回的行"))
    sheet.freeze_panes = "A2"
    has_header = False

    def text(value: str) -> Cell:
        cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value))
        cell.data_type = "s"
        return cell

    for row in rows:
        if not has_header:  # one table has one header
            sheet.append([text(label) for label in (_("原行号"), _("退回原因"), *(label for label, _cell in row.row))])
            has_header = True
        told = (str(row.line), word_fault(row.fault, row.value))
        sheet.append([text(cell) for cell in (*told, *(cell for _label, cell in row.row))])
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(file)
    file.seek(0)
    return file
