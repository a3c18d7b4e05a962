"""Workbooks of entries: looked at first, then taken; a file again changes nothing. Refused rows are kept with reasons."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext as _

from chengshu.documents.contracts import Row
from chengshu.documents.errors import DocumentError
from chengshu.documents.reading import read_document
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.grants import facade as grants
from chengshu.resources.contracts.catalogue import FieldContent, ResourceContent
from chengshu.resources.errors import ResourcesError, TableUnreadable
from chengshu.resources.models import EDIT, DataResource, Intake, RejectedEntry
from chengshu.resources.operations.entries import enter, put_content
from chengshu.resources.operations.indexing import index_resources
from chengshu.resources.queries.entries import open_content
from chengshu.resources.rules.tables import (
    ENTRIES_SHEET,
    ENTRY_COLUMNS,
    FIELD_COLUMNS,
    FIELDS_SHEET,
    SheetColumn,
    find_columns,
    read_entry,
    read_field,
)

_REASON_LENGTH, _CODE_LENGTH = 400, 120


class Verdict(StrEnum):
    """What becomes of a row."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row below the header: its sheet, its number there from 1, and its cells."""

    sheet: str
    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes, or would become, of one row; `reason` and its cure where it is refused."""

    row: SheetRow
    code: str
    verdict: Verdict
    reason: str = ""


@dataclass(slots=True)
class _Read:
    """A workbook as read: rows of entries, fields by code of resource, refused rows."""

    entries: list[SheetRow] = field(default_factory=list)
    columns: Mapping[int, SheetColumn] = field(default_factory=dict)
    fields: dict[str, list[FieldContent]] = field(default_factory=dict)
    refused: list[Outcome] = field(default_factory=list)
    spoiled: set[str] = field(default_factory=set)


def preview_workbook(data: bytes, *, name: str, actor: User, now: datetime) -> list[Outcome]:
    """Tell what taking a workbook would do, row by row, and do nothing.

    Raises:
        PermissionRefused: the actor may edit entries nowhere.
        TableUnreadable: it is no workbook with a sheet 资源.
    """
    with transaction.atomic():
        outcomes, _touched = _take_rows(data, name=name, actor=actor, now=now)
        transaction.set_rollback(True)
    return outcomes


@transaction.atomic
def take_workbook(data: bytes, *, name: str, actor: User, now: datetime) -> Intake:
    """Take a workbook: new codes are entered as drafts, known ones changed, what stands so already is left.

    Returns the receipt, with every refused row.

    Raises as `preview_workbook` does.
    """
    outcomes, touched = _take_rows(data, name=name, actor=actor, now=now)
    counts = {verdict: sum(1 for outcome in outcomes if outcome.verdict is verdict) for verdict in Verdict}
    intake = Intake.objects.create(
        name=name[:200],
        digest=hashlib.sha256(data).hexdigest(),
        author=actor,
        taken_at=now,
        sent=len(outcomes),
        **{verdict.value: count for verdict, count in counts.items()},
    )
    RejectedEntry.objects.bulk_create(
        RejectedEntry(
            intake=intake,
            sheet=outcome.row.sheet,
            row=outcome.row.number,
            code=outcome.code[:_CODE_LENGTH],
            cells=list(outcome.row.cells),
            reason=outcome.reason[:_REASON_LENGTH],
        )
        for outcome in outcomes
        if outcome.verdict is Verdict.REJECTED
    )
    details = {verdict.value: count for verdict, count in counts.items()} | {"digest": intake.digest}
    record(actor, "resources.import", f"intake:{intake.pk}", now=now, details=details)
    index_resources(touched, now=now)
    return intake


def _take_rows(data: bytes, *, name: str, actor: User, now: datetime) -> tuple[list[Outcome], list[DataResource]]:
    grants.require_anywhere(actor, EDIT, on=now.date())
    read = _read_workbook(data, name=name)
    codes = [row.cells[at] for row in read.entries for at in _code_places(read.columns)]
    locked = DataResource.objects.select_for_update().filter(code__in=codes).order_by("pk")
    known = {resource.code: resource for resource in locked}
    outcomes, touched, seen = list(read.refused), [], set[str]()
    for row in read.entries:
        outcome, resource = _take_row(row, read, known, seen, actor=actor, now=now)
        outcomes.append(outcome)
        if resource is not None:
            touched.append(resource)
    for code in read.fields:
        if code not in seen:
            row = SheetRow(FIELDS_SHEET, 0, (code,))
            outcomes.append(Outcome(row, code, Verdict.REJECTED, _("工作表“资源”里没有这个目录编码。")))
    return outcomes, touched


def _take_row(
    row: SheetRow, read: _Read, known: Mapping[str, DataResource], seen: set[str], *, actor: User, now: datetime
) -> tuple[Outcome, DataResource | None]:
    code = next((row.cells[at] for at in _code_places(read.columns)), "").strip()
    resource = known.get(code)
    if code in seen:
        return Outcome(row, code, Verdict.REJECTED, _("这个目录编码在文件里写了两次。")), None
    seen.add(code)
    if code in read.spoiled:
        return Outcome(row, code, Verdict.REJECTED, _("它的信息项里有读不出来的行，请先改正。")), None
    try:
        with transaction.atomic():
            if resource is not None and not grants.is_permitted(actor, EDIT, resource.department_id, on=now.date()):
                return Outcome(row, code, Verdict.REJECTED, _("这个目录编码已被别的部门使用。")), None
            content = _content(row, read, resource)
            if resource is None:
                return Outcome(row, code, Verdict.CREATED), enter(content, actor=actor, now=now)
            changed = put_content(resource, content, actor=actor, now=now, reason=_("导入编目表"))
            return Outcome(row, code, Verdict.CHANGED if changed else Verdict.UNCHANGED), resource if changed else None
    except (ResourcesError, grants.PermissionRefused) as fault:
        return Outcome(row, code, Verdict.REJECTED, fault.message), None


def _content(row: SheetRow, read: _Read, resource: DataResource | None) -> ResourceContent:
    content = read_entry(row.cells, read.columns, open_content(resource) if resource else None)
    fields = read.fields.get(content.code)
    return content if fields is None else replace(content, fields=tuple(fields))


def _code_places(columns: Mapping[int, SheetColumn]) -> list[int]:
    return [at for at, column in columns.items() if column.place == "code"]


def _read_workbook(data: bytes, *, name: str) -> _Read:
    try:
        document = read_document(name, data)
    except DocumentError as fault:
        raise TableUnreadable(fault.message, file=name) from fault
    read = _Read()
    fields: Mapping[int, SheetColumn] | None = None
    for row in _rows(document.rows):
        if row.sheet == FIELDS_SHEET:
            if fields is None:
                fields = find_columns(row.cells, FIELD_COLUMNS)
            else:
                _read_field_row(row, fields, read)
        elif not read.columns:
            read.columns = find_columns(row.cells, ENTRY_COLUMNS) or {}
        else:
            read.entries.append(row)
    if not read.columns:
        message = _("没有找到编目表：要有一张工作表“%(sheet)s”，表头里有“目录编码”和“资源名称”。")
        raise TableUnreadable(message % {"sheet": ENTRIES_SHEET}, file=name)
    return read


def _read_field_row(row: SheetRow, columns: Mapping[int, SheetColumn], read: _Read) -> None:
    try:
        resource, described = read_field(row.cells, columns)
    except ResourcesError as fault:
        code = next((row.cells[at] for at, column in columns.items() if column.place == "resource"), "")
        read.refused.append(Outcome(row, code, Verdict.REJECTED, fault.message))
        read.spoiled.add(code)
        return
    read.fields.setdefault(resource, []).append(described)


def _rows(rows: Iterable[Row]) -> Iterator[SheetRow]:
    """Give the rows of a document as positions of cells; hidden merges count as empty."""
    for row in rows:
        first = row.cells[0].place
        number = int("".join(sign for sign in first.ref or "0" if sign.isdigit()) or 0)
        yield SheetRow(first.sheet or ENTRIES_SHEET, number, tuple(cell.text for cell in row.cells))
