"""Workbooks of entries: looked at first, then taken by a job; a file again changes nothing. Refused rows are kept with reasons."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import islice

from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.files import facade as files
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.jobs.facade import JobCancelled, enqueue_job
from chengshu.resources.contracts.arrivals import Arrival, ArrivalKind
from chengshu.resources.contracts.catalogue import FieldContent, IntakeState, ResourceContent
from chengshu.resources.errors import ResourceInvalid, ResourcesError, TableUnreadable
from chengshu.resources.models import EDIT, DataResource, Intake, RejectedEntry
from chengshu.resources.operations.arrivals import Sender, keeping_refused
from chengshu.resources.operations.entries import enter, put_content
from chengshu.resources.operations.indexing import index_resources
from chengshu.resources.operations.workbook_reading import (
    EntriesRead,
    SheetRow,
    SpooledFields,
    check_workbook,
    read_workbook,
)
from chengshu.resources.queries.entries import open_content
from chengshu.resources.rules.tables import FIELDS_SHEET, SheetColumn, read_entry

IMPORT_JOB = "resources.import_entries"
MOST_PREVIEWED = 300
"""So many rows of entries are tried while a person waits."""
_PIECE = 100
_REASON_LENGTH, _CODE_LENGTH = 400, 120
Report = Callable[[int, int], object]
"""Told how many rows of entries are done, and how many there are; may raise to stop."""


class Verdict(StrEnum):
    """What becomes of a row."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes, or would become, of one row; `reason` and its cure where it is refused."""

    row: SheetRow
    code: str
    verdict: Verdict
    reason: str = ""


@dataclass(slots=True)
class _Work:
    """What a run over a workbook carries along: codes that came already, and entries that have to be indexed."""

    read: EntriesRead
    actor: User
    now: datetime
    seen: set[str]
    touched: list[DataResource]


def preview_workbook(data: bytes, *, name: str, actor: User, now: datetime) -> list[Outcome]:
    """Tell what taking the first rows of a workbook would do, row by row, and do nothing.

    Raises:
        PermissionRefused: the actor may edit entries nowhere.
        TableUnreadable: it is no workbook with a sheet 资源.
    """
    grants.require_anywhere(actor, EDIT, on=localdate(now))
    with _keeping(data, name, actor, now), transaction.atomic(), read_workbook(data, name=name) as read:
        work = _Work(read, actor, now, set(), [])
        rows = list(islice(read.rows, MOST_PREVIEWED))
        outcomes = _take_rows(rows, work)
        if len(rows) < MOST_PREVIEWED:
            outcomes += _stray_fields(work)
        transaction.set_rollback(True)
    return outcomes


def take_workbook(data: bytes, *, name: str, actor: User, now: datetime) -> Intake:
    """Take a workbook at once: new codes are entered as drafts, known ones changed, what stands so already is left.

    Returns the receipt, with every refused row.

    Raises as `preview_workbook` does.
    """
    with _keeping(data, name, actor, now):
        intake = _receive(data, name=name, actor=actor, now=now)
        return take_intake(intake.pk, data=data, clock=lambda: now, report=lambda _done, _total: None)


def receive_workbook(data: bytes, *, name: str, actor: User, now: datetime) -> Intake:
    """Keep a workbook and have it taken by a job; its receipt grows while it is taken.

    Raises as `preview_workbook` does; FileError where it cannot be kept.
    """
    with _keeping(data, name, actor, now):
        return _receive_for_job(data, name=name, actor=actor, now=now)


def _keeping(data: bytes, name: str, actor: User, now: datetime) -> AbstractContextManager[None]:
    """Keep a workbook that is refused as a whole with the refusal."""
    arrival = Arrival(ArrivalKind.WORKBOOK, name, data)
    return keeping_refused(lambda: arrival, TableUnreadable, Sender(actor, EDIT, now))


@transaction.atomic
def _receive_for_job(data: bytes, *, name: str, actor: User, now: datetime) -> Intake:
    intake = _receive(data, name=name, actor=actor, now=now)
    intake.file = files.store_file(data, name=name, owner=actor, now=now)
    intake.save(update_fields=["file"])
    intake.job = enqueue_job(IMPORT_JOB, payload={"intake": intake.pk}, owner=actor, now=now).uuid
    Intake.objects.filter(pk=intake.pk).update(job=intake.job)
    return intake


def _receive(data: bytes, *, name: str, actor: User, now: datetime) -> Intake:
    grants.require_anywhere(actor, EDIT, on=localdate(now))
    check_workbook(data, name=name)
    return Intake.objects.create(
        name=name[:200],
        digest=hashlib.sha256(data).hexdigest(),
        author=actor,
        taken_at=now,
        state=IntakeState.WAITING.value,
    )


def take_intake(intake_id: int, *, clock: Callable[[], datetime], report: Report, data: bytes | None = None) -> Intake:
    """Take a workbook piece by piece; one that was cut or stopped goes on where it ended.

    Each piece is one transaction with its part of the receipt, so that what was taken is told however it ends.

    Raises:
        JobCancelled: `report` asked to stop; what was taken until then stays, and the receipt says so.
        TableUnreadable: it breaks off; the receipt says where it failed.
    """
    intake = Intake.objects.select_related("author", "file").get(pk=intake_id)
    if intake.state == IntakeState.TAKEN:
        return intake
    Intake.objects.filter(pk=intake.pk).update(state=IntakeState.WAITING.value, reason="")
    try:
        with read_workbook(_bytes_of(intake) if data is None else data, name=intake.name) as read:
            work = _Work(read, intake.author, clock(), set(), [])
            _take_pieces(intake, work, clock=clock, report=report)
    except JobCancelled:
        _end(intake, IntakeState.STOPPED, _("已停止；前面的行已收下，再次导入同一文件会接着办。"), now=clock())
        raise
    except TableUnreadable as fault:
        _end(intake, IntakeState.FAILED, fault.message, now=clock())
        raise
    intake.refresh_from_db()
    return intake


def _bytes_of(intake: Intake) -> bytes:
    assert intake.file is not None  # noqa: S101 - a job's workbook was kept with it
    with files.open_file(intake.file) as stream:
        return stream.read()


def _take_pieces(intake: Intake, work: _Work, *, clock: Callable[[], datetime], report: Report) -> None:
    done = 0
    for piece in _pieces(work.read.rows):
        done += len(piece)
        if done <= intake.done:  # taken before it was cut
            work.seen |= {_code_of(row, work.read.columns) for row in piece}
            continue
        work.now = clock()
        with transaction.atomic():
            outcomes = _take_rows(piece, work)
            _write_receipt(intake, outcomes, done)
            index_resources(work.touched, now=work.now)
        work.touched.clear()
        report(done, work.read.count)
    with transaction.atomic():  # as one, or what was cut between the two would tell of these fields again
        _write_receipt(intake, list(_stray_fields(work)), done)
        _end(intake, IntakeState.TAKEN, "", now=clock())


def _pieces(rows: Iterator[SheetRow]) -> Iterator[list[SheetRow]]:
    while piece := list(islice(rows, _PIECE)):
        yield piece


def _write_receipt(intake: Intake, outcomes: Iterable[Outcome], done: int) -> None:
    told = list(outcomes)
    counts = {verdict: sum(1 for outcome in told if outcome.verdict is verdict) for verdict in Verdict}
    added = {verdict.value: F(verdict.value) + count for verdict, count in counts.items()}
    Intake.objects.filter(pk=intake.pk).update(**added, sent=F("sent") + len(told), done=done)
    RejectedEntry.objects.bulk_create(
        RejectedEntry(
            intake=intake,
            sheet=outcome.row.sheet[:64],
            row=outcome.row.number,
            code=outcome.code[:_CODE_LENGTH],
            cells=list(outcome.row.cells),
            reason=outcome.reason[:_REASON_LENGTH],
        )
        for outcome in told
        if outcome.verdict is Verdict.REJECTED
    )


@transaction.atomic
def _end(intake: Intake, state: IntakeState, reason: str, *, now: datetime) -> None:
    Intake.objects.filter(pk=intake.pk).update(state=state.value, reason=reason[:_REASON_LENGTH])
    intake.refresh_from_db(fields=[verdict.value for verdict in Verdict])
    details = {verdict.value: getattr(intake, verdict.value) for verdict in Verdict}
    details |= {"digest": intake.digest, "state": state.value}
    record(intake.author, "resources.import", f"intake:{intake.pk}", now=now, details=details)


def _take_rows(rows: list[SheetRow], work: _Work) -> list[Outcome]:
    codes = {_code_of(row, work.read.columns) for row in rows}
    locked = DataResource.objects.select_for_update().filter(code__in=codes).order_by("pk")
    known = {resource.code: resource for resource in locked}
    return [outcome for row in rows for outcome in _take_row(row, known, work)]


def _take_row(row: SheetRow, known: Mapping[str, DataResource], work: _Work) -> list[Outcome]:
    code = _code_of(row, work.read.columns)
    resource = known.get(code)
    if code in work.seen:
        return [Outcome(row, code, Verdict.REJECTED, _("这个目录编码在文件里写了两次。"))]
    work.seen.add(code)
    fields, faults = _fields_of(code, work.read.fields)
    if faults:
        return [*faults, Outcome(row, code, Verdict.REJECTED, _("它的信息项里有读不出来的行，请先改正。"))]
    try:
        with transaction.atomic():
            return [Outcome(row, code, _put_entry(row, work, resource, fields))]
    except (ResourcesError, grants.PermissionRefused) as fault:
        return [Outcome(row, code, Verdict.REJECTED, fault.message)]


def _put_entry(
    row: SheetRow, work: _Work, resource: DataResource | None, fields: tuple[FieldContent, ...] | None
) -> Verdict:
    if resource is not None and not _may_edit(resource, work):
        raise ResourceInvalid(_("这个目录编码已被别的部门使用。"), field="code")
    content = _content(row, work, resource, fields)
    if resource is None:
        work.touched.append(enter(content, actor=work.actor, now=work.now))
        return Verdict.CREATED
    if not put_content(resource, content, actor=work.actor, now=work.now, reason=_("导入编目表")):
        return Verdict.UNCHANGED
    work.touched.append(resource)
    return Verdict.CHANGED


def _may_edit(resource: DataResource, work: _Work) -> bool:
    return grants.is_permitted(work.actor, EDIT, resource.department_id, on=localdate(work.now))


def _fields_of(code: str, spooled: SpooledFields) -> tuple[tuple[FieldContent, ...] | None, list[Outcome]]:
    """Give the fields that the file has for an entry, None where it has none, and what is wrong with single rows."""
    found = spooled.of_entry(code)
    if found is None:
        return None, []
    faults = [
        Outcome(row, code, Verdict.REJECTED, told.message) for row, told in found if isinstance(told, ResourceInvalid)
    ]
    return tuple(told for _row, told in found if isinstance(told, FieldContent)), faults


def _content(
    row: SheetRow, work: _Work, resource: DataResource | None, fields: tuple[FieldContent, ...] | None
) -> ResourceContent:
    content = read_entry(row.cells, work.read.columns, open_content(resource) if resource else None)
    return content if fields is None else replace(content, fields=fields)


def _stray_fields(work: _Work) -> Iterator[Outcome]:
    """Tell of fields whose entry is not in the file."""
    for code in work.read.fields.list_codes():
        if code not in work.seen:
            row = SheetRow(FIELDS_SHEET, 0, (code,))
            yield Outcome(row, code, Verdict.REJECTED, _("工作表“资源”里没有这个目录编码。"))


def _code_of(row: SheetRow, columns: Mapping[int, SheetColumn]) -> str:
    return next((row.cells[at] for at, c in columns.items() if c.place == "code" and at < len(row.cells)), "").strip()
