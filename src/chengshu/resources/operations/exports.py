"""Entries taken away as a workbook: by a job that writes it for who asked, and for him alone."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.files import facade as files
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.jobs.facade import Job, enqueue_job
from chengshu.resources.models import CatalogueExport, DataResource
from chengshu.resources.queries.workbooks import fetch_entries, write_workbook

EXPORT_JOB = "resources.export_entries"


@transaction.atomic
def ask_export(resource_ids: Sequence[int], *, actor: User, now: datetime) -> Job:
    """Have a workbook of entries written by a job; those that are out of sight when it runs are left out."""
    export = CatalogueExport.objects.create(author=actor, asked_at=now, entries=len(resource_ids))
    payload = {"export": export.pk, "resources": list(resource_ids)}
    job = enqueue_job(EXPORT_JOB, payload=payload, owner=actor, now=now)
    CatalogueExport.objects.filter(pk=export.pk).update(job=job.uuid)
    return job


def write_export(
    export_id: int, resource_ids: Sequence[int], *, now: datetime, report: Callable[[int, int], object]
) -> CatalogueExport:
    """Write the workbook of an export and keep it; one that stands already is left."""
    export = CatalogueExport.objects.select_related("author", "file").get(pk=export_id)
    if export.file is not None:
        return export
    rows = DataResource.objects.visible_to(export.author, on=localdate(now))
    with write_workbook(
        fetch_entries(rows, among=resource_ids), report=lambda done: report(done, len(resource_ids))
    ) as book:
        name = _("数据资源目录") + f"-{localdate(now):%Y%m%d}.xlsx"
        with transaction.atomic():
            export.file = files.store_file(book, name=name, owner=export.author, now=now)
            export.save(update_fields=["file"])
            details = {"entries": export.entries}
            record(export.author, "resources.export", f"export:{export.pk}", now=now, details=details)
    return export


def holds_export(file_id: int, viewer: grants.Viewer, _on: date) -> bool | None:
    """Tell whether a file is an export of the viewer's; None when it is no export."""
    author = CatalogueExport.objects.filter(file=file_id).values_list("author_id", flat=True).first()
    return None if author is None else author == viewer.pk
