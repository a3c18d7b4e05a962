"""Import of tables: handed in, then taken in pieces, each piece with its share of the receipt in one transaction.

The receipt counts the rows done, so an import that was killed goes on after the last piece: nothing is lost, nothing
is doubled, nothing is half-written. A file again gives repeated rows only.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from types import MappingProxyType
from typing import Any, BinaryIO, Protocol

import structlog
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.base.texts import drop_controls
from chengshu.documents.errors import DocumentError
from chengshu.documents.tables import Table, TableRow, open_table
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.files.facade import get_path, store_file
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.jobs.facade import Progress, enqueue_job
from chengshu.performance.contracts.money import FaultyRow
from chengshu.performance.contracts.year import TableKind
from chengshu.performance.errors import ReceiptNotFound
from chengshu.performance.models import Receipt, RejectedRow
from chengshu.performance.operations.payment_rows import PaymentTaker
from chengshu.performance.operations.project_rows import ProjectTaker
from chengshu.performance.operations.statistics import renew_statistics
from chengshu.performance.queries.projects import EDIT_MONEY, EDIT_PROJECT
from chengshu.performance.rules.year.money import PAYMENT_COLUMNS
from chengshu.performance.rules.year.projects import PROJECT_COLUMNS
from chengshu.performance.rules.year.tables import ColumnSpec, Header, find_header

TABLE_KIND = "performance.import_table"
#: Larger files are taken by the worker; this much takes the page about a second.
AT_ONCE_BYTES = 64 * 1024
PIECE_ROWS = 1000
_FAULT_LENGTH = 300
_VALUE_LENGTH = 200

Report = Callable[[int, int], None]
log = structlog.get_logger(__name__)


class Taker(Protocol):
    """What knows one kind of rows."""

    def read(self, header: Header, cells: Sequence[str]) -> Any:
        """Read one row into what `take` wants, or a FaultyRow."""
        ...

    def take(self, receipt: Receipt, rows: Mapping[int, Any]) -> tuple[int, int, Mapping[int, FaultyRow]]:
        """Keep rows by their place; return how many were taken and repeated, and the refused ones."""
        ...


@dataclass(frozen=True, slots=True)
class _Kind:
    columns: tuple[ColumnSpec, ...]
    taker: Callable[..., Taker]
    permissions: tuple[str, ...]


_KINDS: Mapping[TableKind, _Kind] = MappingProxyType(
    {
        TableKind.PAYMENTS: _Kind(PAYMENT_COLUMNS, PaymentTaker, (EDIT_MONEY,)),
        TableKind.PROJECTS: _Kind(PROJECT_COLUMNS, ProjectTaker, (EDIT_PROJECT, EDIT_MONEY)),
    }
)


def start_table_import(
    kind: TableKind, content: bytes | BinaryIO, *, name: str, actor: User, clock: Callable[[], datetime]
) -> Receipt:
    """Keep a table and take its rows: a small one at once, a large one by the worker. The receipt tells what became of it.

    Raises:
        PermissionRefused: the actor may enter such rows nowhere.
        FileError: the file is empty or too large to be kept.
    """
    now = clock()
    receipt = _open_receipt(kind, content, name=name, actor=actor, now=now)
    if receipt.job is None:
        run_table_import(receipt.pk, clock=clock, report=lambda _done, _total: None)
        receipt.refresh_from_db()
    return receipt


@transaction.atomic
def _open_receipt(kind: TableKind, content: bytes | BinaryIO, *, name: str, actor: User, now: datetime) -> Receipt:
    for permission in _KINDS[kind].permissions:
        grants.require_anywhere(actor, permission, on=localdate(now))
    stored = store_file(content, name=drop_controls(name), owner=actor, now=now)
    receipt = Receipt.objects.create(kind=kind, stored=stored, name=stored.name, author=actor, imported_at=now)
    details = {"kind": kind.value, "name": stored.name, "sha256": stored.sha256, "size": stored.size}
    record(actor, "performance.hand_in_table", f"receipt:{receipt.pk}", now=now, details=details)
    if stored.size > AT_ONCE_BYTES:
        receipt.job = enqueue_job(TABLE_KIND, payload={"receipt": receipt.pk}, owner=actor, now=now)
        receipt.save(update_fields=["job"])
    return receipt


@transaction.atomic
def resume_table_import(receipt_id: int, *, actor: User, now: datetime) -> Receipt:
    """Let the worker go on with an import that was interrupted or cancelled; nothing happens to a finished one.

    Raises:
        ReceiptNotFound: there is none, or it is somebody else's.
    """
    receipt = Receipt.objects.select_for_update(of=("self",)).filter(pk=receipt_id, author=actor).first()
    if receipt is None:
        raise ReceiptNotFound(_("没有这次导入，或它不是您做的。"), receipt=receipt_id)
    if receipt.finished_at is None and (receipt.job is None or receipt.job.is_final):
        receipt.job = enqueue_job(TABLE_KIND, payload={"receipt": receipt.pk}, owner=actor, now=now)
        receipt.save(update_fields=["job"])
    return receipt


def work_table_import(progress: Progress, *, clock: Callable[[], datetime]) -> Mapping[str, Any]:
    """Take the rows of a table for the worker; a stopped or killed one goes on after the last piece."""
    receipt_id = int(progress.payload["receipt"])
    stage = _("登记表格的行")
    run_table_import(receipt_id, clock=clock, report=lambda done, total: progress.report(stage, done=done, total=total))
    return {"receipt": receipt_id}


def run_table_import(receipt_id: int, *, clock: Callable[[], datetime], report: Report) -> None:
    """Take the rows of a table that are not done yet, piece by piece.

    `report` is told the rows done and about how many there are before each piece; it may raise a ChengshuError to
    stop, and what was taken by then stays. A file that cannot be read, or breaks off, is told in the receipt.
    """
    receipt = Receipt.objects.select_related("stored", "author").get(pk=receipt_id)
    if receipt.finished_at is not None:
        return
    kind = _KINDS[TableKind(receipt.kind)]
    done, fault = receipt.sent, ""
    try:
        table = open_table(receipt.name, get_path(receipt.stored).read_bytes())
        header, rows = _begin(table, kind.columns)
        taker = kind.taker(actor=receipt.author, today=localdate(clock()), now=clock())
        for piece in _pieces(islice(rows, done, None)):
            report(done, max(table.rows_about - 1, done + len(piece)))
            if not _take_piece(receipt_id, header, piece, taker, expected=done, now=clock()):
                log.warning("table_import_overtaken", receipt=receipt_id, done=done)
                return
            done += len(piece)
        report(done, done)
    except DocumentError as error:
        fault = error.message[:_FAULT_LENGTH]
    _finish(receipt_id, fault, now=clock())
    renew_statistics()
    log.info("table_taken", receipt=receipt_id, rows=done, fault=fault)


def _begin(table: Table, columns: Sequence[ColumnSpec]) -> tuple[Header, Iterator[TableRow]]:
    """Find the header and give the rows after it.

    Raises:
        DocumentError: columns are missing; names them.
    """
    rows = table.rows()
    found = find_header((row.cells for row in rows), columns)
    if isinstance(found, Header):
        return found, rows
    message = _("没有找到表头，或表头缺少这些列：%(columns)s。请补上后再导入，列的次序不限。")
    raise DocumentError(message % {"columns": "、".join(found)}, file=table.file)


def _pieces(rows: Iterable[TableRow]) -> Iterator[list[TableRow]]:
    remaining = iter(rows)
    while piece := list(islice(remaining, PIECE_ROWS)):
        yield piece


def _take_piece(
    receipt_id: int, header: Header, piece: Sequence[TableRow], taker: Taker, *, expected: int, now: datetime
) -> bool:
    """Keep a piece with its share of the receipt, or nothing of it; False when another process has been here already.

    When somebody entered the same things in the very moment the piece is looked at once more.
    """
    try:
        return _keep_piece(receipt_id, header, piece, taker, expected=expected, now=now)
    except IntegrityError:
        log.info("table_piece_again", receipt=receipt_id, done=expected)
        return _keep_piece(receipt_id, header, piece, taker, expected=expected, now=now)


@transaction.atomic
def _keep_piece(
    receipt_id: int, header: Header, piece: Sequence[TableRow], taker: Taker, *, expected: int, now: datetime
) -> bool:
    receipt = Receipt.objects.select_for_update(of=("self",)).get(pk=receipt_id)
    if receipt.sent != expected or receipt.finished_at is not None:
        return False
    read = {place: taker.read(header, row.cells) for place, row in enumerate(piece)}
    faults = {place: row for place, row in read.items() if isinstance(row, FaultyRow)}
    taken, repeated, refused = taker.take(receipt, {p: row for p, row in read.items() if p not in faults})
    faults |= refused
    RejectedRow.objects.bulk_create(_rejections(receipt, header, piece, faults))
    receipt.sent += len(piece)
    receipt.taken += taken
    receipt.repeated += repeated
    receipt.rejected += len(faults)
    receipt.save(update_fields=["sent", "taken", "repeated", "rejected"])
    details = {
        "lines": [piece[0].line, piece[-1].line],
        "taken": taken,
        "repeated": repeated,
        "rejected": len(faults),
    }
    action = f"performance.take_{receipt.kind}"
    record(receipt.author, action, f"receipt:{receipt_id}", now=now, details=details)
    return True


def _rejections(
    receipt: Receipt, header: Header, piece: Sequence[TableRow], faults: Mapping[int, FaultyRow]
) -> Iterator[RejectedRow]:
    for place in sorted(faults):
        row, faulty = piece[place], faults[place]
        yield RejectedRow(
            receipt=receipt,
            line=row.line,
            row=header.by_label(row.cells),
            fault=faulty.fault,
            value=drop_controls(faulty.value)[:_VALUE_LENGTH],
        )


@transaction.atomic
def _finish(receipt_id: int, fault: str, *, now: datetime) -> None:
    receipt = Receipt.objects.select_for_update(of=("self",)).select_related("author").get(pk=receipt_id)
    receipt.finished_at, receipt.fault = now, fault
    receipt.save(update_fields=["finished_at", "fault"])
    counts = {name: getattr(receipt, name) for name in ("sent", "taken", "repeated", "rejected")}
    details = {**counts, "fault": fault}
    record(receipt.author, "performance.finish_table", f"receipt:{receipt_id}", now=now, details=details)
