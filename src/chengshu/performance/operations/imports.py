"""Import files into a batch: hand in, read one transaction a file, check them together; can be resumed."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

import structlog
from django.db import transaction
from django.utils.timezone import localdate

from chengshu.base.errors import ChengshuError
from chengshu.base.texts import drop_controls
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.files.facade import FileError, get_path, store_file
from chengshu.kernel.grants import facade as grants
from chengshu.performance.models import IMPORT_FORMS, Batch, SourceFile, Verdict
from chengshu.performance.operations.checks import Checker, check_batch
from chengshu.performance.operations.statistics import renew_statistics
from chengshu.performance.operations.storing import store_form
from chengshu.performance.queries.intake import PageProgress, Reading
from chengshu.performance.queries.records import list_import_places, require_editable

_MEMBER_LENGTH = 480  # of the column's 500, so that a number can follow

log = structlog.get_logger(__name__)


class Reader(Checker, Protocol):
    """What an import stands on: the readers and the rules."""

    def read_bytes(self, name: str, data: bytes, on_page: PageProgress) -> Iterator[Reading]:
        """Read a file, or every member of an archive, into forms or faults; never raises for bad input."""
        ...


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far an import is: files done of all, and the page of the file at hand where pages are known."""

    done: int
    total: int
    file: str = ""
    page: int | None = None
    pages: int | None = None


Report = Callable[[ImportProgress], None]


@transaction.atomic
def create_batch(
    files: Iterable[tuple[str, bytes]],
    *,
    name: str,
    owner: User,
    now: datetime,
    rules: str = "",
    organisation_id: int | None = None,
) -> Batch:
    """Open a batch and keep the files, each waiting to be read; one that cannot be kept says why.

    It is imported for the organisation that is named, or for the first where the owner may import.

    Raises:
        PermissionRefused: the owner may not import there, or anywhere.
    """
    batch = Batch.objects.create(
        name=drop_controls(name).strip()[:120],
        owner=owner,
        organisation_id=_choose_place(owner, organisation_id, on=localdate(now)),
        rules=rules,
        created_at=now,
    )
    added = add_files(batch, files, now=now)
    record(owner, "performance.create_batch", f"batch:{batch.pk}", now=now, details={"files": added})
    return batch


def _choose_place(owner: User, organisation_id: int | None, *, on: date) -> int:
    if organisation_id is None:
        return list_import_places(owner, on=on)[0].pk
    grants.require(owner, IMPORT_FORMS, organisation_id, on=on)
    return organisation_id


@transaction.atomic
def add_files(batch: Batch, files: Iterable[tuple[str, bytes]], *, now: datetime) -> int:
    """Put further files into a batch and give how many will be read.

    Bytes that the batch has already are not read twice: their file stands as repeated, beside the earlier one.
    """
    known = {file.digest: file for file in batch.files.filter(member="", same_as__isnull=True)}
    added = 0
    for name, data in files:
        digest = hashlib.sha256(data).hexdigest()
        file = SourceFile(batch=batch, digest=digest, name=drop_controls(name)[-255:])
        if digest in known:
            _note_repeated(file, known[digest], now=now)
            continue
        _keep(file, data, now=now)
        known[digest] = file
        added += 1
    return added


def _note_repeated(file: SourceFile, first: SourceFile, *, now: datetime) -> None:
    file.verdict, file.same_as, file.stored_id, file.read_at = Verdict.REPEATED, first, first.stored_id, now
    file.save()


def _keep(file: SourceFile, data: bytes, *, now: datetime) -> None:
    try:
        file.stored = store_file(data, name=file.name, owner=file.batch.owner, now=now)
    except FileError as fault:
        file.verdict, file.error_code, file.error_message = Verdict.ERROR, fault.code, fault.message
        file.read_at = now
    file.save()


def run_import(batch_id: int, *, reader: Reader, clock: Callable[[], datetime], report: Report) -> None:
    """Read the files of a batch that still wait, then check its forms together.

    Each file is its own transaction: what was read stays whatever comes later, and a further run continues where the
    last one stopped. A file on which the program itself fails says so, and the others go on. `report` may raise a
    ChengshuError to stop the import; what was read by then is checked first.
    """
    waiting = list(SourceFile.objects.filter(batch_id=batch_id, verdict=Verdict.WAITING).order_by("pk"))
    total = SourceFile.objects.filter(batch_id=batch_id, member="").count()
    done = total - len(waiting)
    try:
        for file in waiting:
            report(ImportProgress(done, total, file.name))
            try:
                _read_file(file, reader=reader, clock=clock, report=report, position=(done, total))
            except ChengshuError:
                raise
            except Exception:
                log.exception("file_failed", batch=batch_id, file=file.pk)
                _blame_program(file, now=clock())
            done += 1
        report(ImportProgress(done, total))
    finally:
        check_batch(batch_id, checker=reader, now=clock())
        renew_statistics()
        log.info("batch_read", batch=batch_id, files=done, total=total)


def retry_failed(batch_id: int, *, actor: User, now: datetime) -> int:
    """Let the failed files of a batch wait again, and give their number; raise BatchNotFound, PermissionRefused."""
    require_editable(batch_id, actor=actor, on=localdate(now))
    failed = SourceFile.objects.filter(
        batch_id=batch_id, verdict=Verdict.ERROR, member="", stored__isnull=False, forms__isnull=True
    )
    return failed.update(verdict=Verdict.WAITING, error_code="", error_message="", warnings=[])


def _read_file(
    file: SourceFile, *, reader: Reader, clock: Callable[[], datetime], report: Report, position: tuple[int, int]
) -> None:
    def on_page(page: int, pages: int) -> None:
        report(ImportProgress(*position, file.name, page, pages))

    if file.stored is None:
        return
    data = get_path(file.stored).read_bytes()
    _store_readings(file, tuple(reader.read_bytes(file.name, data, on_page)), now=clock())


def _blame_program(file: SourceFile, *, now: datetime) -> None:
    message = f"读取文件“{file.name}”时程序出错，其他文件不受影响。请继续读取一次；仍不行时，请把这份文件交给管理员。"
    SourceFile.objects.filter(pk=file.pk).update(
        verdict=Verdict.ERROR, error_code="PROGRAM_FAILED", error_message=message, read_at=now
    )


@transaction.atomic
def _store_readings(file: SourceFile, readings: Sequence[Reading], *, now: datetime) -> None:
    """Keep all that one file gave, or nothing of it; members of an archive that are kept already are passed over."""
    kept = set(SourceFile.objects.filter(batch_id=file.batch_id, digest=file.digest).values_list("member", flat=True))
    for reading, member in zip(readings, _name_members(readings), strict=True):
        if member and member in kept:
            continue
        target = _member_of(file, reading, member) if member else file
        _set_verdict(target, reading, now=now)
        for number, form in enumerate(reading.forms, start=1):
            store_form(form, target, number=number, rows=reading.rows)
    if file.verdict == Verdict.WAITING:
        file.verdict, file.read_at = Verdict.READ, now
        file.save()


def _name_members(readings: Sequence[Reading]) -> Iterator[str]:
    """Give each reading the end of its path that a column holds, numbered where two of an archive would be the same."""
    seen: Counter[str] = Counter()
    for reading in readings:
        path = reading.member[-_MEMBER_LENGTH:]
        seen[path] += 1
        yield path if seen[path] == 1 or not path else f"{path}（{seen[path]}）"


def _member_of(archive: SourceFile, reading: Reading, member: str) -> SourceFile:
    return SourceFile(
        batch_id=archive.batch_id,
        stored_id=archive.stored_id,
        digest=archive.digest,
        name=reading.name[-255:],
        member=member,
    )


def _set_verdict(target: SourceFile, reading: Reading, *, now: datetime) -> None:
    fault = reading.fault
    target.verdict = Verdict.READ if fault is None else Verdict.ERROR
    target.error_code = "" if fault is None else fault.code
    target.error_message = "" if fault is None else fault.message
    target.warnings = list(reading.warnings)
    target.read_at = now
    target.save()
