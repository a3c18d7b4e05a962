"""A corrected sheet comes back as a delivery of exactly its issue's rows; all else in it is refused, row by row."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengshu.dataplane.errors import DataplaneError
from chengshu.documents.contracts import Place
from chengshu.documents.errors import DocumentError
from chengshu.documents.reading import read_document
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.resources.contracts.arrivals import Arrival, ArrivalKind
from chengshu.resources.contracts.quality import IssueState, RowFate
from chengshu.resources.errors import SheetRefused
from chengshu.resources.models import RECTIFY, IssueRow, QualityIssue, RefusedCorrection, ReturnedSheet, TakenCorrection
from chengshu.resources.operations.arrivals import Sender, keeping_refused
from chengshu.resources.operations.quality import note_new_version
from chengshu.resources.operations.quality_amending import find_issue
from chengshu.resources.operations.quality_answers import answer_kept
from chengshu.resources.operations.quality_issues import RowKey
from chengshu.resources.queries.quality_rules import lake_table, rules_text
from chengshu.resources.queries.quality_sheets import (
    CLEAR,
    DELETE,
    ROW_HEADER,
    WHOLE_ROW,
    SheetColumns,
    columns_of,
    refuse_tables,
    write_sheet,
)
from chengshu.resources.rules.row_keys import digest_key

_REASON_LENGTH = 400


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of the sheet: its number there from 1, and its cells by header."""

    number: int
    cells: Mapping[str, str]
    uncomputed: Mapping[str, str] = field(default_factory=dict)
    """Where formulas have no result: the cell by header."""


@dataclass(slots=True)
class _Sorted:
    """The rows of a sheet: what is to be corrected by key of row, where it stood, and what is refused."""

    corrections: dict[RowKey, dict[str, str | None]] = field(default_factory=dict)
    renamed: dict[RowKey, RowKey] = field(default_factory=dict)
    lines: dict[RowKey, _Line] = field(default_factory=dict)
    rows: dict[RowKey, IssueRow] = field(default_factory=dict)
    refused: list[tuple[_Line, str]] = field(default_factory=list)

    def refuse(self, key: RowKey, reason: str) -> None:
        """Take a row back out of the corrections."""
        self.corrections.pop(key, None)
        self.refused.append((self.lines.pop(key), reason))


def return_sheet(issue_id: int, data: bytes, *, name: str, actor: User, now: datetime) -> ReturnedSheet:
    """Take a corrected sheet: merge its corrections into the table, keep a receipt, and have the rows looked at again.

    One that is refused as a whole is kept with the refusal. The same file is taken once: again, its first receipt is
    given. A process that ended between the table's commit and the receipt is made up for by handing in the file again.

    Raises:
        IssueNotFound, PermissionRefused: not in sight, or not the actor's to rectify.
        SheetRefused: the issue is closed, the file is no corrected sheet, or the table cannot take it.
    """

    def came() -> Arrival:
        place = QualityIssue.objects.values_list("organisation", flat=True).get(pk=issue_id)
        return Arrival(ArrivalKind.SHEET, name, data, place, f"quality_issue:{issue_id}")

    with keeping_refused(came, SheetRefused, Sender(actor, RECTIFY, now)):
        return _return_sheet(issue_id, data, name=name, actor=actor, now=now)


def _return_sheet(issue_id: int, data: bytes, *, name: str, actor: User, now: datetime) -> ReturnedSheet:
    issue = find_issue(issue_id, actor=actor, permission=RECTIFY, now=now)
    digest = hashlib.sha256(data).hexdigest()
    before: ReturnedSheet | None = ReturnedSheet.objects.filter(issue=issue, digest=digest).first()
    if before is not None:
        return before
    if issue.state != IssueState.OPEN:
        raise SheetRefused(_("这个问题已经办结，不再收更正表。"), issue=issue.pk)
    refuse_tables(issue)
    columns = columns_of(issue)
    sorted_rows = _sort(_read(data, name), issue, columns)
    version = _correct(issue, columns, sorted_rows, digest=digest, actor=actor)
    return _keep(issue, sorted_rows, name=name, digest=digest, version=version, actor=actor, now=now)


def _read(data: bytes, name: str) -> list[_Line]:
    """Read the rows below the header of a corrected sheet."""
    try:
        document = read_document(name, data)
    except DocumentError as fault:
        raise SheetRefused(fault.message, file=name) from fault
    headers: list[str] | None = None
    lines, empty = [], frozenset(document.uncomputed)
    for number, row in enumerate(document.rows, start=1):
        texts = [cell.text.strip() for cell in row.cells]
        if headers is None:
            headers = texts if texts and texts[0] == ROW_HEADER else None
        elif any(texts):
            places = dict(zip(headers, (cell.place for cell in row.cells), strict=False))
            uncomputed = {header: place.ref or "" for header, place in places.items() if place in empty}
            at = _row_of(row.cells[0].place) or number
            lines.append(_Line(at, dict(zip(headers, texts, strict=False)), uncomputed))
    if headers is None:
        message = _("这不是更正表：第一列的表头应为“%(header)s”。请导出问题行，填写后原样交回。")
        raise SheetRefused(message % {"header": ROW_HEADER}, file=name)
    return lines


def _row_of(place: Place) -> int:
    """Give the row of a cell of a sheet; 0 where the place is none."""
    return int("".join(sign for sign in place.ref or "" if sign.isdigit()) or 0)


def _sort(lines: Sequence[_Line], issue: QualityIssue, columns: SheetColumns) -> _Sorted:
    """Tell what may be corrected from what is refused, with the reason and the cure."""
    result = _Sorted()
    numbers = [int(line.cells[ROW_HEADER]) for line in lines if _is_number(line.cells[ROW_HEADER])]
    known = {row.pk: row for row in _rows_in(issue, numbers)}
    for line in lines:
        number = line.cells[ROW_HEADER]
        row = known.get(int(number)) if _is_number(number) else None
        if reason := _find_fault(line, row, columns):
            result.refused.append((line, reason))
            continue
        assert row is not None  # noqa: S101 - a line without a row has a fault
        key: RowKey = tuple(row.key)
        if key in result.lines:
            result.refused.append((line, _("这一行在表里写了两次，以第一次为准。")))
            continue
        result.lines[key], result.rows[key] = line, row
        result.corrections[key] = _read_correction(line, columns)
    return result


def _read_correction(line: _Line, columns: SheetColumns) -> dict[str, str | None]:
    """Give the cells that are filled in; none for a row that is to be taken out."""
    if line.cells.get(WHOLE_ROW):
        return {}
    filled = {code: line.cells.get(columns.correction_header(code), "") for code in columns.correctable}
    filled |= {code: line.cells.get(columns.renaming_header(code), "") for code in columns.key}
    return {code: None if text == CLEAR else text for code, text in filled.items() if text}


def _rows_in(issue: QualityIssue, numbers: Sequence[int]) -> Iterator[IssueRow]:
    for start in range(0, len(numbers), 1000):
        yield from IssueRow.objects.filter(issue=issue, pk__in=numbers[start : start + 1000])


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16


def _find_fault(line: _Line, row: IssueRow | None, columns: SheetColumns) -> str:  # noqa: PLR0911 - one answer a fault
    """Say why a row cannot be taken, empty when it can."""
    if place := next((place for header, place in line.uncomputed.items() if header in columns.filled_headers()), ""):
        message = _("单元格 %(cell)s 是没有计算结果的公式，读不出值。请用表格软件打开、保存后再交回，或改填数值。")
        return message % {"cell": place}
    if row is None:
        return _("这一行不属于本问题。一张更正表只更正一个问题的行。")
    if row.fate != RowFate.OWED:
        return _("这一行已不再待整改，不用更正。")
    headers = columns.headers()
    given = [line.cells.get(header, "") for header in headers[1 : 1 + len(columns.key)]]
    if given != [(cell or "").strip() for cell in row.key]:
        return _("标识与导出时不同。标识本身错了的，请保留原标识，把正确的填在“标识更正为”一栏。")
    for header, text in line.cells.items():
        if text and header not in headers:
            return _("“%(header)s”不是本问题涉及的栏目，不能在此更正。请删去这一栏。") % {"header": header[:60]}
    if (whole := line.cells.get(WHOLE_ROW, "")) not in {"", DELETE}:
        return _("“整行”一栏只能填“%(delete)s”或留空，现在是“%(text)s”。") % {"delete": DELETE, "text": whole[:60]}
    filled = any(line.cells.get(columns.correction_header(code)) for code in columns.correctable)
    renamed = any(line.cells.get(columns.renaming_header(code)) for code in columns.key)
    if whole and (filled or renamed):
        return _("这一行既填了更正又要删除，请只留一样。")
    if not (whole or filled or renamed):
        return _("没有填写“更正为”。")
    return ""


def _correct(issue: QualityIssue, columns: SheetColumns, result: _Sorted, *, digest: str, actor: User) -> int | None:
    """Merge the corrections into the table as one entry, and give the version that holds them; None for none."""
    from chengshu.dataplane.lake.writing import Entry  # noqa: PLC0415 - heavy: imported where it runs
    from chengshu.resources.pipelines.correcting import correct_rows  # noqa: PLC0415 - the same
    from chengshu.resources.pipelines.measuring import CORRECTION  # noqa: PLC0415 - the same
    from chengshu.resources.pipelines.quality import Asked  # noqa: PLC0415 - the same
    from chengshu.resources.queries.lake import open_lake  # noqa: PLC0415 - the same

    if not result.corrections:
        return None
    rules = rules_text(issue.resource, [issue.rule])
    asked = Asked(open_lake(), lake_table(issue.resource), rules)
    entry = Entry(f"quality-issue:{issue.pk}:{digest}", str(actor.pk), f"{CORRECTION}{issue.pk}")
    try:
        done = correct_rows(asked, result.corrections, key=columns.key, entry=entry)
    except DataplaneError as fault:
        raise SheetRefused(fault.message, issue=issue.pk) from fault
    for key, why in done.refused.items():
        result.refuse(key, _name_refusal(why, columns))
    result.renamed = dict(done.renamed)
    return done.version


_REFUSALS = {
    "gone": gettext_lazy("数据表里已没有这一行，复检后会自动销去。"),
    "repeated": gettext_lazy("数据表里这个标识有多行，不能按标识更正：请在来源系统去掉重复后重新交付。"),
    "taken": gettext_lazy("数据表里已有另一行是这个标识，不能改成它；这一行若是重复的，请在“整行”一栏填“删除”。"),
    "twice": gettext_lazy("表里有两行要改成同一个标识，请核对。"),
    "keyless": gettext_lazy("标识不能为空：请在“标识更正为”一栏填写正确的标识。"),
}


def _name_refusal(why: str, columns: SheetColumns) -> str:
    if why in _REFUSALS:
        return str(_REFUSALS[why])
    code = why.removeprefix("column:")
    return _("“%(name)s”的值读不成这一栏的类型，请改写。") % {"name": columns.names.get(code, code)}


def _rename(issue: QualityIssue, renamed: Mapping[RowKey, RowKey]) -> None:
    """Let rows that are owed go on under their new key, in all issues of the resource: they are looked at by it now."""
    for old, new in renamed.items():
        before, after = digest_key(old), digest_key(new)
        known = IssueRow.objects.filter(issue__resource=issue.resource_id, key_digest=after)
        owed = IssueRow.objects.filter(issue__resource=issue.resource_id, key_digest=before, fate=RowFate.OWED)
        owed = owed.exclude(issue__in=known.values("issue")).exclude(
            rule__in=known.filter(fate=RowFate.OWED).values("rule")
        )
        for row in list(owed):
            row.former_key = row.key if row.former_key is None else row.former_key
            row.key, row.key_digest = list(new), after
            row.save(update_fields=["key", "key_digest", "former_key"])


@transaction.atomic
def _keep(  # noqa: PLR0913 - a receipt has these parts
    issue: QualityIssue,
    result: _Sorted,
    *,
    name: str,
    digest: str,
    version: int | None,
    actor: User,
    now: datetime,
) -> ReturnedSheet:
    taken, rejected = len(result.corrections), len(result.refused)
    receipt, is_new = ReturnedSheet.objects.get_or_create(
        issue=issue,
        digest=digest,
        defaults={
            "name": name[:200],
            "author": actor,
            "taken_at": now,
            "sent": taken + rejected,
            "taken": taken,
            "rejected": rejected,
            "version": version,
        },
    )
    if not is_new:
        return receipt
    _keep_rows(receipt, result)
    _rename(issue, result.renamed)
    details = {"taken": taken, "rejected": rejected, "digest": digest, "version": version}
    details |= {"renamed": len(result.renamed), "removed": sum(not cells for cells in result.corrections.values())}
    record(actor, "resources.return_sheet", f"quality_issue:{issue.pk}", now=now, details=details)
    if version is not None:
        note_new_version(issue.resource_id, version, now=now, actor=actor)
        answer_kept(receipt)
    return receipt


def _keep_rows(receipt: ReturnedSheet, result: _Sorted) -> None:
    TakenCorrection.objects.bulk_create(
        (
            TakenCorrection(sheet=receipt, row=result.lines[key].number, issue_row=result.rows[key])
            for key in result.corrections
        ),
        batch_size=500,
    )
    RefusedCorrection.objects.bulk_create(
        (
            RefusedCorrection(
                sheet=receipt, row=line.number, cells=list(line.cells.values()), reason=reason[:_REASON_LENGTH]
            )
            for line, reason in result.refused
        ),
        batch_size=500,
    )


@transaction.atomic
def export_sheet(issue_id: int, *, actor: User, now: datetime) -> BinaryIO:
    """Give the owed rows of an issue as they are, for who rectifies there; that they were taken is kept.

    Raises:
        IssueNotFound, PermissionRefused: not in sight, or not the actor's to rectify.
        SheetRefused: nothing is owed, or more than one sheet takes.
    """
    issue = find_issue(issue_id, actor=actor, permission=RECTIFY, now=now)
    file = write_sheet(issue)
    details = {"rows": issue.rows_owed}
    record(actor, "resources.export_issue", f"quality_issue:{issue.pk}", now=now, details=details)
    return file
