"""Findings reports of large batches: made in the background, in volumes, kept until they are fetched."""

import tempfile
import zipfile
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from typing import IO, Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.files.facade import store_file
from chengshu.kernel.jobs.facade import Job, Progress, enqueue_job
from chengshu.performance.errors import BatchNotFound
from chengshu.performance.models import Batch
from chengshu.performance.papers.reporting import ReportKind, render_report
from chengshu.performance.papers.reports.contents import FindingsReport
from chengshu.performance.papers.reports.words import Language
from chengshu.performance.queries.printing import count_papers, gather_report, list_faults, list_volume

REPORT_KIND = "performance.print_report"
FORMS_AT_ONCE = 100  # printed while the page waits; about two seconds of PDF
FORMS_A_VOLUME = 500
_PRINTING = _("生成报告")


@transaction.atomic
def start_report(batch_id: int, kind: ReportKind, *, title: str, language: Language, actor: User, now: datetime) -> Job:
    """Queue the findings report of a batch; raise BatchNotFound when the actor may not see it."""
    if not Batch.objects.visible_to(actor, on=localdate(now)).filter(pk=batch_id).exists():
        raise BatchNotFound("没有这个批次，或您无权查看。", batch=batch_id)
    payload = {"batch": batch_id, "kind": kind, "title": title, "language": language}
    return enqueue_job(REPORT_KIND, payload=payload, owner=actor, now=now)


def work_report(progress: Progress, *, clock: Callable[[], datetime], font_dir: Path | None) -> Mapping[str, Any]:
    """Print the report for the worker, a volume after the other, and keep them as one ZIP.

    Gives the ids of the kept file and of the job, by which the person fetches it. Memory holds one volume.
    """
    title, kind = str(progress.payload["title"]), progress.payload["kind"]
    with tempfile.TemporaryFile() as target:
        _write_volumes(progress, target, clock=clock, font_dir=font_dir)
        target.seek(0)
        owner = User.objects.filter(pk=progress.owner_id or 0).first()
        name = f"{title.replace('/', '-')} {kind}.zip"
        stored = store_file(target, name=name, owner=owner, now=clock())
    return {"file": stored.pk, "job": str(progress.uuid)}


def _write_volumes(
    progress: Progress, target: IO[bytes], *, clock: Callable[[], datetime], font_dir: Path | None
) -> None:
    payload = progress.payload
    batch_id = int(payload["batch"])
    total = count_papers(batch_id)
    volumes = max(1, -(-total // FORMS_A_VOLUME))
    faults = list_faults(batch_id)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(volumes):
            progress.report(str(_PRINTING), done=number * FORMS_A_VOLUME, total=total)
            report = gather_report(
                f"{payload['title']} {number + 1}/{volumes}",
                list_volume(batch_id, start=number * FORMS_A_VOLUME, size=FORMS_A_VOLUME),
                made_at=clock(),
                faults=faults if number == 0 else (),
            )
            data = _render(report, kind=payload["kind"], language=payload["language"], font_dir=font_dir)
            archive.writestr(f"{number + 1:03}.{payload['kind']}", data)
    progress.report(str(_PRINTING), done=total, total=total)


def _render(report: FindingsReport, *, kind: ReportKind, language: Language, font_dir: Path | None) -> bytes:
    """Render one volume; PDF in a process of its own, because the typesetter keeps the last ten volumes in memory."""
    if kind != "pdf":
        return render_report(report, kind=kind, language=language, font_dir=font_dir)
    # Where each value came from is no part of a report, and does not travel.
    bare = replace(report, checked=[(replace(form, origins={}), checked) for form, checked in report.checked])
    with ProcessPoolExecutor(1, get_context("spawn")) as apart:
        return apart.submit(render_report, bare, kind=kind, language=language, font_dir=font_dir).result()
