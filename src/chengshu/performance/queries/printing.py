"""Stored forms as papers: the official form, and the findings report of a form or a batch."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.files.facade import StoredFile, open_file
from chengshu.kernel.jobs.facade import JobNotFound, State, get_job
from chengshu.performance.contracts import Checked, Finding, Form, FormRef, Level, Rescored, RescoredLine, Source
from chengshu.performance.contracts.wire import form_from_record
from chengshu.performance.errors import BatchNotFound
from chengshu.performance.models import FindingRecord, FormRecord, SourceFile, Verdict
from chengshu.performance.papers.compose import compose_sheet
from chengshu.performance.papers.forms import FormKind, render_form
from chengshu.performance.papers.layouts import choose_layout
from chengshu.performance.papers.reporting import ReportKind, render_report
from chengshu.performance.papers.reports.contents import FindingsReport, InputFault
from chengshu.performance.papers.reports.words import Language
from chengshu.performance.papers.sheets import Sheet


def current_form(stored: FormRecord) -> Form:
    """Give the form with its corrections, named by its file; needs the content, the file and the first printing."""
    form = form_from_record(stored.content.record)
    first = stored.duplicate_of
    duplicate = None if first is None else FormRef(str(first.source_file), first.number)
    source = Source(str(stored.source_file), stored.number, stored.line)
    return replace(form, source=source, duplicate_of=duplicate)


def lay_out_form(form: Form, *, shown: range | None = None) -> Sheet:
    """Give the form as its official paper: a table of cells, each with the JSON pointer of its value.

    `shown` leaves a stretch of its indicators, counted from 0.
    """
    return compose_sheet(form, choose_layout(form.template), shown=shown)


def print_form(stored: FormRecord, kind: FormKind, *, template: str | None = None, font_dir: Path | None) -> bytes:
    """Print the form as its official paper; raise ProfileInvalid for an unknown template."""
    return render_form(current_form(stored), template=template, kind=kind, font_dir=font_dir)


def print_report(  # noqa: PLR0913 - what, of which forms, when, how and with which font are each asked for by name
    title: str,
    forms: Sequence[FormRecord],
    *,
    kind: ReportKind,
    made_at: datetime,
    language: Language,
    font_dir: Path | None,
    faults: Sequence[InputFault] = (),
) -> bytes:
    """Print the findings report over the forms, as the last check left them."""
    report = gather_report(title, forms, made_at=made_at, faults=faults)
    return render_report(report, kind=kind, language=language, font_dir=font_dir)


def gather_report(
    title: str, forms: Sequence[FormRecord], *, made_at: datetime, faults: Sequence[InputFault] = ()
) -> FindingsReport:
    """Gather what the findings report says, without a database behind it."""
    checked = [(current_form(stored), result) for stored, result in zip(forms, _stored_checks(forms), strict=True)]
    rules = "、".join(sorted({result.rules for _, result in checked if result.rules}))
    files = len({stored.source_file_id for stored in forms}) + len(faults)
    return FindingsReport(title, made_at, rules, checked, files, faults)


def count_papers(batch_id: int) -> int:
    """Count the forms that the report of a batch speaks of."""
    return FormRecord.objects.filter(batch_id=batch_id).count()


def list_volume(batch_id: int, *, start: int, size: int) -> list[FormRecord]:
    """Give `size` forms of a batch from the one at `start` (from 0) on, ready for printing."""
    ordered = FormRecord.objects.filter(batch_id=batch_id).order_by("source_file_id", "number")
    chosen = list(ordered.values_list("pk", flat=True)[start : start + size])
    return list(
        FormRecord.objects.filter(pk__in=chosen)
        .select_related("content", "source_file", "rescoring", "duplicate_of__source_file")
        .defer("content__rows", "content__origins", "content__as_read")
        .order_by("source_file_id", "number")
    )


def list_faults(batch_id: int) -> list[InputFault]:
    """Give the faults of a batch's files."""
    failed = SourceFile.objects.filter(batch_id=batch_id, verdict=Verdict.ERROR).order_by("pk")
    return [InputFault(str(file), file.error_message) for file in failed]


def open_report(job_uuid: UUID, *, viewer: User) -> tuple[str, BinaryIO]:
    """Give the name and the bytes of a report that a job made for the viewer; the caller closes the stream.

    Raises BatchNotFound when the job is not theirs, or has not ended with a report.
    """
    try:
        job = get_job(job_uuid, actor=viewer)
    except JobNotFound as fault:
        raise BatchNotFound(fault.message) from fault
    stored = StoredFile.objects.filter(pk=(job.result or {}).get("file", 0)).first()
    if stored is None or job.state != State.DONE:
        raise BatchNotFound("这份报告还没有生成。", job=str(job_uuid))
    return stored.name, open_file(stored)


def _stored_checks(forms: Iterable[FormRecord]) -> list[Checked]:
    listed = list(forms)
    findings: dict[int, list[Finding]] = {}
    for row in FindingRecord.objects.filter(form__in=listed).order_by("form_id", "number"):
        findings.setdefault(row.form_id, []).append(_finding(row))
    return [_checked(stored, findings.get(stored.pk, [])) for stored in listed]


def _checked(stored: FormRecord, findings: Sequence[Finding]) -> Checked:
    source = Source(str(stored.source_file), stored.number, stored.line)
    scored = getattr(stored, "rescoring", None)
    if scored is None:
        return Checked(source, "", tuple(findings), Rescored(None, None, None, changed=False, lines=()))
    rescored = Rescored(
        scored.total,
        scored.grade or None,
        scored.printed_grade or None,
        changed=scored.changed,
        lines=tuple(_line(item) for item in scored.lines),
    )
    return Checked(source, scored.rules, tuple(findings), rescored)


def _finding(row: FindingRecord) -> Finding:
    return Finding(
        row.code,
        Level(row.level),
        row.field,
        row.printed,
        row.expected,
        row.message,
        row.message_en,
        row.basis,
        row.doubtful,
    )


def _line(item: dict[str, Any]) -> RescoredLine:
    figures = {name: None if item[name] is None else Decimal(item[name]) for name in ("weight", "printed", "score")}
    return RescoredLine(field=item["field"], why=item["why"], why_en=item["why_en"], **figures)
