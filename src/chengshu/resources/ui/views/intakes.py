"""Many entries at once: workbooks handed in and taken away, and scans of source databases."""

import tempfile
from pathlib import Path
from typing import Any

from django import forms
from django.http import FileResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from chengshu.kernel.grants import facade as grants
from chengshu.kernel.jobs import facade as jobs
from chengshu.kernel.listing.facade import open_listing, respond_with_listing
from chengshu.resources.facade import addresses, catalogue, intakes
from chengshu.resources.facade.catalogue import ResourceInvalid
from chengshu.resources.facade.intakes import (
    IntakeState,
    MysqlSource,
    PostgresqlSource,
    ScanAsked,
    SourceDatabase,
    SqliteSource,
    Verdict,
)
from chengshu.resources.ui.access import PersonRequest, for_people
from chengshu.resources.ui.forms.entries import ScanForm
from chengshu.resources.ui.lists.fields import INTAKE_COUNTS, INTAKE_STATES, intakes_spec, rejections_spec
from chengshu.resources.ui.lists.resources import resources_spec

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LARGEST_MIB = 128
_SHOWN = 200
_VERDICTS = {key: label for key, label in INTAKE_COUNTS if key != "sent"}


class WorkbookForm(forms.Form):
    """The workbook."""

    table = forms.FileField(label=gettext_lazy("编目表（XLSX）"))

    def clean_table(self) -> Any:
        """Refuse what is larger than a whole city with a text beside each field; so much is read while somebody waits."""
        file = self.cleaned_data["table"]
        if file.size > _LARGEST_MIB * 1024 * 1024:
            raise forms.ValidationError(_("文件超过 %(most)s MB，请分开导入。") % {"most": _LARGEST_MIB})
        return file


@require_http_methods(["GET", "POST"])
@for_people
def hand_in(request: PersonRequest) -> HttpResponseBase:
    """Ask for a workbook; on POST show what it would do, or take it."""
    grants.require_anywhere(request.user, catalogue.EDIT, on=localdate())
    form = WorkbookForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "columns": (intakes.ENTRY_COLUMNS, intakes.FIELD_COLUMNS)}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["table"]
        told = {"name": file.name, "actor": request.user, "now": timezone.now()}
        try:
            if request.POST.get("act") == "take":
                return redirect("resources:intake", intakes.receive_workbook(file.read(), **told).pk)
            context |= _lay_preview(intakes.preview_workbook(file.read(), **told))
        except intakes.TableUnreadable as fault:
            form.add_error("table", fault.message)
    return render(request, "resources/hand_in.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_people
def list_intakes(request: PersonRequest) -> HttpResponseBase:
    """Show the workbooks that the person handed in."""
    listing = open_listing(intakes_spec(), intakes.list_intakes(request.user), request)
    return respond_with_listing(request, listing, "resources/intakes.html")


@require_http_methods(["GET", "POST"])
@for_people
def show_intake(request: PersonRequest, intake_id: int) -> HttpResponseBase:
    """Show the receipt of a workbook, with the rows that were not taken."""
    intake = intakes.get_intake(intake_id, viewer=request.user)
    listing = open_listing(rejections_spec(), intakes.list_rejections(intake), request)
    job = jobs.get_job(intake.job, actor=request.user) if intake.job else None
    context = {
        "intake": intake,
        "counts": [(label, getattr(intake, key)) for key, label in INTAKE_COUNTS],
        "state": INTAKE_STATES[intake.state],
        "job": job,
        "is_working": job is not None and intake.state == IntakeState.WAITING,
    }
    return respond_with_listing(request, listing, "resources/intake.html", context)


@require_GET
@for_people
def export(request: PersonRequest) -> HttpResponseBase:
    """Give the entries that the list shows as a workbook that can be corrected and handed in again; `?empty` the form.

    Many are written by a job, whose page leads to the file.
    """
    today = localdate()
    rows = catalogue.list_resources(request.user, on=today).prefetch_related("lists")
    listing = open_listing(resources_spec(request.user, today=today), rows, request)
    shown = catalogue.DataResource.objects.none() if "empty" in request.GET else listing.all_rows
    ids = list(shown.values_list("pk", flat=True)[: intakes.AT_ONCE + 1])
    if len(ids) > intakes.AT_ONCE:
        job = intakes.ask_export(list(shown.values_list("pk", flat=True)), actor=request.user, now=timezone.now())
        return redirect("job", uuid=job.uuid)
    file = intakes.write_workbook(intakes.fetch_entries(shown))
    name = _("编目表") if "empty" in request.GET else _("数据资源目录")
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=_XLSX)


@require_http_methods(["GET", "POST"])
@for_people
def scan(request: PersonRequest) -> HttpResponseBase:
    """Ask for a source database; on POST enter a draft for each of its tables."""
    today = localdate()
    grants.require_anywhere(request.user, catalogue.EDIT, on=today)
    form = ScanForm(request.POST or None, request.FILES or None, viewer=request.user, today=today)
    may_allow = grants.is_permitted_anywhere(request.user, addresses.KEEP_ADDRESSES, on=today)
    context: dict[str, Any] = {"form": form, "may_allow": may_allow}
    if request.method == "POST" and form.is_valid():
        try:
            context["scanned"] = _scan(request, form.cleaned_data)
        except intakes.SourceUnreadable as fault:
            form.add_error("address" if form.cleaned_data["address"] else "file", fault.message)
        except ResourceInvalid as fault:
            field = str(fault.details.get("field"))
            form.add_error(field if field in form.fields else None, fault.message)
    return render(request, "resources/scan.html", context, status=422 if form.errors else 200)


def _scan(request: PersonRequest, typed: dict[str, Any]) -> intakes.Scanned:
    department = typed["department"].strip().split(" ")[0]
    asked = ScanAsked(department, typed["system"], typed["code_head"].strip())
    with tempfile.TemporaryDirectory() as folder:
        address = typed["address"]
        if address:
            addresses.require_allowed(address)
        source: SourceDatabase = (MysqlSource if address.startswith("mysql:") else PostgresqlSource)(address)
        if typed["file"]:
            path = Path(folder) / "source.sqlite3"
            with path.open("wb") as kept:
                for chunk in typed["file"].chunks():
                    kept.write(chunk)
            source = SqliteSource(path)
        return intakes.scan_source(source, asked, actor=request.user, now=timezone.now())


def _lay_preview(outcomes: list[intakes.Outcome]) -> dict[str, Any]:
    counts = [(label, sum(1 for outcome in outcomes if outcome.verdict == key)) for key, label in _VERDICTS.items()]
    refused = [outcome for outcome in outcomes if outcome.verdict is Verdict.REJECTED]
    others = [outcome for outcome in outcomes if outcome.verdict is not Verdict.REJECTED]
    shown = [(outcome, _VERDICTS[outcome.verdict.value]) for outcome in (refused + others)[:_SHOWN]]
    return {"counts": counts, "outcomes": shown, "is_previewed": True, "rest": max(0, len(outcomes) - _SHOWN)} | {
        "is_cut": len(outcomes) >= intakes.MOST_PREVIEWED,
        "most": intakes.MOST_PREVIEWED,
    }
